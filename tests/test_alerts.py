"""What followers hear of, and what is no news; each line of the ledger once for each of them."""

import datetime as dt

import feedparser
import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from participation import alerts, outbox
from participation.models import AlertCursor, DayCount, Delivery, Feedback, Follow
from participation.news import title_of
from programme.found import Found, record
from programme.models import Check, ProgressRound
from publishing import actions, moments
from publishing.models import LedgerEntry, SiteVersion
from tests import factories, record_factories
from tests.mail_helpers import link_in, look_for_news, make_follower, news
from updates import we_will
from updates.models import PromiseAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def promised_once(one_transaction):
    factories.make_body()
    area = factories.publish_update(factories.make_area())
    return area, factories.make_public_promise(
        title="Every family has a named worker", due_words="May 2022", areas=[area]
    )


@pytest.fixture
def area(promised_once, db):
    return factories.reload(promised_once[0])


@pytest.fixture
def promise(promised_once, db):
    return factories.reload(promised_once[1])


def monday_in_london(*, after_weeks: int) -> dt.datetime:
    """Noon of the Monday that comes so many weeks after the Monday of this week."""
    now = timezone.now().astimezone(moments.LONDON)
    monday = now - dt.timedelta(days=now.weekday()) + dt.timedelta(weeks=after_weeks)
    return monday.replace(hour=12, minute=0)


def move(promise, due_words="May 2023"):
    return factories.correct_update(
        promise,
        by=promise.created_by,
        change_note="We could not hire enough people.",
        due_words=due_words,
        why_changed="Nobody answered the advertisement that we put out in three papers in March.",
        cause="recruitment",
        change_agreed_by="The SEND board",
    )


def test_a_parent_hears_once_that_the_date_moved_and_stops_with_one_button(client, promise):
    make_follower(what="page", document=promise.document)
    moved = move(promise)

    look_for_news()
    look_for_news()

    [message] = news()
    html = message.alternatives[0].content
    for text in (message.body, html):
        assert "The date moved from May 2022 to May 2023." in text
        assert "Nobody answered the advertisement" in text
        assert "Agreed by: The SEND board." in text
        assert "We could not hire enough people." in text
        assert f"http://testserver{moved.get_absolute_url()}" in text
        assert SiteVersion.objects.get().newest_digest in text
        assert "http://testserver/changes/" in text
        assert "http://testserver/changes/check/" in text
    stop = link_in(message, "stop")
    assert "Stop all e-mails" in client.get(stop).text
    client.post(stop)
    move(moved, "June 2024")
    look_for_news()
    assert len(news()) == 1


def test_each_follow_hears_of_its_own_pages(promise, area):
    card = factories.make_public_card()
    make_follower("everything@example.org")
    make_follower("updates@example.org", what="updates")
    make_follower("promise@example.org", what="page", document=promise.document)
    make_follower("problem@example.org", what="page", document=area.document)
    make_follower("card@example.org", what="page", document=card.document)

    def who_hears_of(deed) -> set[str]:
        mail.outbox.clear()
        DayCount.objects.all().delete()
        deed()
        look_for_news()
        return {message.to[0].partition("@")[0] for message in news()}

    assert who_hears_of(lambda: move(promise)) == {"everything", "promise", "problem"}
    assert who_hears_of(factories.make_public_update) == {"everything", "updates"}
    by = card.created_by
    assert who_hears_of(lambda: factories.correct_update(card, by=by)) == {"everything", "card"}
    by = area.created_by
    assert who_hears_of(lambda: factories.correct_update(area, by=by)) == {"everything", "problem"}


def test_who_follows_a_page_hears_of_the_answer_to_what_was_said_about_it(promise, area):
    Feedback.objects.receive(token="1", words="Nobody knows.", page="/", document=promise.document)
    make_follower("promise@example.org", what="page", document=promise.document)
    make_follower("problem@example.org", what="page", document=area.document)
    make_follower("update@example.org", what="updates")

    card = factories.make_card(title="Nobody knows", of_area=area.document)
    Feedback.objects.update(became=card.document)
    factories.publish_update(card)
    look_for_news()
    look_for_news()

    assert {each.to[0].partition("@")[0] for each in news()} == {"promise", "problem"}
    assert len(news()) == 2
    for text in (news()[0].body, news()[0].alternatives[0].content):
        assert "You said, we did: Nobody knows" in text
        assert "How it stands: Done." in text


def test_a_draft_of_what_a_card_promised_is_not_in_the_mail(promise, publisher):
    make_follower()
    card = factories.make_card(outcome="will")
    columns = {"title": "A promise", "who": "Us", "how_we_will_know": "You hear."}
    made = we_will.write_promise(card, by=card.created_by, **columns)
    factories.publish_update(card)
    draft = actions.start_edition(made.document, by=publisher)
    factories.change_draft(draft, by=publisher, title="A secret")

    look_for_news()

    [message] = news()
    assert "We will: A promise. By when: no date given." in message.body
    assert "A secret" not in message.body


