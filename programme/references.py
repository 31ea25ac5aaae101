"""References of promises, as in the plan: “1.1”. A promise's address begins with it, for ever."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CharField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Lower, LPad, Replace, StrIndex, Substr

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


def in_plan_order(slug: str) -> Combinable:
    """To sort by, as a plan counts: 1.2 before 1.10, and both before 10.1.

    `slug` names the field with the addresses. Only the first three numbers count.
    """
    whole = Concat(slug, Value("-"))  # an address may have but one piece
    rest: Combinable = Concat(Substr(whole, 1, StrIndex(whole, Value("-")) - 1), Value("___"))
    padded = []
    for _ in range(3):
        end = StrIndex(rest, Value("_"))
        padded.append(LPad(Substr(rest, 1, end - 1), LONGEST_REF, Value("0")))
        rest = Substr(rest, end + 1)
    return Concat(*padded, output_field=CharField())


def documents_by_ref(refs: Iterable[str] | None = None) -> dict[str, int]:
    """The keys of the documents of all promises, or of those with one of the references.

    A reference is in small letters, as `ref_in` reads it from the address.
    """
    end = StrIndex(Concat("slug", Value("-")), Value("-"))
    ref = Lower(Replace(Substr("slug", 1, end - 1), Value("_"), Value(".")))
    documents = Document.objects.filter(kind=KIND).annotate(ref=ref)
    if refs is not None:
        documents = documents.filter(ref__in=[each.casefold() for each in refs])
    return dict(documents.values_list("ref", "pk"))
