"""“We will” goes public with a promise; what we heard can be looked for, and names nobody."""

import datetime as dt

import pytest
import time_machine

from programme.models import Milestone
from publishing import actions
from publishing.models import SiteVersion
from tests.factories import (
    correct_update,
    make_area,
    make_body,
    make_card,
    make_public_card,
    make_public_promise,
    make_term,
    publish_update,
    reload,
)
from tests.forms import errors_beside, filled_in, typed_into
from tests.test_public_pages import words_of
from updates import recognisable, we_will, you_said
from updates.models import YouSaidWeDid

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Outcome, Group = YouSaidWeDid.Outcome, YouSaidWeDid.Group
LIST, ADD = "/you-said/", "/admin/updates/yousaidwedid/add/"
PROMISE = {
    "promise_title": "Answer within 2 days",
    "promise_who": "Head of the EHC plan team",
    "promise_due_words": "May 2099",
    "promise_how_we_will_know": "Every call is answered in 2 days.",
}


@pytest.fixture
def form(client, author, council):
    """The form of a new card that says “We will”, filled in as staff would, without a promise."""
    client.force_login(author)
    term = make_term()
    return filled_in(client.get(ADD)) | {
        "term": str(term.pk),
        "title": "Answer the phone",
        "said": "Nobody answers the phone.",
        "who_said": "Parents and carers",
        "outcome": "will",
    }


def column(name: str) -> str:
    return we_will.FIELDS[name]


# The promise in the same form


def test_we_will_and_its_promise_are_one_form_one_signature_and_one_release(client, form, author):
    saved = client.post(ADD, form | PROMISE)

    assert saved.status_code == 302
    card, promise = YouSaidWeDid.objects.get(), Milestone.objects.get()
    assert promise.release == card.release
    assert promise.origin == card.document
    assert {name: getattr(promise, column(name)) for name in PROMISE} == PROMISE
    assert promise.problems() == card.problems() == []

    publish_update(card)

    assert reload(promise).published_at == reload(card).published_at
    page = client.get(card.get_absolute_url())
    words = words_of(page)
    for said in ("We will", "The promise it led to", "Answer within 2 days", "Not started"):
        assert said in words
    assert f'href="{promise.get_absolute_url()}"' in page.text
    assert "by May 2099" in words_of(client.get(LIST))
    assert card.get_absolute_url() in client.get(promise.get_absolute_url()).text


@pytest.mark.parametrize("missing", sorted(PROMISE.keys() - {"promise_due_words"}))
def test_half_a_promise_is_refused_beside_its_field_and_no_word_is_lost(client, form, missing):
    refused = client.post(ADD, form | PROMISE | {missing: " "})

    labels = {
        "promise_title": "We will …",
        "promise_who": "Who is responsible",
        "promise_how_we_will_know": "How we will know",
    }
    assert errors_beside(refused, labels[missing]) == ["“We will” is a promise: fill this in."]
    assert typed_into(refused, "said") == "Nobody answers the phone."
    assert not YouSaidWeDid.objects.exists()


def test_a_date_that_nobody_can_read_is_refused_in_words(client, form):
    refused = client.post(ADD, form | PROMISE | {"promise_due_words": "31/11/2099"})

    assert len(errors_beside(refused, "By when")) == 1
    assert typed_into(refused, "promise_due_words") == "31/11/2099"


def test_a_promise_below_another_outcome_is_not_lost_in_silence(client, form):
    refused = client.post(ADD, form | PROMISE | {"outcome": "done", "we_did": "We did."})

    assert errors_beside(refused, "How it stands") == [
        "You wrote a promise below. Then this is “We will”."
    ]


def test_the_draft_s_form_goes_on_writing_the_same_promise(client, form):
    client.post(ADD, form | PROMISE)
    address = client.get("/admin/updates/yousaidwedid/").context["cl"].result_list[0].pk
    page = client.get(f"/admin/updates/yousaidwedid/{address}/change/")
    again = filled_in(page)

    assert {name: again[name] for name in PROMISE} == PROMISE
    client.post(page.request["PATH_INFO"], again | {"promise_who": "Head of calls"})

    assert Milestone.objects.get().who == "Head of calls"


def test_once_public_the_promise_is_changed_on_its_own_page(client, form, author):
    client.post(ADD, form | PROMISE)
    card = publish_update(YouSaidWeDid.objects.get())
    draft = actions.start_edition(card.document, by=author)
    page = client.get(f"/admin/updates/yousaidwedid/{draft.pk}/change/")
    changed = filled_in(page) | {"promise_who": "Nobody", "change_note": "We hired 2 people."}
    changed |= {"outcome": "will", "we_did": "We hired 2 people."}

    saved = client.post(page.request["PATH_INFO"], changed)

    assert saved.status_code == 302
    assert Milestone.objects.get().who == PROMISE["promise_who"]


