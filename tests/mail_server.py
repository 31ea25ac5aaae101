"""A real mail server on this machine, which counts what it accepted and can be made to fail."""

import asyncio
import re
from collections import Counter
from contextlib import contextmanager

from aiosmtpd.controller import Controller

MESSAGE_ID = re.compile(rb"^Message-ID: <(\S+)>", re.MULTILINE | re.IGNORECASE)


class Ledger:
    """What the server did. `say` answers a mail before it is accepted; None accepts it."""

    def __init__(self, say=lambda number: None):
        self.say = say
        self.tried = 0
        self.accepted: list[str] = []
        self.recipients: Counter = Counter()
        self.bodies: list[bytes] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.tried += 1
        answer = self.say(self.tried)
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer == "hang up":
            server.transport.abort()
            return "250 nobody hears this"
        if answer:
            return answer
        self.accepted.append(MESSAGE_ID.search(envelope.content)[1].decode())
        self.recipients.update(envelope.rcpt_tos)
        self.bodies.append(envelope.content)
        return "250 OK"

    @property
    def mails(self) -> set[str]:
        """As mailboxes show them: of two copies with one Message-ID, one."""
        return set(self.accepted)


class Server(Controller):
    """On a port that the machine chooses."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(ledger: Ledger):
    """Yields the port."""
    server = Server(ledger, hostname="127.0.0.1", port=0, ready_timeout=20)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
