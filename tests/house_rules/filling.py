"""Documents of any kind, with a word to look for in each of their texts, made by introspection.

A new kind needs nothing here, unless its facts must fit each other in a way that neither its
constraints nor its `problems()` can be tried for: then it says so in SHAPES.
"""

import datetime as dt
import hashlib
import io
import uuid
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from PIL import Image

from participation.models import Feedback, Follow, Mail, Subscriber, YearlyReport
from programme.loose_date_fields import LooseDateField
from programme.models import ForumLink, LateReason, PlanFile, RememberedHeading, Term
from publishing import actions, attachments
from publishing.actions.lock import publishing_lock
from publishing.models import Attachment, Body, Document, Edition, Part, Problem
from publishing.models.editions import kinds
from publishing.richtext import DerivedField, markdown_fields
from tests import factories, hostile_files

# No year that has begun: a term that is over is listed, and moves a public page.
_years, _words = count(2100), count(0x1000000)


def word(meaning: str) -> str:
    """A word that stands nowhere else: “draftq1000003f”."""
    return f"{meaning}q1{next(_words):07x}".lower()


def new_term(text: str) -> Term:
    """A term, and why its update was late."""
    term = factories.make_term(next(_years))
    LateReason.objects.create(term=term, text="We waited for a number.")
    return term


def new_file(text: str) -> Attachment:
    return attachments.store_pdf(hostile_files.pdf_that_says(text), by=somebody())


