"""What a parent reads: home, all updates, one update, how it changed, and the error pages."""

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.core.cache import caches
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils import timezone

from publishing import actions, moments
from publishing.attachments import store_pdf
from publishing.models import EditionFile
from tests import hostile_files
from tests.factories import (
    change_draft,
    correct_update,
    make_body,
    make_item,
    make_public_update,
    make_signer,
    make_term,
    make_update,
    publish_update,
    sign_off_update,
)
from tests.past import bring_in, stood_elsewhere
from tests.record_factories import make_event, make_finding, make_public_event
from updates import reading
from website.views import bad_request, server_error

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ATOM = "{http://www.w3.org/2005/Atom}"
NOTHING_YET = "Our first update is not here yet"


def words_of(response) -> str:
    """What a reader reads, with single spaces."""
    text = re.sub(
        r"<(style|title)[^>]*>.*?</\1>|<[^>]+>", "", response.content.decode(), flags=re.S
    )
    return re.sub(r"\s+", " ", text)


def entries_of(response) -> list[ET.Element]:
    return ET.fromstring(response.content).findall(f"{ATOM}entry")


def days_ago(number: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=number)


def make_late_term(*, days_late: int, **fields):
    starts_on = days_ago(days_late + 60)
    return make_term(
        starts_on.year,
        "autumn",
        starts_on=starts_on,
        ends_on=days_ago(days_late + 1),
        update_due_on=days_ago(days_late),
        **fields,
    )


@pytest.fixture
def update():
    return make_public_update()


# Home


def test_home_shows_good_and_bad_of_the_newest_term_and_links_to_each(client):
    make_public_update(term=make_term(2021, "autumn"))
    newest = make_public_update(
        parts=[
            make_item("better", title="You wait 2 weeks less"),
            make_item("not good enough", title="Calls are not answered", difference=""),
        ]
    )

    page = client.get(reverse("website:home"))

    text = words_of(page)
    assert "The newest update: spring 2022" in text
    assert "You wait 2 weeks less" in text
    assert "Calls are not answered" in text
    leads_to = {
        section: f'href="{newest.get_absolute_url()}#{section}"' in page.content.decode()
        for section in ("better", "not-enough", "doing")
    }
    assert leads_to == {"better": True, "not-enough": True, "doing": False}  # nothing is listed


def test_home_says_so_when_there_is_no_update_yet(client):
    page = client.get(reverse("website:home"))

    assert NOTHING_YET in words_of(page)


def test_home_says_what_families_found_beside_our_own_verdict(client, update):
    found = make_finding("families", "same", words="88 of 204 saw no change.")
    make_public_event(happened_words="June 2022", voice="families", parts=[found])

    assert "Families, June 2022: 88 of 204 saw no change." in words_of(client.get("/"))


def test_home_says_what_inspectors_found_after_the_update_and_not_before(client, author):
    june = make_event(happened_words="June 2025", parts=[make_finding(words="The middle one.")])
    for at, is_newer in ((dt.datetime(2022, 7, 31), True), (dt.datetime(2025, 7, 31), False)):
        with transaction.atomic():
            publish_update(june)
            bring_in(make_update(by=author, **stood_elsewhere(at.astimezone(dt.UTC))))
            said = "Inspectors, June 2025: The middle one." in words_of(client.get("/"))
            transaction.set_rollback(True)
        assert said == is_newer


def test_home_gives_the_reason_when_nothing_is_listed_as_not_good_enough(client):
    make_public_update(parts=[make_item("better")], nothing_wrong_because="Nobody asked families.")

    page = client.get(reverse("website:home"))

    assert "Nobody asked families." in words_of(page)


def test_home_says_how_late_an_update_is(client, update):
    term = make_late_term(days_late=23)

    text = words_of(client.get(reverse("website:home")))

    assert f"The {term.in_words} update is 3 weeks late." in text
    assert "The newest update: spring 2022" in text


