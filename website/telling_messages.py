"""The messages of an invented place, at every stage, and the yearly report of an older year."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from participation import feedback_report
from participation.feedback_cards import make_card
from participation.models import Deed, Feedback, YearlyReport
from publishing.models import Document, Edition, slug_of
from publishing.moments import LONDON, now
from updates.models import YouSaidWeDid
from website.telling import Teller

SAME = ("who", "is_easy_read", "category", "why_not")


@transaction.atomic
def tell_messages(teller: Teller, story: dict) -> None:
    """Once: whoever looks at the demonstration a second time finds what they made of it."""
    if Feedback.objects.exists():
        return
    for facts in story.get("messages", []):
        for turn in range(facts.get("times", 1)):
            tell_message(teller, facts, turn)
    for facts in story.get("reports", []):
        tables = feedback_report.draft_tables(facts["year"], now())
        YearlyReport.objects.create(year=facts["year"], tables=tables, by=teller.publisher)


def tell_message(teller: Teller, facts: dict, turn: int) -> None:
    sent_at = when(facts)
    promise = public_page("programme.milestone", facts.get("about_promise", ""))
    feedback, _ = Feedback.objects.receive(
        token=f"{sent_at:%Y-%m-%d} {turn} {facts}",
        words=facts.get("words", ""),
        page=promise.get_absolute_url() if promise else "",
        document=promise,
        **{name: facts[name] for name in SAME if name in facts},
    )
    problem = public_page("programme.area", str(facts.get("problem", "")))
    card = Document.objects.filter(
        kind=YouSaidWeDid._meta.label_lower, slug=slug_of(facts.get("answered_by", ""))
    ).first()
    closed_at = sent_at + dt.timedelta(days=5) if card or "why_not" in facts else None
    Feedback.objects.filter(pk=feedback.pk).update(
        sent_at=sent_at,
        answer_by=(sent_at + dt.timedelta(days=28)).date(),
        read_at=sent_at + dt.timedelta(days=1) if closed_at or "is_read" in facts else None,
        closed_at=closed_at,
        words_erased_at=None if "words" in facts else closed_at,
        original=facts.get("came_as", ""),
        names_removed_at=timezone.now() if "came_as" in facts else None,
        area=problem,
        became=card,
    )
    feedback.refresh_from_db()
    if "is_read" in facts:
        feedback.note(Deed.What.READ, teller.author)
    if "draft" in facts:
        make_card(feedback, facts["draft"], by=teller.author)


def when(facts: dict) -> dt.datetime:
    if "sent_on" in facts:
        return dt.datetime.combine(facts["sent_on"], dt.time(19, 40), tzinfo=LONDON)
    return timezone.now() - dt.timedelta(days=facts["days_ago"])


def public_page(kind: str, number: str) -> Document | None:
    """The page of a promise or a problem: its address begins with its number."""
    if not number:
        return None
    found = Edition.objects.as_of(now()).filter(
        document__kind=kind, document__slug__startswith=f"{number.replace('.', '_')}-"
    )
    edition = found.select_related("document").first()
    return edition.document if edition else None
