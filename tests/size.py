"""How much a run looks at: `make test` a part of each long walk in turn, `make soak` all of it."""

import os
from collections.abc import Sequence


def is_large() -> bool:
    return os.environ.get("TEST_SIZE") == "large"


def in_turn[Thing](things: Sequence[Thing], turn: int, *, parts: int) -> Sequence[Thing]:
    """One part of them, others at the next turn; in a large run all of them at every turn."""
    return things if is_large() else things[turn % parts :: parts]
