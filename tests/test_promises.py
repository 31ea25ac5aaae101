"""Promises: what stops one from being published, and every date it ever had."""

import datetime as dt
import re

import pytest
import time_machine

from programme import promises
from programme.models import Finding, Milestone, PlanReference
from publishing import actions, moments, verification
from publishing.models import Edition, Stage
from tests.factories import (
    change_draft,
    correct_update,
    make_area,
    make_body,
    make_card,
    make_plan,
    make_promise,
    make_public_promise,
    make_public_update,
    make_signer,
    make_term,
    make_user,
    publish_update,
    reload,
    sign_off_update,
)
from tests.record_factories import make_public_event
from tests.test_public_pages import words_of

pytestmark = pytest.mark.django_db

WHY = {
    "why_changed": "We could not hire enough people in time, and had to begin again.",
    "cause": Milestone.Cause.RECRUITMENT,
    "change_agreed_by": "The Improvement Board",
}
DONE = {"done_on": dt.date(2022, 5, 2), "proof": "[The letter](https://example.org/letter)"}


def problems_of(edition) -> set[str]:
    return {problem.field for problem in edition.problems()}


def corrected(promise, **fields):
    """The draft of a correction."""
    author = promise.created_by
    draft = actions.start_edition(promise.document, by=author)
    return change_draft(draft, by=author, change_note="It changed.", **fields)


# What stops one


def test_moving_a_date_is_refused_without_reason_cause_and_who_agreed():
    promise = make_public_promise(due_words="May 2022")

    draft = corrected(promise, due_words="July 2022")

    assert problems_of(draft) == {"why_changed", "cause", "change_agreed_by"}
    with pytest.raises(actions.NotAllowed, match="Say why its date changed"):
        actions.submit(draft.release, by=promise.created_by)


def test_taking_a_date_away_is_moving_it():
    draft = corrected(make_public_promise(due_words="May 2022"), due_words="TBC")

    assert "why_changed" in problems_of(draft)


@pytest.mark.parametrize(
    "fields",
    [{"title": "Other words"}, {"how_we_will_know": "Ask us."}, {"official_wording": "Others"}],
)
def test_rewording_needs_a_reason_too(fields):
    draft = corrected(make_public_promise(), **fields)

    assert problems_of(draft) == {"why_changed", "cause", "change_agreed_by"}


def test_giving_a_first_date_at_last_needs_no_excuse():
    draft = corrected(make_public_promise(due_words=""), due_words="May 2022")

    assert problems_of(draft) == set()
    assert draft.times_moved == 0


def test_the_reason_of_the_last_change_does_not_serve_for_the_next():
    promise = make_public_promise(due_words="May 2022")
    promise = correct_update(promise, by=promise.created_by, due_words="July 2022", **WHY)

    draft = corrected(promise, due_words="May 2023")

    assert "why_changed" in problems_of(draft)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"done_on": dt.date(2022, 5, 2)}, "proof"),
        ({**DONE, "done_on": dt.date(2999, 1, 1)}, "done_on"),
        ({"could_not_because": "No money."}, "instead"),
        ({**DONE, "could_not_because": "No money.", "instead": "-"}, "could_not_because"),
        ({"slipped_back_on": dt.date(2022, 6, 1), "slipped_back_because": "-"}, "slipped_back_on"),
        ({**DONE, "slipped_back_on": dt.date(2022, 6, 1)}, "slipped_back_because"),
        ({"families_notice": "yes"}, "how_we_know"),
        ({"kind": "step"}, "kind"),
        ({"who": " "}, "who"),
        ({"how_we_will_know": ""}, "how_we_will_know"),
        ({"due_words": "soon"}, "due_words"),
        ({"first_promised_words": "May 2021"}, "first_promised_where"),
        (
            {"first_promised_words": "May 2023", "first_promised_where": "A letter"},
            "first_promised_words",
        ),
        (
            {"first_promised_words": "31 May 2022", "first_promised_where": "A letter"},
            "first_promised_words",
        ),
    ],
)
def test_what_is_missing_is_named_with_its_field(fields, field):
    draft = corrected(make_public_promise(due_words="May 2022"), **fields)

    assert field in problems_of(draft)


