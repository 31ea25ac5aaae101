"""What the Parent Carer Forum is asked about a promise, and whether its words name a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django import forms

from programme.models import ForumCheck
from updates.recognisable import telling

LONGEST = 3000
# A number long enough for a phone, the NHS or a pupil; a day of birth; an e-mail address.
PRIVATE = {
    "an e-mail address": re.compile(r"[^\s@]+@[^\s@]+\.\w+"),
    "a date of birth": re.compile(r"\b[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{2}){1,2}\b"),
    "the number of a phone or a person": re.compile(r"\b[0-9](?:[ -]?[0-9]){8,}\b"),
}


def private_details(words: str) -> Iterator[tuple[str, str]]:
    """What of each sort is named first: “a school”, “Otterfern School”."""
    for what, pattern in PRIVATE.items():
        if found := pattern.search(words):
            yield what, found[0]
    yield from telling(words)


class ForumForm(forms.Form):
    answer = forms.ChoiceField(
        label="Is it done?",
        choices=ForumCheck.Answer.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose one of the three answers."
        ),
    )
    words = forms.CharField(
        label="What do families see?",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "aria-describedby": "help-words"}),
        error_messages={
            "max_length": f"Your words are too long. Use at most {LONGEST:,} letters. "
            "You wrote %(show_value)d."
        },
    )
    is_checked = forms.BooleanField(label="Nobody can tell who it is", required=False)

    def clean(self):
        said = super().clean() or {}
        found = list(private_details(said.get("words", "")))
        # Shown only where there is something to look at again.
        self.names_somebody = bool(found)
        if found and not said.get("is_checked"):
            for what, which in found:
                self.add_error(
                    "words",
                    f"“{which}” looks like {what}. Could people tell who it is? Take it out. "
                    "Or tick the box below.",
                )
        return said

    names_somebody = False
