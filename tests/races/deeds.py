"""What the racing processes do: a verb by the actions, a page by the staff's own forms."""

import datetime as dt
import html
import re
import time
from dataclasses import dataclass
from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publishing import actions, verification
from publishing.models import Edition
from tests import factories

EXPLAINED = re.compile(r"(\w+) saved this draft while you were writing")


def act(start, verb: str, target, facts: dict) -> str:
    """One publishing verb, by its name."""
    start()
    getattr(actions, verb)(*target, **facts)
    return verb


def publish(start, release, by) -> str:
    return act(start, "publish", [release], {"by": by})


def verify(start) -> list[str]:
    """What the ledger finds wrong."""
    start()
    return [str(fault) for fault in verification.faults()]


def start_one(start, by, term) -> int:
    start()
    return factories.make_update(by=by, term=term, slug="race-of-one").pk


def publish_often(start, one: int, times: int, term, by, publisher) -> list[int]:
    """Writes, sends, signs and publishes one page after another."""
    start()
    published = []
    for number in range(times):
        draft = factories.make_update(by=by, term=term, slug=f"race-{one}-{number}")
        for verb, person in (("submit", by), ("sign_off", publisher), ("publish", publisher)):
            # SQLite has no queue: without a breath an unlucky writer waits its 20 seconds in vain.
            time.sleep(0.1)
            getattr(actions, verb)(draft.release, by=person)
        published.append(draft.pk)
    return published


def poll_what_is_due(start, first: dt.datetime, last: dt.datetime) -> list[int]:
    """Asks again and again. Returns the editions whose lines this process wrote."""
    start()
    wait_until(first)
    noticed = []
    while timezone.now() < last:
        noticed += [edition.pk for edition in actions.release_due()]
        time.sleep(0.005)
    return noticed


def notice_what_is_due(start, at: dt.datetime) -> list[int]:
    """Waits until then. Returns the editions whose lines this process wrote."""
    start()
    wait_until(at)
    return [edition.pk for edition in actions.release_due()]


def read_home(start, at: dt.datetime) -> int:
    """An anonymous reader, who from then on notices what is due on the way."""
    client = Client()
    start()
    wait_until(at)
    return client.get("/").status_code


def wait_until(at: dt.datetime) -> None:
    time.sleep(max(0, (at - timezone.now()).total_seconds()))


# The staff's forms


@dataclass(frozen=True)
class Saved:
    """One attempt to add a token to a draft by the form."""

    token: str
    status: int
    still_shows: bool  # what was typed: exactly, in the form; or all its words, to be copied
    editor: str
    named: str  # who saved meanwhile, by the answer

    @property
    def is_accepted(self) -> bool:
        return self.status == 302

    @property
    def tells_its_editor(self) -> bool:
        """The answer keeps what was typed, and says which other person saved."""
        is_told = bool(self.named) and self.named != self.editor
        return self.status == 200 and self.still_shows and is_told


def save(start, edition: Edition, user, token: str, field: str = "in_short") -> Saved:
    """Opens the form, then at the start adds the token and saves."""
    client = logged_in(user)
    form = open_form(client, edition)
    start()
    return send(client, edition, form, token, field, user)


def save_often(start, edition: Edition, user, times: int) -> list[Saved]:
    """Load, change, save, again and again; every third time in an item instead of the page."""
    client = logged_in(user)
    start()
    return [
        send(
            client,
            edition,
            open_form(client, edition),
            f"{user.username}-{number}.",
            "items-0-body" if number % 3 == 2 else "in_short",
            user,
        )
        for number in range(times)
    ]


def sign(start, edition: Edition, user) -> int:
    """Opens the page for signing, then at the start signs."""
    client = logged_in(user)
    address = reverse("admin:updates_termlyupdate_act", args=[edition.pk, "sign-off"])
    form = read_form(client.get(address).text)
    start()
    return client.post(address, form).status_code


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address_of(edition: Edition) -> str:
    return reverse("admin:updates_termlyupdate_change", args=[edition.pk])


def open_form(client: Client, edition: Edition) -> dict[str, str]:
    return read_form(client.get(address_of(edition)).text)


def send(client: Client, edition: Edition, form: dict, token: str, field: str, user) -> Saved:
    typed = {**form, field: f"{form[field]} {token}"}
    answer = client.post(address_of(edition), typed)
    page = "" if answer.status_code == 302 else answer.text
    shown = read_form(page).get(field) == typed[field]
    to_copy = words_of(typed[field]) in words_of(html.unescape(re.sub("<[^>]+>", " ", page)))
    named = EXPLAINED.search(answer.text)
    return Saved(
        token=token,
        status=answer.status_code,
        still_shows=shown if answer.status_code == 200 else to_copy,
        editor=user.username,
        named=named[1] if named else "",
    )


def words_of(text: str) -> str:
    return " ".join(text.split())


def read_form(page: str) -> dict[str, str]:
    """What a browser would send for the page's main form, its hidden fields included."""
    reader = FormReader()
    reader.feed(page)
    reader.close()
    # A browser sends each new line as these two characters.
    return {name: re.sub("\r?\n", "\r\n", value) for name, value in reader.values.items()}


class FormReader(HTMLParser):
    """Reads the fields of every posted form but the one that logs out."""

    def __init__(self):
        super().__init__()
        self.values: dict[str, str] = {}
        self.is_inside = False
        self.writing_into = self.choosing_for = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.is_inside = given.get("method") == "post" and given.get("id") != "logout-form"
        if not self.is_inside:
            return
        name = given.get("name") or ""
        if tag == "input" and given.get("type") not in {"submit", "checkbox", "radio"}:
            self.values[name] = given.get("value") or ""
        elif tag == "textarea":
            self.writing_into = name
            self.values[name] = ""
        elif tag == "select":
            self.choosing_for = name
        elif tag == "option" and ("selected" in given or self.choosing_for not in self.values):
            self.values[self.choosing_for] = given.get("value") or ""

    def handle_data(self, data):
        if self.writing_into:
            self.values[self.writing_into] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.writing_into:
            # The new line right after the tag belongs to the markup.
            text = self.values[self.writing_into]
            self.values[self.writing_into] = re.sub(r"^\r?\n", "", text)
            self.writing_into = ""
        elif tag == "form":
            self.is_inside = False
