"""What the cells of a file can refer to: bodies, problems, plans, promises, each fetched once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from programme.alike import Titles
from programme.models import Area, Milestone, MilestoneArea, Plan
from programme.references import documents_by_ref
from programme.spreadsheets.cells import normal
from publishing.models import Body, Release


class CannotTake(ValueError):
    """What stands in a cell cannot be meant; the message tells its owner why."""


@dataclass(frozen=True)
class Kept:
    """A promise as staff have it now, and the documents of the problems that it helps to mend."""

    edition: Milestone
    areas: list[int]

    @property
    def state(self) -> str:
        """Another as soon as anybody has changed what it says, or begun a new edition."""
        return f"{self.edition.pk}:{self.edition.digest[:16]}"


class Known:
    """A picture of the plan as staff have it now: the working edition of every page.

    `refs` limits it to the promises with these references: a few rows need no more. The drafts of
    `own_release` are not offered as “the same”: they are other rows of the same file.
    """

    def __init__(self, *, refs: Collection[str] | None = None, own_release: Release | None = None):
        self.refs = refs
        self.own_release = own_release

    @cached_property
    def bodies(self) -> dict[str, int]:
        rows = Body.objects.values_list("pk", "name", "short_name")
        return {normal(word): pk for pk, *words in rows for word in words if word}

    def body(self, text: str) -> int:
        if normal(text) not in self.bodies:
            names = "”, “".join(Body.objects.values_list("name", flat=True))
            raise CannotTake(f"“{text}” is no body that we know. Write “{names}”.")
        return self.bodies[normal(text)]

    @cached_property
    def area_documents(self) -> dict[str, int]:
        areas = Area.objects.working().values_list("area_number", "document")
        return {str(number): document for number, document in areas}

    @cached_property
    def area_numbers(self) -> dict[int, int]:
        return {document: int(number) for number, document in self.area_documents.items()}

    def areas(self, text: str) -> list[int]:
        numbers = re.findall(r"\d+", text)
        missing = [number for number in numbers if number not in self.area_documents]
        if missing or not numbers:
            raise CannotTake(
                f"“{text}”: there is no problem {missing[0]} on this site."
                if missing
                else f"“{text}” names no number of a problem. Write their numbers: 1; 3"
            )
        return [self.area_documents[number] for number in dict.fromkeys(numbers)]

    @cached_property
    def plans(self) -> dict[str, int]:
        rows = Plan.objects.working().values_list("document", "document__slug", "title")
        return {normal(word): document for document, *words in rows for word in words}

    def plan(self, text: str) -> int:
        if normal(text) not in self.plans:
            raise CannotTake(
                f"“{text}” is no plan on this site. Write its title as it stands here."
            )
        return self.plans[normal(text)]

    # Promises

    @cached_property
    def promises(self) -> dict[str, Kept]:
        """The working edition of every promise, by its reference, with what hangs on it."""
        working = Milestone.objects.working()
        if self.refs is not None:
            working = working.filter(document__in=[*documents_by_ref(self.refs).values()])
        areas: dict[int, list[int]] = defaultdict(list)
        for edition, document in MilestoneArea.objects.filter(edition__in=working).values_list(
            "edition", "area"
        ):
            areas[edition].append(document)
        rows = working.select_related("document", "body", "of_plan", "replaced_by")
        return {row.ref.casefold(): Kept(row, areas[row.pk]) for row in rows}

    @cached_property
    def by_title(self) -> dict[str, Kept]:
        """For plans without references: the promises by the words that say what."""
        return {normal(kept.edition.title): kept for kept in self.promises.values()}

    @cached_property
    def documents(self) -> dict[str, int]:
        """The document of every promise, by its reference."""
        return documents_by_ref()

    def promise(self, text: str) -> int:
        ref = text.strip().casefold()
        if ref not in self.documents:
            raise CannotTake(f"There is no promise with the reference {text} on this site yet.")
        return self.documents[ref]

    def like(self, title: str) -> Kept | None:
        """The open promise that says most nearly the same, if one says nearly the same."""
        ref = self.open_titles.like(title)
        return self.promises[str(ref)] if ref is not None else None

    @cached_property
    def open_titles(self) -> Titles:
        own = self.own_release.pk if self.own_release else None
        return Titles(
            {
                ref: kept.edition.title
                for ref, kept in self.promises.items()
                if not kept.edition.is_kept and kept.edition.release_id != own
            }
        )
