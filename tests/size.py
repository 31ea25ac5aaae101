"""How much a run looks at: `make test` a part of each long walk in turn, `make soak` all of it."""

import os


def is_large() -> bool:
    return os.environ.get("TEST_SIZE") == "large"
