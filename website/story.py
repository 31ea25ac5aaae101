"""A story in a file: terms, a body and updates that were first published elsewhere."""

import datetime as dt
import tomllib
from pathlib import Path

from django.db import transaction

from programme.models import Term
from publishing import actions, moments
from publishing.models import Body, Document, Edition, Signer
from updates.models import ProgressItem, TermlyUpdate

FOLDER = Path(__file__).parent / "demonstration"


def available() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str, *, author, publisher) -> list[Edition]:
    """Puts a story on the site through the same actions that staff use.

    What is there already stays as it is. Returns the updates that were added.
    Raises NotAllowed as the actions do.
    """
    story = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    body = add_body(story["body"], publisher)
    terms = {term.slug: term for term in map(add_term, story["terms"])}
    return [
        add_update(
            update,
            term=terms[update["term"]],
            source=story["source"],
            author=author,
            publisher=publisher,
            body=body,
        )
        for update in story["updates"]
        if not is_there(update["term"])
    ]


def add_body(facts: dict, publisher) -> Body:
    body, _ = Body.objects.get_or_create(
        name=facts["name"], defaults={"short_name": facts["short_name"], "must_sign": True}
    )
    Signer.objects.get_or_create(body=body, user=publisher, defaults={"post": facts["post"]})
    return body


def add_term(facts: dict) -> Term:
    key = {"year": facts["year"], "season": facts["season"]}
    return Term.objects.get_or_create(**key, defaults=facts)[0]


def is_there(slug: str) -> bool:
    return Document.objects.filter(kind=TermlyUpdate._meta.label_lower, slug=slug).exists()


@transaction.atomic
def add_update(facts: dict, *, term, source: str, author, publisher, body) -> Edition:
    """One update, written by the author, signed and added by the publisher, whole or not at all."""
    update = actions.start_document(
        TermlyUpdate(
            term=term,
            title=facts["title"],
            in_short=facts["in_short"].strip(),
            sorry_for=facts.get("sorry_for", ""),
            nothing_wrong_because=facts.get("nothing_wrong_because", ""),
            source=source,
            source_date=facts["source_date"],
            originally_at=last_instant(facts["stood_by"]),
        ),
        slug=term.slug,
        by=author,
        parts=[ProgressItem(**{**item, "body": unwrap(item["body"])}) for item in facts["items"]],
    )
    actions.submit(update.release, by=author)
    actions.sign_off(update.release, by=publisher, body=body)
    actions.import_from_elsewhere(update.release, by=publisher)
    return update


def unwrap(text: str) -> str:
    """Lines joined to paragraphs; an empty line stands between two."""
    return "\n\n".join(" ".join(block.split()) for block in text.strip().split("\n\n"))


def last_instant(day: dt.date) -> dt.datetime:
    """The end of the day in London: by then it stood, and nothing earlier is known."""
    return moments.end_of(day).at
