"""Documents of any kind, with a word to look for in each of their texts, made by introspection."""

import datetime as dt
import uuid
from itertools import count

import pytest
from django.contrib.auth import get_user_model
from django.db import models, transaction

from programme.loose_dates import LooseDateField
from programme.models import Term
from publishing import actions, attachments
from publishing.models import Attachment, Body, Document, Edition, Part
from publishing.models.editions import kinds
from tests import factories, hostile_files

_years = count(1900)


def word(meaning: str) -> str:
    """A word that stands nowhere else: “draftq3f9a2c1”."""
    return f"{meaning}q1{uuid.uuid4().hex[:7]}".lower()


def new_term(text: str) -> Term:
    return factories.make_term(next(_years))


def new_file(text: str) -> Attachment:
    return attachments.store_pdf(hostile_files.pdf_that_says(text), by=somebody())


def new_document(text: str) -> Document:
    kind = kinds()[0]._meta.label_lower
    return Document.objects.create(kind=kind, slug=f"target-{uuid.uuid4().hex[:7]}")


def somebody(text: str = ""):
    return get_user_model().objects.first() or factories.make_user("author")


# How to make the row that a required foreign key leads to.
MAKERS = {
    Term: new_term,
    Attachment: new_file,
    Document: new_document,
    Body: lambda text: Body.objects.first() or factories.make_body(),
    get_user_model(): somebody,
}
# A value for a column that needs one and holds no words.
VALUES = {
    models.BooleanField: True,
    models.DateField: dt.date(2021, 11, 3),
    models.DateTimeField: dt.datetime(2021, 11, 3, 12, tzinfo=dt.UTC),
    models.DecimalField: 1,
    models.FloatField: 1,
    models.IntegerField: 1,
    models.JSONField: {},
    models.UUIDField: uuid.uuid4,
}
LOOKS = {
    LooseDateField: "3 November 2021 ({word} {name})",
    models.EmailField: "{word}@example.org",
    models.URLField: "https://example.org/{word}",
    models.SlugField: "{word}",
}


def words_for(field: models.Field, text: str) -> str:
    look = next((look for kind, look in LOOKS.items() if isinstance(field, kind)), "{word} {name}")
    return look.format(word=text, name=field.name)[: field.max_length]


def is_words(field: models.Field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return is_text and not isinstance(field, models.FileField)


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """The columns that a writer fills in."""
    without = model.NOT_CONTENT | {"is_minor", "key", "position"}
    if issubclass(model, Edition):
        without |= {"source", "source_date", "originally_at"}  # only what stood elsewhere has them
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in without and not (field.remote_field and field.remote_field.parent_link)
    ]


def fill(model: type[models.Model], text: str) -> dict:
    """Values for a new row, with the words in every text."""
    return {
        field.name: value_for(field, text)
        for field in fields_of(model)
        if is_words(field) or not (field.null or field.has_default())
    }


def value_for(field: models.Field, text: str):
    if field.remote_field:
        maker = MAKERS.get(field.related_model)
        if maker is None:
            pytest.fail(
                f"{field.model.__name__}.{field.name} needs a {field.related_model.__name__}, and "
                f"nobody knows how to make one. Add it to MAKERS in {__name__}."
            )
        return maker(text)
    if field.choices:
        return field.choices[0][0]
    if is_words(field):
        return words_for(field, text)
    for kind in type(field).mro():
        if kind in VALUES:
            return VALUES[kind]() if callable(VALUES[kind]) else VALUES[kind]
    return pytest.fail(f"Add a value for a {type(field).__name__} to VALUES in {__name__}.")


def parts_for(kind: type[Edition], text: str) -> list[Part]:
    """Unsaved parts of each sort: one for every choice that a part offers."""
    parts = []
    for model in kind.part_models():
        parts.append(model(**fill(model, text)))
        for field in fields_of(model):
            choices = [value for value, _ in field.choices or ()]
            parts += [model(**{**fill(model, text), field.name: value}) for value in choices[1:]]
    return parts


def make(kind: type[Edition], text: str, *, slug: str = "", by=None, **fields) -> Edition:
    """A draft of the kind that is ready for sign-off, with the words in all its texts."""
    return actions.start_document(
        kind(**fill(kind, text), **fields),
        slug=slug or text.partition(" ")[0],
        by=by or factories.make_user("author"),
        parts=parts_for(kind, text),
    )


@transaction.atomic
def rewrite(draft: Edition, text: str, *, by) -> Edition:
    """Puts other words into all texts and files of a draft, as the admin would."""
    draft = factories.reload(draft)
    actions.claim_draft(draft, version=draft.version, by=by)
    for row in (draft, *draft.parts()):
        for field in fields_of(type(row)):
            if is_words(field):
                setattr(row, field.name, words_for(field, text))
        if hasattr(row, "attachment"):
            row.attachment = new_file(text)
        row.save()
    actions.seal_draft(draft)
    return factories.reload(draft)


def make_public(kind: type[Edition], text: str, **fields) -> Edition:
    return factories.publish_update(make(kind, text, **fields))


def correct(edition: Edition, text: str, *, by=None) -> Edition:
    """A draft of the next edition, with other words in all its texts."""
    by = by or edition.created_by
    return rewrite(actions.start_edition(edition.document, by=by), text, by=by)
