"""References of promises, as in the plan: “1.1”. A promise's address begins with it, for ever."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Lower, Replace, StrIndex, Substr

from publishing.models import Document, slug_of

KIND = "programme.milestone"
LONGEST_REF = 20


def ref_in(slug: str) -> str:
    """The reference with which an address begins: “1.1” of “1_1-write-plans”.

    An address has no full stops.
    """
    return slug.partition("-")[0].replace("_", ".")


def slug_of_ref(ref: str) -> str:
    return ref.strip().replace(".", "_")


def address_of(ref: str, title: str) -> str:
    """The last part of the address of a new promise: its reference, then its words."""
    return f"{slug_of_ref(ref)}-{slug_of(title) or 'promise'}"


def next_free_ref() -> str:
    """One more than the highest reference that is a plain number."""
    slugs = Document.objects.filter(kind=KIND).values_list("slug", flat=True)
    return str(highest_number(map(ref_in, slugs)) + 1)


def highest_number(refs: Iterable[str]) -> int:
    """Of references that are plain numbers; 0 if none is."""
    return max((int(ref) for ref in refs if ref.isdecimal()), default=0)


def with_ref() -> QuerySet[Document]:
    """The documents of all promises, each with its `ref` in small letters, as `ref_in` reads it."""
    end = StrIndex(Concat("slug", Value("-")), Value("-"))
    begins = Substr("slug", 1, end - 1)
    ref = Lower(Replace(begins, Value("_"), Value(".")))
    return Document.objects.filter(kind=KIND).annotate(ref=ref)
