"""“Your tasks”: what waits for a person of staff, each line with the page where it is done."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from participation import outbox
from participation.models import Mail
from participation.models.deliveries import OF_THIS_MAIL
from programme.found import check_unchanged
from programme.models import PlanFile, ProgressRound
from publishing import actions
from tests.factories import (
    PASSWORD,
    change_draft,
    make_body,
    make_promise,
    make_public_promise,
    make_public_update,
    make_signer,
    make_term,
    make_update,
    make_user,
    publish_update,
    reload,
)
from tests.mail_helpers import ADDRESS, look_for_news, make_follower
from tests.mail_server import Ledger, mail_server
from tests.test_public_pages import words_of
from website.task_lines import working_days_after

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def tasks(client, user) -> list[tuple[str, str]]:
    """Words and address of each line that this person reads."""
    assert client.login(username=user.username, password=PASSWORD)
    return [(f"{t.says}. {t.more}", t.address) for t in client.get("/admin/").context["tasks"]]


def only_task(client, user) -> tuple[str, str]:
    (task,) = tasks(client, user)
    return task


def page(edition, name="change", *args):
    options = edition._meta
    return reverse(
        f"admin:{options.app_label}_{options.model_name}_{name}", args=[edition.pk, *args]
    )


def signer(body=None):
    return make_user("publisher", signs_for=body or make_body())


def test_nothing_waits_for_somebody_new(client, publisher):
    assert tasks(client, publisher) == []
    assert "Nothing waits for you." in words_of(client.get("/admin/"))


def test_a_late_update_waits_for_whoever_may_write_it(client, author):
    with time_machine.travel("2022-05-02 12:00Z"):
        term = make_term(2022, "spring", update_due_on=dt.date(2022, 4, 10))
        says, address = only_task(client, author)
        assert says == "The spring 2022 update is 3 weeks late. Nobody has begun it."
        assert client.get(address).context["adminform"].form["term"].value() == str(term.pk)

        draft = make_update(by=author, term=term)
        assert only_task(client, author)[1] == page(draft)
        assert tasks(client, make_user("reviewer")) == []


def test_a_draft_waits_for_the_signature_of_those_who_did_not_edit_it(client, author):
    sender, reader = signer(), signer()
    draft = make_update(by=author)
    change_draft(draft, by=sender, in_short="We hired 2 people.")
    actions.submit(draft.release, by=author)

    assert only_task(client, reader) == (
        f"“{draft.title}” waits for your signature. ",
        page(draft, "act", "sign-off"),
    )
    assert client.get(page(draft, "act", "sign-off")).status_code == 200
    assert tasks(client, sender) == []
    assert tasks(client, author) == []

    actions.sign_off(draft.release, by=reader)
    assert tasks(client, reader) == []


def test_a_draft_that_the_body_has_signed_waits_for_the_other_body(client, author):
    council, other, nhs = signer(), signer(), signer(make_body("NHS", short_name="NHS"))
    draft = make_update(by=author)
    actions.submit(draft.release, by=author)
    actions.sign_off(draft.release, by=council)

    assert tasks(client, other) == []
    assert "waits for your signature" in only_task(client, nhs)[0]


def test_several_drafts_are_counted_and_the_oldest_named(client, author):
    reader = signer()
    for season in ("spring", "summer", "autumn"):
        draft = make_update(by=author, term=make_term(2022, season))
        actions.submit(draft.release, by=author)

    says, _ = only_task(client, reader)

    assert says == ("3 drafts wait for your signature. The oldest: “What changed in spring 2022”.")


def test_what_was_sent_back_waits_for_authors(client, author):
    draft = make_update(by=author)
    actions.submit(draft.release, by=author)
    actions.return_to_author(draft.release, by=signer(), reason="Say how many people.")

    says, address = only_task(client, author)

    assert says == f"“{draft.title}” was sent back. “Say how many people.”"
    assert address == page(draft)


def test_a_draft_that_was_begun_is_gone_on_with_until_it_is_sent(client, author):
    with time_machine.travel("2022-05-02 12:00Z"):
        first = make_update(by=author, title="Our spring update")
        assert only_task(client, author) == ("Go on with “Our spring update”. ", page(first))

        make_update(by=make_user("author"), term=make_term(2022, "autumn"), title="Another's")
        second = make_update(by=author, term=make_term(2022, "summer"), title="Our summer update")
        assert only_task(client, author) == (
            "2 drafts of yours are not sent yet. The last: “Our summer update”.",
            page(second),
        )

        for draft in (first, second):
            actions.submit(draft.release, by=author)
        assert tasks(client, author) == []


def test_a_small_fix_waits_for_a_second_person_with_its_day(client, author, publisher):
    with time_machine.travel("2022-06-09 12:00Z"):  # a Thursday
        update = make_public_update(by=author, in_short="We hird people.")
        fixer, second = signer(), signer()
        draft = actions.start_edition(update.document, by=fixer)
        change_draft(draft, by=fixer, in_short="We hired people.")
        actions.small_fix(draft.release, by=fixer)

        assert tasks(client, fixer) == []
        says, address = only_task(client, second)
        assert says == f"Confirm the small fix of “{update.title}”. By 16 June 2022."
        assert client.get(address).status_code == 200
    with time_machine.travel("2022-06-17 12:00Z"):
        assert "It should have been by 16 June 2022." in only_task(client, second)[0]
        actions.confirm_small_fix(reload(draft), by=second)
        assert tasks(client, second) == []


def test_five_working_days_leave_out_weekends():
    assert working_days_after(dt.date(2022, 6, 9), 5) == dt.date(2022, 6, 16)
    assert working_days_after(dt.date(2022, 6, 11), 5) == dt.date(2022, 6, 17)


def test_a_take_down_waits_for_a_second_person(client):
    update = make_public_update()
    first, second = signer(), signer()
    actions.withdraw(update.document, by=first, reason="A child was named.")

    assert tasks(client, first) == []
    says, address = only_task(client, second)
    assert f"Confirm that “{update.title}” had to come down" in says
    assert client.get(address).status_code == 200
    actions.confirm_withdrawal(update.document, by=second)
    assert tasks(client, second) == []


def test_a_removal_of_details_waits_for_a_second_person(client):
    update = make_public_update(in_short="Jane Roe wrote to us.")
    first, second = signer(), signer()
    actions.redact(update.document, by=first, words=["Jane Roe"], reason="A parent was named.")

    assert tasks(client, first) == []
    says, address = only_task(client, second)
    assert "Confirm that only personal details left" in says
    assert client.get(address).status_code == 200
    actions.confirm_redaction(update.document, by=second)
    assert tasks(client, second) == []


def test_a_promise_past_its_date_waits_until_somebody_reports(client, author):
    with time_machine.travel("2022-05-01 12:00Z"):
        promises = [make_public_promise(by=author, due_words="May 2022") for _ in range(2)]
    with time_machine.travel("2022-06-20 12:00Z"):
        says, address = only_task(client, author)
        assert says == "2 promises passed their date and have no report. "
        assert "2 promises" in words_of(client.get(address))

        round_ = actions.start_document(
            ProgressRound(title="We checked", checked_on=dt.date(2022, 6, 19)),
            slug="2022-06-19",
            by=author,
        )
        check_unchanged(round_, [promises[0].document_id], by=author)
        publish_update(reload(round_))
        says, address = only_task(client, author)
        assert says == f"“{promises[1].title}” passed its date and has no report. "
        assert address == page(promises[1])


def test_a_promise_whose_date_comes_soon_is_named(client, author):
    with time_machine.travel("2022-05-10 12:00Z"):
        promise = make_public_promise(by=author, due_words="31 May 2022")
        make_promise(by=make_user("author"), due_words="31 May 2022")
        assert tasks(client, author) == []
    with time_machine.travel("2022-05-20 12:00Z"):
        says, address = only_task(client, author)
        assert says == f"The date of “{promise.title}” is in the next 14 days. It is 31 May 2022."
        assert address == page(promise)


def test_a_plan_file_waits_until_it_becomes_drafts(client, author):
    file = PlanFile.objects.create(name="plan.xlsx", uploaded_by=author, headings=[], rows=[])

    says, address = only_task(client, author)

    assert says.startswith("No row of “plan.xlsx” is a draft yet. Uploaded on ")
    assert address == reverse("admin:programme_planfile_change", args=[file.pk])
    PlanFile.objects.update(drafted=[2])
    assert tasks(client, author) == []


def test_e_mails_that_do_not_leave_are_said_in_plain_words(client, publisher, author, through):
    with mail_server(Ledger()) as port:
        pass  # nobody listens there any more
    through(port)
    with time_machine.travel("2022-05-02 12:00Z"):
        client.post("/updates/email/", {"email": ADDRESS, "what": "everything"})
    with time_machine.travel("2022-05-02 12:20Z"):
        assert tasks(client, publisher) == []
    with time_machine.travel("2022-05-02 12:40Z"):
        says, address = only_task(client, publisher)
        assert says.startswith("An e-mail has been waiting since 13:00 on 2 May 2022. Nothing ")
        assert "worker or heartbeat" in says
        assert Mail.objects.get().get_purpose_display() in words_of(client.get(address))
        assert tasks(client, author) == []

        outbox.send_waiting()
        says, _ = only_task(client, publisher)
        assert "The mail server does not take them. Tell whoever runs it: “Conn" in says
        Mail.objects.update(why=f"{OF_THIS_MAIL}: SMTPDataError 550")
        assert tasks(client, publisher) == []


def test_news_that_nobody_looks_for_is_said_in_plain_words(client, publisher, through):
    with mail_server(Ledger()) as port:
        through(port)
        with time_machine.travel("2022-05-02 12:00Z"):
            make_follower()
            make_public_update(term=make_term(2022, "spring", update_due_on=None))
        with time_machine.travel("2022-05-02 12:40Z"):
            says, _ = only_task(client, publisher)
            assert says.startswith("What is new has been waiting to be told since 13:00 on 2 May")
            look_for_news()
            assert tasks(client, publisher) == []


def test_ten_times_as_much_asks_no_more_queries(client, author, django_assert_max_num_queries):
    reader = make_signer(make_body())

    def more(number):
        for _ in range(number):
            draft = make_promise(by=author)
            actions.submit(draft.release, by=author)
            back = make_promise(by=author)
            actions.submit(back.release, by=author)
            actions.return_to_author(back.release, by=reader, reason="Say more.")
            make_public_promise(by=author, due_words="May 2022")

    more(2)
    tasks(client, reader)
    with django_assert_max_num_queries(100) as before:
        client.get("/admin/")
    more(6)
    with django_assert_max_num_queries(len(before)):
        client.get("/admin/")
    assert len(before) < 45


def test_the_first_group_is_what_families_read(client, author):
    tasks(client, author)

    apps = [app["app_label"] for app in client.get("/admin/").context["app_list"]]

    assert apps[0] == "updates"


@pytest.mark.parametrize("query", ["status=late", "when=unreported"])
def test_the_list_of_promises_can_be_narrowed(client, author, query):
    with time_machine.travel("2022-05-01 12:00Z"):
        make_public_promise(by=author, title="An old one", due_words="May 2022")
        make_public_promise(by=author, title="A far one", due_words="May 2032")
    tasks(client, author)

    text = words_of(client.get(f"/admin/programme/milestone/?{query}"))

    assert "An old one" in text
    assert "A far one" not in text
