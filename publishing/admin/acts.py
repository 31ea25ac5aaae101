"""The publishing verbs as staff meet them: one page each, with a question and a button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from publishing import actions, moments
from publishing.admin.act_forms import (
    ActForm,
    PublishForm,
    RedactForm,
    ScheduleForm,
    SendBackForm,
    SignForm,
    TogetherForm,
    WithdrawForm,
)
from publishing.models import Edition, Stage

Answers = dict


class Left(NamedTuple):
    """What is still to be done after a verb, and the verb that does it."""

    says: str
    act: str
    link: str


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
    bars_editors: bool = False  # whoever edited it since it was last public cannot do this
    undone: str = "Not done yet."  # said above what must be mended first
    left: Callable[[Edition], Left | None] = lambda edition: None

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


def can_come_down(edition: Edition) -> bool:
    """Of a kind that is never taken down, the page says what to do instead."""
    if edition.document.kind_model.WHY_NEVER_WITHDRAWN:
        return False
    return is_public(edition) or can_reach_past(edition)


def can_reach_past(edition: Edition) -> bool:
    """It is down, but what it said before can still be read."""
    return is_down(edition) and not edition.document.withdrawal.reaches_past


def still_read(edition: Edition) -> Left | None:
    if not can_reach_past(edition):
        return None
    return Left(
        "What it said before can still be read in its history. If that holds private details,",
        "remove-details",
        "remove them",
    )


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


def put_together(edition: Edition, by, answers: Answers) -> None:
    other = answers["other"]
    if other is None:
        actions.leave_release(edition, by=by)
    elif other.release_id != edition.release_id:
        actions.join_release(edition, other.release, by=by)


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
            undone="Not sent yet.",
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
            undone="Not signed yet.",
            bars_editors=True,
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
            undone="Not published yet.",
            bars_editors=True,
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
            undone="Not scheduled yet.",
            bars_editors=True,
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
            bars_editors=True,
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
            is_offered=lambda edition: not edition.spoken_by,
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
            is_offered=can_come_down,
            left=still_read,
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
