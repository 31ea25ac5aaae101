"""The Parent Carer Forum says whether a promise is done: by its own link, and nobody else does."""

import datetime as dt
import re

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.logs import discreet
from participation import alerts, forum_views
from participation.models import Delivery, Follow, Subscriber
from participation.news import news_of
from programme import forum, promises
from programme.models import ForumCheck, ForumLink, Milestone
from programme.statuses import Confirmer
from publishing import actions, ledger, moments, verification
from publishing.actions import NotAllowed
from publishing.admin.acts import ACTS
from publishing.models import LedgerEntry, SignOff
from tests import factories
from tests.house_rules import filling
from tests.house_rules.record import facts
from tests.record_factories import make_finding, make_public_event
from tests.test_public_pages import words_of
from updates import belonging
from website.tasks import tasks_of

pytestmark = pytest.mark.django_db

Answer = ForumCheck.Answer
DONE = {"done_on": dt.date(2022, 5, 3), "proof": "The register: 40 of 40."}


@pytest.fixture
def people():
    return factories.make_staff()


@pytest.fixture
def promise(people) -> Milestone:
    return factories.make_public_promise(**people, ref="1.1", title="A named worker", **DONE)


@pytest.fixture
def given(people) -> tuple[ForumLink, str]:
    return actions.give_link(ForumLink, by=people["publisher"])


@pytest.fixture
def link(given) -> ForumLink:
    return given[0]


@pytest.fixture
def home(given) -> str:
    return f"/forum/{given[1]}/"


def say(promise, answer=Answer.YES, words="", *, link):
    return forum.answer(promise.document, answer, words, link=link)


def confirmer(promise, moment=None) -> str:
    moment = moment or moments.now()
    told = promises.told(Milestone.objects.as_of(moment), moment)
    return told.get(document=promise.document).confirmer


def by_confirmer(moment=None) -> dict:
    return dict(promises.count(moment or moments.now()).by_confirmer)


def correct(promise, people, **fields):
    return factories.correct_update(factories.reload(promise), **people, **fields)


# The user's act


def test_the_forum_says_yes_and_the_promise_and_the_number_say_that_it_checked(
    client, promise, home
):
    asked = words_of(client.get(home))
    answered = client.post(
        f"{home}{promise.document.slug}/", {"answer": "yes", "words": "We rang 20 families.\nYes."}
    )

    assert "A named worker" in asked
    assert answered.status_code == 302
    assert "Families can read your answer now" in words_of(client.get(answered["Location"]))
    page = client.get(promise.get_absolute_url()).content.decode()
    assert re.search(r"<blockquote><p>We rang 20 families\.<br>\s*Yes\.</p></blockquote>", page)
    assert "The Parent Carer Forum checked" in page
    assert by_confirmer() == {Confirmer.FORUM: 1}
    plan = client.get("/plan/").content.decode()
    assert "<dt>The Parent Carer Forum checked</dt><dd>1 promise</dd>" in plan


@pytest.mark.parametrize("answer", [Answer.NO, Answer.CANNOT_TELL])
def test_a_no_stands_on_the_promise_unedited_and_confirms_nothing(client, promise, link, answer):
    say(promise, answer, "Not <b>one</b> family has a name.", link=link)

    page = client.get(promise.get_absolute_url()).content.decode()
    assert answer.label in page
    assert "<p>Not &lt;b&gt;one&lt;/b&gt; family has a name.</p>" in page
    assert confirmer(promise) == Confirmer.WE


def test_only_a_no_is_said_beside_the_promise_in_lists(client, promise, people, link):
    other = factories.make_public_promise(**people, **DONE)
    say(promise, Answer.NO, link=link)
    say(other, Answer.CANNOT_TELL, link=link)

    listed = words_of(client.get("/plan/"))
    assert listed.count("The Parent Carer Forum says: it is not done.") == 1


def test_the_forum_may_answer_again_and_both_answers_stay_to_be_read(client, promise, link):
    first = say(promise, Answer.YES, "All have one.", link=link)
    second = say(promise, Answer.NO, "Three left.", link=link)

    history = words_of(client.get(first.whole_history_url))
    assert (first.document, second.number) == (second.document, 2)
    assert "The answer was “Yes, it is done”. It is now “No, it is not done”." in history
    assert "Answered again" in history
    assert "By: Parent Carer Forum" in history
    assert "All have one." in words_of(client.get(first.own_history_url))
    assert confirmer(promise) == Confirmer.WE


def test_the_same_said_twice_is_said_once(promise, link):
    first = say(promise, Answer.NO, "Three left.", link=link)
    again = say(promise, Answer.NO, "Three left.", link=link)

    assert again.pk == first.pk
    assert ForumCheck.objects.count() == 1