def test_home_calls_the_update_of_this_term_by_its_term_alone(client, db):
    today = timezone.localdate()
    season = ("spring", "summer", "autumn")[(today.month - 1) // 4]
    make_public_update(term=make_term(today.year, season))

    text = words_of(client.get(reverse("website:home")))

    assert f"{season.capitalize()} term {today.year}" in text
    assert "The newest update" not in text


def test_the_first_page_and_every_update_invite_families_to_have_their_say(client, update):
    for path in ("/", update.get_absolute_url()):
        page = client.get(path).content.decode()
        assert f'href="/have-your-say/?page={path}">Have your say</a>' in page
        assert 'href="/updates/email/">Get an email each term</a>' in page


def test_who_finds_a_promise_wrong_is_led_to_the_form_about_the_plan(client, db):
    page = client.get("/plan/").content.decode()

    assert 'href="/have-your-say/?page=/plan/">Tell us what is wrong</a>' in page


def test_a_term_that_is_over_is_listed_though_no_day_was_named_for_its_update(client, update):
    term = make_term(2022, "autumn", listed_at=dt.datetime(2022, 6, 1, tzinfo=dt.UTC))
    last_day = moments.end_of(term.ends_on)

    text = words_of(client.get("/updates/"))

    assert "Autumn term 2022 No update published" in text
    assert update.next_change_after(last_day) == moments.midnight_after(term.ends_on)


def test_why_an_update_is_late_stands_on_home_and_in_the_list(client, update, publisher):
    term = make_late_term(days_late=23)
    for url in ("/", "/updates/"):
        assert "We have not said why." in words_of(client.get(url))
    before = moments.now()

    client.force_login(publisher)
    address = reverse("admin:programme_term_change", args=[term.pk])
    client.post(address, {"late_because": "The person who counts was ill."})

    for url in ("/", "/updates/"):
        assert "Why: The person who counts was ill." in words_of(client.get(url))
    assert reading.late_update(before, after=update.term).because == ""


def test_why_an_update_is_late_is_added_to_and_never_unsaid(client, update, publisher):
    term = make_late_term(days_late=23)
    address = reverse("admin:programme_term_change", args=[term.pk])
    client.force_login(publisher)
    client.post(address, {"late_because": "The person who counts was ill."})
    first = moments.now()

    with time_machine.travel(first.at + dt.timedelta(hours=1)):
        client.post(address, {"late_because": "She is still ill."})
        client.post(address, {"late_because": ""})
        now = reading.late_update(moments.now(), after=update.term).because
    assert now.startswith("The person who counts was ill.\nShe is still ill. (Added on ")
    then = reading.late_update(first, after=update.term).because
    assert then == "The person who counts was ill."
    for change in (term.late_reasons.all().update, term.late_reasons.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(**({"text": "We never said so."} if change.__name__ == "update" else {}))


def test_a_term_that_is_added_today_changes_no_past_day(update):
    yesterday = moments.end_of(moments.now().day - dt.timedelta(days=1))
    before = reading.archive(yesterday, before=None)

    term = make_late_term(days_late=400)

    assert reading.archive(yesterday, before=None) == before
    assert term in [entry.term for entry in reading.archive(moments.now(), before=None).entries]


def test_an_update_is_not_late_on_the_day_it_is_due(client):
    make_late_term(days_late=0)

    assert "late" not in words_of(client.get(reverse("website:home")))


def test_a_gap_before_the_newest_update_is_for_the_archive_and_not_for_home(client):
    make_term(2021, "autumn", update_due_on=dt.date(2021, 12, 31))
    make_public_update()

    assert "late" not in words_of(client.get(reverse("website:home")))
    assert "No update published" in words_of(client.get(reverse("updates:list")))


def test_an_update_that_was_taken_down_is_neither_late_nor_forgotten(client, update, publisher):
    term = make_late_term(days_late=23)
    down = make_public_update(term=term)
    actions.withdraw(down.document, by=publisher, reason="It named a child.")

    home = words_of(client.get(reverse("website:home")))
    archive = words_of(client.get(reverse("updates:list")))

    assert "weeks late" not in home
    assert f"We took down the {term.in_words} update" in home
    assert "No update published" not in archive
    assert "We took this update down on" in archive
    assert down.title not in archive


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 day"),
        (13, "13 days"),
        (23, "3 weeks"),
        (90, "3 months"),
        (365, "12 months"),
        (800, "26 months"),
        (1200, "3 years"),
    ],
)
def test_lateness_is_said_as_people_say_it(client, days, words):
    term = make_late_term(days_late=days)

    text = words_of(client.get(reverse("website:home")))

    assert f"The {term.in_words} update is {words} late." in text


