"""What staff see of messages, who may see which, and what they make of them."""

import datetime as dt
import random
from collections import Counter
from itertools import product

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.checks import run_checks
from django.utils import timezone

from participation import feedback_cards
from participation import feedback_report as report
from participation.feedback_report import FEWER, without_small_numbers
from participation.models import Feedback, YearlyReport
from publishing import actions
from publishing.actions import NotAllowed
from publishing.models import LedgerEntry
from tests.factories import (
    make_area,
    make_card,
    make_listener,
    make_message,
    make_public_card,
    make_public_promise,
    make_term,
    make_user,
    publish_update,
    sign_off_update,
)
from tests.forms import errors_beside, filled_in
from tests.test_public_pages import words_of
from updates.models import YouSaidWeDid

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/admin/participation/feedback/"
LABEL = "Or make a new one: what was said, in a few words"


def page_of(feedback) -> str:
    return f"{LIST}{feedback.pk}/change/"


@pytest.fixture
def listener(client):
    user = make_listener()
    client.force_login(user)
    return user


def save(client, feedback, **fields):
    form = filled_in(client.get(page_of(feedback)))
    return client.post(page_of(feedback), {**form, **fields}, follow=True)


def make_draft(client, feedback, title="The phone", **fields):
    return save(client, feedback, card_title=title, _make_card="1", **fields)


# Who may


@pytest.mark.parametrize("role", [None, "author", "reviewer", "publisher"])
def test_messages_are_for_named_people_not_for_whoever_may_publish(client, role):
    feedback = make_message()
    client.force_login(make_user(role))

    for path in (LIST, page_of(feedback), f"{LIST}report/"):
        assert client.get(path).status_code in {302, 403}
    for deed in ("hold", "let-go", "to-duty", "duty-done"):
        assert client.post(f"{LIST}{feedback.pk}/{deed}/").status_code == 403
    assert "message" not in words_of(client.get("/admin/"))


def test_of_a_child_in_danger_the_duty_role_reads_alone(client, listener):
    feedback = make_message("He hits me at home.")

    assert "hits" not in client.get(LIST).text
    assert client.get(page_of(feedback)).status_code == 302
    assert client.post(f"{LIST}{feedback.pk}/hold/", {"because": "x"}).status_code == 404
    client.force_login(make_listener(duty=True))
    assert "He hits me at home." in client.get(page_of(feedback)).text


def test_it_stands_first_among_the_duty_role_s_tasks_and_in_nobody_else_s(client, listener):
    make_message("Nobody answers.")
    make_message("He hits me at home.")

    others = words_of(client.get("/admin/"))
    client.force_login(make_listener(duty=True))
    duty = words_of(client.get("/admin/"))

    assert "danger" not in others
    assert "A message from a family is new" in others
    assert duty.index("child in danger") < duty.index("A message from a family is new")


@pytest.mark.parametrize("address", ["", "duty@example.org"])
def test_a_check_of_the_server_and_a_task_say_when_nobody_is_mailed(client, settings, address):
    settings.SAFEGUARDING_EMAIL = address
    client.force_login(make_listener(duty=True))

    found = {each.id for each in run_checks(tags=["security"], include_deployment_checks=True)}
    tasks = words_of(client.get("/admin/"))

    assert ("participation.W001" in found) is (not address)
    assert ("set SAFEGUARDING_EMAIL" in tasks) is (not address)


def test_the_duty_role_lets_others_read_it_afterwards(client, listener):
    feedback = make_message("He hits me at home.")
    client.force_login(make_listener(duty=True))

    client.post(f"{LIST}{feedback.pk}/duty-done/", {"others_may_read": "1"})

    client.force_login(listener)
    assert client.get(page_of(feedback)).status_code == 200
    assert "danger" not in words_of(client.get("/admin/"))


def test_what_the_words_did_not_give_away_a_reader_passes_on(client, listener):
    feedback = make_message("Es geht ihm sehr schlecht.")

    answer = client.post(f"{LIST}{feedback.pk}/to-duty/", follow=True)

    assert "The duty role was alerted" in words_of(answer)
    assert client.get(page_of(feedback)).status_code == 302
    assert Feedback.objects.for_duty().get() == feedback


