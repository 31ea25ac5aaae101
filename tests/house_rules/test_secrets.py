"""Rule 1: what was never public appears nowhere, for any kind, and answers like what is not there.

One site holds every secret of every kind. It is made once, for these tests alone: others would
walk past all of it.
"""

import datetime as dt
from functools import cache

import pytest

from participation.models import DayCount, Feedback
from publishing import moments
from publishing.models import Attachment, Withdrawal
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from tests.house_rules.secrecy import SECRETS, STAYS, kinds_for
from tests.house_rules.walking import crawl, public_addresses, visit, where
from tests.size import in_turn
from website.models import PrivacyReport

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def secrets(one_transaction):
    """The words of each secret, by kind and way; among public pages of every kind."""
    author = factories.make_user("author", username="nameq1author", first_name="nameq1first")
    for kind in kinds():
        filling.make_public(kind, "publicq1words", slug="publicq1words", by=author)
    filling.new_plan_file("fileq1words")
    filling.new_reader("readerq1words")
    filling.new_forum_link()
    PrivacyReport.objects.create(page="/", words="reportq1words")
    filling.new_message("messageq1words")
    DayCount.objects.take("192.0.2.77", limit=5, day=moments.now().day)
    found = {}
    for turn, way in enumerate(SECRETS):
        words = {kind: filling.word("secret") for kind in kinds_for(turn)}
        for kind, edition in way(words).items():
            found[kind, way.__name__] = words[kind], edition
    return found


def test_what_was_never_public_appears_nowhere(secrets, db):
    answers = crawl()

    leaks = {
        f"{kind._meta.label}, {way}": seen
        for (kind, way), (text, _) in secrets.items()
        if (seen := where(text, answers))
    }
    assert leaks == {}
    assert len(answers) >= 700  # with the days below and test_nothing_leaks, over 2,000
    for private in (
        "nameq1author",
        "nameq1first",
        "reportq1words",
        "fileq1words",
        "messageq1words",
        DayCount.objects.first().digest,
        Feedback.objects.get().receipt,
    ):
        assert where(private, answers) == [], private
    assert [str(answer) for answer in answers if answer.status >= 500] == []
    for kind in kinds():
        page = f"GET {kind.document_url('publicq1words')} → 200"
        assert page in where("publicq1words", answers), "The walk does not even see public pages."


@pytest.mark.parametrize("days_from_now", [-2, 0, 1])
def test_what_was_never_public_appears_on_no_day_of_the_time_machine(secrets, db, days_from_now):
    day = moments.now().day + dt.timedelta(days=days_from_now)
    paths = [path for path in public_addresses() if not path.startswith("/files/")]

    # Of tomorrow there is no page at all.
    looked = in_turn(paths, turn=0, parts=9 if days_from_now > 0 else 2)
    answers = [visit(f"/on/{day}{path}") for path in looked]

    told = "\n".join(answer.told for answer in answers)
    seen = {key: where(text, answers) for key, (text, _) in secrets.items() if text in told}
    assert {key: found for key, found in seen.items() if found} == {}
    assert len(answers) >= (200 if days_from_now <= 0 else 40)
    if days_from_now > 0:
        assert {answer.status for answer in answers} == {404}
    elif days_from_now == 0:
        assert where("publicq1words", answers), "The walk does not even see public pages."
    else:
        assert where("[removed]", answers), "No page stood on that day whose words were removed."
        assert 410 in {answer.status for answer in answers}, "None stood that was taken down."


def test_a_page_is_found_at_no_address_of_another_kind(secrets, db):
    slugs = {kind: filling.word("own") for kind in kinds()}
    for kind, slug in slugs.items():
        filling.make_public(kind, slug)

    for turn, (kind, slug) in enumerate(slugs.items()):
        for other in {kind, *in_turn(kinds(), turn, parts=3)}:
            for path in (other.document_url(slug), other.history_url(slug, 1)):
                assert visit(path).status == (200 if kind is other else 404), path


@pytest.fixture(scope="module")
def nothing(secrets):
    """What is answered where nothing is: asked once by all tests."""
    return cache(visit)


@pytest.fixture(scope="module")
def files(secrets):
    """What each stored PDF says."""
    found = {}
    for file in Attachment.objects.filter(extension="pdf"):
        with file.file.open() as opened:
            found[file] = opened.read()
    return found


def asked(path, method, secret, stand_in):
    """What an address tells, with the secret part of it replaced by as many other letters."""
    answer = visit(path, method)
    return answer.status, answer.headers, answer.text.replace(secret, stand_in)


@pytest.mark.parametrize("way", [way.__name__ for way in SECRETS if way.__name__ not in STAYS])
def test_the_address_of_a_secret_and_its_files_answer_like_ones_that_do_not_exist(
    secrets, nothing, files, db, way
):
    for kind in kinds():
        if (kind, way) not in secrets:
            continue
        text, edition = secrets[kind, way]
        was_public = Withdrawal.objects.filter(document=edition.document_id).exists()
        paths = [kind.document_url(text), kind.history_url(text), kind.history_url(text, 1)]
        if edition.number == 1 and not was_public:
            stand_in = "z" * len(text)
            tries = [(path, "get") for path in paths]
            tries += [(paths[0], method) for method in ("head", "post", "options")]
            for path, method in tries:
                missing = nothing(path.replace(text, stand_in), method)
                told = asked(path, method, text, stand_in)
                assert told == (missing.status, missing.headers, missing.text), (path, method)
                assert missing.status == (405 if method in {"post", "options"} else 404), path
        else:
            own = kind.history_url(edition.document.slug, edition.number)
            missing = kind.history_url(edition.document.slug, 9)
            for method in ("get", "head", "post", "options"):
                told = asked(own, method, f"/{edition.number}/", "/9/")
                assert told == asked(missing, method, "", ""), (own, method)
        assert_files_are_hidden(
            text, files, nothing, was_public=was_public, text_of_others=edition.spoken_by
        )


# Files and pictures


def assert_files_are_hidden(text, files, nothing, *, was_public, text_of_others):
    """Every stored file and picture with the words: like one that nobody stored, or gone."""
    picture = filling.new_picture(text)
    pictures = [picture, *picture.copies.all()] if picture.shown_in.exists() else []
    secret = [file for file, said in files.items() if text.encode() in said]

    assert secret or text_of_others
    for file in [*secret, *pictures]:
        for method in ("get", "head"):
            own = visit(file.get_absolute_url(), method)
            nobody_s = nothing(f"/files/{'0' * 64}.{file.extension}", method)
            assert nobody_s.status == 404
            if was_public:
                assert own.status == 410, str(own)
                assert not own.tells(text)
                assert not own.is_form
            else:
                told = own.text.replace(file.digest, "0" * 64)
                assert (own.status, own.headers, told) == (404, nobody_s.headers, nobody_s.text)