# All updates


def test_all_updates_are_listed_newest_first_by_school_year(client):
    for year, season in ((2021, "autumn"), (2022, "spring"), (2022, "autumn")):
        make_public_update(term=make_term(year, season))

    text = words_of(client.get(reverse("updates:list")))

    places = [
        text.index(words)
        for words in (
            "School year 2022 to 2023",
            "What changed in autumn 2022",
            "School year 2021 to 2022",
            "What changed in spring 2022",
            "What changed in autumn 2021",
        )
    ]
    assert places == sorted(places)


def test_long_lists_go_on_from_the_last_term_shown(client):
    publisher = None
    for year in range(2000, 2022):
        update = make_public_update(term=make_term(year, "spring"), publisher=publisher)
        publisher = update.published_by

    first = client.get(reverse("updates:list")).content.decode()
    second = client.get(reverse("updates:list"), {"before": "2002-spring"}).content.decode()

    assert 'href="?before=2002-spring"' in first
    assert "What changed in spring 2001" not in first
    assert "What changed in spring 2001" in second
    assert "What changed in spring 2002" not in second
    assert "Older updates" not in second


@pytest.mark.parametrize("before", ["x", "2022-winter", "1-spring", "99999-spring", "2022-sprin\0"])
def test_a_page_that_does_not_exist_is_ignored_and_said_so(client, update, before):
    page = client.get(reverse("updates:list"), {"before": before})

    assert page.status_code == 200
    assert "We could not read the end of that address" in words_of(page)
    assert update.title in words_of(page)


# One update


def test_an_update_shows_all_its_parts_and_who_signed(client):
    update = make_public_update(
        sorry_for="We did not answer letters.",
        parts=[
            make_item("better", title="Shorter waits", difference="You wait less."),
            make_item("doing", title="Hiring"),
            make_item("not good enough", title="Late plans"),
        ],
    )

    text = words_of(client.get(update.get_absolute_url()))

    for words in (
        "We hired people.",
        "Shorter waits",
        "You wait less.",
        "Hiring",
        "Late plans",
        "We did not answer letters.",
        "Signed off by the Post of publisher, Birmingham City Council, on",
        "No changes since it was published here",
    ):
        assert words in text


def test_a_missing_signature_is_printed(client, council):
    update = make_update()
    actions.submit(update.release, by=update.created_by)
    signer = make_signer(council)
    actions.sign_off(update.release, by=signer, body=council)
    nhs = make_body("NHS Birmingham and Solihull", short_name="NHS")

    actions.publish(update.release, by=signer, without=[nhs])

    page = client.get(update.get_absolute_url())
    assert "NHS Birmingham and Solihull has not signed yet." in words_of(page)


def test_what_staff_type_is_text_and_never_markup(client):
    update = make_public_update(title="<script>alert(1)</script>", in_short="<b>bold</b>")

    page = client.get(update.get_absolute_url()).content.decode()

    assert "<script" not in page
    assert "&lt;b&gt;bold" in page


def test_an_import_says_where_and_when_it_was_first_published(client, council):
    draft = sign_off_update(
        make_update(
            term=make_term(2021, "autumn"),
            source="Birmingham Local Offer",
            source_date="October 2021",
            originally_at=dt.datetime(2021, 10, 31, 12, tzinfo=dt.UTC),
        )
    )
    actions.import_from_elsewhere(draft.release, by=make_signer(council))

    addresses = [
        draft.get_absolute_url(),
        reverse("updates:history", args=["2021-autumn"]),
        reverse("updates:edition", args=["2021-autumn", 1]),
    ]
    for address in addresses:
        text = words_of(client.get(address))
        assert "Birmingham Local Offer" in text
        assert "October 2021" in text
        assert "Added to this site on" in text
        assert "31 October" not in text


