"""The publishing verbs as staff meet them: one page each, with a question and a button."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.http import QueryDict

from publishing import actions, moments
from publishing.models import Body, Edition, Stage

Answers = dict


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
        help_text="For text that should never have been public. It cannot be brought back.",
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

    def ask(self):
        self.fields["reason"].label = "Why?"
        self.fields["reason"].help_text = (
            "The public will read this. Do not repeat the words themselves. "
            "For example: “A private person was named.”"
        )

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


def put_together(edition: Edition, by, answers: Answers) -> None:
    other = answers["other"]
    if other is None:
        actions.leave_release(edition, by=by)
    elif other.release_id != edition.release_id:
        actions.join_release(edition, other.release, by=by)


@dataclass(frozen=True)
class Act:
    """One verb: when it is offered, what it asks, and what it does."""

    name: str  # in the address
    label: str  # on the button
    explains: str  # what will happen, before it does
    done: str  # what has happened
    permission: str
    stages: frozenset[Stage]
    run: Callable[[Edition, object, Answers], object]
    form: type[ActForm] = ActForm
    is_offered: Callable[[Edition], bool] = lambda edition: True
    is_main: bool = False
    shows_words: bool = False  # what is signed or published stands on the same page

    def fits(self, edition: Edition, stage: Stage, user) -> bool:
        return (
            stage in self.stages
            and user.has_perm(f"publishing.{self.permission}")
            and self.is_offered(edition)
        )


def stages(*which: Stage) -> frozenset[Stage]:
    return frozenset(which)


EVER = frozenset(Stage)  # whatever stage the working edition is in: these are about the page


def unconfirmed_small_fix(edition: Edition) -> Edition | None:
    """The small fix of the page that nobody has confirmed yet."""
    fixes = edition.document.editions.exclude(published_at=None).filter(is_minor=True)
    return fixes.filter(small_fix_confirmation=None).last()


def is_public(edition: Edition) -> bool:
    standing = Edition.objects.as_of(moments.now())
    return standing.filter(document=edition.document_id).exists()


def can_reach_past(edition: Edition) -> bool:
    """It is down, but what it said before can still be read."""
    return is_down(edition) and not edition.document.withdrawal.reaches_past


def is_down(edition: Edition) -> bool:
    return edition.document.withdrawal is not None


def is_signed(edition: Edition) -> bool:
    return edition.release.valid_sign_offs().exists()


def lacks_signature(edition: Edition) -> bool:
    """Before publication always offered; afterwards only to the bodies it went out without."""
    release = edition.signing_release
    signed = release.sign_offs.filter(voided_at=None).values("body")
    late = release.went_out_without.exclude(body__in=signed)
    return edition.published_at is None or late.exists()


ACTS = {
    act.name: act
    for act in [
        Act(
            "submit",
            "Send for sign-off",
            "Somebody who did not write it will read it. You can still change it meanwhile, but "
            "then they have to read it again.",
            "It is waiting for sign-off.",
            "write_release",
            stages(Stage.DRAFT),
            lambda edition, by, _: actions.submit(edition.release, by=by),
            is_main=True,
        ),
        Act(
            "together",
            "Goes out together with …",
            "Pages that go out together are sent for sign-off, signed and published as one. For "
            "example: an update, and what became of what families said in its term.",
            "It is noted.",
            "write_release",
            stages(Stage.DRAFT),
            put_together,
            form=TogetherForm,
        ),
        Act(
            "sign-off",
            "Sign off",
            "You say that this is true and may be published as it stands. Your post title, not "
            "your name, will be shown.",
            "You have signed it off.",
            "sign_off_release",
            stages(Stage.IN_REVIEW, Stage.PUBLIC),
            lambda edition, by, answers: actions.sign_off(
                edition.signing_release, by=by, **answers
            ),
            form=SignForm,
            shows_words=True,
            is_offered=lacks_signature,
            is_main=True,
        ),
        Act(
            "send-back",
            "Send back",
            "The author can go on working on it. Signatures under it no longer count.",
            "You have sent it back.",
            "sign_off_release",
            stages(Stage.IN_REVIEW, Stage.SIGNED_OFF),
            lambda edition, by, answers: actions.return_to_author(
                edition.release, by=by, **answers
            ),
            form=SendBackForm,
        ),
        Act(
            "publish",
            "Publish now",
            "Everybody can read it at once. It can be corrected later, but never quietly changed.",
            "It is public.",
            "publish_release",
            stages(Stage.SIGNED_OFF, Stage.IN_REVIEW),
            lambda edition, by, answers: actions.publish(edition.release, by=by, **answers),
            form=PublishForm,
            shows_words=True,
            is_offered=is_signed,
            is_main=True,
        ),
        Act(
            "schedule",
            "Publish at a time",
            "It becomes public by itself at that time.",
            "It is scheduled.",
            "publish_release",
            stages(Stage.SIGNED_OFF, Stage.IN_REVIEW),
            lambda edition, by, answers: actions.schedule(edition.release, by=by, **answers),
            form=ScheduleForm,
            shows_words=True,
            is_offered=is_signed,
        ),
        Act(
            "import",
            "Add as published elsewhere",
            "For a page that stood somewhere else before this site began. It keeps the date and "
            "the place that the draft names, and says when it was added here.",
            "It is public, under its old date.",
            "publish_release",
            stages(Stage.SIGNED_OFF),
            lambda edition, by, _: actions.import_from_elsewhere(edition.release, by=by),
            is_offered=lambda edition: bool(edition.source),
            is_main=True,
            shows_words=True,
        ),
        Act(
            "unschedule",
            "Take off the schedule",
            "It will not become public by itself. What the public sees now stays.",
            "It is off the schedule.",
            "publish_release",
            stages(Stage.SCHEDULED),
            lambda edition, by, _: actions.unschedule(edition.release, by=by),
            is_main=True,
        ),
        Act(
            "correct",
            "Correct this page",
            "You get a draft of the next edition. The public goes on seeing this one, and later "
            "both, with your note of what changed.",
            "This is your draft of the correction.",
            "write_release",
            stages(Stage.PUBLIC, Stage.WITHDRAWN),
            lambda edition, by, _: actions.start_edition(edition.document, by=by),
            is_main=True,
        ),
        Act(
            "slip-in",
            "Slip in a correction",
            "You correct what is public now. The scheduled edition waits; it takes over your "
            "correction, and has to be signed off and scheduled again.",
            "This is your draft of the correction. The scheduled edition waits behind it.",
            "write_release",
            stages(Stage.SCHEDULED),
            lambda edition, by, _: actions.slip_in_correction(edition.document, by=by),
            is_offered=lambda edition: edition.number > 1,
        ),
        Act(
            "small-fix",
            "Publish as a small fix",
            "For a typing mistake: at most five words, and no number, date, name, link or “not”. "
            "It is public at once. A second person confirms it afterwards.",
            "The small fix is public. A second person has 5 working days to confirm it.",
            "publish_release",
            stages(Stage.DRAFT),
            lambda edition, by, _: actions.small_fix(edition.release, by=by),
            is_offered=lambda edition: edition.number > 1,
        ),
        Act(
            "confirm-small-fix",
            "Confirm the small fix",
            "You say that the last change was small: a typing mistake, nothing more.",
            "The small fix is confirmed.",
            "sign_off_release",
            EVER,
            lambda edition, by, _: actions.confirm_small_fix(
                unconfirmed_small_fix(edition) or edition, by=by
            ),
            is_offered=lambda edition: unconfirmed_small_fix(edition) is not None,
        ),
        Act(
            "take-down",
            "Take down now",
            "The page disappears at once; its address gives the date and your reason. A second "
            "person confirms it afterwards.",
            "The page is down.",
            "publish_release",
            EVER,
            lambda edition, by, answers: actions.withdraw(edition.document, by=by, **answers),
            form=WithdrawForm,
            is_offered=lambda edition: is_public(edition) or can_reach_past(edition),
        ),
        Act(
            "confirm-take-down",
            "Confirm that it had to come down",
            "You agree that this page had to be taken down.",
            "You have confirmed it.",
            "sign_off_release",
            EVER,
            lambda edition, by, _: actions.confirm_withdrawal(edition.document, by=by),
            is_offered=lambda edition: (
                is_down(edition) and edition.document.withdrawal.confirmed_at is None
            ),
        ),
        Act(
            "put-back",
            "Put it back",
            "The page stands again as it was.",
            "The page is back.",
            "publish_release",
            EVER,
            lambda edition, by, _: actions.reinstate(edition.document, by=by),
            is_offered=is_down,
        ),
        Act(
            "remove-details",
            "Remove personal details",
            "The words disappear from this page, from all its old editions and from the public "
            "record. The record says that something was removed, and why. This cannot be undone.",
            "The words are gone.",
            "publish_release",
            EVER,
            lambda edition, by, answers: actions.redact(edition.document, by=by, **answers),
            form=RedactForm,
        ),
        Act(
            "confirm-removal",
            "Confirm the removal",
            "You say that only personal details were removed, and nothing that was promised.",
            "The removal is confirmed.",
            "sign_off_release",
            EVER,
            lambda edition, by, _: actions.confirm_redaction(edition.document, by=by),
            is_offered=lambda edition: edition.document.redactions.filter(
                confirmed_at=None
            ).exists(),
        ),
        Act(
            "throw-away",
            "Throw this draft away",
            "The draft is deleted. Nothing that was ever public is touched.",
            "The draft is gone.",
            "write_release",
            stages(Stage.DRAFT, Stage.IN_REVIEW, Stage.SIGNED_OFF),
            lambda edition, by, _: actions.discard_draft(edition, by=by),
        ),
    ]
}


def offered(edition: Edition, user) -> list[Act]:
    """The verbs that make sense now for this person. What is allowed, the actions decide."""
    stage = edition.stage()
    return [act for act in ACTS.values() if act.fits(edition, stage, user)]
