"""What staff send is recognised by its bytes, made anew or refused in words, and never acts."""

import io
from itertools import batched
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from publishing import attachments, pdfs
from publishing.models import Attachment
from tests import hostile_files
from tests.factories import make_item, make_update, make_user, publish_update
from tests.forms import errors_beside, filled_in

pytestmark = pytest.mark.once  # bytes of files: no database has a part in them

UPLOAD = "/admin/editor/upload/"
PREVIEW = "/admin/editor/preview/"


def send(client, name, data, claimed="image/png"):
    return client.post(UPLOAD, {"image": SimpleUploadedFile(name, data, claimed)})


@pytest.fixture
def writer(author, client):
    client.force_login(author)
    return client


@pytest.mark.parametrize("address", [UPLOAD, PREVIEW])
def test_the_editors_addresses_are_closed_to_everybody_else(address, client, reviewer, writer):
    writer.logout()
    data = {"content": "x", "image": SimpleUploadedFile("x.png", hostile_files.picture("PNG"))}
    anonymous = client.post(address, data)
    client.force_login(reviewer)

    refused = client.post(address, data)

    assert anonymous.status_code == refused.status_code == 403
    assert client.get(address).status_code == 405
    assert not Attachment.objects.exists()


def test_of_300_hostile_files_none_is_kept_and_each_is_refused_in_words(writer):
    sent, unclear = 0, []
    for what, name, data in hostile_files.hostile():
        answer = send(writer, name, data, "image/png")
        sent += 1
        if answer.status_code != 400 or not answer.json()["error"].endswith("."):
            unclear.append((what, answer.status_code))

    assert sent >= 300
    assert unclear == []
    assert not Attachment.objects.exists()


def test_of_the_same_files_sent_as_a_pdf_none_is_kept(writer, author):
    draft = make_update(by=author)
    address = reverse("admin:updates_termlyupdate_change", args=[draft.pk])
    form = filled_in(writer.get(address))
    sent, refused = 0, 0
    for some in batched(hostile_files.hostile(), 30, strict=False):
        rows = {}
        for row, (_, name, data) in enumerate(some):
            rows |= one_file(SimpleUploadedFile(name, data), row)
        rows["files-TOTAL_FORMS"] = str(len(some))
        page = writer.post(address, form | rows)
        sent += len(some)
        assert page.status_code == 200
        refused += len(errors_beside(page, "PDF"))

    assert sent >= 300
    assert refused == sent
    assert not Attachment.objects.exists()


def one_file(upload, row=0, title="A letter", summary="It says: go on.") -> dict:
    return {
        "files-TOTAL_FORMS": "1",
        f"files-{row}-upload": upload,
        f"files-{row}-title": title,
        f"files-{row}-summary": summary,
        f"files-{row}-position": "0",
    }


def test_a_picture_is_made_anew_upright_and_without_its_metadata(author):
    data = hostile_files.picture_with_place(size=(900, 600), orientation=6)

    stored = attachments.store_picture(data, by=author)

    with stored.file.open("rb") as file:
        kept = file.read()
    picture = Image.open(io.BytesIO(kept))
    assert (picture.format, picture.size) == ("WEBP", (600, 900))
    assert (stored.width, stored.height) == (600, 900)
    assert not picture.getexif()
    assert b"Ann Other" not in kept
    assert [copy.width for copy in stored.copies.all()] == [480]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_comes_back_as_markdown_and_is_shown_in_its_sizes(kind, writer):
    code = send(writer, "x.bin", hostile_files.picture(kind, (2000, 1000))).json()["image_code"]

    html = writer.post(PREVIEW, {"content": code.replace("Describe this picture", "A ramp")}).text

    assert code.startswith("![Describe this picture](/files/")
    assert 'alt="A ramp"' in html
    assert 'width="1600"' in html
    assert 'height="800"' in html
    assert 'loading="lazy"' in html
    assert [f" {width}w" in html for width in (480, 800, 1600)] == [True] * 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_a_picture_in_any_colours_is_kept(mode, author):
    image = Image.new("RGBA", (30, 20), (10, 200, 30, 120))
    image = Image.new("I;16", (30, 20)) if mode == "I;16" else image.convert(mode)
    out = io.BytesIO()
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")

    assert attachments.store_picture(out.getvalue(), by=author).width == 30


def test_a_picture_of_a_draft_is_private_and_of_a_public_page_public(writer, author, client):
    picture = attachments.store_picture(hostile_files.picture(), by=author)
    copy = picture.copies.first()
    item = make_item("not good enough", body=f"![A ramp]({picture.get_absolute_url()})")
    draft = make_update(by=author, parts=[item])
    client.logout()
    before = [client.get(each.get_absolute_url()).status_code for each in (picture, copy)]

    publish_update(draft)

    after = [client.get(each.get_absolute_url()) for each in (picture, copy)]
    assert before == [404, 404]
    assert [each.status_code for each in after] == [200, 200]
    assert after[0]["Content-Type"] == "image/webp"
    assert after[0]["X-Content-Type-Options"] == "nosniff"
    assert "public" in after[0]["Cache-Control"]
    for each in after:
        each.close()