def test_a_correction_of_an_import_still_says_where_the_page_came_from(client, council, author):
    draft = sign_off_update(
        make_update(
            term=make_term(2021, "autumn"),
            source="Birmingham Local Offer",
            source_date="October 2021",
            originally_at=dt.datetime(2021, 10, 31, 12, tzinfo=dt.UTC),
        )
    )
    actions.import_from_elsewhere(draft.release, by=make_signer(council))

    correct_update(draft, by=author, title="Corrected title")

    text = words_of(client.get(draft.get_absolute_url()))
    assert "First published October 2021 at Birmingham Local Offer. Added to this site on" in text


# History


def test_a_correction_is_announced_and_the_old_text_stays_readable(client, update, author):
    correct_update(update, by=author, title="New title", change_note="The title was wrong.")

    page = words_of(client.get(update.get_absolute_url()))
    history = words_of(client.get(reverse("updates:history", args=["2022-spring"])))
    old = client.get(reverse("updates:edition", args=["2022-spring", 1]))

    assert "we corrected this page: The title was wrong." in page
    assert "Corrected. This is the page now The title was wrong. By: publisher" in history
    assert "Read version 1" in history
    assert "This is an old version. It stood from" in words_of(old)
    assert "What changed in spring 2022" in words_of(old)
    assert '<meta name="robots" content="noindex">' in old.content.decode()


def test_a_scheduled_end_is_nobodys_business_yet(client, update, author, publisher):
    draft = actions.start_edition(update.document, by=author)
    draft = sign_off_update(change_draft(draft, by=author, change_note="It says more."))

    actions.schedule(draft.release, by=publisher, at=timezone.now() + dt.timedelta(days=3))

    standing = words_of(client.get(reverse("updates:edition", args=["2022-spring", 1])))

    assert "This is the version that stands now" in standing
    assert client.get(reverse("updates:edition", args=["2022-spring", 2])).status_code == 404
    assert "It says more." not in words_of(
        client.get(reverse("updates:history", args=["2022-spring"]))
    )


def test_a_page_that_was_taken_down_says_when_and_why(client, update, publisher):
    actions.withdraw(update.document, by=publisher, reason="It named a child.")

    page = client.get(update.get_absolute_url())

    assert page.status_code == 410
    assert "It named a child." in words_of(page)
    assert update.title not in words_of(page)


def test_taking_down_and_putting_back_stand_in_the_history(
    client, update, publisher, second_publisher
):
    actions.withdraw(update.document, by=publisher, reason="It named a child.")
    actions.reinstate(update.document, by=second_publisher)

    text = words_of(client.get(reverse("updates:history", args=["2022-spring"])))

    assert "Put back" in text
    assert "Taken down It named a child." in text


# What is not public


@pytest.mark.parametrize("name", ["detail", "history"])
def test_a_draft_has_no_page(client, name):
    make_update()

    assert client.get(reverse(f"updates:{name}", args=["2022-spring"])).status_code == 404


def test_a_draft_is_neither_on_home_nor_in_the_list_nor_in_the_feed(client):
    draft = make_update(title="Not for you yet")

    for name in ("website:home", "updates:list", "updates:feed"):
        assert draft.title not in client.get(reverse(name)).content.decode()
    assert NOTHING_YET in words_of(client.get(reverse("website:home")))


def test_an_unreadable_number_is_not_found(client, update):
    address = reverse("updates:history", args=["2022-spring"])

    assert client.get(f"{address}{'9' * 30}/").status_code == 404
    assert client.get(address, {"before": "9" * 30}).status_code == 200


@pytest.mark.parametrize("is_correction", [False, True])
def test_a_preview_shows_every_page_as_it_will_be(rf, author, is_correction):
    draft = make_update(by=author, verdict="As it will be.", in_short="As it will be.")
    if is_correction:
        draft = actions.start_edition(publish_update(draft).document, by=author)
        draft = change_draft(draft, by=author, change_note="It said less.")

    for address in public_addresses(number=draft.number):
        request = rf.get(address)
        request.moment = moments.preview(draft.release)
        view, args, kwargs = resolve(address)
        page = view(request, *args, **kwargs)
        page = page.render() if hasattr(page, "render") else page
        assert "As it will be." in words_of(page) or address.endswith("/history/")
        assert "Cache-Control" not in page
        if address != reverse("updates:feed"):
            assert "Preview: only staff can see this." in words_of(page)
            assert 'content="noindex"' in page.content.decode()


