"""The forms of our e-mails: asking for them, and choosing what comes and how often."""

from typing import Any

from django import forms

from participation.addresses import OneAddressField
from participation.models import Follow, Subscriber


class AskForm(forms.Form):
    """`page` is the edition that a link “Email me about this” named, if it named one."""

    what = forms.ChoiceField(
        label="Send me news about",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you want to hear about.",
            "invalid_choice": "Choose one of these.",
        },
    )
    email = OneAddressField(label="Your e-mail address")

    def __init__(self, *args, page=None, title="", **kwargs):
        super().__init__(*args, **kwargs)
        wide = [(what.value, what.label) for what in (Follow.What.EVERYTHING, Follow.What.UPDATES)]
        own = [(Follow.What.PAGE.value, f"This: {title}")] if page else []
        what: Any = self.fields["what"]
        what.choices = [*own, *wide]
        what.initial = what.choices[0][0]


class SettingsForm(forms.Form):
    """What a subscriber keeps, and how often it comes; `follows` are words by number."""

    kept = forms.MultipleChoiceField(
        required=False,
        label="What you hear about",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these is not yours any more. Look again."},
    )
    pace = forms.ChoiceField(
        label="How often",
        choices=Subscriber.Pace.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these."},
    )

    def __init__(self, *args, follows: dict[int, str], pace: str, **kwargs):
        super().__init__(*args, **kwargs)
        kept: Any = self.fields["kept"]
        kept.choices = [(str(number), name) for number, name in follows.items()]
        self.initial = {"kept": [str(number) for number in follows], "pace": pace}

    def clean_kept(self):
        return [int(number) for number in self.cleaned_data["kept"]]
