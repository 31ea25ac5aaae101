"""Words that may mean that a child is in danger: better one alert too many.

It cannot read between lines, and knows a few words of few languages. Staff can alert the duty role
about any message; before the box we say that 999 is for what is urgent.
"""

import re
import unicodedata

# Beginnings of words, without accents and apostrophes.
BEGINNINGS = """
    abus assault beat bleed bruis danger drown grooming harm hurt kill knife locked molest murder
    neglect overdos pinned police predator punch rape raping raped restrain scared self-harm
    selfharm sex slap strangl suicid terrified threat tied tortur trafficking unsafe violen weapon
""".split()
PHRASES = """
    at risk|cut herself|cut himself|cut myself|cut themselves|cutting herself|cutting himself
    cutting myself|do not feel safe|dont feel safe|not safe|end it all|end my life|end his life
    end her life|hit her|hit him|hit me|hits her|hits him|hits me|hitting|kicked her|kicked him
    kicked me|left alone|no food|not eating|run away|ran away|touched her|touched him|touched me
    touches me|want to die|wants to die|not want to live|not want to be here|better off dead
    being watched|hungry at home
""".replace("\n", "|")
# In other scripts and languages, wherever they stand: suicide, violence, to kill, abuse.
ELSEWHERE = """
    samobój przemoc zabić bije sinucid abuz violenț خودکشی تشدد انتحار عنف اغتصاب আত্মহত্যা নির্যাতন
    ਖੁਦਕੁਸ਼ੀ ਹਿੰਸਾ आत्महत्या हिंसा 自杀 虐待 самоубий насил intihar şiddet xudkuji
""".split()


def plain(text: str) -> str:
    """Without accents and apostrophes, in small letters, one space between words."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(re.sub("[’'‘`]", "", kept).split())


BEGINS = re.compile(rf"\b(?:{'|'.join(map(re.escape, BEGINNINGS))})")
CALLS = re.compile(rf"\b(?:{'|'.join(each.strip() for each in PHRASES.strip('|').split('|'))})\b")
FOREIGN = tuple(plain(word) for word in ELSEWHERE)


def says_danger(text: str) -> bool:
    words = plain(text)
    return bool(BEGINS.search(words) or CALLS.search(words) or any(w in words for w in FOREIGN))
