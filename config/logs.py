"""What is logged never holds an e-mail address, nor a link by which somebody may do something."""

import logging
import re

ADDRESS = re.compile(r"[^\s<>()\[\]'\"=,;:]+@[^\s<>()\[\]'\",;:]+")
SECRET_LINK = re.compile(
    r"(/updates/email/(?:confirm|settings|stop)/)[^\s/?\"']+|(/forum/)[\w-]{20,}"
)


class WithoutTraceback(logging.Filter):
    """One line is enough for what any stranger can cause as often as they like."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


class Discreet(logging.Formatter):
    """Last in the way, so that it sees messages, arguments and tracebacks of every library."""

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))


def discreet(text: str) -> str:
    return SECRET_LINK.sub(r"\1\2…", ADDRESS.sub("…@…", text))