def test_what_slipped_back_is_done_again_only_on_a_later_day():
    lost = {"slipped_back_on": dt.date(2022, 9, 1), "slipped_back_because": "Two people left."}
    promise = make_public_promise(due_words="May 2022", **DONE)
    promise = correct_update(promise, by=promise.created_by, **lost)

    draft = corrected(promise, slipped_back_on=None, slipped_back_because="")

    assert problems_of(draft) == {"done_on"}


def test_two_promises_never_share_a_reference():
    make_public_promise(ref="1.1", title="One")

    twin = make_promise(ref="1.1", title="Another")

    assert problems_of(twin) == {"ref"}


def test_a_short_or_empty_excuse_is_pointed_out_and_blocks_nothing():
    draft = corrected(
        make_public_promise(), due_words="May 2023", **{**WHY, "why_changed": "Unforeseen events."}
    )

    assert problems_of(draft) == set()
    assert [p.field for p in draft.advice()].count("why_changed") == 2


def test_a_small_fix_of_its_title_needs_no_excuse():
    body = make_body()
    publisher = make_signer(body)
    promise = make_public_promise(title="Answer the phon in two minutes", publisher=publisher)
    draft = actions.start_edition(promise.document, by=publisher)
    change_draft(draft, by=publisher, title="Answer the phone in two minutes")

    actions.small_fix(draft.release, by=publisher)

    assert reload(draft).stage() == Stage.PUBLIC


def test_a_promise_is_never_taken_down(client):
    promise = make_public_promise()

    with pytest.raises(actions.NotAllowed, match="a promise is never taken down"):
        actions.withdraw(promise.document, by=make_signer(make_body()), reason="We want to.")

    assert client.get(promise.get_absolute_url()).status_code == 200


# Every date it had


def events(promise) -> list[str]:
    return list(promise.document.ledger.order_by("id").values_list("event", flat=True))


def test_a_moved_date_is_an_event_of_its_own_and_another_report_is_not(client):
    promise = make_public_promise(due_words="May 2022")
    promise = correct_update(promise, by=promise.created_by, due_words="May 2023", **WHY)
    promise = correct_update(promise, by=promise.created_by, started_note="It has begun.")

    assert events(promise) == ["published", "date moved", "corrected"]
    history = words_of(client.get(promise.whole_history_url))
    assert history.count("Date moved") == 1
    assert verification.faults() == []


def test_giving_the_first_date_of_all_or_mending_a_word_moves_no_date():
    body = make_body()
    publisher = make_signer(body)
    promise = make_public_promise(title="Answer the phon", due_words="", publisher=publisher)
    promise = correct_update(promise, by=promise.created_by, due_words="May 2023")
    fix = actions.start_edition(promise.document, by=publisher)
    change_draft(fix, by=publisher, title="Answer the phone")
    actions.small_fix(fix.release, by=publisher)

    assert events(promise) == ["published", "corrected", "small fix"]


def test_a_scheduled_move_is_recorded_as_one_when_its_time_comes():
    publisher = make_signer(make_body())
    promise = make_public_promise(due_words="May 2022", publisher=publisher)
    draft = corrected(promise, due_words="May 2023", **WHY)
    sign_off_update(draft, publisher=publisher)
    at = moments.now().at + dt.timedelta(hours=1)
    actions.schedule(draft.release, by=publisher, at=at)

    with time_machine.travel(at + dt.timedelta(minutes=1)):
        actions.release_due()

    assert events(promise) == ["published", "date moved"]


