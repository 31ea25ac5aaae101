"""What is logged never holds an e-mail address, nor a link by which somebody's mail is set."""

import logging
import re

ADDRESS = re.compile(r"[^\s<>()\[\]'\"=,;:]+@[^\s<>()\[\]'\",;:]+")
SIGNED_LINK = re.compile(r"(/updates/email/(?:confirm|settings|stop)/)[^\s/?\"']+")


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
    return SIGNED_LINK.sub(r"\1…", ADDRESS.sub("…@…", text))
