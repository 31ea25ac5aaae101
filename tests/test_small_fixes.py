"""A small fix: at most five words, and never what a sentence says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing import actions, verification
from publishing.models import LedgerEntry
from tests.factories import (
    change_draft,
    correct_update,
    make_item,
    make_public_update,
    make_staff,
    make_update,
    reload,
    sign_off_update,
)

WORDS = "We hired for people on 3 May. Call Asha Khan. You can not wait more. See www.here.uk now."


@pytest.fixture(scope="module")
def made_once(one_transaction):
    return make_public_update(
        **make_staff(),
        in_short=WORDS,
        parts=[make_item("not good enough", title="Waits", body="They are to long.")],
    )


@pytest.fixture
def public(made_once, db):
    return reload(made_once)


def fix(public, by, **fields):
    draft = actions.start_edition(public.document, by=by)
    change_draft(draft, by=by, **fields)
    actions.small_fix(draft.release, by=by)
    return reload(draft)


def test_it_is_public_at_once_under_the_old_signature(public, second_publisher):
    fixed = fix(public, second_publisher, in_short=WORDS.replace("hired for", "hired four"))

    line = LedgerEntry.objects.last()
    assert line.event == "small fix"
    assert fixed.change_note == "We changed “for” to “four”."
    assert fixed.release.signed_through == public.release
    assert not fixed.release.sign_offs.exists()
    assert verification.faults() == []


def test_a_second_person_confirms_it_once(public, publisher, second_publisher):
    fixed = fix(public, second_publisher, in_short=WORDS.replace("hired for", "hired four"))
    with pytest.raises(actions.NotAllowed, match="A second person must confirm"):
        actions.confirm_small_fix(fixed, by=second_publisher)

    actions.confirm_small_fix(fixed, by=publisher)

    assert reload(fixed).small_fix_confirmation.by == publisher
    with pytest.raises(actions.NotAllowed, match="already confirmed"):
        actions.confirm_small_fix(fixed, by=publisher)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("3 May", "4 May", "a number differs"),
        ("May", "June", "a date differs"),
        ("Asha Khan", "Asha Khen", "a name"),
        ("Call Asha", "Ball Asha", "the first word of a sentence"),
        ("hired", "dismissed", "another word than"),
        ("hired for", "hired forty for", "more than a slip of the pen"),
        ("You can", "You never can", "changes what the sentence says"),
        ("can not wait", "can wait", "“not” changes what the sentence says"),
        ("can not", "can't", "changes what the sentence says"),
        ("www.here.uk", "www.there.uk", "a link or an address differs"),
        ("hired for people on", "hirde fore peeple onn the a", "more than 5 words differ"),
        ("hired", "hired", "no word differs"),
    ],
)
def test_what_changes_the_meaning_is_refused(public, second_publisher, old, new, why):
    with pytest.raises(actions.NotAllowed, match=why):
        fix(public, second_publisher, in_short=WORDS.replace(old, new))

    assert LedgerEntry.objects.count() == 1
    assert reload(public).superseded_at is None


def test_an_item_may_be_mended_but_not_added(public, second_publisher):
    draft = actions.start_edition(public.document, by=second_publisher)
    actions.claim_draft(draft, version=1, by=second_publisher)
    draft = reload(draft)
    item = draft.items.get()
    item.body = "They are too long."
    item.save()
    actions.seal_draft(draft)

    actions.small_fix(draft.release, by=second_publisher)

    assert reload(draft).items.get().body == "They are too long."
    assert verification.faults() == []


def test_an_added_item_is_refused(public, second_publisher):
    draft = actions.start_edition(public.document, by=second_publisher)
    actions.claim_draft(draft, version=1, by=second_publisher)
    item = make_item("better")
    item.edition = reload(draft)
    item.save()
    actions.seal_draft(draft)

    with pytest.raises(actions.NotAllowed, match="an item was added or removed"):
        actions.small_fix(draft.release, by=second_publisher)


def test_a_draft_that_somebody_else_edited_is_refused(public, author, second_publisher):
    draft = actions.start_edition(public.document, by=author)
    change_draft(draft, by=author, in_short=WORDS.replace("hired for", "hired four"))

    with pytest.raises(actions.NotAllowed, match="somebody else has edited"):
        actions.small_fix(draft.release, by=second_publisher)


def test_a_first_edition_is_refused(author, publisher):
    draft = make_update(by=author)

    with pytest.raises(actions.NotAllowed, match="does not correct a public page"):
        actions.small_fix(draft.release, by=publisher)


def test_an_author_cannot(public, author):
    draft = actions.start_edition(public.document, by=author)
    change_draft(draft, by=author, in_short=WORDS.replace("hired for", "hired four"))

    with pytest.raises(actions.NotAllowed, match="your role"):
        actions.small_fix(draft.release, by=author)


def test_it_does_not_count_as_editing_for_the_next_edition(public, author, second_publisher):
    fixed = fix(public, second_publisher, in_short=WORDS.replace("hired for", "hired four"))
    draft = actions.start_edition(fixed.document, by=author)
    change_draft(draft, by=author, change_note="New.")
    actions.submit(draft.release, by=author)

    actions.sign_off(draft.release, by=second_publisher)

    assert draft.release.valid_sign_offs().exists()


def test_a_waiting_edition_takes_the_fix_over(public, author, publisher, second_publisher):
    draft = actions.start_edition(public.document, by=author)
    change_draft(draft, by=author, title="Next", change_note="New.")
    sign_off_update(draft, publisher=publisher)
    actions.schedule(draft.release, by=publisher, at=timezone.now() + timedelta(days=1))
    correction = actions.slip_in_correction(public.document, by=second_publisher)
    change_draft(correction, by=second_publisher, in_short=WORDS.replace("hired for", "hired four"))

    actions.small_fix(correction.release, by=second_publisher)

    assert "hired four" in reload(draft).in_short
    assert reload(draft).title == "Next"


def test_its_note_says_which_words_and_nothing_else(public, second_publisher):
    fixed = fix(
        public,
        second_publisher,
        in_short=WORDS.replace("hired for", "hired four"),
        change_note="Every promise has been kept.",
    )

    assert fixed.change_note == "We changed “for” to “four”."


def test_a_second_fix_waits_until_the_first_is_confirmed(public, publisher, second_publisher):
    words = WORDS.replace("hired for", "hired four")
    first = fix(public, second_publisher, in_short=words)
    with pytest.raises(actions.NotAllowed, match="not confirmed yet"):
        fix(first, second_publisher, in_short=words.replace("wait", "waits"))
    actions.confirm_small_fix(first, by=publisher)

    actions.small_fix(first.document.editions.get(number=3).release, by=second_publisher)

    assert LedgerEntry.objects.filter(event="small fix").count() == 2


def test_a_word_too_many_may_go(public, second_publisher):
    fixed = fix(public, second_publisher, in_short=WORDS.replace("for people", "people"))

    assert fixed.change_note == "We removed “for”."


def test_a_page_that_was_published_elsewhere_can_be_mended_too(author, publisher, second_publisher):
    draft = make_update(
        by=author,
        in_short=WORDS,
        source="An older site",
        source_date="July 2022",
        originally_at=timezone.now() - timedelta(days=365),
    )
    actions.import_from_elsewhere(sign_off_update(draft, publisher=publisher).release, by=publisher)

    fixed = fix(draft, second_publisher, in_short=WORDS.replace("hired for", "hired four"))

    assert fixed.change_note == "We changed “for” to “four”."
    assert fixed.source == ""
    assert verification.faults() == []


def test_a_small_fix_claims_no_other_origin(public, second_publisher):
    mended = WORDS.replace("hired for", "hired four")

    with pytest.raises(actions.NotAllowed, match="first published elsewhere"):
        fix(public, second_publisher, in_short=mended, source="An older site")


def test_its_page_does_not_announce_it_and_the_history_names_it(client, public, second_publisher):
    fix(public, second_publisher, in_short=WORDS.replace("hired for", "hired four"))

    assert 'aria-label="Correction"' not in client.get(public.get_absolute_url()).text
    assert "Spelling fixed. This is the page now" in client.get(public.whole_history_url).text


def test_a_correction_before_it_stays_announced(client, public, author, second_publisher):
    correct_update(public, by=author, title="New", change_note="The title was wrong.")

    fix(public, second_publisher, in_short=WORDS.replace("hired for", "hired four"))

    assert "The title was wrong." in client.get(public.get_absolute_url()).text
