"""The two forms to tell us something, and the one for a receipt code."""

from django import forms

from participation.models import Feedback
from participation.models.feedback import LONGEST_FEEDBACK
from participation.public_forms import page_of_ours

LONGEST_CODE = 100


class FeedbackForm(forms.Form):
    """Three fields, of which one must be filled in."""

    nothing = "Write what you want to tell us. A few words are enough."
    page = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.CharField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label="What do you want to tell us?",
        max_length=LONGEST_FEEDBACK,
        # People write in many languages: each browser finds the direction by itself.
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "aria-describedby": "help-words"}),
        error_messages={
            "max_length": f"Your message is too long. Use at most {LONGEST_FEEDBACK:,} letters. "
            "You wrote %(show_value)d."
        },
    )
    who = forms.ChoiceField(
        label="Who are you?",
        choices=Feedback.Who,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Who are you? Choose one of the answers, or none."},
    )
    # A person does not see it; a program that fills in every field does.
    website = forms.CharField(required=False, label="Leave this empty")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].error_messages["required"] = self.nothing

    def clean_page(self):
        return page_of_ours(self.cleaned_data["page"])


class EasyReadForm(FeedbackForm):
    nothing = "Write something in the box."


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label="Your code",
        max_length=LONGEST_CODE,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "aria-describedby": "help-code",
            }
        ),
        error_messages={
            "required": "Type your code.",
            "max_length": "That is too long for a code. A code has 16 letters and numbers.",
        },
    )
