"""Files: private while a draft, public with the page, gone with it."""

import pytest
from django.core.exceptions import ValidationError

from publishing import actions, attachments
from publishing.models import Attachment, EditionFile
from tests.factories import make_item, make_update, publish_update, reload

PDF = b"%PDF-1.7 a letter"


@pytest.fixture
def letter(author):
    return attachments.store(PDF, by=author)


@pytest.fixture
def draft(author, letter):
    file = EditionFile(attachment=letter, title="The letter", summary="They said: go on.")
    return make_update(by=author, parts=[make_item("not good enough"), file])


def test_the_file_of_a_draft_is_not_there(draft, letter, client):
    assert client.get(letter.get_absolute_url()).status_code == 404


def test_the_file_of_a_public_page_is_served_harmless(draft, letter, client):
    publish_update(draft)

    response = client.get(letter.get_absolute_url())

    assert b"".join(response.streaming_content) == PDF
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

    assert client.get(letter.get_absolute_url()).status_code == 404


def test_the_same_bytes_are_stored_once(letter, author):
    assert attachments.store(PDF, by=author) == letter
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"<html>", b"GIF89a", b" %PDF-1.7", b"PK\x03\x04"])
def test_anything_but_a_pdf_is_refused_in_words(author, data):
    with pytest.raises(ValidationError, match="not a PDF"):
        attachments.store(data, by=author)


def test_a_huge_file_is_refused_in_words(author):
    with pytest.raises(ValidationError, match="larger than 10 MB"):
        attachments.store(PDF + b"x" * attachments.MAX_BYTES, by=author)


def test_the_signature_covers_the_file(draft, letter, author, reviewer):
    actions.submit(draft.release, by=author)
    actions.sign_off(draft.release, by=reviewer)
    other = attachments.store(PDF + b"!", by=author)

    actions.claim_draft(draft, version=draft.version, by=author)
    draft.files.update(attachment=other)
    actions.seal_draft(reload(draft))

    assert not draft.release.valid_sign_offs()


def test_a_correction_keeps_its_files(draft, letter, author):
    public = publish_update(draft)

    copy = actions.start_edition(public.document, by=author)

    assert copy.files.get().attachment == letter
