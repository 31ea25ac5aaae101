"""The staff's pages: one row per document, the working edition behind every old address."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from publishing import actions
from publishing.models import Edition, Stage, Withdrawal
from tests.factories import (
    PASSWORD,
    change_draft,
    correct_update,
    make_public_update,
    make_term,
    make_update,
    reload,
    sign_off_update,
)
from tests.forms import errors_of, filled_in
from updates.models import TermlyUpdate

pytestmark = pytest.mark.once

LIST = "/admin/updates/termlyupdate/"


def address(edition, page="change", *args):
    return reverse(f"admin:updates_termlyupdate_{page}", args=[edition.pk, *args])


def sign_in(client, user):
    assert client.login(username=user.username, password=PASSWORD)


def filled(response, **values) -> dict[str, str]:
    """What a browser would send back from a change form, with some fields typed over."""
    form = response.context["adminform"].form
    data = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        data |= {
            bound.html_name: bound.value() if bound.value() is not None else ""
            for form in (formset.management_form, *formset.forms)
            for bound in form
            if bound.name != "DELETE"
        }
    return {**data, **values}


@pytest.fixture
def corrected(author):
    return correct_update(make_public_update(by=author), by=author, title="The second edition")


def test_the_list_has_one_row_per_document(client, author, corrected):
    make_update(by=author, term=make_term(2022, "summer"), title="A draft")
    sign_in(client, author)

    page = client.get(LIST).text

    assert page.count("The second edition") == 1
    assert "2 termly updates" in page
    assert "Public" in page
    assert "Draft" in page


def test_an_old_editions_address_leads_to_the_working_one(client, author, corrected):
    draft = actions.start_edition(corrected.document, by=author)
    sign_in(client, author)
    first = corrected.document.editions.get(number=1)

    response = client.get(address(first))

    assert response.status_code == 302
    assert response["Location"] == address(draft)


@pytest.mark.parametrize("page", ["preview", "changes"])
def test_an_old_editions_other_addresses_show_the_working_one(client, author, corrected, page):
    draft = actions.start_edition(corrected.document, by=author)
    change_draft(draft, by=author, title="The third edition")
    sign_in(client, author)
    first = corrected.document.editions.get(number=1)

    assert "third" in client.get(address(first, page)).text


@pytest.mark.parametrize("number", ["9" * 30, "0", "-1", "x", "1%00", "1/../2"])
@pytest.mark.parametrize("page", ["change/", "preview/", "changes/", "do/submit/", "history/"])
def test_an_address_without_an_edition_is_never_a_500(client, author, db, number, page):
    sign_in(client, author)

    assert client.get(f"{LIST}{number}/{page}").status_code in {302, 404}


def test_a_public_edition_cannot_be_saved_over(client, author, corrected):
    sign_in(client, author)

    response = client.post(address(corrected), {"title": "Never said", "read_version": 1})

    assert response.status_code == 409
    assert "Never said" in response.text
    assert reload(corrected).title == "The second edition"


def test_facts_cannot_be_posted(client, author):
    draft = make_update(by=author)
    sign_in(client, author)
    page = client.get(address(draft))

    client.post(
        address(draft),
        filled(
            page,
            title="Typed",
            published_at="2020-01-01",
            published_by=author.pk,
            submitted_at="2020-01-01",
            number="7",
            digest="x",
            document="1",
        ),
    )

    saved = reload(draft)
    assert saved.title == "Typed"
    assert (saved.published_at, saved.submitted_at, saved.number) == (None, None, 1)


def test_saving_writes_the_words_the_digest_and_the_editor(client, author, publisher):
    draft = make_update(by=author)
    sign_in(client, publisher)
    page = client.get(address(draft))

    response = client.post(address(draft), filled(page, in_short="New words."), follow=True)

    saved = reload(draft)
    assert "Your draft is saved." in response.text
    assert "New words." in saved.text
    assert saved.digest == saved.compute_digest() != draft.digest
    assert saved.version == draft.version + 1
    assert set(saved.editors.all()) == {author, publisher}


def test_the_second_of_two_editors_is_told_and_keeps_her_words(client, author, publisher):
    draft = make_update(by=author)
    sign_in(client, author)
    page = client.get(address(draft))
    change_draft(draft, by=publisher, in_short="Their words.")

    response = client.post(address(draft), filled(page, in_short="My words."))

    assert response.status_code == 200
    assert "saved this draft while you were writing" in response.text
    assert "My words." in response.text
    assert "They saved: “Their words.”" in response.text
    assert reload(draft).in_short == "Their words."


def test_a_half_filled_draft_is_saved_and_sign_off_names_what_is_missing(client, author):
    sign_in(client, author)
    add = reverse("admin:updates_termlyupdate_add")
    item = {"id": "", "edition": "", "section": "", "difference": "", "source": "", "position": "0"}
    rows = [
        {**item, "title": "We hired 4 people", "body": ""},
        {**item, "title": "", "body": "Yes"},
    ]
    form = filled(client.get(add), term=make_term(2022, "spring").pk, title="Half an update")
    form |= {f"items-{n}-{name}": text for n, row in enumerate(rows) for name, text in row.items()}

    saved = client.post(add, {**form, "items-TOTAL_FORMS": "2"}, follow=True)

    assert errors_of(saved) == []
    draft = TermlyUpdate.objects.get()
    assert draft.items.count() == 2
    assert client.get(address(draft, "preview")).status_code == 200
    submit = address(draft, "act", "submit")
    sent = client.post(submit, filled_in(client.get(submit)))
    listed = [line.message for line in sent.context["to_mend"]]
    for missing in (
        "Say in one sentence whether it is better.",
        "Write the update in three short sentences.",
        "“We hired 4 people”: choose its section.",
        "“We hired 4 people”: say what happened.",
        "Item 2: choose its section.",
        "Item 2: say in one line what it is about.",
        "“Not good enough yet” is empty.",
    ):
        assert any(line.startswith(missing) for line in listed), missing
    assert reload(draft).submitted_at is None


def test_a_term_that_has_an_update_cannot_be_started_again(client, author):
    update = make_update(by=author)
    sign_in(client, author)
    page = client.get(f"{LIST}add/")

    response = client.post(
        f"{LIST}add/", filled(page, term=update.term.pk, title="Again", in_short="Words kept.")
    )

    assert "There already is an update for spring 2022." in response.text
    assert "Words kept." in response.text
    assert Edition.objects.count() == 1


def test_a_refused_verb_says_why_and_keeps_what_was_typed(client, publisher, corrected):
    sign_in(client, publisher)
    there = address(corrected, "act", "remove-details")

    response = client.post(there, {"words": "John Roe", "reason": "He asked us to."})

    assert response.status_code == 200
    assert "they are not on this page." in response.text
    assert "He asked us to." in response.text


def test_what_stops_a_draft_is_a_list_that_leads_to_each_field(client, author):
    draft = make_update(by=author, in_short="", parts=[])
    sign_in(client, author)

    refused = client.post(address(draft, "act", "submit"))

    assert "Not sent yet. Mend these first:" in refused.text
    problems = reload(draft).problems()
    assert {problem.field for problem in problems} >= {"in_short", "nothing_wrong_because"}
    for problem in problems:
        assert f">{escape(problem.message)}</a>" in refused.text
    form = client.get(address(draft)).text
    for anchor in ("id_in_short", "id_nothing_wrong_because"):
        assert f'href="{address(draft)}#{anchor}"' in refused.text
        assert f'id="{anchor}"' in form


def test_what_stops_a_page_that_goes_out_together_leads_to_that_page(client, author):
    other = make_update(by=author, term=make_term(2022, "summer"), title="The other", in_short="")
    draft = make_update(by=author)
    actions.join_release(other, draft.release, by=author)
    sign_in(client, author)

    refused = client.post(address(draft, "act", "submit"))

    assert "Mend this first:" in refused.text
    assert f'The other: <a href="{address(other)}#id_in_short">' in refused.text


def test_a_night_of_the_clock_change_is_explained(client, author, publisher):
    draft = sign_off_update(make_update(by=author), publisher=publisher)
    sign_in(client, publisher)

    response = client.post(
        address(draft, "act", "schedule"), {"at_0": "2027-10-31", "at_1": "01:30"}
    )

    assert "The clocks change that night" in response.text
    assert "01:30" in response.text


def test_the_calendar_and_the_clock_beside_a_moment_are_drawn(client, author, publisher):
    draft = sign_off_update(make_update(by=author), publisher=publisher)
    sign_in(client, publisher)

    page = client.get(address(draft, "act", "schedule")).text

    assert "admin/css/widgets" in page
    assert "admin/js/admin/DateTimeShortcuts" in page


def test_a_preview_is_for_staff_only_and_never_kept(client, author):
    draft = make_update(by=author, title="Not yet public")
    anonymous = client.get(address(draft, "preview"))
    sign_in(client, author)

    preview = client.get(address(draft, "preview"))

    assert anonymous.status_code == 302
    assert "Not yet public" in preview.text
    assert "no-store" in preview["Cache-Control"]
    assert "public" not in preview["Cache-Control"]


def test_what_has_changed_names_added_and_removed_words(client, author, corrected):
    draft = actions.start_edition(corrected.document, by=author)
    change_draft(draft, by=author, in_short="You wait a little less.")
    sign_in(client, author)

    page = client.get(address(draft, "changes")).text

    assert "Added: " in page
    assert "Removed: " in page


def test_a_page_can_be_taken_down_while_its_correction_is_being_written(
    client, author, publisher, corrected
):
    draft = actions.start_edition(corrected.document, by=author)
    sign_in(client, publisher)

    response = client.post(
        address(draft, "act", "take-down"), {"reason": "A number was wrong."}, follow=True
    )

    assert Withdrawal.objects.get().reason == "A number was wrong."
    assert "The page is down." in response.text


@pytest.mark.parametrize("reaches_past", [False, True])
def test_who_takes_a_page_down_is_told_whether_its_old_words_are_still_read(
    client, publisher, corrected, reaches_past
):
    sign_in(client, publisher)
    answers = {"reason": "It names somebody."} | ({"reaches_past": "on"} if reaches_past else {})

    response = client.post(address(corrected, "act", "take-down"), answers, follow=True)

    says = "can still be read in its history. If that holds private details, <a href="
    there = address(corrected, "act", "remove-details")
    assert (f'{says}"{there}">remove them</a>.' in response.text) is not reaches_past


def test_a_scheduled_edition_is_read_only_and_can_be_taken_off(client, author, publisher):
    draft = sign_off_update(make_update(by=author), publisher=publisher)
    actions.schedule(draft.release, by=publisher, at=timezone.now() + dt.timedelta(days=1))
    sign_in(client, publisher)

    page = client.get(address(draft)).text

    assert "Scheduled for" in page
    assert 'name="in_short"' not in page
    assert "Take off the schedule" in page


def test_a_reviewer_reads_but_does_not_write(client, author, reviewer):
    draft = make_update(by=author)
    sign_in(client, reviewer)

    assert 'name="in_short"' not in client.get(address(draft)).text
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(address(draft), {"title": "Mine"}).status_code == 403


def test_a_draft_that_is_thrown_away_leads_back_to_the_list(client, author):
    draft = make_update(by=author)
    sign_in(client, author)

    response = client.post(address(draft, "act", "throw-away"))

    assert response["Location"] == LIST
    assert not TermlyUpdate.objects.exists()


def test_words_typed_while_a_page_went_public_are_given_back(client, author, publisher):
    draft = make_update(by=author)
    sign_in(client, author)
    page = client.get(address(draft))
    sign_off_update(draft, publisher=publisher)
    actions.publish(draft.release, by=publisher)

    response = client.post(address(draft), filled(page, in_short="An hour of work."))

    assert response.status_code == 409
    assert "It went public" in response.text
    assert "An hour of work." in response.text


def test_words_typed_while_another_began_the_correction_are_given_back(client, author, corrected):
    first = corrected.document.editions.get(number=1)
    actions.start_edition(corrected.document, by=author)
    sign_in(client, author)

    response = client.post(address(first), {"in_short": "An hour of work."})

    assert response.status_code == 409
    assert "An hour of work." in response.text


def test_the_signer_reads_on_the_page_what_she_signs(client, author, reviewer):
    draft = make_update(by=author, in_short="These very words.")
    actions.submit(draft.release, by=author)
    sign_in(client, reviewer)

    page = client.get(address(draft, "act", "sign-off"))

    assert "These very words." in page.text


def test_whoever_edited_it_is_not_offered_to_sign_and_reads_why(client, author, publisher):
    draft = make_update(by=author)
    sign_in(client, publisher)
    before = client.get(address(draft)).text
    change_draft(draft, by=publisher, in_short="Help came sooner.")
    actions.submit(draft.release, by=author)

    page = client.get(address(draft)).text

    assert "If you change this, somebody else must sign it." in before
    assert "You edited this, so somebody else signs it." in page
    assert address(draft, "act", "sign-off") not in page
    assert address(draft, "act", "send-back") in page


def test_whoever_edited_it_is_not_offered_to_publish_what_another_signed(
    client, author, reviewer, publisher, council
):
    draft = make_update(by=author)
    change_draft(draft, by=publisher, in_short="Help came sooner.")
    sign_off_update(draft, publisher=reviewer)
    sign_in(client, publisher)

    page = client.get(address(draft)).text

    assert "You edited this, so somebody else publishes it." in page
    assert address(draft, "act", "publish") not in page


def test_who_only_writes_or_may_sign_is_told_nothing_of_that(client, author, reviewer):
    draft = make_update(by=author)
    actions.submit(draft.release, by=author)

    for user in (author, reviewer):
        sign_in(client, user)
        assert "somebody else" not in client.get(address(draft)).text


def test_after_a_change_the_signer_sees_the_new_words_and_can_sign_them(client, author, reviewer):
    draft = make_update(by=author)
    actions.submit(draft.release, by=author)
    sign_in(client, reviewer)
    there = address(draft, "act", "sign-off")
    read = client.get(there).context["form"]["digest"].value()
    change_draft(reload(draft), by=author, in_short="Newer words.")

    refused = client.post(there, {"digest": read})
    again = client.post(there, {"digest": refused.context["form"]["digest"].value()})

    assert "it has changed since you looked" in refused.text
    assert "Newer words." in refused.text
    assert again.status_code == 302
    assert reload(draft).stage() == Stage.SIGNED_OFF


def test_a_verb_of_another_role_is_not_even_shown(client, author):
    draft = make_update(by=author)
    sign_in(client, author)

    assert client.get(address(draft, "act", "publish")).status_code == 403


def test_the_list_takes_no_filter_from_the_address(client, author):
    make_update(by=author)
    sign_in(client, author)

    assert client.get(LIST, {"title": "\x00"}).status_code == 400
    assert client.get(LIST, {"editors": "9" * 20}).status_code == 400


def test_view_on_site_tells_nobody_a_drafts_address(client, author):
    draft = make_update(by=author)
    sign_in(client, author)

    assert client.get(f"/admin/r/1/{draft.pk}/").status_code == 404


def test_the_largest_order_is_no_trouble(client, author):
    draft = make_update(by=author)
    sign_in(client, author)
    page = client.get(address(draft))
    data = filled(page, **{"items-0-position": "9999", "items-TOTAL_FORMS": "3"})
    data |= {"items-2-section": "better", "items-2-title": "New", "items-2-body": "New."}

    client.post(address(draft), {**data, "items-2-position": ""})
    refused = client.post(address(draft), {**data, "items-0-position": "9" * 12})

    assert reload(draft).items.count() in {2, 3}
    assert refused.status_code == 200


# What stood somewhere else before


def test_staff_bring_in_what_stood_elsewhere_without_a_programmer(client, author, publisher):
    sign_in(client, author)
    add = reverse("admin:updates_termlyupdate_add")
    form = filled_in(client.get(add)) | {
        "term": make_term(2021, "autumn").pk,
        "title": "What changed in autumn 2021",
        "verdict": "Not good enough yet.",
        "in_short": "We began.",
        "nothing_wrong_because": "That update did not say.",
        "source": "Birmingham Local Offer",
        "source_date": "October 2021",
        "originally_at_0": "2021-10-31",
        "originally_at_1": "23:59",
    }
    client.post(add, form)
    draft = TermlyUpdate.objects.get()
    sign_off_update(draft, publisher=publisher)
    sign_in(client, publisher)

    client.post(address(draft, "act", "import"))

    public = reload(draft)
    assert public.originally_at == dt.datetime(2021, 10, 31, 23, 59, tzinfo=dt.UTC)
    assert public.published_at == public.originally_at
    page = client.get("/updates/2021-autumn/").text
    assert "First published October 2021 at Birmingham Local Offer" in page


def test_an_hour_that_the_clocks_take_away_is_refused_in_words(client, author):
    draft = make_update(by=author)
    sign_in(client, author)
    form = filled_in(client.get(address(draft)))

    page = client.post(
        address(draft),
        form | {"source": "x", "originally_at_0": "2021-03-28", "originally_at_1": "01:30"},
    )

    assert any("The clocks change that night" in message for message in errors_of(page))


def test_a_public_page_that_began_here_has_no_question_about_elsewhere(client, author, corrected):
    sign_in(client, author)

    assert "First published elsewhere" not in client.get(address(corrected)).text
