"""What is told to families each term, what became of what they said, and how to take part."""

from updates.models.opportunities import Opportunity
from updates.models.promise_answers import PromiseAnswer
from updates.models.termly_updates import ProgressItem, TermlyUpdate
from updates.models.you_said import YouSaidWeDid

__all__ = ["Opportunity", "ProgressItem", "PromiseAnswer", "TermlyUpdate", "YouSaidWeDid"]
