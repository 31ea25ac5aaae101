"""The Parent Carer Forum and our promises: what it was not asked, what it said, what still counts.

Nobody else can make “the forum checked”: see docs/decisions/0013.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from programme.models import ForumCheck, ForumLink, Milestone, MilestoneQuerySet
from publishing import actions, moments
from publishing.actions import NotAllowed
from publishing.models import Document, Withdrawal
from publishing.moments import Moment

SHOWN_AT_MOST = 100  # of each sort on the forum's list: the next come when these are answered


# What still counts


def answers_of_now(moment: Moment) -> models.QuerySet:
    """Inside a question about promises: the forum's answers, unless “done” was taken back since.

    An answer is about what the promise said then. Between that edition and the one that is asked
    about, each must say the same day, and none that it slipped back.
    """
    taken_back = Milestone.objects.filter(
        Q(done_on=None)
        | ~Q(done_on=OuterRef(OuterRef("done_on")))
        | Q(slipped_back_on__isnull=False),
        document=OuterRef("promise"),
        number__range=(OuterRef("about_number"), OuterRef(OuterRef("number"))),
    )
    return ForumCheck.objects.known_at(moment).filter(
        ~Exists(taken_back), promise=OuterRef("document"), about_number__lte=OuterRef("number")
    )


def agreed(moment: Moment) -> Exists:
    """True of the promises of which the forum's newest answer is yes, and is of now."""
    return Exists(answers_of_now(moment).filter(answer=ForumCheck.Answer.YES))


# What a promise's page says


@dataclass(frozen=True)
class ForumSays:
    """The forum's newest answer about a promise, or that it was taken down."""

    check: ForumCheck | None = None
    withdrawal: Withdrawal | None = None


def says_of(promise: Milestone, moment: Moment) -> ForumSays:
    """One query for a promise of which the forum never said anything: most of them."""
    ever = ForumCheck.objects.filter(promise=promise.document_id, published_at__lte=moment.at)
    if not ever.exists():
        return ForumSays()
    standing = ForumCheck.objects.as_of(moment).filter(promise=promise.document_id)
    check = standing.select_related("document").order_by("-published_at").first()
    if check is not None:
        of_now = Milestone.objects.filter(Exists(answers_of_now(moment)), pk=promise.pk)
        check.is_of_now = of_now.exists()
        return ForumSays(check)
    # As its own page answers: what left the past is not there on a past day either.
    removed = Withdrawal.objects.filter(reaches_past=True, was_reversed=False)
    down = (Withdrawal.objects.in_force(moment) | removed).filter(
        document__in=ever.values("document")
    )
    return ForumSays(withdrawal=down.select_related("document").last())


def disagrees_with(promises: Iterable[Milestone], moment: Moment) -> set[int]:
    """The documents of those that the forum says are not done. One query, or none."""
    kept = [promise.pk for promise in promises if promise.is_kept]
    if not kept:
        return set()
    refused = answers_of_now(moment).filter(answer=ForumCheck.Answer.NO)
    found = Milestone.objects.filter(Exists(refused), pk__in=kept)
    return set(found.values_list("document", flat=True))


# What the forum is asked


def said_done(moment: Moment) -> MilestoneQuerySet:
    """The promises that we say are done, each with what the forum answered to that, or None."""
    kept = Milestone.objects.as_of(moment).filter(done_on__isnull=False, slipped_back_on=None)
    newest = answers_of_now(moment).order_by("-published_at")
    return kept.annotate(forum_answer=Subquery(newest.values("answer")[:1]))


def unanswered(moment: Moment) -> MilestoneQuerySet:
    return said_done(moment).filter(forum_answer=None)


def answered(moment: Moment) -> MilestoneQuerySet:
    return said_done(moment).exclude(forum_answer=None)


def promise_at(slug: str, moment: Moment) -> Milestone | None:
    """The promise with this address, if we say that it is done."""
    if not slug or "\0" in slug:  # PostgreSQL cannot even look for it
        return None
    found = said_done(moment).filter(document__slug=slug).select_related("document", "body")
    return found.first()


def newest_first(promises: MilestoneQuerySet) -> list[Milestone]:
    """For the forum's list, each with its answer in words."""
    rows = promises.select_related("document").order_by("-done_on", "document_id")
    found = list(rows[:SHOWN_AT_MOST])
    for promise in found:
        said = getattr(promise, "forum_answer", None)
        promise.forum_says = ForumCheck.Answer(said).label if said else ""
    return found


def slipped_after_yes(moment: Moment) -> MilestoneQuerySet:
    """Those that the forum said are done, and that have slipped back since."""
    agreed_once = ForumCheck.objects.known_at(moment).filter(
        answer=ForumCheck.Answer.YES, promise=OuterRef("document")
    )
    slipped = Milestone.objects.as_of(moment).filter(slipped_back_on__isnull=False)
    return slipped.filter(Exists(agreed_once))


# What it answers


def newest_answer(promise: Document) -> ForumCheck | None:
    """Also one that was taken down: the next answer follows it."""
    checks = ForumCheck.objects.filter(promise=promise).select_related("document")
    return checks.order_by("-published_at").first()


def answer(document: Document, said: str, words: str, *, link: ForumLink) -> ForumCheck:
    """What the forum says of a promise, public at once.

    The same said twice, by a second press of the button, is said once.
    """
    promise = said_done(moments.now()).filter(document=document).first()
    if promise is None:
        raise NotAllowed("answer", "we do not say any more that this promise is done.")
    before = newest_answer(document)
    check = ForumCheck(
        title=f"The Parent Carer Forum on promise {promise.ref}",
        promise=document,
        about_number=promise.number,
        said_done_on=promise.done_on,
        answer=said,
        words=words,
    )
    if before is None:
        return actions.say_through_link(check, link=link, slug=free_slug(document))
    is_same = (before.answer, before.words) == (said, words) and promise.forum_answer
    if is_same and before.document.withdrawal is None:
        return before
    check.document, check.change_note = before.document, what_changed(before, check)
    return actions.say_through_link(check, link=link)


def what_changed(before: ForumCheck, now: ForumCheck) -> str:
    if before.answer != now.answer:
        was, says = before.get_answer_display(), now.get_answer_display()
        return f"The answer was “{was}”. It is now “{says}”."
    if before.words != now.words:
        return "The answer is the same, in other words."
    return "The forum looked again. The answer is the same."


def free_slug(promise: Document) -> str:
    """As the promise's own address begins: if that loses words one day, this has none of them."""
    slug = promise.slug.partition("-")[0]
    taken = Document.objects.filter(kind=ForumCheck._meta.label_lower, slug=slug)
    return f"{slug}-{promise.key.hex[:8]}" if taken.exists() else slug