def test_the_first_date_stays_whatever_comes_after():
    promise = make_public_promise(due_words="by May 22")

    for words in ("July 2022", "TBC", "spring 2024"):
        promise = correct_update(promise, by=promise.created_by, due_words=words, **WHY)

    assert promise.first_due.in_words == "May 2022"
    assert promise.first_due.words == "by May 22"
    assert promise.times_moved == 2  # from a date to none, and before that to another


def test_a_date_that_comes_forward_becomes_the_first_one():
    promise = make_public_promise(due_words="May 2022")

    promise = correct_update(promise, by=promise.created_by, due_words="March 2022", **WHY)

    assert promise.first_due.in_words == "March 2022"


def test_an_earlier_source_puts_the_first_date_right_and_is_shown(client):
    promise = make_public_promise(due_words="May 2022")

    promise = correct_update(
        promise,
        by=promise.created_by,
        first_promised_words="October 2021",
        first_promised_where="The plan of 2019, page 4",
    )

    assert promise.first_due_on == dt.date(2021, 10, 31)
    page = client.get(promise.get_absolute_url()).text
    assert "October 2021" in page
    assert "The plan of 2019, page 4" in page
    assert "For 1 promise we found an earlier first date" in client.get("/plan/").text


def test_an_earlier_date_that_was_found_stays_with_its_source():
    promise = make_public_promise(due_words="May 2022")
    found = {"first_promised_words": "October 2021", "first_promised_where": "The plan of 2019"}
    promise = correct_update(promise, by=promise.created_by, **found)

    promise = correct_update(
        promise, by=promise.created_by, first_promised_words="", first_promised_where=""
    )

    assert promise.first_promised.in_words == "October 2021"
    assert promise.first_promised_where == "The plan of 2019"
    assert promises.number(moments.now()).corrected == 1


def test_what_is_taken_back_and_whose_it_is_now_stands_in_the_history(client):
    nhs = make_body("NHS Fernshire", short_name="NHS", must_sign=False)
    other = make_public_promise()
    promise = make_public_promise(due_words="May 2022", **DONE)
    for fields in (
        {"done_on": None, "could_not_because": "No money.", "instead": "Nothing."},
        {"could_not_because": "", "instead": "", "replaced_by": other.document},
        {"replaced_by": None, "who": "Head of schools", "body": nhs},
    ):
        promise = correct_update(promise, by=promise.created_by, **fields)

    page = client.get(promise.get_absolute_url()).text

    for sentence in (
        "We took back that it was done.",
        "We took back that we could not do this.",
        "We took back that another promise replaced it.",
        "Who is responsible: now Head of schools, before Head of the EHC plan team.",
        "Whose promise it is: now NHS Fernshire, before Birmingham City Council.",
    ):
        assert sentence in page


def test_a_history_is_headed_by_what_happened(client):
    first, second = (publish_update(make_plan()).document for _ in range(2))
    promise = make_public_promise(due_words="May 2099", of_plan=first)
    lost = {"slipped_back_on": dt.date(2022, 9, 1), "slipped_back_because": "Two people left."}
    again = {"slipped_back_on": None, "done_on": dt.date(2022, 10, 1)}
    deeds = {
        "Work began": {"started_note": "We began."},
        "New report": {"started_note": "We wrote to all schools."},
        "New date": {"due_words": "June 2099", **WHY},
        "Moved to another plan": {"of_plan": second},
        "Done": {**DONE, "due_words": "July 2099", **WHY},
        "Slipped back": lost,
        "Done again": again,
        "Taken back": {"done_on": None},
        "New words": {"title": "Answer the phone", **WHY},
        "Somebody else is responsible": {"who": "Head of schools"},
        "We could not do this": {"could_not_because": "No money.", "instead": "Nothing."},
        "Replaced": {"replaced_by": make_public_promise().document},
    }
    for fields in deeds.values():
        promise = correct_update(promise, by=promise.created_by, **fields)

    page = client.get(promise.get_absolute_url()).text.partition('<ol class="route">')[2]

    assert re.findall(r"<h3>([^<]*)</h3>", page) == [*reversed(deeds), "Published"]
    assert "<p>It stands in another plan now.</p>" in page


