"""What the pages of help, duties and words read, and which of them stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F

from publishing import moments
from publishing.day_addresses import of_today
from publishing.models import EditionQuerySet
from publishing.moments import Moment
from publishing.reading import whole
from website.models import InformationPage, PageSection

Purpose = InformationPage.Purpose


def whole_pages(moment: Moment) -> EditionQuerySet:
    return whole(InformationPage.objects.all(), moment).prefetch_related("sections")


def sections_in_order(page: InformationPage) -> list[PageSection]:
    """Words from A to Z; elsewhere what is urgent first, then as staff put them."""
    sections = list(page.sections.all())
    if page.purpose == Purpose.WORDS:
        return sorted(sections, key=lambda section: section.heading.casefold())
    return sorted(sections, key=lambda section: not section.is_urgent)


# Whoever reads a past day reads today: needs help today, and has today's rights.
OF_TODAY = frozenset({Purpose.HELP, Purpose.ACCESSIBILITY, Purpose.PRIVACY, Purpose.COOKIES})


@dataclass
class Navigation:
    """What header and footer may link to: only what stands at the moment, and today what serves
    the reader of a past day.

    Asked by the first template that wants to know, and by none that does not.
    """

    moment: Moment | None
    is_past: bool = False

    @cached_property
    def standing(self) -> dict[str, dict]:
        """The pages that stand, by purpose, each with its `url`."""
        if self.moment is None:
            return {}
        found = links(self.moment)
        if not self.is_past:
            return found
        record = {name: page for name, page in found.items() if name not in OF_TODAY}
        today = links(moments.now())
        served = {name: page for name, page in today.items() if name in OF_TODAY}
        return record | {
            name: page | {"url": of_today(page["url"])} for name, page in served.items()
        }

    @property
    def help(self) -> dict | None:
        """Always linked where nobody can be asked: a page that failed must still lead to help."""
        if self.moment is None:
            return {"url": InformationPage.document_url(Purpose.HELP.value)}
        return self.standing.get(Purpose.HELP)

    @cached_property
    def phone(self) -> PageSection | None:
        """The first number of the page of help that is not for emergencies."""
        if self.moment is None or self.help is None:
            return None
        sections = PageSection.objects.filter(edition=self.help["pk"], is_urgent=False)
        return sections.exclude(phone="").order_by("position", "key").first()

    @property
    def words(self) -> dict | None:
        return self.standing.get(Purpose.WORDS)

    @property
    def footer(self) -> list[dict]:
        """In the order of the purposes; help has a place of its own."""
        return [
            self.standing[purpose]
            for purpose in Purpose.values
            if purpose in self.standing and purpose != Purpose.HELP
        ]


def links(moment: Moment) -> dict[str, dict]:
    pages = InformationPage.objects.as_of(moment).values(
        "pk", "purpose", "title", slug=F("document__slug")
    )
    return {
        page["purpose"]: page | {"url": InformationPage.document_url(page["slug"])}
        for page in pages
    }
