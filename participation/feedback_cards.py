"""From a message to a draft of “You said, we did”."""

from django.db import transaction

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
    feedback.is_answered_by(card.document)
    feedback.why_not = ""
    feedback.save(update_fields=["became", "became_at", "why_not", "closed_at"])
    feedback.note(Deed.What.CARD, by)
    return card
