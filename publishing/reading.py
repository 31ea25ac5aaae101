"""What every kind's public page needs beside its own words: signatures, and where it came from."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Subquery

from publishing.models import EditionQuerySet, SignOff, UnsignedBody
from publishing.moments import Moment

WORDS_A_MINUTE = 180


def whole(editions: EditionQuerySet, moment: Moment) -> EditionQuerySet:
    """Editions of one kind with all that their page shows around its words.

    Anything else raises instead of being fetched: a kind adds its own parts.
    """
    signatures = SignOff.objects.filter(voided_at=None).select_related("body").order_by("at")
    has_signed_since = SignOff.objects.filter(
        release=OuterRef("release"), body=OuterRef("body"), voided_at=None
    )
    missing = UnsignedBody.objects.exclude(Exists(has_signed_since)).select_related("body")
    return (
        with_first_appearance(editions, moment)
        .select_related("document", "release__signed_through")
        .prefetch_related(
            "files__attachment",
            *(
                Prefetch(f"{release}__{relation}", rows)
                for release in ("release", "release__signed_through")
                for relation, rows in (("sign_offs", signatures), ("went_out_without", missing))
            ),
        )
        .fetch_mode(models.FETCH_RAISE)
    )


def with_first_appearance(editions: EditionQuerySet, moment: Moment) -> EditionQuerySet:
    """Adds when and where the first edition of each one's document came out.

    A correction made here has no source, yet its page was still first published elsewhere.
    """
    kind = editions.model
    first = (
        kind.objects.ever_public(moment).filter(document=OuterRef("document")).order_by("number")
    )
    return editions.annotate(
        **{
            f"first_{fact}": Subquery(first.values(fact)[:1])
            for fact in ("published_at", "imported_at", "source", "source_date")
        }
    )


def edition_called(editions: EditionQuerySet, moment: Moment, slug: str) -> Any:
    """The newest edition of a page that has been public, also of one that was taken down.

    A list of many pages may go on from it: `slug` is what a reader's address bar says. None for
    whatever names no such page.
    """
    if "\0" in slug:  # PostgreSQL cannot even look for it
        return None
    named = editions.ever_public(moment).filter(document__slug=slug)
    return named.order_by("-number").first()


def minutes_to_read(text: str) -> int:
    return max(1, round(len(text.split()) / WORDS_A_MINUTE))
