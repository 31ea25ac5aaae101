"""The number: promises done on time, of those due, and what can never change it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from itertools import count

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from programme import promises, remarks
from programme.found import check_unchanged
from programme.models import Milestone, ProgressRound, TimelineEvent
from programme.statuses import Status
from publishing import actions, moments
from publishing.models import LedgerEntry
from tests.factories import (
    change_draft,
    correct_update,
    make_area,
    make_body,
    make_plan,
    make_promise,
    make_public_promise,
    make_signer,
    publish_update,
    reload,
    sign_off_update,
)
from tests.record_factories import make_finding, make_public_event
from tests.size import is_large
from tests.test_plan_files import file_of, take_over

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()
WHY = {
    "why_changed": "We could not hire enough people in time, and had to begin again.",
    "cause": Milestone.Cause.RECRUITMENT,
    "change_agreed_by": "The Improvement Board",
}
PROOF = {"proof": "[The letter](https://example.org/letter)"}


def status_of(promise) -> str:
    return promises.told(Milestone.objects.filter(pk=promise.pk), moments.now()).get().status


def in_days(number: int) -> str:
    return f"{TODAY + dt.timedelta(days=number):%-d %B %Y}"


def counted(number) -> tuple:
    """All that is printed as the number."""
    return (
        number.this_term.counts,
        number.since_start.counts,
        number.ahead.counts,
        {kind: tally.counts for kind, tally in number.by_kind.items()},
        number.by_confirmer,
        number.without_date,
        number.corrected,
        number.slipped_back,
        number.splits,
    )


# Status


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"due_words": in_days(0)}, Status.NOT_STARTED),
        ({"due_words": in_days(0), "started_note": "We began."}, Status.ON_TRACK),
        ({"due_words": in_days(-1)}, Status.LATE),
        ({"due_words": in_days(-1), "started_note": "We began."}, Status.LATE),
        ({"due_words": "TBC"}, Status.NO_DATE),
        ({"due_words": "", "started_note": "We began."}, Status.NO_DATE),
        ({"due_words": "May 2022", "done_on": dt.date(2022, 5, 31), **PROOF}, Status.ON_TIME),
        ({"due_words": "May 2022", "done_on": dt.date(2022, 6, 1), **PROOF}, Status.DONE_LATE),
        ({"due_words": "", "done_on": dt.date(2022, 6, 1), **PROOF}, Status.DONE),
        (
            {"due_words": "May 2022", "could_not_because": "No money.", "instead": "Nothing."},
            Status.COULD_NOT,
        ),
        (
            {
                "due_words": "May 2022",
                "done_on": dt.date(2022, 5, 1),
                "slipped_back_on": dt.date(2022, 9, 1),
                "slipped_back_because": "Two people left.",
                **PROOF,
            },
            Status.LATE,
        ),
    ],
)
def test_the_status_follows_from_the_facts(fields, status):
    assert status_of(make_public_promise(**fields)) == status


def test_a_new_date_does_not_make_a_late_promise_less_late():
    promise = make_public_promise(due_words="May 2022")

    promise = correct_update(promise, by=promise.created_by, due_words=in_days(90), **WHY)

    assert status_of(promise) == Status.LATE
    told = promises.told(Milestone.objects.filter(pk=promise.pk), moments.now()).get()
    # The line of dates beside it says the new one: nothing is said twice.
    assert list(remarks.remarks(told, moments.now())) == []


def test_nobody_is_told_on_track_of_what_was_not_checked_for_60_days(time_machine):
    begun, checked, dateless = (
        make_public_promise(due_words=due, started_note="We began.")
        for due in ("May 2099", "May 2099", "")
    )
    begin = timezone.now()
    time_machine.move_to(begin + dt.timedelta(days=50))
    round_ = ProgressRound(title="Check", checked_on=timezone.localdate())
    round_ = actions.start_document(round_, slug="check", by=begun.created_by)
    check_unchanged(round_, [checked.document_id], by=begun.created_by)
    publish_update(reload(round_))
    assert status_of(begun) == Status.ON_TRACK

    time_machine.move_to(begin + dt.timedelta(days=62))

    assert status_of(begun) == Status.NOT_CHECKED
    assert status_of(checked) == Status.ON_TRACK
    told = promises.told(Milestone.objects.filter(pk__in=[begun.pk, dateless.pk]), moments.now())
    since = f"Not checked since {begin.astimezone(moments.LONDON):%-d %B %Y}."
    assert [list(remarks.remarks(each, moments.now())) for each in told] == [[since], [since]]


def test_the_pages_change_by_themselves_at_the_midnight_after_a_date():
    make_public_promise(due_words=in_days(5))

    at = promises.next_change_after(moments.now())

    assert at == moments.midnight_after(TODAY + dt.timedelta(days=5))


# The number


def test_the_number_counts_what_is_due_and_nothing_else():
    make_public_promise(due_words="May 2022", done_on=dt.date(2022, 5, 1), **PROOF)
    make_public_promise(due_words="May 2022", kind=Milestone.Kind.STEP)
    make_public_promise(due_words=in_days(40))
    make_public_promise(due_words="to be confirmed")
    make_promise(due_words="May 2022")  # a draft

    number = promises.number(moments.now())

    assert (number.since_start.on_time, number.since_start.total) == (1, 2)
    assert number.by_kind["felt"].total == number.by_kind["step"].total == 1
    assert number.by_confirmer == {"we": 1}
    assert (number.ahead.total, number.without_date, number.total) == (1, 1, 4)
    assert number.since_start.share == ""  # two promises are too few for a share


def test_a_replaced_promise_still_counts_against_its_own_first_date():
    old = make_public_promise(due_words="May 2022")
    new = make_public_promise(due_words=in_days(90), origin=old.document)

    correct_update(old, by=old.created_by, replaced_by=new.document)

    number = promises.number(moments.now())
    assert number.since_start.counts == {Status.REPLACED: 1}


def test_splitting_a_promise_in_three_is_listed(client):
    old = make_public_promise(due_words="May 2022", title="Train every school")
    parts = [make_public_promise(due_words=in_days(90), origin=old.document) for _ in range(3)]
    correct_update(old, by=old.created_by, replaced_by=parts[0].document)

    number = promises.number(moments.now())

    assert number.splits == [promises.Split(old.document_id, 3)]
    page = " ".join(client.get("/plan/").text.split())
    assert "Train every school</a> was split into 3 promises." in page


def test_a_preview_counts_as_if_it_were_public():
    draft = make_promise(due_words="May 2022")

    assert promises.number(moments.preview(draft.release)).since_start.total == 1
    assert promises.number(moments.now()).since_start.total == 0


def test_three_queries_count_any_number_of_promises(django_assert_num_queries):
    for _ in range(3):
        make_public_promise()

    with django_assert_num_queries(3):
        promises.number(moments.now())


# What can never change it


class Story:
    """A site to which anything may happen, one deed after another."""

    def __init__(self):
        self.publisher = make_signer(make_body())
        self.areas = [publish_update(make_area(n), publisher=self.publisher) for n in (1, 2)]
        self.plans = [publish_update(make_plan(), publisher=self.publisher) for _ in range(2)]
        self.number = count(1000)
        self.events: list[TimelineEvent] = []
        self.promises = [self.make() for _ in range(3)]

    def draft(self, **fields):
        values = {"due_words": "May 2022", "who": "Zoe Zed", "areas": self.areas[:1], **fields}
        return make_promise(ref=str(next(self.number)), **values)

    def make(self, **fields):
        return publish_update(self.draft(**fields), publisher=self.publisher)

    def correct(self, which, **fields):
        promise = self.promises[which]
        values = {**WHY, "change_note": "It changed.", **fields}
        self.promises[which] = correct_update(
            promise, by=promise.created_by, publisher=self.publisher, **values
        )

    def do(self, deed: str, which: int, days: int) -> None:
        getattr(self, deed)(which, days)

    def start_new(self, which, days):
        self.make(due_words=in_days(days))

    def move_date(self, which, days):
        self.correct(which, due_words=in_days(days))

    def reword(self, which, days):
        self.correct(which, title=f"Other words {days}")

    def say_done(self, which, days):
        day, lost_on = day_of(days), self.promises[which].slipped_back_on
        again = lost_on + dt.timedelta(days=1) if lost_on else day
        clean = {"could_not_because": "", "slipped_back_on": None}
        self.correct(which, done_on=max(day, again), **clean, **PROOF)

    def say_done_without_proof(self, which, days):
        promise = self.promises[which]
        author = promise.created_by
        draft = actions.start_edition(promise.document, by=author)
        draft = change_draft(draft, by=author, done_on=day_of(days), proof="", change_note="Done.")
        with pytest.raises(actions.NotAllowed, match="Without proof it is not done"):
            actions.submit(draft.release, by=author)
        actions.discard_draft(draft, by=author)

    def slip_back(self, which, days):
        if done_on := self.promises[which].done_on:
            day = max(done_on, day_of(days))
            self.correct(which, slipped_back_on=day, slipped_back_because="It broke.")

    def give_up(self, which, days):
        if not self.promises[which].is_kept:
            self.correct(which, could_not_because="No money.", instead="Nothing.")

    def replace(self, which, days):
        self.correct(which, replaced_by=self.make().document)

    def split(self, which, days):
        for _ in range(3):
            self.make(origin=self.promises[which].document, done_on=day_of(days), **PROOF)

    def find_an_earlier_date(self, which, days):
        day = self.promises[which].first_due_on - dt.timedelta(days=1 + abs(days))
        found = {"first_promised_words": f"{day:%-d %B %Y}", "first_promised_where": "A letter"}
        self.correct(which, **found)

    def import_from_elsewhere(self, which, days):
        draft = self.draft(
            due_words="May 2021",
            done_on=dt.date(2021, 5, 1),
            source="The plan of 2020",
            source_date="October 2020",
            originally_at=dt.datetime(2020, 10, 31, 12, tzinfo=dt.UTC),
            **PROOF,
        )
        sign_off_update(draft, publisher=self.publisher)
        actions.import_from_elsewhere(draft.release, by=self.publisher)

    def import_a_workbook(self, which, days):
        """It brings another date for one promise, and a new one."""
        promise = self.promises[which]
        row = [promise.ref, promise.title, in_days(days), *WHY.values()]
        new = [str(next(self.number)), f"From Excel {days}", "May 2022", *[""] * len(WHY)]
        new = [*new, "step", "Council", "Head of team", "A list."]
        file = file_of([*row, *[""] * 4], new, by=promise.created_by, headings=OF_WORKBOOK)
        take_over(file, by=promise.created_by)
        draft = file.release.editions.first().concrete
        publish_update(draft, publisher=self.publisher)
        self.promises[which] = newest(promise.document_id)

    def inspectors_agree(self, which, days):
        finding = make_finding(verdict="enough", promise=self.promises[which].document)
        event = make_public_event(publisher=self.publisher, parts=[finding])
        self.events = [*self.events, event]

    def take_down_what_they_said(self, which, days):
        for event in self.events:
            actions.withdraw(
                event.document, by=self.publisher, reason="It named a child.", reaches_past=True
            )
        self.events = []

    def move_to_other_plan(self, which, days):
        self.correct(which, of_plan=self.plans[days % 2].document)

    def move_to_other_area(self, which, days):
        promise = self.promises[which]
        author = promise.created_by
        draft = actions.start_edition(promise.document, by=author)
        draft.areas.update(area=self.areas[1].document)
        change_draft(draft, by=author, change_note="It is about another problem.")
        self.promises[which] = publish_update(reload(draft), publisher=self.publisher)

    def redact(self, which, days):
        promise = self.promises[which]
        if "Zoe" in promise.who:
            actions.redact(
                promise.document, by=self.publisher, words=["Zoe Zed"], reason="A private person."
            )
            self.promises[which] = reload(promise)

    def withdraw(self, which, days):
        with pytest.raises(actions.NotAllowed):
            actions.withdraw(self.promises[which].document, by=self.publisher, reason="We want to.")


DEEDS = [
    Story.say_done,
    Story.inspectors_agree,
    Story.take_down_what_they_said,
    Story.move_date,
    Story.import_from_elsewhere,
    Story.import_a_workbook,
    Story.say_done_without_proof,
    Story.split,
    Story.find_an_earlier_date,
    Story.start_new,
    Story.reword,
    Story.slip_back,
    Story.give_up,
    Story.replace,
    Story.move_to_other_plan,
    Story.move_to_other_area,
    Story.redact,
    Story.withdraw,
]
OF_WORKBOOK = [
    "Reference",
    "Promise",
    "By when",
    "Why its date or words change",
    "Cause of the change",
    "Who agreed to the change",
    "What kind",
    "Council or NHS",
    "Who is responsible",
    "How we will know",
]


def day_of(days: int) -> dt.date:
    return dt.date(2022, 5, 31) + dt.timedelta(days=days)


def newest(document: int) -> Milestone:
    return Milestone.objects.filter(document=document).latest("number")


@pytest.fixture
def beginning(db) -> Story:
    """Where each story begins: what is done in it is undone before the next."""
    return Story()


@contextmanager
def told_from(beginning: Story) -> Iterator[Story]:
    story = copy(beginning)
    story.promises = list(beginning.promises)
    with transaction.atomic():
        yield story
        transaction.set_rollback(True)


names = st.sampled_from([deed.__name__ for deed in DEEDS])
deeds = st.lists(
    st.tuples(names, st.integers(0, 2), st.integers(-400, 400)),
    min_size=1,
    max_size=6,
)
few = settings(
    max_examples=200 if is_large() else 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@example([(deed.__name__, 0, 90) for deed in DEEDS])  # whatever chance chooses, each deed once
@given(deeds)
def test_no_sequence_of_deeds_betters_what_was_known_or_makes_late_on_time_unseen(beginning, deeds):
    with told_from(beginning) as story:
        known = []
        for deed in deeds:
            moment, before = moments.now(), standing()
            known.append((moment, counted(promises.number(moment))))
            lines = LedgerEntry.objects.count()
            story.do(*deed)
            now = standing()
            for document in before.keys() & now.keys():
                check_what_became_of(before[document], now[document], lines)
            if deed[0] == "split":
                split = story.promises[deed[1]].document_id
                into = {
                    each.document_id: each.into for each in promises.number(moments.now()).splits
                }
                assert into[split] >= 3

        for moment, before in known:
            assert counted(promises.number(moment)) == before


def check_what_became_of(before: Milestone, now: Milestone, lines_before: int) -> None:
    """On time only by an edition of its own that gives a day and shows it."""
    assert now.first_due_on <= before.first_due_on
    if now.status == Status.ON_TIME != before.status:
        assert now.pk != before.pk
        assert now.done_on != before.done_on
        assert now.proof
        new_lines = LedgerEntry.objects.order_by("id")[lines_before:]
        assert now.pk in {line.edition_id for line in new_lines}


def standing() -> dict[int, Milestone]:
    moment = moments.now()
    told = promises.told_as_known(Milestone.objects.known_at(moment), moment)
    return {promise.document_id: promise for promise in told}


def test_what_is_imported_later_changes_no_earlier_number():
    """It counts with its original dates from the day on which this site learned of it."""
    before = moments.now()
    draft = make_promise(
        due_words="May 2022",
        source="The plan of 2021",
        source_date="October 2021",
        originally_at=dt.datetime(2021, 10, 31, 12, tzinfo=dt.UTC),
    )
    sign_off_update(draft)

    actions.import_from_elsewhere(draft.release, by=make_signer(make_body()))

    assert promises.number(before).total == 0
    assert promises.number(moments.end_of(dt.date(2022, 1, 1))).total == 0
    assert promises.number(moments.now()).since_start.counts == {Status.LATE: 1}


def test_a_check_imported_later_is_told_on_its_day_and_changes_no_number(client):
    """The day's own pages list the check: a promise must not say beside it that nobody looked."""
    signer = make_signer(make_body())
    stood = {"source": "The plan of 2021", "source_date": "May 2021"}
    promise = make_promise(
        due_words="2099",
        started_note="We began.",
        originally_at=dt.datetime(2021, 5, 1, 12, tzinfo=dt.UTC),
        **stood,
    )
    actions.import_from_elsewhere(sign_off_update(promise, publisher=signer).release, by=signer)
    before, checked_on = moments.now(), TODAY - dt.timedelta(days=20)
    assert promises.number(before).ahead.counts == {Status.NOT_CHECKED: 1}

    round_ = ProgressRound(title="Check", checked_on=checked_on, **stood)
    round_.originally_at = timezone.now() - dt.timedelta(days=20)
    round_ = actions.start_document(round_, slug="check", by=promise.created_by)
    check_unchanged(round_, [promise.document_id], by=promise.created_by)
    sign_off_update(reload(round_), publisher=signer)
    actions.import_from_elsewhere(round_.release, by=signer)

    day = f"/on/{TODAY - dt.timedelta(days=10)}"
    pages = [
        client.get(path).text
        for path in (f"{day}/plan/", f"{day}{promise.get_absolute_url()}", f"{day}/plan/board/")
    ]
    assert not any("Not checked" in page or "No report since" in page for page in pages)
    assert "1 promise checked, 1 no change." in pages[2]
    assert promises.number(before).ahead.counts == {Status.NOT_CHECKED: 1}
    assert promises.number(moments.now()).ahead.counts == {Status.ON_TRACK: 1}