def test_no_advice_is_given_on_words_that_others_chose():
    hard = "We will endeavour to facilitate multi-agency utilisation of SEND provision."
    promise = make_promise(official_wording=hard, made_with=hard, change_agreed_by=hard)
    area, plan = make_area(official_wording=hard, official_source=hard), make_plan(agreed_by=hard)

    advised = [each.field for page in (promise, area, plan) for each in page.advice()]

    assert not {"official_wording", "official_source", "made_with", "agreed_by"} & {*advised}
    assert "will_notice" in {each.field for each in make_promise(will_notice=hard).advice()}


def test_two_promises_cannot_replace_each_other():
    one, other = make_public_promise(), make_public_promise()
    one = correct_update(one, by=one.created_by, replaced_by=other.document)

    draft = corrected(other, replaced_by=one.document)

    assert problems_of(draft) == {"replaced_by"}


def test_only_a_promise_that_families_can_read_replaces_another():
    late, hidden = make_public_promise(), make_promise()
    draft = corrected(late, replaced_by=hidden.document)
    assert problems_of(draft) == {"replaced_by"}

    actions.join_release(hidden, draft.release, by=draft.created_by)

    assert problems_of(reload(draft)) == set()


def test_a_correction_slipped_in_carries_its_date_into_what_waited():
    author, body = make_user("author"), make_body()
    publisher = make_signer(body)
    promise = make_public_promise(due_words="May 2022", by=author, publisher=publisher)
    waiting = corrected(promise, started_note="We wrote to schools.")
    actions.submit(waiting.release, by=author)
    actions.sign_off(waiting.release, by=publisher, body=body)
    later = moments.now().at + dt.timedelta(days=3)
    actions.schedule(waiting.release, by=publisher, at=later)

    draft = actions.slip_in_correction(promise.document, by=author)
    change_draft(draft, by=author, change_note="It moved.", due_words="March 2022", **WHY)
    publish_update(reload(draft), publisher=publisher)

    waiting = reload(waiting)
    assert waiting.first_due.in_words == "March 2022"
    assert waiting.times_moved == 1


def test_removing_a_name_from_the_words_of_a_date_leaves_the_date():
    promise = make_public_promise(due_words="when Zoe Zed is back (May 2022)")

    actions.redact(
        promise.document, by=make_signer(make_body()), words=["Zoe Zed"], reason="Private."
    )

    promise = reload(promise)
    assert "Zoe" not in promise.due_words + promise.first_due_words
    assert promise.first_due_on == promise.due_on == dt.date(2022, 5, 31)


def test_what_each_edition_carries_can_be_worked_out_again():
    promise = make_public_promise(due_words="May 2022")
    for words in ("July 2022", "June 2022"):
        promise = correct_update(promise, by=promise.created_by, due_words=words, **WHY)

    for edition in Milestone.objects.all():
        stored = [getattr(edition, name) for name in (*Milestone.CARRIED, "times_moved")]
        Milestone.carry_on(edition)
        assert stored == [getattr(edition, name) for name in (*Milestone.CARRIED, "times_moved")]


# Its page


def test_the_page_shows_both_dates_the_reason_and_who_agreed(client):
    promise = make_public_promise(due_words="May 2022")
    promise = correct_update(promise, by=promise.created_by, due_words="July 2022", **WHY)

    page = client.get(promise.get_absolute_url()).text

    assert "The date moved from May 2022 to July 2022." in page
    assert WHY["why_changed"] in page
    assert "Cause: We could not hire enough people. Agreed by: The Improvement Board." in page
    assert "once, 2 months" in page
    assert page.count('role="img"') == 1


