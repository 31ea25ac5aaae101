"""The world in which nothing may change."""

import logging
import uuid

import pytest

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
def settled_world(one_transaction):
    """Rows in each frozen table, under something public, for each kind.

    An edition that was replaced, a confirmed small fix, a page that came down and one that came
    back, a redaction, and a body that has not signed.
    """
    council = factories.make_body()
    publisher, other = (factories.make_user("publisher", signs_for=council) for _ in "12")
    first = filling.make_public_together({kind: filling.word("first") for kind in kinds()})
    words = {kind: filling.word("second") for kind in kinds()}
    second = filling.publish_together(filling.correct_together(first, words))
    for page in (second[kind] for kind in filling.staff_kinds()):
        fix = actions.start_edition(page.document, by=publisher)
        factories.change_draft(fix, by=publisher, title=f"{page.title} the")
        actions.small_fix(fix.release, by=publisher)
        actions.confirm_small_fix(factories.reload(fix), by=other)
    missing = factories.make_body(f"NHS {uuid.uuid4()}")
    ours = filling.staff_kinds()
    unsigned = filling.together(
        {kind: filling.make(kind, filling.word("unsigned")) for kind in ours}
    )
    release = unsigned[kinds()[0]].release
    actions.submit(release, by=unsigned[kinds()[0]].created_by)
    actions.sign_off(release, by=other, body=council)
    actions.publish(release, by=other, without=[missing])
    Body.objects.filter(pk=missing.pk).update(must_sign=False)
    unsigned |= {
        kind: filling.make_public(kind, filling.word("said"))
        for kind in kinds()
        if kind not in ours
    }
    for kind in kinds():
        if filling.can_come_down(kind):
            for document in (second[kind].document, unsigned[kind].document):
                actions.withdraw(document, by=publisher, reason="Wrong.")
                actions.confirm_withdrawal(document, by=other)
            actions.reinstate(second[kind].document, by=other)
        page = unsigned[kind]
        actions.redact(page.document, by=other, words=[page.title.split()[0]], reason="A name.")
