"""What staff write down about a message: where it belongs, and what came of it."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget

from participation.models import Feedback


class FeedbackForm(forms.ModelForm):
    """Whoever saves second is told, and loses no typed words."""

    read_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Feedback
        fields = ["words", "area", "category", "answer_by", "became", "why_not"]
        widgets = {
            "words": forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
            "answer_by": AdminDateWidget(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["read_version"].initial = self.instance.version
        if self.instance.words_erased_at:
            self.fields.pop("words", None)

    def clean(self):
        facts = super().clean() or {}
        if facts.get("became") and facts.get("why_not"):
            self.add_error("why_not", "It has an answer. Choose one of the two.")
        if facts.get("read_version") != self.instance.version:
            raise forms.ValidationError(
                "Somebody else saved this message while you worked on it. What you typed is still "
                "here: open the message in another window, compare, and save again."
            )
        return facts

    def clean_words(self):
        words = self.cleaned_data["words"]
        if not words.strip():
            raise forms.ValidationError("Leave what is not private: the words cannot be empty.")
        return words
