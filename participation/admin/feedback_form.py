"""What staff write down about a message: where it belongs, and what came of it."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextInputWidget

from participation.feedback_cards import refuse_card
from participation.models import Feedback
from publishing.actions import NotAllowed
from publishing.models import Document, slug_of

LONGEST_TITLE = 150
# The button that saves, and then makes a draft of it.
MAKE_CARD = "_make_card"


class FeedbackForm(forms.ModelForm):
    """Whoever saves second is told, and loses no typed words."""

    card_title = forms.CharField(
        label="Or make a new one: what was said, in a few words",
        required=False,
        max_length=LONGEST_TITLE,
        widget=AdminTextInputWidget(),
        help_text="The title of the new page, such as “Nobody answers the phone”. Then press "
        "“Save and make a you-said from this”.",
        error_messages={
            "max_length": f"The title is too long. Use at most {LONGEST_TITLE} letters."
        },
    )
    read_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Feedback
        fields = ["words", "area", "category", "answer_by", "became", "why_not"]
        labels = {"category": "Theme"}
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
        if facts.get("why_not"):
            if facts.get("became"):
                self.add_error("why_not", "It has an answer. Choose one of the two.")
            elif "became" not in self.fields and self.instance.became_id:
                self.add_error(
                    "why_not", "There is a draft that answers it. Throw that away first."
                )
        if MAKE_CARD in self.data and "card_title" in facts:
            self.check_card(facts)
        if facts.get("read_version") != self.instance.version:
            raise forms.ValidationError(
                "Somebody else saved this message while you worked on it. What you typed is still "
                "here: open the message in another window, compare, and save again."
            )
        return facts

    def check_card(self, facts) -> None:
        """Nothing that was typed is lost, because nothing is made before all of it fits."""
        if facts.get("became") or facts.get("why_not"):
            self.add_error("card_title", "Choose one: a new page, one that is there, or a reason.")
            return
        try:
            refuse_card(self.instance)
        except NotAllowed as refusal:
            self.add_error(None, str(refusal))  # perhaps the title is not asked for any more

    def clean_card_title(self):
        title = " ".join(self.cleaned_data["card_title"].split())
        if MAKE_CARD not in self.data:
            return title
        slug = slug_of(title)
        if not title:
            raise forms.ValidationError("Write a title: what was said, in a few words.")
        if not slug:
            raise forms.ValidationError(
                "Use some letters or digits: the page’s address is made of them."
            )
        if Document.objects.filter(kind="updates.yousaidwedid", slug=slug).exists():
            raise forms.ValidationError("There already is a page with this title. Choose another.")
        return title

    def clean_words(self):
        words = self.cleaned_data["words"]
        if not words.strip():
            raise forms.ValidationError("Leave what is not private: the words cannot be empty.")
        return words
