"""Rule 3: publication facts have one writer, moments one maker, and no moment is to come."""

import ast
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from publishing import models, moments
from publishing.moments import InTheFuture, Moment

FOLDERS = sorted(path.parent for path in settings.BASE_DIR.glob("*/__init__.py"))
PRODUCT = [folder for folder in FOLDERS if folder.name not in {"tests", "benchmarks"}]

# Columns that say when something was or stopped being public, and rows that are facts.
FACTS = set(
    "published_at published_by published_by_id superseded_at imported_at submitted_at "
    "submitted_by submitted_by_id voided_at is_minor is_waiting launched_at redacting "
    "next_change_at until_at".split()
)
FACT_MODELS = [
    models.EditionEditor,
    models.LedgerEntry,
    models.LedgerText,
    models.SentBack,
    models.SignOff,
    models.SiteVersion,
    models.SmallFixConfirmation,
    models.UnsignedBody,
    models.Withdrawal,
]
WRITES = set(
    "create acreate update aupdate delete adelete get_or_create update_or_create bulk_create "
    "bulk_update add set remove clear save asave".split()
)
SPEAKS_SQL = {"execute", "executemany", "executescript", "raw", "cursor", "RunSQL"}
# Where SQL is spoken, and about what: never about facts.
SPEAKERS = {
    "publishing/guards/": "triggers",
    "publishing/search/index.py": "the index of words, which triggers keep",
    "publishing/sizes.py": "how large tables are",
}
ROOMS = "publishing/actions/"
# Writers outside of it: where, in which function, and why.
ALLOWED = {
    ("publishing/ledger.py", "append"): "the one pen of the ledger; the actions call it",
    ("publishing/ledger.py", "words"): "unsaved: what `append` is about to write",
    ("publishing/richtext/fields.py", "pre_save"): "HTML, from the text beside it",
    ("publishing/guards/upkeep.py", "remake"): "makes the row that is the lock",
    (
        "programme/loose_date_fields.py",
        "contribute_to_class",
    ): "gives a model its field and its reader",
    ("programme/loose_date_fields.py", "set_meaning"): "the days that the words beside them mean",
    ("programme/models/milestones.py", "carry_on"): "a draft’s first date, from the edition before",
    ("publishing/keystrokes.py", "tidy_columns"): "what was typed into a draft, in one spelling",
    ("website/telling.py", "rewrite"): "what a story says anew, into a draft that was claimed",
    ("website/telling.py", "replace_once"): "words of the texts of that draft",
}
SAVES = {"save", "delete"}
# Who saves or deletes rows at all, outside the actions: where, in which function, and what.
SAVERS = {
    ("participation/admin/feedback.py", "save_model"): "a message, after its version was claimed",
    ("participation/feedback_erasing.py", "forget_in_draft"): "words kept no longer, in a draft",
    ("participation/models/counts.py", "forget_before"): "that something came on an older day",
    ("participation/models/feedback.py", "duty_is_done"): "what somebody told us; never public",
    ("participation/models/feedback.py", "hold"): "what somebody told us; never public",
    ("participation/models/feedback.py", "let_go"): "what somebody told us; never public",
    ("participation/models/feedback.py", "pass_to_duty"): "what somebody told us; never public",
    ("participation/models/subscribers.py", "choose"): "what a reader follows; never public",
    ("participation/models/subscribers.py", "confirm"): "what a reader follows; never public",
    ("participation/models/subscribers.py", "erase"): "forgets a reader; never public",
    ("participation/models/subscribers.py", "stop"): "what a reader follows; never public",
    ("participation/outbox.py", "send"): "a mail with nothing left to say; never public",
    ("participation/retention.py", "erase"): "what is kept no longer",
    ("programme/admin/plan_file_forms.py", "save"): "what the headings of a file mean",
    ("programme/admin/plan_files.py", "add_view"): "a file of staff; never public",
    ("programme/admin/plan_files.py", "columns_view"): "a file of staff; never public",
    ("programme/admin/plan_files.py", "decide"): "a file of staff; never public",
    ("programme/models/milestones.py", "save"): "super(), with what a draft carries on",
    ("programme/spreadsheets/writing.py", "as_workbook"): "a workbook into memory",
    ("programme/workbook/drafting.py", "agree"): "how far a file of staff is",
    ("programme/workbook/drafting.py", "draft_some"): "how far a file of staff is",
    ("publishing/admin/editions.py", "save_formset"): "a draft, after claim_draft",
    ("publishing/admin/editions.py", "save_model"): "a draft, after claim_draft",
    ("publishing/attachments.py", "written"): "a file’s bytes",
    ("publishing/models/editions.py", "save"): "super(), with the HTML of the texts",
    ("publishing/models/ledger.py", "save"): "super(), in the method that refuses",
    ("publishing/models/parts.py", "save"): "super(), with the HTML of the texts",
    ("publishing/pictures.py", "encoded"): "a picture into memory",
    ("updates/promised.py", "add_missing_answers"): "rows of an open draft, as it is saved",
    ("website/models/reports.py", "deal_with"): "what somebody told us; never public",
}
MAKES_A_MOMENT = [["replace"], ["dataclasses", "replace"], ["copy", "replace"]]
MAKES_A_MOMENT += [["moments", "preview"], ["preview"]]
PREVIEWS = {("publishing/admin/beside_the_form.py", "preview"): "staff see the site as it will be"}