def test_a_form_that_is_refused_leaves_the_site_as_it_is(client, form):
    before = SiteVersion.objects.get().number

    refused = client.post(ADD, form)
    saved = client.post(ADD, form | PROMISE)

    assert (refused.status_code, saved.status_code) == (200, 302)
    assert SiteVersion.objects.get().number == before + 1


def test_we_will_without_a_promise_stays_a_draft(author):
    card = make_card(by=author, outcome=Outcome.WILL)
    with pytest.raises(actions.NotAllowed, match="needs a promise"):
        actions.submit(card.release, by=author)

    make_public_promise(by=author, origin=card.document)
    actions.submit(card.release, by=author)


def test_it_takes_the_problem_of_its_card(author):
    area = publish_update(make_area(1, by=author))
    make_body()
    card = make_card(by=author, outcome=Outcome.WILL, of_area=area.document)

    promise = we_will.write_promise(
        card, by=author, **{column(name): value for name, value in PROMISE.items()}
    )

    assert [part.area for part in promise.areas.all()] == [area.document]


# When we answer


def test_an_unanswered_one_says_by_when_we_answer_and_then_how_late_we_are(client):
    with time_machine.travel("2022-05-10 12:00Z"):
        card = make_public_card(outcome=Outcome.DECIDING, we_did="", answer_by=dt.date(2022, 5, 31))
        assert "We answer by 31 May 2022." in words_of(client.get(card.get_absolute_url()))
        late_from = dt.datetime(2022, 5, 31, 23, tzinfo=dt.UTC)  # midnight in London
        assert SiteVersion.objects.get().next_change_at == late_from
    with time_machine.travel("2022-06-22 12:00Z"):
        for address in (LIST, card.get_absolute_url()):
            words = words_of(client.get(address))
            assert "We are 3 weeks late with our answer. It was due by 31 May 2022." in words


# Looking for cards


def shown(client, **asked) -> set[str]:
    return {card.title for card in client.get(LIST, asked).context["listing"].page.cards}


def test_cards_are_found_by_problem_group_and_outcome(client, monkeypatch):
    area = publish_update(make_area(7, title="Long waits"))
    by = area.created_by
    make_public_card(title="A", by=by, group=Group.YOUNG, of_area=area.document)
    make_public_card(
        title="B", by=by, group=Group.FAMILIES, could_not="No.", outcome=Outcome.CANNOT
    )
    make_public_card(title="C", by=by)

    assert shown(client, outcome="cannot") == {"B"}
    assert shown(client, who="young") == {"A"}
    assert shown(client, who="other") == {"C"}
    assert shown(client, problem="7") == {"A"}
    assert shown(client, problem="7", outcome="cannot") == set()
    page = client.get(LIST, {"problem": "7", "outcome": "cannot"})
    assert "Nothing matches. Show all" in words_of(page)
    assert "Children and young people" in words_of(client.get(LIST))
    monkeypatch.setattr(you_said, "CARDS_A_PAGE", 1)
    first = client.get(LIST, {"outcome": "done"})
    assert 'href="?outcome=done&amp;before=c"' in first.text
    assert shown(client, outcome="done", before="c") == {"A"}


@pytest.mark.parametrize("wrong", ["nothing", "a\0b", "9" * 400])
@pytest.mark.parametrize("name", ["problem", "who", "outcome"])
def test_a_filter_that_means_nothing_is_ignored_and_said_so(client, name, wrong):
    make_public_card(title="A")

    page = client.get(LIST, {name: wrong})

    assert "We could not read the end of that address" in words_of(page)
    assert shown(client, **{name: wrong}) == {"A"}


# Nobody is recognised


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"who_said": "Parents at Otterfern School"}, {"who_said"}),
        ({"heard_where": "at St Mary’s Primary School"}, {"heard_where"}),
        ({"said": "Cars park in Fern Lane."}, {"said"}),
        ({"said": "Nobody helps in B1 1BB."}, {"said"}),
        ({"we_did": "We asked about Rett syndrome."}, {"we_did"}),
        ({"said": "He has muscular dystrophy."}, {"said"}),
        ({"said": "The School is far. We go to school by road."}, set()),
        ({"said": "My son has Down’s syndrome."}, set()),
        ({"who_said": "Parents and carers"}, set()),
    ],
)
def test_a_number_beside_a_school_a_street_or_a_rare_diagnosis_stops_it(fields, wrong):
    counted = make_card(how_many=3, **fields)

    assert {problem.field for problem in counted.problems()} == wrong
    counted.how_many = None
    assert list(recognisable.problems(counted)) == []


def test_what_was_promised_before_stays_with_its_card_when_that_is_done(client):
    card = make_public_card(title="A")
    make_public_promise(title="Wait less", by=card.created_by, origin=card.document)
    correct_update(card, by=card.created_by, we_did="You wait less.")

    assert "Wait less" in words_of(client.get(card.get_absolute_url()))
    assert "Wait less" not in words_of(client.get(card.own_history_url))