def new_picture(text: str) -> Attachment:
    """A picture that no other words have, with a smaller copy; for the same words the same."""
    size = (500, 4)
    seed = hashlib.shake_256(text.encode()).digest(size[0] * size[1] * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", size, seed).save(out, "PNG")
    return attachments.store_picture(out.getvalue(), by=somebody())


def new_document(text: str) -> Document:
    """One that nothing else is known of: a page may lead to what is not public."""
    kind = kinds()[0]._meta.label_lower
    return Document.objects.create(kind=kind, slug=f"target-{next(_words):07x}")


def new_plan_file(text: str) -> PlanFile:
    """What staff brought in from Excel, and what they said of its headings: never public."""
    RememberedHeading.objects.create(heading=f"{text} heading")
    columns = {f"{text} heading": "title"}
    rows = [[2, {f"{text} heading": ["A2", f"{text} promise", ""]}]]
    return PlanFile.objects.create(
        name=f"{text}.xlsx",
        uploaded_by=somebody(),
        headings=[*columns],
        columns=columns,
        rows=rows,
    )


def new_reader(text: str) -> Subscriber:
    """Somebody who gets our e-mails, and one that waits for her: never public."""
    name = text or "reader"
    reader = Subscriber.objects.create(email=f"{name}@example.org")
    follow = Follow.objects.create(subscriber=reader, what="everything")
    Mail.objects.create(
        purpose="ask", subscriber=reader, follow=follow, counted_on=dt.date(2022, 7, 1)
    )
    return reader


def new_message(text: str, *, to_duty=False) -> Feedback:
    """What somebody told us, and a report of an older year: of both only the report is public."""
    YearlyReport.objects.get_or_create(
        year=2020,
        defaults={"tables": [{"title": "Who", "rows": [["A", "about 5"]]}], "by": somebody()},
    )
    feedback, _ = Feedback.objects.receive(token=text, words=f"{text} words", page="/")
    feedback.original = f"{text} original"
    feedback.is_for_duty = to_duty
    feedback.save()
    feedback.hold(f"{text} held", somebody())
    return feedback


def document_for(field: models.Field) -> Document:
    """The first public document that the field may lead to; else a new one of such a kind."""
    fitting = Document.objects.complex_filter(field.get_limit_choices_to())
    found = fitting.filter(editions__published_at__isnull=False).order_by("pk").first()
    if found or not field.get_limit_choices_to():
        return found or new_document("")
    for kind in kinds():
        # The model that asks may be on its way itself: a page cannot wait for its own kind.
        with transaction.atomic():
            document = Document.objects.create(
                kind=kind._meta.label_lower, slug=f"target-{next(_words):07x}"
            )
            if fitting.filter(pk=document.pk).exists():
                if kind in _making:
                    return document
                document.delete()
                return make_public(kind, word("target")).document
            document.delete()
    return pytest.fail(f"No kind fits {field.get_limit_choices_to()} of {field}.")


def somebody(text: str = ""):
    return get_user_model().objects.first() or factories.make_user("author")


# How to make the row that a foreign key leads to.
MAKERS = {
    Term: new_term,
    Attachment: new_file,
    Body: lambda text: Body.objects.first() or factories.make_body(),
    get_user_model(): somebody,
}
# Kinds (or their parts) whose facts must fit each other: by label, a function from the values that
# introspection found to those that are saved. {"programme.Milestone": lambda values: {…}}
SHAPES: dict[str, Callable[[dict], dict]] = {}
# A value for a column that needs one and holds no words.
VALUES = {
    models.BooleanField: True,
    models.DateField: dt.date(2021, 11, 3),
    models.DateTimeField: dt.datetime(2021, 11, 3, 12, tzinfo=dt.UTC),
    models.DecimalField: 1,
    models.DurationField: dt.timedelta(days=1),
    models.FloatField: 1,
    models.IntegerField: 1,
    models.JSONField: {},
    models.TimeField: dt.time(12),
    models.UUIDField: uuid.uuid4,
}
LOOKS = {
    LooseDateField: "3 November 2021 ({word} {name})",
    models.EmailField: "{word}@example.org",
    models.URLField: "https://example.org/{word}",
    models.SlugField: "{word}",
}
# Columns whose words must fit those of another column, by their full name.
OWN_LOOKS = {
    # Earlier than the date of the promise itself, or it would be no correction.
    "programme.Milestone.first_promised_words": "3 November 2020 ({word} {name})",
}
# Kinds whose first edition is being made: they cannot wait for one of themselves.
_making: list[type[Edition]] = []


def words_for(field: models.Field, text: str) -> str:
    look = OWN_LOOKS.get(str(field)) or next(
        (look for kind, look in LOOKS.items() if isinstance(field, kind)), "{word} {name}"
    )
    return look.format(word=text, name=field.name)[: field.max_length]


def is_words(field: models.Field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return is_text and not isinstance(field, models.FileField | DerivedField)


def staff_kinds() -> list[type[Edition]]:
    """The kinds of which staff make drafts: the others are what somebody says through a link."""
    return [kind for kind in kinds() if kind.SPEAKS_THROUGH is None]


def can_come_down(kind: type[Edition]) -> bool:
    """Some pages are never taken down: who tries is told what to do instead."""
    return not kind.WHY_NEVER_WITHDRAWN


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """The columns that a writer fills in."""
    without = model.NOT_CONTENT | {"is_minor", "key", "position"}
    if issubclass(model, Edition):
        without |= {"source", "source_date", "originally_at"}  # only what stood elsewhere has them
    return [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, DerivedField)
        and field.name not in without
        and not (field.remote_field and field.remote_field.parent_link)
    ]


def fill(model: type[models.Model], text: str, *, turn: int = 0, is_full: bool = False) -> dict:
    """Values for a new row, with the words in every text.

    `turn` says which of its choices a field takes; `is_full` fills also what may be left empty.
    """
    values = {
        field.name: value_for(field, text, turn)
        for field in fields_of(model)
        if is_words(field)
        or not (field.null or field.has_default())
        or (is_full and not leads_to_itself(field))
    }
    return SHAPES.get(model._meta.label, dict)(values)


def leads_to_itself(field: models.Field) -> bool:
    """It may be empty, and what it leads to is what is being made: filling it would not end."""
    return bool(field.remote_field) and field.null and bool(_making[1:])


def value_for(field: models.Field, text: str, turn: int = 0):
    if field.remote_field:
        return row_for(field, text)
    if field.choices:
        choices = [value for value, _ in field.flatchoices]
        return choices[turn % len(choices)]
    if is_words(field):
        return words_for(field, text)
    for kind in type(field).mro():
        if kind in VALUES:
            return VALUES[kind]() if callable(VALUES[kind]) else VALUES[kind]
    return pytest.fail(f"Add a value for a {type(field).__name__} to VALUES in {__name__}.")


def row_for(field: models.Field, text: str) -> models.Model:
    if field.related_model is Document:
        return document_for(field)
    maker = MAKERS.get(field.related_model)
    if maker is None:
        pytest.fail(
            f"{field.model.__name__}.{field.name} needs a {field.related_model.__name__}, and "
            f"nobody knows how to make one. Add it to MAKERS in {__name__}."
        )
    return maker(text)


def parts_for(kind: type[Edition], text: str, *, is_full: bool = False) -> list[Part]:
    """Unsaved parts of each sort: one for every choice that a part offers."""
    parts = []
    for model in kind.part_models():
        many = max((len(f.flatchoices) for f in fields_of(model) if f.choices), default=1)
        parts += [model(**fill(model, text, turn=turn, is_full=is_full)) for turn in range(many)]
    return parts


# A draft of a kind


# Which way of filling a kind was found to be publishable, by kind and number of the page.
_shapes: dict[tuple[type[Edition], int], dict] = {}


def ways_to_fill(kind: type[Edition], turn: int) -> Iterator[dict]:
    """The page's own turn of its choices first, full and sparse, then the other turns."""
    if (kind, turn) in _shapes:
        yield _shapes[kind, turn]  # most often it fits again, but other pages stand now
    many = max((len(field.flatchoices) for field in fields_of(kind) if field.choices), default=1)
    for each in range(turn, turn + many):
        for is_full in (True, False):
            yield {"turn": each % many, "is_full": is_full}


def make(kind: type[Edition], text: str, *, slug: str = "", by=None, **fields) -> Edition:
    """A draft of the kind that is ready for sign-off, with the words in all its texts.

    Its pages take turns: each has the next of its choices, so that all of them are seen.
    """
    by = by or factories.make_user("author")
    turn = Document.objects.filter(kind=kind._meta.label_lower).count() % 12
    _making.append(kind)
    try:
        for way in ways_to_fill(kind, turn):
            draft, problems = tried(kind, text, way, slug=slug, by=by, **fields)
            if draft:
                _shapes[kind, turn] = way
                return draft
    finally:
        _making.pop()
    return pytest.fail(
        f"No way of filling a {kind._meta.label} can be published. Say in SHAPES of {__name__} "
        f"which of its facts fit each other. What is wrong: {problems}"
    )


def tried(kind, text, way, *, slug, by, **fields) -> tuple[Edition | None, list]:
    """The draft filled in one way, or what stops it from being published."""
    try:
        with transaction.atomic():
            draft = actions.start_document(
                kind(**{**fill(kind, text, **way), **fields}),
                slug=slug or text.partition(" ")[0],
                by=by,
                parts=parts_for(kind, text, is_full=way["is_full"]),
            )
            show_picture(draft, text)
            if problems := draft.problems():
                transaction.set_rollback(True)
                return None, problems
            return draft, []
    except (IntegrityError, ValidationError) as error:
        return None, [Problem("", str(error))]


def show_picture(draft: Edition, text: str) -> None:
    """Puts a picture of its own into the first rich text of the draft, if it has any."""
    for row in (draft, *draft.parts()):
        for field in markdown_fields(type(row)):
            address = new_picture(text).get_absolute_url()
            words = getattr(row, field.attname)
            setattr(row, field.attname, f"{words}\n\n![What it shows]({address})")
            row.save()
            actions.seal_draft(draft)
            return


@transaction.atomic
def rewrite(draft: Edition, text: str, *, by) -> Edition:
    """Puts other words into all texts and files of a draft, as the admin would."""
    draft = factories.reload(draft)
    actions.claim_draft(draft, version=draft.version, by=by)
    for row in (draft, *draft.parts()):
        for field in fields_of(type(row)):
            if is_words(field) or field.name in draft.SAID_ONCE:
                setattr(row, field.name, value_for(field, text))
        if hasattr(row, "attachment"):
            row.attachment = new_file(text)
        row.save()
    show_picture(draft, text)
    actions.seal_draft(draft)
    return factories.reload(draft)


# What somebody says through a link: it has no draft, so one that is not saved stands for it.

_tokens: dict[int, str] = {}  # of the links that were made here, by their keys


def new_forum_link() -> str:
    """The token of a link that stands."""
    link, token = actions.give_link(ForumLink, by=factories.make_signer(a_body()))
    _tokens[link.pk] = token
    return token


def forum_tokens() -> list[str]:
    """Of all links that there are: nobody could read them from the database."""
    every = ForumLink.objects.order_by("pk").values_list("pk", flat=True)
    return [_tokens[pk] for pk in every if pk in _tokens]


def a_body() -> Body:
    return MAKERS[Body]("")


def unsaid(kind: type[Edition], text: str, **fields) -> Edition:
    turn = Document.objects.filter(kind=kind._meta.label_lower).count()
    return kind(**{**fill(kind, text, turn=turn), **fields})


def say(edition: Edition, *, slug: str = "") -> Edition:
    token = next(iter(forum_tokens()), None) or new_forum_link()
    link = ForumLink.objects.holding(token).get()
    edition = actions.say_through_link(edition, link=link, slug=slug)
    return factories.reload(edition)


# Verbs inside one lock are one act: what they leave to its end is done once.
@publishing_lock()
def make_public(kind: type[Edition], text: str, *, slug: str = "", by=None, **fields) -> Edition:
    if kind.SPEAKS_THROUGH:
        return say(unsaid(kind, text, **fields), slug=slug or text.partition(" ")[0])
    return publish(make(kind, text, slug=slug, by=by, **fields))


@publishing_lock()
def publish(draft: Edition) -> Edition:
    return say(draft) if draft.spoken_by else factories.publish_update(draft)


@publishing_lock()
def correct(edition: Edition, text: str, *, by=None) -> Edition:
    """A draft of the next edition, with other words in all its texts."""
    if edition.spoken_by:
        return unsaid(type(edition), text, document=edition.document)
    by = by or edition.created_by
    return rewrite(actions.start_edition(edition.document, by=by), text, by=by)


# Pages of many kinds, which go out in one release: as quickly as one


Words = dict[type[Edition], str]
Pages = dict[type[Edition], Edition]


@publishing_lock()
def together(drafts: Pages) -> Pages:
    """The drafts, in one release."""
    first, *others = [draft for draft in drafts.values() if not draft.spoken_by]
    for other in others:
        actions.join_release(other, first.release, by=other.created_by)
    return fresh(drafts)


def fresh(pages: Pages) -> Pages:
    return {kind: factories.reload(page) if page.pk else page for kind, page in pages.items()}


@publishing_lock()
def make_public_together(words: Words, *, slug: str = "", says_in_files: str = "") -> Pages:
    """`slug`: what their addresses begin with, and what their files say, if not their words."""
    slugs = {kind: word(slug) if slug else "" for kind in words}
    drafts = {
        kind: make(kind, text, slug=slugs[kind])
        for kind, text in words.items()
        if not kind.SPEAKS_THROUGH
    }
    for draft in drafts.values() if says_in_files else ():
        draft.files.update(attachment=new_file(says_in_files))
        actions.seal_draft(draft)
    pages = publish_together(together(drafts)) if drafts else {}
    said = {
        kind: make_public(kind, text, slug=slugs[kind])
        for kind, text in words.items()
        if kind.SPEAKS_THROUGH
    }
    return {kind: {**pages, **said}[kind] for kind in words}


@publishing_lock()
def publish_together(drafts: Pages) -> Pages:
    factories.publish_update(next(draft for draft in drafts.values() if not draft.spoken_by))
    said = {kind: say(draft) for kind, draft in drafts.items() if draft.spoken_by}
    return fresh({**drafts, **said})


@publishing_lock()
def correct_together(pages: Pages, words: Words) -> Pages:
    """Drafts of the next editions, with other words in all their texts."""
    return together({kind: correct(page, words[kind]) for kind, page in pages.items()})