def test_a_small_fix_is_no_news(publisher, promise):
    make_follower()
    draft = actions.start_edition(promise.document, by=publisher)
    factories.change_draft(draft, by=publisher, will_notice="You hev a name.")
    draft = actions.start_edition(make_typo().document, by=publisher)
    factories.change_draft(draft, by=publisher, in_short="We hired people.")
    AlertCursor.objects.update(line=SiteVersion.objects.get().newest_line)
    Follow.objects.update(since_line=SiteVersion.objects.get().newest_line)

    actions.small_fix(draft.release, by=publisher)
    look_for_news()

    assert LedgerEntry.objects.last().event == "small fix"
    assert news() == []


def make_typo():
    return factories.make_public_update(in_short="We hird people.")


def make_round(promise, *silent, **check):
    """A check that says something of the first promise, and of others that nothing changed."""
    author = promise.created_by
    checked = actions.start_document(
        ProgressRound(title="Our check in May", checked_on=dt.date(2022, 5, 1)),
        slug="2022-05-01",
        by=author,
        parts=[
            Check(milestone=promise.document, **check),
            *(Check(milestone=each.document, is_unchanged=True) for each in silent),
        ],
    )
    return checked, author


def test_a_check_in_which_nothing_changed_is_no_news(promise):
    make_follower()
    checked, _ = make_round(promise, is_unchanged=True)

    factories.publish_update(checked)
    look_for_news()

    assert news() == []


def test_who_follows_a_promise_hears_what_a_check_says_of_it(promise):
    other = factories.make_public_promise(title="Another")
    make_follower(what="page", document=promise.document)
    make_follower("other@example.org", what="page", document=other.document)
    note = "Two of three workers are hired."
    checked, _ = make_round(promise, other, is_unchanged=True, note=note)

    factories.publish_update(checked)
    look_for_news()

    [message] = news()
    assert message.to == ["parent@example.org"]
    for text in (message.body, message.alternatives[0].content):
        assert note in text
        assert "2 promises checked, 2 no change." in text
        assert f"You get this because you follow “Promise {promise.ref}: {promise.title}”." in text


def make_answer(promise):
    update = factories.make_update()
    said = {"milestone_id": promise.document_id, "said": "Not yet."}
    parts = {PromiseAnswer: [said]}
    actions.rewrite_draft(update, by=update.created_by, columns={}, parts=parts)
    return factories.reload(update)


def make_found(**fields):
    return record_factories.make_event(parts=[record_factories.make_finding(**fields)])


@pytest.mark.parametrize("what", ["answer", "measure", "finding", "confirmation", "card"])
def test_what_belongs_to_a_page_is_in_its_feed_and_goes_to_who_follows_it(
    client, promise, area, what
):
    make = {
        "answer": lambda: (promise, make_answer(promise)),
        "measure": lambda: (area, record_factories.make_measure(of_area=area.document)),
        "finding": lambda: (area, make_found(area=area.document)),
        "confirmation": lambda: (promise, make_found(promise=promise.document)),
        "card": lambda: (area, factories.make_card(of_area=area.document)),
    }
    page, draft = make[what]()
    make_follower(what="page", document=page.document)

    factories.publish_update(draft)
    look_for_news()

    [message] = news()
    feed = feedparser.parse(client.get(f"{page.get_absolute_url()}feed.atom").content)
    assert draft.title in message.body
    assert f"You get this because you follow “{title_of(page)}”." in message.body
    assert draft.title in feed.entries[0].title


def test_a_mail_says_only_of_other_pages_why_it_came(promise, area):
    make_follower(what="page", document=promise.document)
    make_follower("all@example.org")
    make_follower("all@example.org", what="page", document=area.document)
    make_follower("problem@example.org", what="page", document=area.document)

    move(promise)
    look_for_news()

    because = {message.to[0]: "You get this because" in message.body for message in news()}
    assert because == {
        "parent@example.org": False,
        "all@example.org": False,
        "problem@example.org": True,
    }


def test_a_check_that_moved_a_promise_is_one_mail(promise):
    make_follower()
    make_follower("page@example.org", what="page", document=promise.document)
    checked, author = make_round(promise, is_unchanged=True)
    note = "Nobody answered the advertisement that we put out in three papers in March."
    found = Found(
        promise.document_id, note=note, due_words="May 2024", cause="recruitment", agreed_by="Board"
    )
    assert record(checked, [found], by=author) == {}

    factories.publish_update(factories.reload(checked))
    look_for_news()

    bodies = {message.to[0]: message.body for message in news()}
    assert len(news()) == len(bodies) == 2
    assert "The date moved from May 2022 to May 2024." in bodies["page@example.org"]
    assert "Our check in May" in bodies["parent@example.org"]


