"""How hard a text is to read, and what would make it plainer. It advises; it never stops anybody.

The measure is Flesch-Kincaid: Kincaid, Fishburne, Rogers and Chissom, “Derivation of New
Readability Formulas for Navy Enlisted Personnel”, 1975. It counts, and does not understand: people
decide.
"""

import re
from collections.abc import Iterator
from functools import cache

import pyphen

LONGEST_SENTENCE = 20  # words
# In years. Words for families aim at 9; above this we say something.
OLDEST_READER = 11
# Fewer words than this say nothing about how hard a page is.
FEWEST_WORDS = 60
MOST_SHOWN = 60  # letters of a sentence that is quoted to its author

SENTENCE_ENDS = re.compile(r"(?<=[.?!])[”’)]*\s+|\n+")
# With what belongs to it: “children’s”, “20-week”, “3.5”, “birmingham.gov.uk”.
WORD = re.compile(r"[^\W_]+(?:[’'.\-/,][^\W_]+)*")
# A quotation that was cut short ends in three dots.
QUOTATION = re.compile(r"“[^”…]*[”…]")
VOWELS = re.compile(r"[aeiouyàâäèéêëîïôöùûü]+")
SILENT_END = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouycsxzgh]es)$")

# SEND has its place in names, in law, where the word itself is meant, and as what CAN stands for.
SEND = re.compile(r"\bSEND\b")
SEND_IN_PLACE = re.compile(
    r"\bSEND (?:&|and AP\b|[A-Z])"  # the SEND Youth Forum
    r"|\((?:in law: )?SEND\)"
    r"|(?i:\b(?:law|legal|code of practice|tribunal|word|words|say|says|said)\b)"
)


def sentences(text: str) -> list[str]:
    """Its sentences; a line without a full stop counts as one."""
    return [part.strip() for part in SENTENCE_ENDS.split(text) if WORD.search(part)]


def full_sentences(text: str) -> list[str]:
    """Those that end in a full stop or the like: no headings and labels, which look easy."""
    return [each for each in sentences(text) if each.rstrip("”’)").endswith((".", "?", "!"))]


def words(text: str) -> list[str]:
    return WORD.findall(text)


def without_quotations(text: str) -> str:
    """The text without what stands in quotation marks: those words are not ours to change."""
    return QUOTATION.sub("", text)


@cache
def hyphens() -> pyphen.Pyphen:
    # American rules part a word where it sounds; British ones where it comes from: fam-ily.
    return pyphen.Pyphen(lang="en_US")


def syllables(word: str) -> int:
    """How many syllables a word has, or a few too many; a number counts as one.

    Hyphenation never leaves a letter alone (“area”, “over”), so groups of vowels are counted too,
    and the larger number is taken.
    """
    total = 0
    for piece in re.findall(r"[^\W\d_]+", re.sub("[’']", "", word.lower())):
        groups = len(VOWELS.findall(piece)) - bool(SILENT_END.search(piece))
        total += max(1, groups, len(hyphens().positions(piece)) + 1)
    return max(1, total)


def reading_age(text: str) -> float:
    """The age in years at which a pupil in England reads this; 0 for a text without a sentence.

    Flesch-Kincaid's American school grade plus 5: grade 4 is age 9. Measured on full sentences.
    """
    measured = full_sentences(text)
    found = [word for sentence in measured for word in words(sentence)]
    if not found:
        return 0.0
    in_a_sentence = len(found) / len(measured)
    in_a_word = sum(map(syllables, found)) / len(found)
    grade = 0.39 * in_a_sentence + 11.8 * in_a_word - 15.59
    return grade + 5


def long_sentences(text: str) -> list[str]:
    return [each for each in sentences(text) if len(words(each)) > LONGEST_SENTENCE]


def says_send(text: str) -> list[str]:
    """Sentences that say SEND where CAN fits; a heading that is the word itself explains it."""
    return [
        each
        for each in sentences(text)
        if SEND.search(each) and each != "SEND" and not SEND_IN_PLACE.search(each)
    ]


def advice(text: str) -> Iterator[str]:
    """What would make a text plainer, for the person who writes it; quotations are left alone."""
    own = without_quotations(text)
    for sentence in long_sentences(own):
        yield f"“{shortened(sentence)}” has {len(words(sentence))} words. Try two sentences."
    for sentence in says_send(own):
        yield (
            f"“{shortened(sentence)}” says SEND. Try CAN: young people asked for it. SEND stays in "
            "law, names and quotes."
        )


def advice_on_age(text: str) -> Iterator[str]:
    """If a whole page is hard to read, and long enough to say so."""
    own = without_quotations(text)
    age = reading_age(own)
    if len(words(own)) >= FEWEST_WORDS and age > OLDEST_READER:
        yield (
            f"This page suits readers of about {age:.0f}. Try shorter words and sentences, for "
            f"readers of 9 to {OLDEST_READER}."
        )


def shortened(sentence: str) -> str:
    """Enough of it to find it again."""
    if len(sentence) <= MOST_SHOWN:
        return sentence
    return sentence[:MOST_SHOWN].rsplit(" ", 1)[0] + " …"
