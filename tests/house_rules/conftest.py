"""The world in which nothing may change."""

import logging
import uuid

import pytest
from django.db import transaction

from publishing import actions
from publishing.models import Body
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling


@pytest.fixture(autouse=True, scope="package")
def quiet_refusals():
    """These tests are refused thousands of times; to write that down takes longer than to do it."""
    log = logging.getLogger("django.request")
    before = log.level
    log.setLevel(logging.ERROR)
    yield
    log.setLevel(before)


@pytest.fixture(scope="module")
def one_transaction(django_db_setup, django_db_blocker):
    """What a module makes once: each of its tests undoes its own, and the last undoes all."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def settled_world(one_transaction):
    """Rows in each frozen table, under something public, for each kind.

    An edition that was replaced, a confirmed small fix, a page that came down and one that came
    back, a redaction, and a body that has not signed.
    """
    council = factories.make_body()
    publisher, other = (factories.make_user("publisher", signs_for=council) for _ in "12")
    for kind in kinds():
        first = filling.make_public(kind, filling.word("first"))
        second = filling.publish(filling.correct(first, filling.word("second")))
        fix = actions.start_edition(second.document, by=publisher)
        factories.change_draft(fix, by=publisher, title=f"{second.title} the")
        actions.small_fix(fix.release, by=publisher)
        actions.confirm_small_fix(factories.reload(fix), by=other)
        missing = factories.make_body(f"NHS {uuid.uuid4()}")
        unsigned = filling.make(kind, filling.word("unsigned"))
        actions.submit(unsigned.release, by=unsigned.created_by)
        actions.sign_off(unsigned.release, by=other, body=council)
        actions.publish(unsigned.release, by=other, without=[missing])
        Body.objects.filter(pk=missing.pk).update(must_sign=False)
        if filling.can_come_down(kind):
            for document in (second.document, unsigned.document):
                actions.withdraw(document, by=publisher, reason="Wrong.")
                actions.confirm_withdrawal(document, by=other)
            actions.reinstate(second.document, by=other)
        actions.redact(
            unsigned.document, by=other, words=[unsigned.title.split()[0]], reason="A name."
        )