# Reading and sorting


def test_an_answer_that_refuses_a_change_shows_the_message_and_is_a_reading_too(client, listener):
    feedback = make_message(
        "[name] waits.", original="Asha waits.", names_removed_at=timezone.now()
    )
    form = filled_in(client.get(page_of(feedback)))
    client.force_login(make_listener())

    refused = client.post(page_of(feedback), {**form, "answer_by": "no date"})
    outdated = client.post(page_of(feedback), {**form, "read_version": 99})
    client.post(page_of(feedback), form)

    for answer in (refused, outdated):
        assert "Asha waits." in answer.text
        assert words_of(answer).count("Read it") >= 2
    said = [(deed.by_id == listener.pk, deed.what) for deed in feedback.deeds.all()]
    assert said == [(True, "read"), (False, "read"), (False, "read"), (False, "changed")]


def test_each_reading_is_kept(client, listener):
    feedback = make_message()

    client.get(page_of(feedback))
    page = client.get(page_of(feedback))

    feedback.refresh_from_db()
    assert feedback.read_at
    assert list(feedback.deeds.values_list("what", "by")) == [("read", listener.pk)] * 2
    assert "Read it" in words_of(page)


@pytest.mark.parametrize("query", ["", "?stage=new", "?stage=open", "?stage=late", "?o=0", "?o=-0"])
def test_the_list_can_be_sorted_and_sifted(client, listener, query):
    old = make_message("An old one.", sent_at=timezone.now() - dt.timedelta(days=50))
    new = make_message("A new one.", answer_by=timezone.localdate() - dt.timedelta(days=1))

    text = client.get(f"{LIST}{query}").text

    assert str(new) in text
    if query == "?o=0":
        assert text.index(str(old)) < text.index(str(new))


@pytest.mark.parametrize("query", ["?problem=x", "?problem=99999999999999999999", "?stage=\0"])
def test_a_made_up_filter_is_ignored(client, listener, query):
    make_message()

    assert client.get(f"{LIST}{query}").status_code in {200, 302}


def test_it_is_sorted_by_problem_category_and_day(client, listener):
    area = publish_update(make_area())
    feedback = make_message()

    page = save(client, feedback, area=area.document_id, category="access", answer_by="2030-05-01")

    feedback.refresh_from_db()
    assert "Saved." in words_of(page)
    assert (feedback.area, feedback.category) == (area.document, "access")
    assert feedback.answer_by == dt.date(2030, 5, 1)
    assert "An old one" not in client.get(f"{LIST}?problem={area.document_id}").text


def test_names_are_taken_out_and_what_came_is_kept_apart(client, listener):
    feedback = make_message("Asha waits.")

    save(client, feedback, words="[name] waits.")
    save(client, feedback, words="[name] waits long.")

    feedback.refresh_from_db()
    assert (feedback.words, feedback.original) == ("[name] waits long.", "Asha waits.")
    assert feedback.names_removed_at


def test_the_second_to_save_is_told_and_keeps_what_was_typed(client, listener):
    feedback = make_message()
    form = filled_in(client.get(page_of(feedback)))
    save(client, feedback, category="content")

    page = client.post(page_of(feedback), {**form, "words": "My long work."})

    feedback.refresh_from_db()
    assert "Somebody else saved this message" in words_of(page)
    assert "My long work." in page.text
    assert feedback.words == "Nobody answers the phone."


def test_django_s_log_of_what_staff_did_never_holds_the_words(client, listener):
    feedback = make_message("canaryq1 waits.")

    save(client, feedback, words="canaryq1 still waits.", category="content")
    client.post(f"{LIST}{feedback.pk}/hold/", {"because": "canaryq1"})

    assert LogEntry.objects.exists()
    assert "canaryq1" not in str(list(LogEntry.objects.values()))


def test_a_message_is_held_for_a_reason_and_let_go(client, listener):
    feedback = make_message()

    empty = client.post(f"{LIST}{feedback.pk}/hold/", {"because": " \0"}, follow=True)
    held = client.post(f"{LIST}{feedback.pk}/hold/", {"because": "A court asks."}, follow=True)
    client.post(f"{LIST}{feedback.pk}/let-go/")

    assert "Say why it must be kept." in words_of(empty)
    assert "A court asks." in words_of(held)
    assert list(feedback.deeds.values_list("what", flat=True))[-2:] != ["held", "held"]
    feedback.refresh_from_db()
    assert feedback.held_at is None