def test_what_came_down_is_told_without_its_words_and_what_came_back_with_them(
    publisher, second_publisher
):
    card = factories.make_public_card(title="Somebody’s name")
    make_follower(what="page", document=card.document)

    actions.withdraw(card.document, by=publisher, reason="It named a child.")
    look_for_news()
    actions.reinstate(card.document, by=second_publisher)
    look_for_news()

    down, back = news()
    assert "Somebody" not in down.subject + down.body + down.alternatives[0].content
    assert "Taken down" in down.body
    assert "Put back: You said, we did: Somebody’s name" in back.body
    assert "somebodys-name\n" not in back.body


def test_what_comes_down_before_the_mail_leaves_is_not_in_it(publisher):
    card = factories.make_public_card(title="Wrong")
    make_follower(what="page", document=card.document)
    factories.correct_update(card, by=card.created_by, said="A secret.", change_note="A secret.")
    alerts.find()
    alerts.gather()

    actions.withdraw(card.document, by=publisher, reason="It named a child.", reaches_past=True)
    outbox.send_waiting()

    assert news() == []


def test_a_draft_and_a_scheduled_page_are_no_news_until_they_are_public(promise, publisher):
    make_follower()
    draft = factories.make_update(title="Not yet")
    at = timezone.now() + dt.timedelta(hours=1)
    factories.sign_off_update(draft, publisher=publisher)
    actions.schedule(draft.release, by=publisher, at=at)
    look_for_news()
    assert news() == []

    with time_machine.travel(at + dt.timedelta(minutes=1)):
        actions.release_due()
        look_for_news()

    assert "Not yet" in news()[0].subject


def test_a_weekly_reader_gets_one_mail_on_monday(promise):
    make_follower(pace="weekly")
    monday = monday_in_london(after_weeks=2)
    with time_machine.travel(monday - dt.timedelta(days=5)):
        later = move(promise)
        look_for_news()
    with time_machine.travel(monday - dt.timedelta(days=3)):
        factories.correct_update(later, by=promise.created_by)
        look_for_news()
    with time_machine.travel(monday.replace(hour=7, minute=59)):
        look_for_news()
    assert news() == []

    with time_machine.travel(monday.replace(hour=8, minute=1)):
        look_for_news()
        look_for_news()

    [message] = news()
    assert "What changed this week" in message.body
    assert message.body.count("Read the page:") == 2


def test_who_follows_one_thing_twice_over_hears_of_it_once(promise, area):
    make_follower()
    make_follower(what="page", document=promise.document)
    make_follower(what="page", document=area.document)

    move(promise)
    look_for_news()

    [message] = news()
    assert message.body.count("Read the page:") == 1


def test_a_line_is_written_down_once_whoever_looks(promise):
    make_follower()
    move(promise)
    alerts.find()
    delivery = Delivery.objects.get()

    AlertCursor.objects.update(line=0)
    alerts.find()

    assert Delivery.objects.filter(entry=delivery.entry).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(subscriber=delivery.subscriber, entry=delivery.entry)


def test_staff_hear_on_monday_which_promises_pass_their_date_this_week(council):
    factories.make_user("author", email="author@example.org")
    factories.make_user("reviewer", email="reviewer@example.org")
    factories.make_user("author", email="gone@example.org", is_active=False)
    monday = monday_in_london(after_weeks=1)
    friday, sunday, too_late = (
        f"{monday + dt.timedelta(days=days):%-d %B %Y}" for days in (4, 6, 7)
    )
    for due in (friday, sunday, too_late):
        factories.make_public_promise(due_words=due)

    for hour in (7, 9, 10):
        with time_machine.travel(monday.replace(hour=hour)):
            call_command("send_alerts")

    [message] = mail.outbox
    assert message.to == ["author@example.org"]
    assert message.subject == "2 promises pass their date this week"
    assert friday in message.body
    assert sunday in message.body
    assert too_late not in message.body


def test_publishing_in_the_admin_sends_the_mail_by_itself(client, promise, publisher):
    make_follower()
    draft = factories.make_update(title="Our spring update")
    factories.sign_off_update(draft, publisher=publisher)
    client.force_login(publisher)

    response = client.post(f"/admin/updates/termlyupdate/{draft.pk}/do/publish/", {"yes": "1"})

    assert response.status_code == 302
    assert [message.subject for message in news()] == ["New: Spring term 2022: Our spring update"]