def test_the_record_names_the_forum_and_still_verifies(promise, link):
    check = say(promise, link=link)

    line = LedgerEntry.objects.get(edition=check)
    assert (line.role, line.event) == ("Parent Carer Forum", "published")
    assert SignOff.objects.get(release=check.release).body.name == "Parent Carer Forum"
    assert verification.faults() == []


# What still counts


def test_a_yes_counts_no_more_once_done_is_taken_back_and_never_returns_by_itself(
    promise, people, link
):
    say(promise, link=link)
    correct(promise, people, done_on=None, proof="")
    back = Milestone.objects.as_of(moments.now()).get(document=promise.document)
    again = correct(back, people, **DONE)

    assert confirmer(again) == Confirmer.WE
    assert list(forum.unanswered(moments.now())) == [again]
    say(again, link=link)
    assert confirmer(again) == Confirmer.FORUM


def test_a_yes_counts_no_more_once_it_slipped_back(client, promise, people, link):
    say(promise, words="All have one.", link=link)
    slipped = {"slipped_back_on": dt.date(2022, 6, 1), "slipped_back_because": "Two left."}
    correct(promise, people, **slipped)

    page = words_of(client.get(promise.get_absolute_url()))
    assert confirmer(promise) == Confirmer.WE
    assert "All have one." in page
    assert "We have changed since whether this is done." in page
    assert list(forum.slipped_after_yes(moments.now()).values_list("document", flat=True)) == [
        promise.document_id
    ]


def test_a_yes_still_counts_after_a_change_of_other_words(promise, people, link):
    say(promise, link=link)
    correct(promise, people, will_notice="You know whom to ring.")

    assert confirmer(promise) == Confirmer.FORUM


def test_inspectors_come_before_the_forum(promise, people, link):
    say(promise, link=link)
    make_public_event(**people, parts=[make_finding(promise=promise.document)])

    assert confirmer(promise) == Confirmer.INSPECTORS


def test_the_number_of_a_past_day_keeps_what_was_known_then(promise, people, link, time_machine):
    before = moments.now()
    time_machine.move_to(before.at + dt.timedelta(days=1))
    check = say(promise, link=link)
    said = moments.now()
    time_machine.shift(dt.timedelta(days=1))
    actions.withdraw(
        check.document, by=people["publisher"], reason="A child was named.", reaches_past=True
    )

    assert by_confirmer(before) == {Confirmer.WE: 1}
    assert by_confirmer(said) == {Confirmer.FORUM: 1}
    assert by_confirmer() == {Confirmer.WE: 1}


# What staff can do


def test_nobody_of_staff_can_say_it_whatever_they_hold(people, promise, link):
    check = say(promise, link=link)
    everybody = [
        *people.values(),
        factories.make_user(None, is_superuser=True),
        factories.make_user("reviewer"),
    ]
    forged = ForumCheck(**filling.fill(ForumCheck, "forged"))

    for by in everybody:
        for verb in (
            lambda by=by: actions.start_document(forged, slug="forged", by=by),
            lambda by=by: actions.start_edition(check.document, by=by),
            lambda by=by: actions.slip_in_correction(check.document, by=by),
        ):
            with pytest.raises(NotAllowed):
                verb()
    refusals = [actions.start_documents([actions.NewPage(forged, "f")], by=people["by"])]
    assert all(isinstance(refusal, NotAllowed) for each in refusals for refusal in each)
    assert ForumCheck.objects.count() == 1


MAY = {
    "standing": {"take-down": {"publisher", "boss"}, "remove-details": {"publisher", "boss"}},
    "down": {
        "remove-details": {"publisher", "boss"},
        "confirm-take-down": {"reviewer", "publisher", "boss"},
        "put-back": {"publisher", "boss"},
        "take-down": {"publisher", "boss"},  # then also from the past
    },
}


@pytest.mark.parametrize("stage", MAY)
def test_staff_can_only_take_an_answer_down_or_remove_details_in_public(
    people, promise, link, stage
):
    council = factories.make_body()
    check = say(promise, words="Asha Khan has none.", link=link)
    if stage == "down":
        actions.withdraw(check.document, by=people["publisher"], reason="Wrong.")
    cast = {
        "nobody": factories.make_user(None, username="nobody"),
        "author": factories.make_user("author", username="author2"),
        "reviewer": factories.make_user("reviewer", username="reviewer", signs_for=council),
        "publisher": factories.make_user("publisher", username="publisher2", signs_for=council),
        "boss": factories.make_user(None, username="boss", is_superuser=True, signs_for=council),
    }
    posted = {"reason": "A name.", "words": "Asha Khan", "digest": check.release.digest()}
    posted |= {"body": council.pk, "at_0": "2099-01-01", "at_1": "12:00"}
    posted |= {"reaches_past": "on"} if stage == "down" else {}
    clients = {who: Client() for who in cast}
    for who, client in clients.items():
        client.force_login(cast[who])
    before, changed = facts(), []

    for who, client in clients.items():
        for act in ACTS:
            with transaction.atomic():
                client.post(f"/admin/programme/forumcheck/{check.pk}/do/{act}/", posted)
                if facts() != before:
                    changed.append((act, who))
                transaction.set_rollback(True)

    assert sorted(changed) == sorted((act, who) for act in MAY[stage] for who in MAY[stage][act])


