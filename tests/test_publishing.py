"""Publishing, correcting, importing: what stands, and what the ledger says."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing import actions, moments, verification
from publishing.models import Edition, LedgerEntry, SiteVersion, Stage
from tests.factories import (
    change_draft,
    correct_update,
    make_card,
    make_public_update,
    make_term,
    make_update,
    reload,
    sign_off_update,
)
from updates.models import TermlyUpdate


def events():
    return list(LedgerEntry.objects.values_list("event", flat=True))


def standing():
    return list(TermlyUpdate.objects.as_of(moments.now()))


def test_a_published_update_stands_and_has_its_line(author):
    update = make_public_update(by=author, title="Our spring update")

    assert standing() == [update]
    line = LedgerEntry.objects.get()
    texts = dict(line.texts.values_list("name", "text"))
    assert line.event == "published"
    assert texts["title"] == "Our spring update"
    assert "We hired people." in texts["text"]
    assert line.role == "publisher, Birmingham City Council"
    assert verification.faults() == []


def test_a_draft_does_not_stand_and_has_no_line(author):
    make_update(by=author)

    assert standing() == []
    assert events() == []


def test_a_correction_stands_and_what_it_replaced_has_ended(author):
    first = make_public_update(by=author, in_short="The old words.")

    second = correct_update(first, by=author, in_short="The new words.", change_note="Clearer.")

    assert standing() == [second]
    assert reload(first).superseded_at == second.published_at
    assert reload(first).stage() == Stage.SUPERSEDED
    assert reload(first).in_short == "The old words."
    assert set(TermlyUpdate.objects.ever_public(moments.now())) == {first, second}
    assert events() == ["published", "corrected"]
    assert verification.faults() == []


def test_a_correction_keeps_the_keys_of_its_parts(author):
    first = make_public_update(by=author)

    second = actions.start_edition(first.document, by=author)

    assert [p.key for p in second.parts()] == [p.key for p in first.parts()]


def test_a_correction_without_a_note_is_refused(author):
    first = make_public_update(by=author)
    draft = actions.start_edition(first.document, by=author)

    with pytest.raises(actions.NotAllowed, match="Say what changed"):
        actions.submit(draft.release, by=author)


def test_there_is_one_draft_at_a_time(author):
    first = make_public_update(by=author)
    actions.start_edition(first.document, by=author)

    with pytest.raises(actions.NotAllowed, match="somebody has already started"):
        actions.start_edition(first.document, by=author)


def test_what_is_public_cannot_be_published_again(author, publisher):
    update = make_public_update(by=author, publisher=publisher)

    with pytest.raises(actions.NotAllowed, match="already public"):
        actions.publish(update.release, by=publisher)

    assert events() == ["published"]


def test_a_draft_that_is_thrown_away_leaves_what_is_public(author):
    first = make_public_update(by=author)
    draft = actions.start_edition(first.document, by=author)

    actions.discard_draft(draft, by=author)

    assert standing() == [first]
    assert list(first.document.editions.all()) == [Edition.objects.get(pk=first.pk)]


def test_a_draft_that_was_never_public_takes_its_page_with_it(author):
    draft = make_update(by=author)

    actions.discard_draft(draft, by=author)

    assert not Edition.objects.exists()
    assert make_update(by=author).document.slug == draft.document.slug


def test_what_is_public_cannot_be_thrown_away(author):
    update = make_public_update(by=author)

    with pytest.raises(actions.NotAllowed, match="public or scheduled"):
        actions.discard_draft(update, by=author)


def test_the_first_publication_launches_the_site_and_later_ones_do_not(author):
    make_public_update(by=author)
    launched_at = SiteVersion.objects.get().launched_at

    make_public_update(by=author, term=make_term(2022, "summer"))

    assert launched_at
    assert SiteVersion.objects.get().launched_at == launched_at


# From elsewhere

OCTOBER = dt.datetime(2021, 10, 31, 23, 59, tzinfo=moments.LONDON)
FROM_ELSEWHERE = {"source": "Local Offer", "originally_at": OCTOBER}


def test_an_import_stands_under_its_old_date_and_says_when_it_came(author, publisher):
    draft = sign_off_update(make_update(by=author, **FROM_ELSEWHERE))

    actions.import_from_elsewhere(draft.release, by=publisher)

    update = reload(draft)
    line = LedgerEntry.objects.get()
    assert update.published_at == OCTOBER
    assert update.is_imported
    assert (line.event, line.effective_at) == ("imported", OCTOBER)
    assert line.recorded_at > OCTOBER
    assert TermlyUpdate.objects.as_of(moments.end_of(dt.date(2021, 11, 1))).exists()
    assert not TermlyUpdate.objects.as_of(moments.end_of(dt.date(2021, 10, 30))).exists()
    assert SiteVersion.objects.get().launched_at is None
    assert verification.faults() == []


@pytest.mark.parametrize(
    ("origin", "why"),
    [
        ({"originally_at": OCTOBER}, "where it was first published"),
        ({"source": "Local Offer"}, "when it was first published"),
        ({"source": "Local Offer", "originally_at": dt.datetime(1, 2, 3, tzinfo=dt.UTC)}, "when"),
    ],
)
def test_an_import_needs_a_likely_origin(author, publisher, origin, why):
    draft = sign_off_update(make_update(by=author, **origin))

    with pytest.raises(actions.NotAllowed, match=why):
        actions.import_from_elsewhere(draft.release, by=publisher)


def test_an_import_needs_a_signature_which_covers_its_origin(author, publisher):
    draft = sign_off_update(make_update(by=author, **FROM_ELSEWHERE))

    change_draft(draft, by=author, source="Somewhere else")

    with pytest.raises(actions.NotAllowed, match="not signed off"):
        actions.import_from_elsewhere(draft.release, by=publisher)


def test_what_says_that_it_stood_elsewhere_is_not_published_as_new(author, publisher):
    draft = sign_off_update(make_update(by=author, **FROM_ELSEWHERE))

    with pytest.raises(actions.NotAllowed, match="first published elsewhere"):
        actions.publish(draft.release, by=publisher)


def test_after_launch_nothing_is_published_into_the_past_of_this_site(author, publisher):
    make_public_update(by=author)
    summer = make_term(2022, "summer")
    draft = make_update(by=author, term=summer, source="Here", originally_at=timezone.now())
    draft = sign_off_update(draft)

    with pytest.raises(actions.NotAllowed, match="this site has been live since"):
        actions.import_from_elsewhere(draft.release, by=publisher)


def test_a_scheduled_first_page_launches_the_site_too(author, publisher):
    draft = sign_off_update(make_update(by=author), publisher=publisher)
    at = timezone.now() + dt.timedelta(hours=1)
    actions.schedule(draft.release, by=publisher, at=at)

    with time_machine.travel(at + dt.timedelta(minutes=1)):
        actions.release_due()

    assert SiteVersion.objects.get().launched_at == at


def test_after_launch_an_older_page_can_still_be_added(author, publisher):
    make_public_update(by=author)
    autumn = make_term(2021, "autumn")
    draft = sign_off_update(make_update(by=author, term=autumn, **FROM_ELSEWHERE))

    actions.import_from_elsewhere(draft.release, by=publisher)

    assert verification.faults() == []


def test_a_page_that_is_down_takes_no_import(author, publisher):
    update = make_public_update(by=author)
    actions.withdraw(update.document, by=publisher, reason="Wrong.")
    draft = actions.start_edition(update.document, by=author)
    change_draft(draft, by=author, change_note="Older.", **FROM_ELSEWHERE)
    sign_off_update(draft)

    with pytest.raises(actions.NotAllowed, match="taken down"):
        actions.import_from_elsewhere(draft.release, by=publisher)


def questions_of(act) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def send_sign_and(let_out, cards, author, reviewer) -> list[int]:
    """How many questions it takes to send these pages for sign-off, to sign, to let them out."""
    release = cards[0].release
    for card in cards[1:]:
        actions.join_release(card, release, by=author)
    return [
        questions_of(lambda: actions.submit(release, by=author)),
        questions_of(lambda: actions.sign_off(release, by=reviewer)),
        questions_of(lambda: let_out(release)),
    ]


def drafts(count, author, **fields) -> list:
    return [make_card(by=author, **fields) for _ in range(count)]


def corrections(cards, author) -> list:
    found = [actions.start_edition(card.document, by=author) for card in cards]
    return [change_draft(draft, by=author, change_note="A date was wrong.") for draft in found]


def more_for_each_page(many: list[int], few: list[int], pages: int) -> list[float]:
    return [(more - less) / pages for more, less in zip(many, few, strict=True)]


def test_a_plan_of_many_pages_asks_little_more_than_one_page(author, reviewer, publisher):
    def publish(release):
        actions.publish(release, by=publisher)

    send_sign_and(publish, drafts(1, author), author, reviewer)  # the first launches the site
    two, twelve = drafts(2, author), drafts(12, author)
    few = send_sign_and(publish, two, author, reviewer)
    many = send_sign_and(publish, twelve, author, reviewer)
    few_again = send_sign_and(publish, corrections(two, author), author, reviewer)
    many_again = send_sign_and(publish, corrections(twelve, author), author, reviewer)

    # To publish: its dates, its line, and the words of its line.
    assert more_for_each_page(many, few, 10) == [0, 0, 3]
    assert more_for_each_page(many_again, few_again, 10) == [0, 0, 3]


def test_pages_that_go_out_later_or_stood_elsewhere_ask_little_more(author, reviewer, publisher):
    origin = {
        "source": "The old website",
        "source_date": "May 2021",
        "originally_at": dt.datetime(2021, 5, 1, tzinfo=dt.UTC),
    }
    at = timezone.now() + dt.timedelta(days=7)

    def schedule(release):
        actions.schedule(release, by=publisher, at=at)

    def add(release):
        actions.import_from_elsewhere(release, by=publisher)

    send_sign_and(schedule, drafts(1, author), author, reviewer)  # now all know what each may do
    later = [send_sign_and(schedule, drafts(n, author), author, reviewer) for n in (12, 2)]
    elsewhere = [send_sign_and(add, drafts(n, author, **origin), author, reviewer) for n in (12, 2)]

    assert more_for_each_page(*later, 10) == [0, 0, 1]
    # Also whether a later edition is here already.
    assert more_for_each_page(*elsewhere, 10) == [0, 0, 4]
