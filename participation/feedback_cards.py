"""From a message to a draft of “You said, we did”."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participation.models import Deed, Feedback
from programme.models import Term
from publishing import actions
from publishing.actions import NotAllowed
from publishing.models import Edition, slug_of
from publishing.moments import LONDON, now
from updates.models import YouSaidWeDid

Who = Feedback.Who
Group = YouSaidWeDid.Group
# A group, never a person: the card may soon answer others who said the same.
WHO_SAID: dict[str, tuple[str, str]] = {
    Who.PARENT: ("Parents and carers", Group.FAMILIES),
    Who.YOUNG: ("Young people", Group.YOUNG),
    Who.SCHOOL: ("Schools and colleges", Group.STAFF),
}
VERB = "make a “You said, we did”"


def refuse_card(feedback: Feedback) -> None:
    """Raises NotAllowed if no draft can be made of it now."""
    if feedback.is_for_duty:
        raise NotAllowed(VERB, "this message is for the duty role alone.")
    if feedback.became_id:
        raise NotAllowed(VERB, "there already is one for this message.")
    if not feedback.words:
        raise NotAllowed(VERB, "the words are no longer kept.")
    if newest_term() is None:
        raise NotAllowed(VERB, "no term is listed yet. Add the term first.")


def newest_term() -> Term | None:
    return Term.objects.begun_by(now().day).newest_first().first()


@transaction.atomic
def make_card(feedback: Feedback, title: str, *, by) -> Edition:
    """A draft that says what the message says; its author still writes what we did.

    Raises NotAllowed as the actions do.
    """
    refuse_card(feedback)
    heard = feedback.sent_at.astimezone(LONDON).date()
    who_said, group = WHO_SAID.get(feedback.who, ("People who wrote to us", ""))
    card = actions.start_document(
        YouSaidWeDid(
            term=newest_term(),
            title=title,
            said=feedback.words,
            who_said=who_said,
            group=group,
            heard_where="on this website",
            heard_on=heard,
            of_area=feedback.area,
            how_many=1 if feedback.who == Who.PARENT else None,
            outcome=YouSaidWeDid.Outcome.DECIDING,
        ),
        slug=slug_of(title),
        by=by,
    )
    answer(feedback, card)
    feedback.note(Deed.What.CARD, by)
    return card


def answer(feedback: Feedback, card: Edition) -> None:
    """Notes the card, if nobody saved the message since it was read: then there is no card."""
    facts = {
        "became": card.document,
        "became_at": timezone.now(),
        "why_not": "",
        "closed_at": None,
    }
    unchanged = Feedback.objects.filter(pk=feedback.pk, version=feedback.version, became=None)
    if not unchanged.update(version=F("version") + 1, **facts):
        raise NotAllowed(VERB, "somebody else saved this message meanwhile. Look at it again.")
    feedback.refresh_from_db(fields=["version", *facts])