@pytest.mark.parametrize(
    ("alt", "is_ready"),
    [("", False), ("Describe this picture", False), ("A ramp", True), ("Decorative", True)],
)
def test_a_picture_needs_words_or_is_decorative(alt, is_ready, author):
    picture = attachments.store_picture(hostile_files.picture(), by=author)
    item = make_item(
        "not good enough", title="Lifts", body=f"![{alt}]({picture.get_absolute_url()})"
    )
    draft = make_update(by=author, parts=[item])

    problems = draft.problems()

    assert (problems == []) == is_ready
    if not is_ready:
        assert "The picture in “what happened” of “Lifts” needs a description" in str(problems)


def test_pictures_from_elsewhere_and_links_to_nowhere_are_named(author):
    item = make_item(
        "not good enough", title="Lifts", body="![A](https://evil.example/a.png) [b](c)"
    )

    problems = str(make_update(by=author, parts=[item]).problems())

    assert "is not on this site" in problems
    assert "The link “c” in “what happened” of “Lifts” leads nowhere" in problems


def test_decorative_pictures_have_an_empty_alt(author, writer):
    picture = attachments.store_picture(hostile_files.picture(), by=author)

    html = writer.post(PREVIEW, {"content": f"![decorative]({picture.get_absolute_url()})"}).text

    assert 'alt=""' in html


def test_a_pdf_keeps_its_pages_and_loses_what_it_says_about_people(author):
    data = hostile_files.pdf(pages=2, Author="Ann Other", Title="draft of Ann Other")

    stored = attachments.store_pdf(data, by=author)

    assert stored.pages == 2
    with stored.file.open("rb") as file:
        assert b"Ann Other" not in file.read()
    assert pdfs.make_anew(data).data == pdfs.make_anew(data).data


def test_a_good_pdf_is_not_lost_when_another_field_is_refused(writer, author):
    colleague = make_user("author")
    attachments.store_pdf(hostile_files.pdf(), by=colleague)  # the same, for another page
    draft = make_update(by=author)
    address = reverse("admin:updates_termlyupdate_change", args=[draft.pk])
    form = filled_in(writer.get(address))
    upload = SimpleUploadedFile("x.pdf", hostile_files.pdf())
    page = writer.post(address, form | one_file(upload, summary=""))
    assert "It is kept" in page.text

    again = filled_in(page) | {"files-0-summary": "It says: go on."}
    saved = writer.post(address, again)

    assert saved.status_code == 302
    assert draft.files.get().attachment.pages == 2


def test_a_preview_that_is_too_long_says_so(writer):
    answer = writer.post(PREVIEW, {"content": "x" * 50_001})

    assert answer.status_code == 400
    assert "longer than 50,000 characters" in answer.text


def test_a_preview_without_text_is_no_error_of_ours(writer):
    assert writer.post(PREVIEW).status_code == 400
    assert writer.post(PREVIEW, {"content": "a\0b"}).status_code == 200


@pytest.mark.parametrize("is_foreign", [False, True])
def test_a_visitor_cannot_make_us_read_a_large_body(is_foreign, client, db):
    """Refused by its size alone: with all that the form asks for, and before the token is read."""
    visitor = type(client)(enforce_csrf_checks=is_foreign)
    if is_foreign:
        visitor.get("/have-your-say/")  # sets the cookie, whose token this request does not send
    small, large = (SimpleUploadedFile("x.bin", bytes(size)) for size in (2_000, 200_000))

    answers = [visitor.post("/have-your-say/", {"file": file}) for file in (small, large)]

    assert answers[0].status_code == (403 if is_foreign else 200)
    assert answers[1].status_code == 413


def test_nothing_of_a_refused_file_stays_on_disk(writer, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    before = on_disk()

    for data in (b"<html>", bytes(3_000_000)):  # the second is too large to be kept in memory
        assert send(writer, "x.png", data).status_code == 400

    assert on_disk() == before
    assert not list(tmp_path.iterdir())
    fine = hostile_files.picture("PNG", size=(877, 613))  # one that no other test has stored
    assert send(writer, "x.png", fine).status_code == 200
    assert on_disk() > before  # so that is where it would be


def on_disk() -> set[Path]:
    """Every file in the store: what it is called says nothing of what was sent."""
    return {path for path in Path(default_storage.location).rglob("*") if path.is_file()}
