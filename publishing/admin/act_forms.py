"""What each publishing verb asks of staff before it acts."""

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.http import QueryDict

from publishing.admin.days import NOT_A_DAY, NOT_A_TIME
from publishing.models import Body, Edition, EditionFile


class ActForm(forms.Form):
    """What a verb asks. Knows the edition and the person."""

    required_css_class = "required"

    def __init__(self, *args, edition: Edition, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.user = user
        self.ask()

    def ask(self) -> None:
        """Fits the questions to the edition and the person."""

    def renew(self) -> None:
        """After a refusal: what is answered by the page itself must be as it is now."""

    def choose(self, name: str, rows) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


class LondonTimeField(forms.SplitDateTimeField):
    """A date and a time in London; says in words why a night of the clock change is refused."""

    widget = AdminSplitDateTime
    default_error_messages = {"invalid_date": NOT_A_DAY, "invalid_time": NOT_A_TIME}

    def compress(self, data_list):
        try:
            return super().compress(data_list)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise ValidationError(
                "The clocks change that night: this hour comes twice, or not at all. "
                "Choose another time."
            ) from error


class ReasonForm(ActForm):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class SendBackForm(ReasonForm):
    def ask(self):
        self.fields["reason"].label = "What needs more work?"


class WithdrawForm(ReasonForm):
    reaches_past = forms.BooleanField(
        required=False,
        label="Also remove its old text from the history",
        help_text="Tick this if somebody could be recognised, or the text should never have been "
        "public. Once a second person confirms it, the text cannot be brought back.",
    )

    def ask(self):
        self.fields["reason"].label = "Why does it have to come down?"
        self.fields["reason"].help_text = "The public will read this where the page was."


class RedactForm(ReasonForm):
    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        label="Which words must go?",
        help_text="A name, an address, a date of birth. Start a new line for each.",
    )
    field_order = ["words", "reason"]
    files_keep_them = (
        "Files keep their words, also in old versions of the page. Has one of these files the "
        "words? Then take the page down, and its old text too: {}."
    )

    def ask(self):
        self.fields["reason"].label = "Why?"
        self.fields["reason"].help_text = (
            "The public will read this. Do not repeat the words themselves. "
            "For example: “A private person was named.”"
        )
        files = EditionFile.objects.filter(edition__document=self.edition.document_id)
        if titles := sorted(set(files.values_list("title", flat=True))):
            named = ", ".join(f"“{title}”" for title in titles)
            self.fields["words"].help_text += f" {self.files_keep_them.format(named)}"

    def clean_words(self):
        return [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]


class SignForm(ActForm):
    """Binds the signature to what was on the screen."""

    digest = forms.CharField(widget=forms.HiddenInput)
    body = forms.ModelChoiceField(Body.objects.none(), label="For whom do you sign?")

    def ask(self):
        bodies = Body.objects.filter(signers__user=self.user).distinct()
        self.fields["digest"].initial = self.edition.signing_release.digest()
        self.choose("body", bodies)
        if len(bodies) < 2:
            self.fields["body"].required = False
            self.fields["body"].widget = forms.HiddenInput()

    def renew(self):
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("digest")] = self.edition.signing_release.digest()
        self.data = data


class PublishForm(ActForm):
    without = forms.ModelMultipleChoiceField(
        Body.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Publish although these have not signed",
        help_text="The page will say that they have not signed yet.",
    )

    def ask(self):
        release = self.edition.release
        missing = release.unsigned_bodies()
        if missing and release.valid_sign_offs().exists():
            self.choose("without", missing)
        else:
            del self.fields["without"]


class ScheduleForm(PublishForm):
    at = LondonTimeField(label="When?", help_text="London time.")
    field_order = ["at", "without"]


class TogetherForm(ActForm):
    """Which other draft this one goes out with; none, and it goes out alone."""

    other = forms.ModelChoiceField(
        Edition.objects.none(),
        required=False,
        label="Which page?",
        empty_label="None: it goes out alone",
        help_text="Drafts that were not sent for sign-off yet.",
    )

    def ask(self):
        drafts = Edition.objects.filter(published_at=None, submitted_at=None, is_waiting=False)
        self.choose("other", drafts.exclude(pk=self.edition.pk).order_by("title", "pk"))
        beside = self.edition.release.editions.exclude(pk=self.edition.pk).first()
        self.fields["other"].initial = beside