@pytest.mark.parametrize("path", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_no_form_of_staff_writes_an_answer(people, promise, link, path):
    check = say(promise, link=link)
    client = Client()
    client.force_login(people["publisher"])
    before = facts()

    path = f"/admin/programme/forumcheck/{path.format(pk=check.pk)}"
    client.post(path, {"title": "Forged", "answer": "yes", "version": 1, "post": "yes"})

    assert facts() == before


def test_the_database_itself_refuses_an_answer_without_a_link(promise, link):
    check = say(promise, link=link)
    columns = [field.column for field in ForumCheck._meta.local_concrete_fields]
    copied = ", ".join(c for c in columns if c != "edition_ptr_id")
    other = factories.make_promise()  # a draft of staff, made into an answer of the forum

    with pytest.raises(DatabaseError, match="only through a link"), transaction.atomic():
        connection.cursor().execute(
            f"INSERT INTO programme_forumcheck (edition_ptr_id, {copied}) "
            f"SELECT {other.pk}, {copied} FROM programme_forumcheck "
            f"WHERE edition_ptr_id = {check.pk}"
        )


def test_a_taken_down_answer_leaves_a_reason_on_the_promise_and_a_new_one_brings_it_back(
    client, promise, people, link
):
    check = say(promise, Answer.NO, "Asha has none.", link=link)
    actions.withdraw(check.document, by=people["publisher"], reason="A child was named.")

    page = words_of(client.get(promise.get_absolute_url()))
    assert "We took down what the forum said" in page
    assert "A child was named." in page
    assert "Asha" not in page
    assert client.get(check.get_absolute_url()).status_code == 410

    say(promise, Answer.NO, "Three have none.", link=link)
    assert "Three have none." in words_of(client.get(promise.get_absolute_url()))
    assert verification.faults() == []


def test_the_account_of_the_forum_cannot_sign_in_and_signs_nothing_else(client, promise, link):
    say(promise, link=link)

    account = get_user_model().objects.get(username="Parent Carer Forum")
    assert not account.is_active
    assert not account.has_usable_password()
    assert authenticate(username=account.username, password="") is None
    assert not account.signer_for.exists()
    assert not account.get_all_permissions()


# The link


def test_of_a_link_only_the_digest_is_kept_and_it_is_shown_once(people):
    client = Client()
    client.force_login(people["publisher"])

    asked = client.get("/admin/programme/forumlink/add/")
    shown = client.post("/admin/programme/forumlink/add/").content.decode()
    (token,) = set(re.findall(r"/forum/([\w-]{43})/", shown))

    link = ForumLink.objects.get()
    assert "/forum/" not in asked.content.decode()
    assert Client().get(f"/forum/{token}/").status_code == 200
    assert token not in str(facts())
    pages = ["", f"{link.pk}/change/", "add/"]
    for page in pages:
        assert token not in client.get(f"/admin/programme/forumlink/{page}").content.decode()
    assert link.expires_at - link.made_at == dt.timedelta(days=14)


@pytest.mark.parametrize("role", ["author", "reviewer", None])
def test_only_a_publisher_makes_links_or_takes_them_back(role, link):
    client, before = Client(), facts()["programme_forumlink"]
    client.force_login(factories.make_user(role))

    for path in ("add/", f"{link.pk}/change/", f"{link.pk}/take-back/", ""):
        address = f"/admin/programme/forumlink/{path}"
        assert client.post(address).status_code == 403
        assert client.get(address).status_code in {403, 405}
    assert facts()["programme_forumlink"] == before


def test_a_link_taken_back_answers_like_one_that_never_was_and_takes_nothing(
    people, promise, link, home
):
    client = Client()
    client.force_login(people["publisher"])
    client.post(f"/admin/programme/forumlink/{link.pk}/take-back/")
    answer_at = f"{promise.document.slug}/"

    old = Client().get(home).content
    posted = Client().post(f"{home}{answer_at}", {"answer": "yes"}).content
    unknown = "/forum/no-such-link/"

    assert b"This link does not work" in old
    assert old == posted == Client().get(unknown).content
    assert Client().post(f"{unknown}{answer_at}", {"answer": "yes"}).content == old
    with pytest.raises(NotAllowed):
        say(promise, link=link)
    assert not ForumCheck.objects.exists()


def test_a_link_works_for_14_days(promise, link, home, time_machine):
    time_machine.move_to(link.expires_at - dt.timedelta(seconds=1), tick=False)
    assert b"A named worker" in Client().get(home).content

    time_machine.move_to(link.expires_at, tick=False)
    assert b"This link does not work" in Client().get(home).content
    with pytest.raises(NotAllowed):
        say(promise, link=link)


def test_no_other_page_hears_of_the_link(client, promise, home):
    page = f"{home}{promise.document.slug}/"
    for address in (home, page):
        answer = client.get(address)
        html = answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        assert '<meta name="robots" content="noindex">' in html
        told = re.findall(r'(?:href|content|src|action)="([^"]*)"', html)
        token = home.split("/")[2]
        assert not [each for each in told if token in each and not each.startswith(home)]
        assert f"page={home}" not in html
        assert client.get(f"/on/2022-06-01{address}").status_code == 404
        assert client.get("/have-your-say/", {"page": address}).content.decode().count(token) == 0
        assert token not in discreet(f'"GET {address} HTTP/1.1" 404 at https://x.org{address}')


def test_a_promise_that_we_do_not_call_done_has_no_form(client, people, home, link):
    open_one = factories.make_public_promise(**people)
    draft = factories.make_promise(by=people["by"], **DONE)

    assert client.get(f"{home}{open_one.document.slug}/").status_code == 404
    assert client.get(f"{home}{draft.document.slug}/").status_code == 404
    with pytest.raises(NotAllowed):
        say(open_one, link=link)


def test_a_form_without_an_answer_or_with_somebody_s_details_is_asked_again(client, promise, home):
    page = f"{home}{promise.document.slug}/"

    empty = client.post(page, {"words": "Hm."})
    named = client.post(page, {"answer": "no", "words": "Nobody at Otterfern School has one."})
    ticked = client.post(
        page,
        {"answer": "no", "words": "Nobody at Otterfern School has one.", "is_checked": "on"},
    )

    assert "Choose one of the three answers." in words_of(empty)
    assert "“Otterfern School” looks like a school." in words_of(named)
    assert "Nobody at Otterfern School has one." in words_of(named)
    assert ticked.status_code == 302


def test_a_flood_is_kept_out_and_words_are_kept(client, promise, home, monkeypatch):
    monkeypatch.setattr(forum_views, "EACH", forum_views.EACH._replace(most=1))
    page = f"{home}{promise.document.slug}/"
    client.post(page, {"answer": "yes"})

    answer = client.post(page, {"answer": "no", "words": "Three left."})

    assert answer.status_code == 429
    assert "Three left." in words_of(answer)


# News


def test_who_follows_the_promise_or_its_problem_hears_of_an_answer(people, link):
    area = factories.publish_update(factories.make_area(by=people["by"]))
    promise = factories.make_public_promise(**people, areas=[area], **DONE)
    reader = Subscriber.objects.create(email="a@example.org")
    Follow.objects.create(
        subscriber=reader,
        what=Follow.What.PAGE,
        document=promise.document,
        confirmed_at=timezone.now(),
        since_line=ledger.newest().pk,
    )
    alerts.find()

    check = say(promise, Answer.NO, "Three left.", link=link)
    alerts.find()

    delivery = Delivery.objects.get(subscriber=reader)
    (news,) = news_of([delivery.entry], moments.now())
    assert news.lines[1:] == ["The Parent Carer Forum: No, it is not done.", "“Three left.”"]
    assert set(belonging.pages_told_of(delivery.entry)) == {promise.document_id, area.document_id}
    assert check.document_id == delivery.entry.document_id


def test_the_feeds_of_the_promise_and_its_problem_tell_of_an_answer(client, people, link):
    area = factories.publish_update(factories.make_area(by=people["by"]))
    promise = factories.make_public_promise(**people, areas=[area], **DONE)
    check = say(promise, Answer.NO, link=link)

    for edition, name in ((promise, "promise"), (area, "area")):
        feed = client.get(reverse(f"feeds:{name}", args=[edition.document.slug]))
        assert check.get_absolute_url() in feed.content.decode()


def test_staff_are_reminded_until_the_forum_is_asked(people, promise):
    def asked():
        return [t.says for t in tasks_of(people["publisher"], moments.now()) if "Forum" in t.says]

    before = asked()
    actions.give_link(ForumLink, by=people["publisher"])

    assert before == ["Ask the Parent Carer Forum about 1 promise that we say is done"]
    assert asked() == []