def test_a_shared_link_says_first_how_the_promise_stands(client):
    promise = make_public_promise(due_words="May 2022", done_on=None)
    promise = correct_update(promise, by=promise.created_by, due_words="July 2022", **WHY)

    page = client.get(promise.get_absolute_url()).text
    old = client.get(promise.own_history_url.replace("/2/", "/1/")).text

    assert 'content="Late. First date: May 2022. Now: July 2022. ' in page
    assert "Late. First date" not in old


def test_the_page_shows_reworded_words_before_and_after(client):
    promise = make_public_promise(title="Answer in two minutes")
    promise = correct_update(promise, by=promise.created_by, title="Answer in two hours", **WHY)

    page = client.get(promise.get_absolute_url()).text

    assert "before: “Answer in two minutes”. Now: “Answer in two hours”." in page


def test_a_late_report_of_an_early_day_shows_both(client):
    promise = make_public_promise(due_words="May 2022")
    promise = correct_update(promise, by=promise.created_by, **DONE)

    page = client.get(promise.get_absolute_url()).text

    today = moments.now().day
    assert "It was done on" in page
    assert "2 May 2022" in page
    assert f"{today:%-d %B %Y}" in page.partition("We said so here on")[2][:120]
    assert "We say so." in page


@pytest.mark.parametrize(
    ("dated", "said"), [("2 July 2025", "on 2 July 2025"), ("summer 2025", "in summer 2025")]
)
def test_what_slipped_back_does_not_argue_any_more_that_it_is_done(client, dated, said):
    publisher = make_signer(make_body())
    noticed = {"families_notice": "yes", "how_we_know": "We asked 20 families."}
    stood = {"source": "Our old site", "source_date": dated}
    at = dt.datetime(2025, 7, 2, 12, tzinfo=dt.UTC)
    promise = make_promise(due_words="2099", originally_at=at, **stood, **DONE, **noticed)
    actions.import_from_elsewhere(
        sign_off_update(promise, publisher=publisher).release, by=publisher
    )
    assert "What shows that it is done</h2>" in client.get(promise.get_absolute_url()).text

    lost = {"slipped_back_on": dt.date(2025, 9, 1), "slipped_back_because": "Two people left."}
    correct_update(reload(promise), by=promise.created_by, **lost)

    response = client.get(promise.get_absolute_url())
    assert "What showed that it was done</h2>" in response.text
    assert "that it is done" not in response.text
    assert f"It was done on 2 May 2022. We said so {said}." in words_of(response)
    yes = f"Did families notice?Yes. We said so {said}. We asked 20 families."
    assert yes in words_of(response)


def test_the_page_leads_to_where_the_promise_came_from_and_what_it_led_to(client):
    card = publish_update(make_card(title="Nobody answers"))
    area, plan = publish_update(make_area(title="The phone")), publish_update(make_plan())
    promise = make_public_promise(origin=card.document, of_plan=plan.document, areas=[area])
    child = make_public_promise(origin=promise.document, title="Hire two people")

    page = client.get(promise.get_absolute_url()).text

    for edition in (card, area, plan, child):
        assert f'href="{edition.get_absolute_url()}"' in page
    came_from = client.get(child.get_absolute_url())
    assert f"Where it came fromPromise {promise.ref}: {promise.title}" in words_of(came_from)


def test_the_page_says_from_which_update_the_promise_came(client):
    update = make_public_update(term=make_term(2021, "autumn"), title="We were too slow")
    promise = make_public_promise(origin=update.document)

    page = words_of(client.get(promise.get_absolute_url()))

    assert "Where it came fromOur update of autumn 2021: We were too slow" in page


def test_a_page_never_leads_to_what_is_not_public(client):
    promise = make_public_promise(origin=make_card(title="Secret card").document)

    page = client.get(promise.get_absolute_url()).text

    assert "Secret card" not in page
    assert "secret-card" not in page


