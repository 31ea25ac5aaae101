"""Documents to race about, and what must be true of the database afterwards."""

import datetime as dt
from itertools import count

from django.apps import apps
from django.contrib.auth import get_user_model

from publishing import actions, verification
from publishing.models import Body, LedgerEntry, SiteVersion
from tests import factories
from updates.models import TermlyUpdate

_numbers = count(1)


def make_draft(*, by=None, **fields) -> TermlyUpdate:
    """A draft at an address of its own."""
    return factories.make_update(by=by or author(), slug=f"race-{next(_numbers)}", **fields)


def make_submitted(**fields) -> TermlyUpdate:
    """A draft that waits for its signature."""
    council()
    draft = make_draft(**fields)
    actions.submit(draft.release, by=draft.created_by)
    return factories.reload(draft)


def make_signed(**fields) -> TermlyUpdate:
    """A draft that is signed off and may be published."""
    return factories.sign_off_update(make_draft(**fields), publisher=publisher())


def make_public(**fields) -> TermlyUpdate:
    return factories.publish_update(make_draft(**fields), publisher=publisher())


def make_scheduled(at: dt.datetime, **fields) -> TermlyUpdate:
    draft = make_signed(**fields)
    actions.schedule(draft.release, by=publisher(), at=at)
    return factories.reload(draft)


# The same few people each time: who they are does not matter to a race.


def author():
    return person("author")


def publisher():
    return person("publisher", signs=True)


def second_publisher():
    return person("publisher", username="second_publisher", signs=True)


def person(role: str, *, username: str | None = None, signs: bool = False):
    known = get_user_model().objects.filter(username=username or role).first()
    return known or factories.make_user(role, username=username, signs_for=signs and council())


def authors(number: int) -> list:
    return [person("author", username=f"author_{one}") for one in range(number)]


def council() -> Body:
    return Body.objects.filter(must_sign=True).first() or factories.make_body()


# What must be true


def everything() -> dict:
    """Every row of our own tables and of the staff's log: to see that nothing changed at all."""
    models = [
        model
        for label in ("publishing", "programme", "updates", "admin")
        for model in apps.get_app_config(label).get_models()
    ]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in models
    }


def version() -> int:
    return SiteVersion.objects.get().number


def lines() -> list[int]:
    """The numbers of the ledger's lines, after the whole of it was found to be true."""
    faults = [str(fault) for fault in verification.faults()]
    if faults:
        raise AssertionError(faults)
    return list(LedgerEntry.objects.order_by("id").values_list("id", flat=True))


def lines_about(edition) -> int:
    return LedgerEntry.objects.filter(edition=edition.pk).count()