def test_a_reason_for_no_answer_closes_it_and_an_answer_has_none(client, listener):
    feedback = make_message()
    card = make_public_card()

    both = save(client, feedback, why_not="personal", became=card.document_id)
    save(client, feedback, why_not="personal")

    feedback.refresh_from_db()
    assert "Choose one of the two" in words_of(both)
    assert feedback.closed_at
    assert "should have been answered" not in words_of(client.get("/admin/"))


# A you-said from it


def test_a_draft_is_made_of_it_with_what_was_said(client, listener):
    make_term()
    feedback = make_message(who="parent")

    page = make_draft(client, feedback)

    card = YouSaidWeDid.objects.get()
    feedback.refresh_from_db()
    assert (card.title, card.said, card.how_many) == ("The phone", feedback.words, 1)
    assert (card.who_said, card.how_many_in_words) == ("Parents and carers", "a few families")
    assert (card.heard_on, feedback.became) == (timezone.localdate(), card.document)
    assert "This is the draft" in words_of(page)
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("", "Write a title"),
        ("\0", "Null characters"),
        ("x" * 151, "too long"),
        ("?!", "letters or digits"),
        ("Taken", "already is a page"),
    ],
)
def test_a_title_that_gives_no_page_is_refused_in_words(client, listener, title, says):
    make_public_card(title="Taken")
    feedback = make_message("Asha waits.")

    page = make_draft(client, feedback, title)

    feedback.refresh_from_db()
    assert says in " ".join(errors_beside(page, LABEL))
    assert feedback.became is None


def test_whoever_had_the_message_open_does_not_take_its_answer_away(client, listener):
    make_term()
    feedback = make_message()
    opened = filled_in(client.get(page_of(feedback)))
    make_draft(client, feedback, "The phone")

    page = client.post(page_of(feedback), {**opened, "category": "other"}, follow=True)

    feedback.refresh_from_db()
    assert "Somebody else saved this message" in words_of(page)
    assert feedback.became == YouSaidWeDid.objects.get().document


def test_of_two_who_make_a_card_at_once_one_does(listener):
    make_term()
    feedback = make_message()
    one, other = (Feedback.objects.get(pk=feedback.pk) for _ in "12")
    feedback_cards.make_card(one, "The phone", by=listener)

    with pytest.raises(NotAllowed, match="somebody else saved this message"):
        feedback_cards.make_card(other, "The telephone", by=listener)

    assert YouSaidWeDid.objects.get().title == "The phone"


def test_the_list_shows_no_words_because_each_reading_is_kept(client, listener):
    feedback = make_message("Nobody answers the phone.")

    listed = client.get(LIST)

    assert "Nobody" not in listed.text
    assert str(feedback) in listed.text


def test_the_list_says_who_wrote_and_about_what(client, listener):
    area = publish_update(make_area(title="Waiting takes too long"))
    make_message(who="parent", page="/plan/", area=area.document, category="access")

    listed = words_of(client.get(LIST))

    assert "A parent or carer, about “Our plan”" in listed
    assert "Message How far it is Problem Theme Answer by" in listed
    assert "Waiting takes too longHow easy information is to find" in listed


def test_without_a_term_it_says_what_is_missing(client, listener):
    feedback = make_message()

    page = make_draft(client, feedback)

    assert "Add the term first." in words_of(page)


def test_what_was_typed_is_saved_before_a_draft_is_made_of_it(client, listener):
    make_term()
    feedback = make_message("Asha waits.")

    make_draft(client, feedback, words="[name] waits.", category="content")

    feedback.refresh_from_db()
    assert YouSaidWeDid.objects.get().said == feedback.words == "[name] waits."
    assert (feedback.original, feedback.category) == ("Asha waits.", "content")


def test_a_refused_title_loses_nothing_that_was_typed(client, listener):
    feedback = make_message("Asha waits.")

    page = make_draft(client, feedback, "?!", words="[name] waits.", category="content")

    assert filled_in(page)["words"] == "[name] waits."
    assert filled_in(page)["card_title"] == "?!"
    feedback.refresh_from_db()
    assert feedback.words == "Asha waits."


