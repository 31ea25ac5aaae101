"""You said, we did: its own page, the list, and the update of its term."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from programme.models import Term
from publishing import actions
from publishing.models import LedgerText, SiteVersion
from tests.factories import (
    change_draft,
    correct_update,
    make_card,
    make_public_card,
    make_public_update,
    make_signer,
    make_term,
    make_update,
    publish_update,
    reload,
    sign_off_update,
)
from tests.forms import errors_of, filled_in
from tests.past import bring_in, stood_elsewhere
from tests.test_public_pages import words_of
from updates import you_said
from updates.models import YouSaidWeDid

pytestmark = pytest.mark.django_db

Outcome = YouSaidWeDid.Outcome
LIST = "/you-said/"


def problems(**fields) -> set[str]:
    return {problem.field for problem in make_card(**fields).problems()}


def test_a_draft_may_lack_what_was_said_and_sign_off_names_it(client, author):
    card = make_card(by=author)
    client.force_login(author)
    page = reverse("admin:updates_yousaidwedid_change", args=[card.pk])
    form = filled_in(client.get(page)) | {"said": "", "who_said": "", "is_quote": "on"}

    saved = client.post(page, form, follow=True)

    assert errors_of(saved) == []
    preview = client.get(reverse("admin:updates_yousaidwedid_preview", args=[card.pk]))
    assert "“”" not in preview.text
    assert {problem.field for problem in reload(card).problems()} == {
        "said",
        "who_said",
        "taken_from",
    }


# Its page


def test_its_page_says_what_was_said_done_and_not_done(client):
    card = make_public_card(
        title="Answer the phone",
        said="Nobody answers the phone.",
        who_said="Parents and carers",
        heard_where="at a coffee morning",
        heard_when="October 2021",
        we_did="We hired 2 people.",
        could_not="We have no money for a third.",
    )

    text = words_of(client.get("/you-said/answer-the-phone/"))

    assert card.get_absolute_url() == "/you-said/answer-the-phone/"
    for words in (
        "Nobody answers the phone.",
        "Parents and carers",
        "At a coffee morning",
        "October 2021",
        "We hired 2 people.",
        "We have no money for a third.",
        "Done",
    ):
        assert words in text


def test_only_exact_words_stand_in_quotation_marks(client):
    told = make_public_card(said="Nobody answers.")
    quoted = make_public_card(
        term=told.term, said="Nobody answers.", is_quote=True, taken_from="Minutes, May 2022"
    )

    assert "“Nobody answers.”" not in words_of(client.get(told.get_absolute_url()))
    quoted_text = words_of(client.get(quoted.get_absolute_url()))
    assert "“Nobody answers.”" in quoted_text
    assert "Minutes, May 2022" in quoted_text


@pytest.mark.parametrize(
    ("how_many", "shown"), [(None, ""), (1, "a few families"), (4, "a few families"), (5, "5 fa")]
)
def test_a_number_so_small_that_it_names_somebody_is_never_public(client, how_many, shown):
    card = make_public_card(how_many=how_many)

    text = words_of(client.get(card.get_absolute_url())) + words_of(client.get(LIST))

    assert shown in text
    recorded = LedgerText.objects.filter(name="text").get().text
    for words in (text, recorded):
        assert f"{how_many} famil" not in words or how_many == 5


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, set()),
        ({"is_quote": True}, {"taken_from"}),
        ({"is_quote": True, "taken_from": "Minutes"}, set()),
        ({"outcome": Outcome.CANNOT}, {"could_not"}),
        ({"outcome": Outcome.CANNOT, "could_not": "The law forbids it."}, set()),
        ({"outcome": Outcome.DOING, "we_did": ""}, {"we_did"}),
        ({"outcome": Outcome.DECIDING, "we_did": ""}, {"answer_by"}),
        (
            {"outcome": Outcome.DECIDING, "we_did": "", "answer_by": dt.date(2022, 9, 1)},
            set(),
        ),
        ({"outcome": Outcome.WILL, "we_did": ""}, {"promise_title"}),
    ],
)
def test_what_keeps_one_from_being_published(fields, wrong):
    assert problems(**fields) == wrong


@pytest.mark.parametrize("outcome", [Outcome.DOING, Outcome.DECIDING])
def test_what_is_still_open_prints_its_age_in_terms(client, outcome):
    autumn, answer_by = make_term(2021, "autumn"), dt.date(2028, 1, 1)

    with time_machine.travel(dt.datetime(2027, 9, 1, 12, tzinfo=dt.UTC)):
        card = make_public_card(term=autumn, outcome=outcome, answer_by=answer_by)
        text = words_of(client.get(card.get_absolute_url()))

    assert f"{outcome.label}, 18 terms" in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("9 July 2026", "Doing, as of 9 July 2026 (1 term ago)"),
        ("July 2026", "Doing, as of July 2026 (1 term ago)"),
        ("the July report", "Doing, as of the July report (1 term ago)"),
        ("1 September 2026", "Doing, as of 1 September 2026"),
    ],
)
def test_a_corrected_import_is_as_old_as_the_day_that_stands_beside_its_age(
    client, author, written, shown
):
    card = bring_in(
        make_card(
            by=author,
            slug="phone",
            term=make_term(2021, "autumn"),
            outcome=Outcome.DOING,
            **stood_elsewhere(dt.datetime(2021, 10, 31, 12, tzinfo=dt.UTC)),
        )
    )
    draft = actions.start_edition(card.document, by=author)
    later = stood_elsewhere(dt.datetime(2026, 7, 9, 12, tzinfo=dt.UTC)) | {"source_date": written}
    bring_in(change_draft(draft, by=author, change_note="Their new report.", **later))

    with time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)):
        texts = [words_of(client.get(address)) for address in (LIST, card.get_absolute_url())]

    for text in texts:
        assert shown in text
        assert ("ago)" in text) is ("ago)" in shown)


def test_what_is_done_has_no_age(client):
    card = make_public_card(term=make_term(2021, "autumn"))

    assert "Done," not in words_of(client.get(card.get_absolute_url()))


@pytest.mark.parametrize(
    ("day", "terms"),
    [
        (dt.date(2021, 9, 1), 0),
        (dt.date(2021, 12, 31), 0),
        (dt.date(2022, 1, 1), 1),
        (dt.date(2022, 9, 1), 3),
        (dt.date(2020, 1, 1), 0),
    ],
)
def test_terms_are_counted_from_january_may_and_september(day, terms):
    assert Term(year=2021, season="autumn").terms_until(day) == terms


def test_the_site_knows_that_an_age_changes_when_the_next_term_begins():
    with time_machine.travel(dt.datetime(2027, 6, 1, 12, tzinfo=dt.UTC), tick=False):
        make_public_card(outcome=Outcome.DOING)

        # Midnight in London, in summer time.
        at = dt.datetime(2027, 8, 31, 23, tzinfo=dt.UTC)
        assert SiteVersion.objects.get().next_change_at == at


# The list


def test_the_list_is_newest_first_and_goes_on_from_the_last_one_shown(client):
    first = make_public_card(title="Card A")
    for number in range(20):
        make_public_card(title=f"Later {number}", by=first.created_by, publisher=first.published_by)

    newest = client.get(LIST).content.decode()
    older = client.get(LIST, {"before": "later-0"}).content.decode()

    assert newest.index("later-19") < newest.index("later-0/")
    assert 'href="?before=later-0"' in newest
    assert "card-a" not in newest
    assert "card-a" in older
    assert "later-0/" not in older


def test_what_came_out_together_is_listed_by_the_day_it_was_heard(client, author, monkeypatch):
    monkeypatch.setattr(you_said, "CARDS_A_PAGE", 2)
    days = [None, dt.date(2022, 3, 1), dt.date(2022, 5, 1), dt.date(2022, 3, 1), None]
    early = make_public_card(title="Early", by=author, heard_on=dt.date(2022, 6, 1))
    together = [
        make_card(title=f"Card {place}", by=author, heard_on=day) for place, day in enumerate(days)
    ]
    for card in together[1:]:
        actions.join_release(card, together[0].release, by=author)
    publish_update(reload(together[0]), publisher=early.published_by)

    shown, address = [], LIST
    while address:
        listing = client.get(address).context["listing"]
        shown += [card.title for card in listing.page.cards]
        address = listing.next_url and LIST + listing.next_url

    assert shown == ["Card 2", "Card 1", "Card 3", "Card 0", "Card 4", "Early"]


@pytest.mark.parametrize("before", ["nothing-like-it", "a\0b", "9" * 400])
def test_an_unknown_place_in_the_list_is_ignored_and_said_so(client, before):
    card = make_public_card()

    page = client.get(LIST, {"before": before})

    assert "We could not read the end of that address" in words_of(page)
    assert card.said in words_of(page)


def test_an_empty_list_says_so(client):
    assert "Nothing is published here yet." in words_of(client.get(LIST))


# In the update of its term


def test_an_update_shows_what_came_out_with_it_and_apart_what_came_later(client):
    together = make_card(title="In time", said="We wait too long.")
    update = make_update(term=together.term, by=together.created_by)
    actions.join_release(together, update.release, by=update.created_by)
    update = publish_update(reload(update))
    with time_machine.travel(timezone.now() + dt.timedelta(days=30)):
        make_public_card(term=update.term, said="You do not listen.")
        make_public_card(term=make_term(2021, "autumn"), said="Of another term.")

        text = words_of(client.get(update.get_absolute_url()))

    assert text.index("We wait too long.") < text.index("Added since")
    assert text.index("Added since") < text.index("You do not listen.")
    assert "Of another term." not in text


def test_pages_that_go_out_together_need_one_signature_and_appear_at_once(client):
    card = make_card()
    update = make_update(term=card.term, by=card.created_by)

    actions.join_release(card, update.release, by=update.created_by)
    publish_update(reload(update))

    assert client.get(card.get_absolute_url()).status_code == 200
    assert client.get(update.get_absolute_url()).status_code == 200


def test_staff_choose_what_goes_out_together_and_can_change_their_mind(client, author):
    card = make_card(by=author)
    update = make_update(term=card.term, by=author)
    client.force_login(author)
    address = f"/admin/updates/yousaidwedid/{card.pk}/do/together/"

    client.post(address, {"other": update.pk})
    together = reload(card).release_id == reload(update).release_id
    page = words_of(client.get(f"/admin/updates/yousaidwedid/{card.pk}/change/"))
    client.post(address, {"other": ""})

    assert together
    assert f"Goes out together with “{update.title}”." in page
    assert reload(card).release_id != reload(update).release_id


def test_what_waits_for_sign_off_is_neither_joined_nor_left(author):
    card = make_card(by=author)
    update = make_update(term=card.term, by=author)
    actions.submit(update.release, by=author)

    with pytest.raises(actions.NotAllowed, match="no longer a draft"):
        actions.join_release(card, update.release, by=author)
    with pytest.raises(actions.NotAllowed, match="no longer a draft"):
        actions.leave_release(update, by=author)


def test_a_preview_of_an_update_shows_the_cards_that_go_out_with_it(client, author):
    card = make_card(by=author, said="We wait too long.")
    update = make_update(term=card.term, by=author)
    actions.join_release(card, update.release, by=author)
    client.force_login(author)

    page = client.get(f"/admin/updates/termlyupdate/{update.pk}/preview/")

    assert "We wait too long." in words_of(page)


# What is not public


def test_a_draft_is_nowhere(client):
    make_public_update()
    card = make_card(said="Not for you yet.")

    assert client.get(card.get_absolute_url()).status_code == 404
    assert client.get(card.whole_history_url).status_code == 404
    for address in (LIST, "/", "/updates/2022-spring/"):
        assert "Not for you yet." not in words_of(client.get(address))


def test_one_that_was_taken_down_says_so_and_leaves_the_lists(client, publisher):
    card = make_public_card(said="It named a child.")

    actions.withdraw(card.document, by=publisher, reason="A private person was named.")

    page = client.get(card.get_absolute_url())
    assert page.status_code == 410
    assert "A private person was named." in words_of(page)
    assert "It named a child." not in words_of(client.get(LIST))


def test_a_correction_keeps_the_old_words_readable(client, author):
    card = make_public_card(said="We wait 7 months.")

    correct_update(card, by=author, said="We wait 9 months.", change_note="It was 9 months.")

    assert "We wait 9 months." in words_of(client.get(card.get_absolute_url()))
    assert "It was 9 months." in words_of(client.get(card.whole_history_url))
    assert "We wait 7 months." in words_of(client.get(card.own_history_url))
    assert "This is an old version." in words_of(client.get(card.own_history_url))


@pytest.mark.once  # both databases are asked the same
def test_pages_cost_the_same_queries_however_much_there_is(
    client, author, django_assert_max_num_queries
):
    card = make_public_card(outcome=Outcome.DOING)
    update = make_public_update(term=card.term, publisher=card.published_by)
    addresses = [
        LIST,
        card.get_absolute_url(),
        card.whole_history_url,
        card.own_history_url,
        update.get_absolute_url(),
        "/",
    ]

    def cost(address):
        with django_assert_max_num_queries(30) as queries:
            client.get(address)
        return len(queries)

    before = [cost(address) for address in addresses]
    for _ in range(5):
        make_public_card(term=card.term, by=author, publisher=card.published_by)

    assert [cost(address) for address in addresses] == before


def test_an_import_of_both_says_where_they_came_from(client, council, author):
    origin = {
        "source": "Birmingham Local Offer",
        "source_date": "October 2021",
        "originally_at": dt.datetime(2021, 10, 31, 12, tzinfo=dt.UTC),
    }
    card = make_card(by=author, term=make_term(2021, "autumn"), **origin)
    update = make_update(by=author, term=card.term, **origin)
    actions.join_release(card, update.release, by=author)
    update = sign_off_update(reload(update))

    actions.import_from_elsewhere(update.release, by=make_signer(council))

    text = words_of(client.get(card.get_absolute_url()))
    assert "First published October 2021 at Birmingham Local Offer." in text
    assert "Added since" not in words_of(client.get(update.get_absolute_url()))


@pytest.mark.parametrize("title", ["!!!", "Answer the phone"])
def test_a_title_that_makes_no_new_address_is_refused_in_words(client, author, title):
    make_card(title="Answer the phone", by=author)
    client.force_login(author)

    page = client.post(
        "/admin/updates/yousaidwedid/add/",
        {
            "title": title,
            "term": make_term().pk,
            "said": "x",
            "who_said": "Parents",
            "outcome": "done",
        },
    )

    assert page.status_code == 200
    text = words_of(page)
    assert ("Use some letters or digits" in text) or ("already is one with this title" in text)


# Rich text


LIST_AND_LINK = "We hired:\n\n- 2 people\n- 1 **nurse**\n\n[Read more](/updates/)"


def test_lists_and_links_work_on_cards_wherever_they_stand(client):
    card = make_public_card(we_did=LIST_AND_LINK, could_not="Not yet:\n\n- a third\n")
    make_public_update(term=card.term)

    for address in (card.get_absolute_url(), LIST, "/", "/updates/2022-spring/"):
        page = client.get(address).text
        assert "<li>1 <strong>nurse</strong></li>" in page
        assert '<a href="/updates/">Read more</a>' in page
        assert "<li>a third</li>" in page


def test_a_quote_keeps_its_marks_around_all_its_paragraphs(client):
    card = make_public_card(said="One.\n\n*Two*.", is_quote=True, taken_from="Minutes")

    page = client.get(card.get_absolute_url()).text

    assert '<blockquote class="words"><p>“One.</p>\n<p><em>Two</em>.”</p></blockquote>' in page


def test_a_quote_that_is_a_list_stands_as_it_is(client):
    card = make_public_card(said="- One\n- Two", is_quote=True, taken_from="Minutes")

    page = client.get(card.get_absolute_url()).text

    assert "<li>Two</li>" in page
    assert "“<ul>" not in page


def test_a_heading_in_a_card_is_a_bold_line_because_cards_stand_at_any_level(client):
    card = make_public_card(we_did="# First\n\nWe hired.")

    assert "<p><strong>First</strong></p>" in client.get(card.get_absolute_url()).text


def test_a_card_from_before_rich_text_is_whole_after_rerender(client):
    card = make_public_card(we_did="We hired *2* people.")
    YouSaidWeDid._base_manager.update(said_html="", we_did_html="", could_not_html="")

    call_command("rerender", verbosity=0)

    assert "We hired <em>2</em> people." in client.get(card.get_absolute_url()).text


def test_rerender_holds_nobody_up_when_nothing_changed():
    make_public_card()
    before = SiteVersion.objects.get().number

    call_command("rerender", verbosity=0)

    assert SiteVersion.objects.get().number == before


@pytest.mark.parametrize("field", ["said", "we_did", "could_not", "title"])
@pytest.mark.parametrize("mark", ["[name]", "[ School ]"])
def test_a_mark_that_stands_for_a_name_does_not_go_public(field, mark):
    card = make_card(**{field: f"{mark} waits."})

    [problem] = [each for each in card.problems() if each.field == field]

    assert problem.message.startswith(f"“{mark}” stands in")


def test_a_link_or_a_quotation_with_brackets_is_no_such_mark():
    card = make_card(said="See [name](https://example.org/). They [the schools] know.")

    assert card.problems() == []
