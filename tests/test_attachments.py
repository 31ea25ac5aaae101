"""Files: private while a draft, public with the page, gone with it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from publishing import actions, attachments, pdfs
from publishing.models import Attachment, EditionFile
from tests import hostile_files
from tests.factories import (
    make_card,
    make_item,
    make_page,
    make_section,
    make_term,
    make_update,
    make_user,
    publish_update,
    reload,
)

PDF = hostile_files.pdf(pages=2, Author="Ann Other")


@pytest.fixture
def letter(author):
    return attachments.store_pdf(PDF, by=author)


@pytest.fixture
def draft(author, letter):
    file = EditionFile(attachment=letter, title="The letter", summary="They said: go on.")
    return make_update(by=author, parts=[make_item("not good enough"), file])


def test_the_file_of_a_draft_is_not_there(draft, letter, client):
    assert client.get(letter.get_absolute_url()).status_code == 404


def test_the_file_of_a_public_page_is_served_harmless(draft, letter, client):
    publish_update(draft)

    response = client.get(letter.get_absolute_url())

    served = b"".join(response.streaming_content)
    assert served.startswith(b"%PDF-")
    assert b"Ann Other" not in served
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    response.close()


def test_its_address_is_made_of_its_content(letter):
    assert letter.digest in letter.get_absolute_url()
    assert letter.digest in letter.file.name


def test_a_file_leaves_with_a_page_that_is_removed_from_the_past(draft, letter, publisher, client):
    publish_update(draft)

    actions.withdraw(draft.document, by=publisher, reason="Wrong file.", reaches_past=True)

    gone = client.get(letter.get_absolute_url())
    assert gone.status_code == 410
    assert "Wrong file." in gone.text


def test_a_file_whose_page_was_taken_down_says_when_and_why(draft, letter, publisher, client):
    publish_update(draft)

    actions.withdraw(draft.document, by=publisher, reason="Wrong file.")

    gone = client.get(letter.get_absolute_url())
    assert gone.status_code == 410
    assert "Wrong file." in gone.text


def test_a_file_of_another_page_too_stays_when_one_is_taken_down(
    draft, letter, author, publisher, client
):
    publish_update(draft)
    other = EditionFile(attachment=letter, title="The letter", summary="They said: go on.")
    parts = [make_item("not good enough"), other]
    publish_update(make_update(by=author, term=make_term(2021, "autumn"), parts=parts))

    actions.withdraw(draft.document, by=publisher, reason="Wrong file.")

    response = client.get(letter.get_absolute_url())
    assert response.status_code == 200
    response.close()


def test_staff_read_the_file_of_a_draft_and_no_cache_keeps_it(draft, letter, author, client):
    client.force_login(author)

    response = client.get(letter.get_absolute_url())

    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    response.close()


@pytest.mark.parametrize("role", [None, "no role", "not staff"])
def test_for_others_a_hidden_file_is_like_one_that_does_not_exist(role, draft, letter, client):
    if role:
        person = make_user(None, is_staff=role != "not staff")
        client.force_login(person)
    nowhere = letter.get_absolute_url().replace(letter.digest, "0" * 64)

    hidden, missing = client.get(letter.get_absolute_url()), client.get(nowhere)

    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace(letter.digest, "0" * 64) == missing.text
    assert dict(hidden.headers) == dict(missing.headers)


def test_nobody_may_see_drafts_without_a_role():
    assert not attachments.may_see_drafts(AnonymousUser())


def test_the_page_says_what_a_file_is(draft, letter, client):
    publish_update(draft)

    page = client.get(draft.get_absolute_url()).text

    assert letter.get_absolute_url() in page
    assert "PDF, 2 pages, " in page
    assert "They said: go on." in page


@pytest.mark.parametrize("make", [make_card, make_page])
def test_a_page_of_any_kind_offers_its_files_now_and_in_its_past(make, letter, author, client):
    file = EditionFile(attachment=letter, title="The letter", summary="They said: go on.")
    sections = [make_section()] if make is make_page else []
    page = publish_update(make(by=author, parts=[*sections, file]))

    for address in (page.get_absolute_url(), page.own_history_url):
        shown = client.get(address).text
        assert letter.get_absolute_url() in shown
        assert "They said: go on." in shown

    response = client.get(letter.get_absolute_url())
    assert response.status_code == 200
    response.close()


def test_the_same_bytes_are_stored_once(letter, author):
    assert attachments.store_pdf(PDF, by=author) == letter
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"<html>", b"GIF89a", b" %PDF-1.7", b"PK\x03\x04"])
def test_anything_but_a_pdf_is_refused_in_words(author, data):
    with pytest.raises(ValidationError, match="not a PDF"):
        attachments.store_pdf(data, by=author)


def test_a_huge_file_is_refused_in_words(author):
    with pytest.raises(ValidationError, match="larger than 10 MB"):
        attachments.store_pdf(PDF + b"x" * pdfs.MAX_BYTES, by=author)


def test_the_signature_covers_the_file(draft, letter, author, reviewer):
    actions.submit(draft.release, by=author)
    actions.sign_off(draft.release, by=reviewer)
    other = attachments.store_pdf(hostile_files.pdf(pages=3), by=author)

    actions.claim_draft(draft, version=draft.version, by=author)
    draft.files.update(attachment=other)
    actions.seal_draft(reload(draft))

    assert not draft.release.valid_sign_offs()


def test_a_correction_keeps_its_files(draft, letter, author):
    public = publish_update(draft)

    copy = actions.start_edition(public.document, by=author)

    assert copy.files.get().attachment == letter