@pytest.mark.parametrize("choice", ["became", "why_not"])
def test_it_has_one_answer_or_one_reason_for_none(client, listener, choice):
    make_term()
    feedback = make_message()
    card = make_public_card()
    chosen = {"became": card.document_id, "why_not": "personal"}[choice]

    page = make_draft(client, feedback, **{choice: chosen})

    assert "Choose one" in " ".join(errors_beside(page, LABEL))
    assert list(YouSaidWeDid.objects.all()) == [card]


def test_a_message_with_a_draft_keeps_it_when_it_is_saved_again(client, listener):
    make_term()
    feedback = make_message()
    make_draft(client, feedback)

    save(client, feedback, category="content")
    refused = save(client, feedback, why_not="personal")

    feedback.refresh_from_db()
    assert feedback.became == YouSaidWeDid.objects.get().document
    assert feedback.category == "content"
    assert "There is a draft that answers it." in words_of(refused)


def test_what_is_passed_to_the_duty_role_is_in_no_draft_any_more(client, listener, publisher):
    make_term()
    feedback = make_message("Es geht ihm sehr schlecht.")
    make_draft(client, feedback)
    draft = YouSaidWeDid.objects.get()

    client.post(f"{LIST}{feedback.pk}/to-duty/")

    page = client.get(f"/admin/updates/yousaidwedid/{draft.pk}/change/")
    assert page.status_code == 200
    assert "schlecht" not in page.text
    assert "The phone" in page.text
    draft.refresh_from_db()
    assert "schlecht" not in draft.said + draft.said_html + draft.text


def test_a_scheduled_card_of_it_does_not_go_public(client, listener, publisher):
    feedback = make_message("Es geht ihm sehr schlecht.")
    card = make_card(said="Es geht ihm sehr schlecht.")
    sign_off_update(card, publisher=publisher)
    at = timezone.now() + dt.timedelta(hours=1)
    actions.schedule(card.release, by=publisher, at=at)
    Feedback.objects.update(became=card.document)

    client.post(f"{LIST}{feedback.pk}/to-duty/")

    with time_machine.travel(at + dt.timedelta(minutes=1)):
        assert client.get(card.get_absolute_url()).status_code == 404
    card.refresh_from_db()
    assert (card.published_at, card.said) == (None, "(What was said is not shown.)")


def test_what_is_public_stays_when_its_message_is_passed_to_the_duty_role(client, listener):
    feedback = make_message("It was public.")
    card = make_public_card(said="It was public.")
    Feedback.objects.update(became=card.document)

    client.post(f"{LIST}{feedback.pk}/to-duty/")

    assert "It was public." in client.get(card.get_absolute_url()).text


def test_of_a_child_in_danger_no_card_is_made(client):
    make_term()
    feedback = make_message("He hits me at home.")
    client.force_login(make_listener(duty=True))

    shown = client.get(page_of(feedback)).text
    page = make_draft(client, feedback)

    assert "Save and make a you-said" not in shown
    assert "for the duty role alone" in words_of(page)
    assert not YouSaidWeDid.objects.exists()


@pytest.mark.parametrize("path", ["the promise", "/plan/", "/"])
def test_a_page_is_named_by_its_title(client, listener, path):
    names = {"the promise": "A named worker", "/plan/": "Our plan", "/": "Our first page"}
    promise = make_public_promise(title="A named worker")
    page = promise.get_absolute_url() if path == "the promise" else path
    about = promise.document if path == "the promise" else None
    feedback = make_message(page=page, document=about)

    for shown in (client.get(LIST), client.get(page_of(feedback))):
        assert names[path] in words_of(shown)
        assert f">{page}<" not in shown.text
    assert names[path] in words_of(client.get(f"/have-your-say/?page={page}"))


def test_a_draft_that_is_thrown_away_leaves_the_message_unanswered(client, listener):
    make_term()
    feedback = make_message()
    make_draft(client, feedback)
    card = YouSaidWeDid.objects.get()

    client.post(f"/admin/updates/yousaidwedid/{card.pk}/do/throw-away/")

    feedback.refresh_from_db()
    assert feedback.became is None