def test_a_wrong_address_with_the_right_reference_leads_on(client):
    promise = make_public_promise(ref="1.1", title="Answer the phone")

    response = client.get("/plan/p/1_1-anser-the-fone/")

    assert response.status_code == 302
    assert response["Location"] == promise.get_absolute_url()
    assert client.get("/plan/p/1-answer-the-phone/").status_code == 404


def test_an_old_version_says_so_and_shows_no_status_of_today(client):
    promise = make_public_promise(due_words="May 2022", title="First title")
    correct_update(promise, by=promise.created_by, title="Second title", **WHY)

    page = client.get(f"{promise.get_absolute_url()}history/1/").text

    assert "This is an old version." in page
    assert "First title" in page
    assert 'class="st ' not in page


@pytest.mark.once  # both databases are asked the same
@pytest.mark.parametrize("number", [1, 4])
def test_a_promise_costs_the_same_queries_however_often_it_changed(
    client, django_assert_num_queries, number
):
    promise = make_public_promise(due_words="May 2022", areas=[publish_update(make_area())])
    for month in range(1, number):
        promise = correct_update(promise, by=promise.created_by, due_words=f"{month}/2023", **WHY)
    client.get("/plan/")

    with django_assert_num_queries(20):
        assert client.get(promise.get_absolute_url()).status_code == 200


def test_superseded_plans_say_what_replaced_them(client):
    old = publish_update(make_plan(title="The plan of 2019"))
    new = publish_update(make_plan(title="The plan of 2021", replaces=old.document))

    page = client.get(old.get_absolute_url()).text

    assert "We do not follow this plan any more." in page
    assert f'href="{new.get_absolute_url()}"' in page
    assert f'href="{old.get_absolute_url()}"' in client.get(new.get_absolute_url()).text


def test_what_an_old_plan_promised_stays_on_its_page_after_it_moved(client):
    old = publish_update(make_plan(title="Our first plan"))
    promise, other = (make_public_promise(of_plan=old.document) for _ in range(2))
    called = PlanReference(old_reference="C2", new_reference="3.2", milestone=promise.document)
    new = publish_update(make_plan(title="Our plan", replaces=old.document, parts=[called]))
    for each in (promise, other):
        correct_update(each, by=each.created_by, of_plan=new.document)

    page, listed = (
        client.get(path).text for path in (old.get_absolute_url(), "/plan/?plan=our-first-plan")
    )

    for each in (promise, other):
        assert f'<h3><a href="{each.get_absolute_url()}">' in page
        assert f'<h3><a href="{each.get_absolute_url()}">' in listed
    assert '<th scope="row">C2</th><td>3.2</td>' in page
    before = f'<a href="{old.get_absolute_url()}">Our first plan</a>'
    assert f"<dt>Before</dt><dd>C2 in {before}</dd>" in client.get(promise.get_absolute_url()).text
    assert f"<dt>Before</dt><dd>In {before}</dd>" in client.get(other.get_absolute_url()).text


def test_everything_about_promises_counts_as_an_edition():
    promise = make_public_promise()

    assert Edition.objects.get(pk=promise.pk).document.kind == "programme.milestone"


def test_inspectors_agree_only_by_a_finding_that_names_the_promise(client):
    promise = make_public_promise(done_on=dt.date(2022, 5, 1), proof="A list.")
    assert "We say so" in client.get(promise.get_absolute_url()).text

    make_public_event(
        parts=[
            Finding(
                voice="inspectors", verdict="enough", words="It is done.", promise=promise.document
            )
        ]
    )

    assert "Inspectors agree" in client.get(promise.get_absolute_url()).text
    assert promises.number(moments.now()).by_confirmer == {"inspectors": 1}


def test_a_new_promise_like_an_open_one_asks_whether_it_is_the_same():
    make_public_promise(title="Answer every call in 2 days")

    like = make_promise(title="We will answer every call in 2 days")
    other = make_promise(title="Train school nurses")

    assert any("Is this the same as" in each.message for each in like.advice())
    assert not any("Is this the same as" in each.message for each in other.advice())