@dataclass(frozen=True)
class Offence:
    file: str
    function: str
    line: int
    why: str


def related_names() -> set[str]:
    """How a fact is reached from another row: `release.sign_offs`."""
    relations = [
        field.remote_field.get_accessor_name()
        for model in FACT_MODELS
        for field in model._meta.get_fields()
        if field.many_to_one or (field.one_to_one and field.concrete)
    ]
    return {name for name in relations if name and not name.endswith("+")}


def offences(source: str, file: str) -> Iterator[Offence]:
    for function, node in nodes(ast.parse(source)):
        for why in complaints(node, file, function):
            if not file.startswith(ROOMS) and (file, function) not in ALLOWED:
                yield Offence(file, function, node.lineno, why)


def nodes(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node, with the name of the function around it."""
    for node in ast.iter_child_nodes(tree):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        within = node.name if is_function else function
        yield within, node
        yield from nodes(node, within)


def complaints(node: ast.AST, file: str, function: str) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete):
        targets = getattr(node, "targets", None) or [node.target]
        for target in (inner for each in targets for inner in ast.walk(each)):
            if isinstance(target, ast.Attribute) and target.attr in FACTS:
                yield f"sets {target.attr}"
    if isinstance(node, ast.Dict):
        for key in node.keys:
            if isinstance(key, ast.Constant) and key.value in FACTS:
                yield f"names {key.value} in a dictionary"
    if isinstance(node, ast.Call):
        yield from complaints_about_call(node, file, function)


def complaints_about_call(call: ast.Call, file: str, function: str) -> Iterator[str]:
    name, chain = name_of(call.func), chain_of(call.func)
    facts = {model.__name__ for model in FACT_MODELS}
    if name in facts | {"Edition"} or name in WRITES:
        yield from (f"{name}({k.arg}=…)" for k in call.keywords if k.arg in FACTS)
    if name in facts or (name in WRITES and set(chain[:-1]) & (facts | related_names())):
        yield f"writes {'.'.join(chain)}"
    if name == "setattr" and not (
        isinstance(call.args[1], ast.Constant) and call.args[1].value not in FACTS
    ):
        yield "sets an attribute whose name cannot be read here"
    if name in {"save", "bulk_update", "bulk_create"}:
        named = {n.value for n in ast.walk(call) if isinstance(n, ast.Constant)} & FACTS
        yield from (f"{name} writes {fact}" for fact in named)
    if name in SAVES and "formset" not in chain and (file, function) not in SAVERS:
        yield f"calls {'.'.join(chain)}"
    if name in SPEAKS_SQL and not file.startswith(tuple(SPEAKERS)):
        yield f"speaks SQL: {name}"
    makes_a_moment = chain[-2:] in MAKES_A_MOMENT or name == "Moment"
    if makes_a_moment and file != "publishing/moments.py" and (file, name) not in PREVIEWS:
        yield f"makes a moment: {'.'.join(chain)}"


def name_of(func: ast.expr) -> str:
    return chain_of(func)[-1]


def chain_of(node: ast.AST) -> list[str]:
    """`release.sign_offs.filter(…).update` as its names."""
    if isinstance(node, ast.Attribute):
        return [*chain_of(node.value), node.attr]
    if isinstance(node, ast.Call):
        return chain_of(node.func)
    return [node.id] if isinstance(node, ast.Name) else [""]


def product_files() -> list[Path]:
    files = [file for folder in PRODUCT for file in sorted(folder.rglob("*.py"))]
    return [file for file in files if "migrations" not in file.parts]


def test_only_the_actions_write_publication_facts_and_only_moments_makes_moments():
    found = []
    for file in product_files():
        name = str(file.relative_to(settings.BASE_DIR))
        found += offences(file.read_text("utf-8"), name)

    assert found == []


def test_every_package_of_the_product_is_read():
    names = {folder.name for folder in PRODUCT}
    apps = {app.split(".")[0] for app in settings.INSTALLED_APPS}
    ours = {app for app in apps if (settings.BASE_DIR / app).is_dir()}

    assert {"config", *ours} <= names
    assert {file for file, _ in ALLOWED} <= {
        str(file.relative_to(settings.BASE_DIR)) for file in product_files()
    }


def test_every_function_that_may_save_does():
    """One that no longer does must ask again."""
    saving = {
        (file, function)
        for file in {file for file, _ in SAVERS}
        for function, node in nodes(ast.parse((settings.BASE_DIR / file).read_text("utf-8")))
        if isinstance(node, ast.Call) and name_of(node.func) in SAVES
    }

    assert SAVERS.keys() - saving == set()


@pytest.mark.parametrize(
    "source",
    [
        "edition.published_at = now",
        "edition.superseded_at: object = None",
        "first, edition.published_at = 1, 2",
        "Edition.objects.filter(pk=1).update(superseded_at=None)",
        "TermlyUpdate.objects.update(published_at=None)",
        "Edition(published_at=now)",
        "Edition.objects.update(**{'published_at': now})",
        "edition.save(update_fields=['published_at'])",
        "Edition.objects.bulk_update(rows, ['superseded_at'])",
        "setattr(edition, 'published_at', now)",
        "setattr(edition, name, now)",
        "SignOff(release=release)",
        "models.SignOff.objects.create(release=release)",
        "release.sign_offs.create(body=body)",
        "release.sign_offs.filter(voided_at=None).update(digest='')",
        "release.sign_offs.all().delete()",
        "document.withdrawals.create(reason='x')",
        "Withdrawal.objects.filter(pk=1).delete()",
        "LedgerEntry.objects.bulk_create(lines)",
        "ledger.LedgerText(name='x')",
        "SiteVersion.objects.update(number=F('number') + 1)",
        "SiteVersion.objects.get_or_create(pk=1)",
        "entry.delete()",
        "edition.save()",
        "cursor.execute('UPDATE publishing_edition SET title = 1')",
        "Edition.objects.raw('SELECT 1')",
        "Moment(at=now)",
        "moments.Moment(now, including=release)",
        "dataclasses.replace(moment, at=later)",
        "moments.preview(release)",
    ],
)
def test_the_reader_of_the_code_sees(source):
    assert list(offences(f"def act():\n    {source}\n", "website/views.py"))


def test_who_may_save_in_one_function_may_not_in_the_next():
    [(file, function), *_] = SAVERS

    assert not list(offences(f"def {function}():\n    row.save()\n", file))
    assert list(offences("def another():\n    row.save()\n", file))


@pytest.mark.parametrize(
    "source",
    [
        "Edition.objects.filter(published_at__lte=now, superseded_at=None)",
        "actions.import_from_elsewhere(release, published_at=day)",
        "published_at = edition.published_at",
        "sorted(lines, key=lambda line: line.published_at)",
        "text.replace('a', 'b')",
        "moment.at.replace(hour=0)",
    ],
)
def test_the_reader_of_the_code_lets_pass(source):
    assert list(offences(f"def act():\n    {source}\n", "website/views.py")) == []


# No moment is later than now


def test_no_moment_is_to_come(time_machine):
    time_machine.move_to(dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC), tick=False)
    now = timezone.now()

    assert Moment(at=now).at == moments.now().at == now
    with pytest.raises(InTheFuture):
        Moment(at=now + dt.timedelta(microseconds=1))
    with pytest.raises(InTheFuture):
        moments.end_of(dt.date(2026, 6, 2))
    with pytest.raises(ValueError, match="time zone"):
        Moment(at=now.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("clock", "today"),
    [
        ("2026-06-30T22:59:59+00:00", "2026-06-30"),
        ("2026-06-30T23:00:00+00:00", "2026-07-01"),  # midnight in London, in summer time
        ("2026-12-31T23:59:59+00:00", "2026-12-31"),
        ("2027-01-01T00:00:00+00:00", "2027-01-01"),
    ],
)
def test_today_is_the_day_in_london_and_ends_now(time_machine, clock, today):
    time_machine.move_to(dt.datetime.fromisoformat(clock), tick=False)
    day = dt.date.fromisoformat(today)

    assert moments.now().day == day
    assert moments.end_of(day) == moments.now()
    with pytest.raises(InTheFuture):
        moments.end_of(day + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2022-03-26", "2022-03-26T23:59:59.999999+00:00"),
        ("2022-03-27", "2022-03-27T22:59:59.999999+00:00"),  # the clocks go forward
        ("2022-03-28", "2022-03-28T22:59:59.999999+00:00"),
        ("2022-10-29", "2022-10-29T22:59:59.999999+00:00"),
        ("2022-10-30", "2022-10-30T23:59:59.999999+00:00"),  # the clocks go back
        ("2022-10-31", "2022-10-31T23:59:59.999999+00:00"),
        ("2024-02-29", "2024-02-29T23:59:59.999999+00:00"),
    ],
)
def test_a_past_day_is_its_last_instant_in_london(day, end):
    moment = moments.end_of(dt.date.fromisoformat(day))

    assert moment.at == dt.datetime.fromisoformat(end)
    assert moment.day == dt.date.fromisoformat(day)


def test_every_past_day_is_followed_by_the_next():
    first = dt.date(2014, 9, 1)
    for number in range(3000):
        day = first + dt.timedelta(days=number)
        at = moments.end_of(day).at
        assert at.astimezone(moments.LONDON).date() == day
        after = at + dt.timedelta(microseconds=1)
        assert after.astimezone(moments.LONDON).date() == day + dt.timedelta(days=1)


def test_the_last_day_of_the_calendar_has_not_come_either():
    with pytest.raises(InTheFuture):
        moments.end_of(dt.date.max)