def test_what_was_not_answered_in_time_is_a_task(client, listener):
    make_message(answer_by=timezone.localdate() - dt.timedelta(days=3))

    assert "A message should have been answered" in words_of(client.get("/admin/"))


# The yearly report


def last_year() -> int:
    return timezone.localdate().year - 1


def make_year(**numbers):
    """So many messages of last year from each."""
    at = dt.datetime(last_year(), 6, 1, 12, tzinfo=dt.UTC)
    for who, number in numbers.items():
        for turn in range(number):
            make_message(f"canaryq1 {who} {turn}", who=who, sent_at=at)


def test_the_report_is_shown_first_and_published_as_it_was_shown(client, publisher):
    make_year(parent=13, young=4)
    publisher.groups.add(*make_listener().groups.all())
    client.force_login(publisher)
    address = f"/have-your-say/reports/{last_year()}/"
    assert client.get(address).status_code == 404

    shown = client.get(f"{LIST}report/").text
    client.post(f"{LIST}report/", filled_in(client.get(f"{LIST}report/")))
    Feedback.objects.all().delete()

    public = client.get(address).text
    rows = client.get(address[:-1] + ".csv").getvalue().decode()
    for text in (shown, public):
        assert "A parent or carer</th><td>about 10" in text
        assert "A young person</th><td>fewer than 5" in text
        assert "Somebody else</th><td>fewer than 5" in text
    assert "Who wrote,A young person,fewer than 5" in rows
    assert "canaryq1" not in shown + public + rows
    assert "No year waits" in words_of(client.get(f"{LIST}report/"))


def test_numbers_that_changed_since_they_were_seen_are_shown_again(client, publisher):
    make_year(parent=9)
    publisher.groups.add(*make_listener().groups.all())
    client.force_login(publisher)
    form = filled_in(client.get(f"{LIST}report/"))
    make_year(young=6)

    page = client.post(f"{LIST}report/", form)

    assert "The numbers have changed since you saw them." in words_of(page)
    assert "A young person</th><td>about 5" in page.text
    assert not YearlyReport.objects.exists()
    client.post(f"{LIST}report/", filled_in(page))
    assert "A young person</th><td>about 5" in str(client.get(last_report()).text)


def last_report() -> str:
    return f"/have-your-say/reports/{last_year()}/"


def test_this_year_is_not_reported_and_not_everybody_publishes(client, listener):
    make_message()
    make_year(parent=1)

    refused = client.post(f"{LIST}report/", {"year": last_year()})
    with time_machine.travel(dt.datetime(last_year(), 12, 31, 12, tzinfo=dt.UTC)):
        before = report.years_to_report(report_moment())

    assert refused.status_code == 403
    assert before == []
    assert report.years_to_report(report_moment()) == [last_year()]
    assert not YearlyReport.objects.exists()


def report_moment():
    from publishing import moments

    return moments.now()


def test_no_small_number_can_be_worked_out_from_the_others():
    """Tries every pair of small tables: of what is shown, each small number has two readings."""
    dice = random.Random(5)
    sizes = [*product(range(10), repeat=2)]
    tables = [dict(enumerate(cells)) for cells in sizes]
    pairs = [(a, b) for a, b in product(tables, tables) if sum(a.values()) == sum(b.values())]
    meanings: dict[str, list] = {}
    for one, other in pairs:
        said = str(without_small_numbers({"A": Counter(one), "B": Counter(other)}))
        meanings.setdefault(said, []).append((one, other))
    assert len(pairs) > 100
    for said, found in meanings.items():
        if FEWER in said:
            for place, cell in product((0, 1), (0, 1)):
                values = {pair[place][cell] for pair in found}
                title = "AB"[place]
                if min(values) < 5 and f"'title': '{title}'" in said:
                    assert len(values) > 1, (said, dice.choice(found))


def test_a_table_whose_small_numbers_must_all_be_4_is_left_out():
    who = Counter(dict.fromkeys("abcde", 4))
    about = Counter({"all": 20, "none": 0})

    shown = without_small_numbers({"who": who, "about": about})

    assert [table["title"] for table in shown] == ["about"]
