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
WHO_SAID: dict[str, str] = {
    Who.PARENT: "A parent or carer",
    Who.YOUNG: "A young person",
    Who.SCHOOL: "Somebody from a school or college",
}
VERB = "make a “You said, we did”"


@transaction.atomic
def make_card(feedback: Feedback, title: str, *, by) -> Edition:
    """A draft that says what the message says; its author still writes what we did.

    Raises NotAllowed as the actions do.
    """
    if feedback.became_id:
        raise NotAllowed(VERB, "there already is one for this message.")
    if not feedback.words:
        raise NotAllowed(VERB, "the words are no longer kept.")
    heard = feedback.sent_at.astimezone(LONDON).date()
    term = Term.objects.begun_by(now().day).newest_first().first()
    if term is None:
        raise NotAllowed(VERB, "no term is listed yet. Add the term first.")
    card = actions.start_document(
        YouSaidWeDid(
            term=term,
            title=title,
            said=feedback.words,
            who_said=WHO_SAID.get(feedback.who, "Somebody who wrote to us"),
            heard_where="on this website",
            heard_on=heard,
            how_many=1 if feedback.who == Who.PARENT else None,
            outcome=YouSaidWeDid.Outcome.DECIDING,
        ),
        slug=slug_of(title),
        by=by,
    )
    feedback.became, feedback.why_not, feedback.closed_at = card.document, "", None
    feedback.save(update_fields=["became", "why_not", "closed_at"])
    feedback.note(Deed.What.CARD, by)
    return card
