"""What is told to families each term, and what became of what they said."""

from updates.models.promise_answers import PromiseAnswer
from updates.models.termly_updates import ProgressItem, TermlyUpdate
from updates.models.you_said import YouSaidWeDid

__all__ = ["ProgressItem", "PromiseAnswer", "TermlyUpdate", "YouSaidWeDid"]