# Feed


def test_the_feed_lists_the_newest_with_ids_that_outlive_the_address(client, update, settings):
    settings.SITE_URL = "https://can.example"

    entry = entries_of(client.get(reverse("updates:feed")))[0]

    assert entry.findtext(f"{ATOM}id").startswith("tag:can.example,")
    assert entry.findtext(f"{ATOM}id").endswith(f":{update.document.key}")
    assert entry.find(f"{ATOM}link").get("href") == "https://can.example/updates/2022-spring/"
    assert entry.findtext(f"{ATOM}summary").startswith("We hired people. You wait less.")


def test_a_correction_moves_the_date_of_an_entry_and_not_its_place_or_id(client, author):
    first = make_public_update(term=make_term(2021, "autumn"))
    make_public_update()
    before = entries_of(client.get(reverse("updates:feed")))

    corrected = correct_update(first, by=author, title="Corrected")

    after = entries_of(client.get(reverse("updates:feed")))
    ids = [[e.findtext(f"{ATOM}id") for e in entries] for entries in (before, after)]
    assert ids[0] == ids[1]
    assert after[1].findtext(f"{ATOM}title") == "Corrected"
    assert after[1].findtext(f"{ATOM}updated") == corrected.published_at.isoformat()


def test_a_withdrawn_update_leaves_the_feed_also_for_readers_with_a_copy(client, update, publisher):
    copy = client.get(reverse("updates:feed"))
    unchanged = client.get(reverse("updates:feed"), headers={"if-none-match": copy["ETag"]})

    actions.withdraw(update.document, by=publisher, reason="It named a child.")

    changed = client.get(reverse("updates:feed"), headers={"if-none-match": copy["ETag"]})
    assert unchanged.status_code == 304
    assert changed.status_code == 200
    assert entries_of(changed) == []
    assert "Last-Modified" not in changed


def test_a_control_character_from_word_does_not_end_the_feed(client):
    make_public_update(title="Better\x0bor not", in_short="One\x0bline.")

    assert entries_of(client.get(reverse("updates:feed")))[0].findtext(f"{ATOM}title")


# Every page


def public_addresses(number=1) -> list[str]:
    return [
        reverse("website:home"),
        reverse("updates:list"),
        reverse("updates:feed"),
        reverse("updates:detail", args=["2022-spring"]),
        reverse("updates:history", args=["2022-spring"]),
        reverse("updates:edition", args=["2022-spring", number]),
    ]


def test_public_pages_set_no_cookie_and_refuse_to_be_written_to(client, update):
    for address in public_addresses():
        page = client.get(address)
        assert not page.cookies
        assert "Cookie" not in page.headers.get("Vary", "")
        assert "max-age=60" in page["Cache-Control"]
        assert page["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in page["Permissions-Policy"]
        assert client.post(address).status_code == 405


def test_a_page_costs_the_same_queries_however_much_there_is(
    client, update, author, django_assert_max_num_queries
):
    def cost(address):
        with django_assert_max_num_queries(30) as queries:
            client.get(address)
        return len(queries)

    make_late_term(days_late=5)
    # An update asks what the one before it promised, and a page what was corrected: once each.
    make_public_update(term=make_term(2004, "spring"), publisher=update.published_by)
    before = [cost(address) for address in public_addresses()]
    for year in range(2005, 2010):
        make_public_update(term=make_term(year, "spring"), publisher=update.published_by)
    for number in range(5):
        update = correct_update(update, by=author, title=f"Title {number}")

    # An old version asks one question more than the newest: which one stands now.
    more = [cost(address) - then for address, then in zip(public_addresses(), before, strict=True)]
    assert max(more) <= 1


def test_the_error_page_asks_the_database_nothing(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = server_error(rf.get("/"))

    assert page.status_code == 500
    assert "Something went wrong, and it is our fault" in words_of(page)
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize("failure", [SuspiciousOperation(), RequestDataTooBig()])
def test_a_page_that_failed_leads_to_help_where_every_page_does(failure, rf):
    """In the navigation and in the footer, without asking the database."""
    pages = [bad_request(rf.get("/"), failure), server_error(rf.get("/"))]

    assert [page.text.count('href="/help/"') for page in pages] == [2, 2]


def test_a_draft_says_nothing_about_changes_since_it_was_published(author):
    page = render_to_string(
        "components/signatures.html",
        {"edition": make_update(by=author), "history_url": "/", "standing": None, "removals": []},
    )

    assert "No changes since" not in page


def test_a_missing_page_leads_on(client):
    page = client.get("/nothing-here/")

    assert page.status_code == 404
    assert "Page not found" in words_of(page)
    assert f'href="{reverse("updates:list")}"' in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/plan/", "/updates/", "/changes/", "/sitemap.xml"])
def test_a_page_that_a_reader_has_already_is_not_sent_again(client, path, council, author):
    copy = client.get(path)
    asks_again = {"headers": {"if-none-match": copy["ETag"]}}

    unchanged = client.get(path, **asks_again)
    make_public_update(by=author, title="A new update")
    changed = client.get("/updates/", **asks_again)

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200


def test_words_that_are_explained_since_make_another_page(client, monkeypatch):
    copy = client.get("/")
    monkeypatch.setattr("website.glossary.link_first_uses", lambda html, words: f"{html} ")
    monkeypatch.setattr("website.glossary.entries", lambda moment: ["a word"])

    again = client.get("/", headers={"if-none-match": copy["ETag"]})

    assert again.status_code == 200


def test_health_says_only_ok_or_not_ok(client, monkeypatch, caplog):
    well = client.get("/healthz")
    monkeypatch.setattr("website.views.health", lambda: ["The disk at /secret is full."])

    ill = client.get("/healthz")

    assert (well.status_code, well.content) == (200, b"ok\n")
    assert (ill.status_code, ill.content) == (503, b"not ok\n")
    assert "no-store" in ill["Cache-Control"]
    assert "/secret" in caplog.text


def test_health_can_be_asked_by_anybody_without_any_work(client, django_assert_max_num_queries):
    caches["default"].clear()
    client.get("/healthz")

    with django_assert_max_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"
    caches["default"].clear()
    with django_assert_max_num_queries(5):
        assert client.get("/healthz").content == b"ok\n"


def test_a_published_draft_appears_at_once(client):
    draft = make_update()
    assert client.get(draft.get_absolute_url()).status_code == 404

    publish_update(draft)

    assert client.get(draft.get_absolute_url()).status_code == 200


def test_before_the_first_update_the_archive_says_when_it_is_due(client):
    with time_machine.travel(dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC), tick=False):
        make_term(2027, "spring", update_due_on=dt.date(2027, 4, 1))

        text = words_of(client.get("/updates/"))

    assert f"{NOTHING_YET}. It is due by 1 April 2027." in text


def test_home_and_update_say_that_we_mark_our_own_work_and_lead_to_others(client):
    update = make_public_update()

    for address in ("/", update.get_absolute_url()):
        page = client.get(address)
        assert "We mark our own work here. So we also show what others say." in words_of(page)
        assert 'href="#forum"' in page.text
        assert 'id="forum"' in page.text


def test_a_card_on_home_shows_an_items_first_sentence_whole(client):
    make_public_update(
        parts=[
            make_item("better", body="We hired *4* people & a nurse. They began in May."),
            make_item("not good enough", difference=""),
        ]
    )

    page = client.get("/").text

    assert "We hired 4 people &amp; a nurse." in page
    assert "They began" not in page


def test_files_are_on_the_updates_list_of_what_is_on_the_page(client, author):
    letter = store_pdf(hostile_files.pdf(), by=author)
    file = EditionFile(attachment=letter, title="The letter", summary="They said: go on.")
    items = [make_item("better"), make_item("not good enough", difference="")]
    update = make_public_update(parts=[*items, file], sorry_for="We are sorry.")
    plain = make_public_update(term=make_term(2021, "autumn"))

    page = client.get(update.get_absolute_url()).text

    assert '<li><a href="#files">Files</a></li>' in page
    assert "<h2>10. Files</h2>" in page
    assert "#files" not in client.get(plain.get_absolute_url()).text
