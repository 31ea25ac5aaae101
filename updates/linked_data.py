"""Chances to take part in the words of schema.org, for search engines and other machines."""

from __future__ import annotations

from publishing.day_addresses import absolute
from publishing.moments import LONDON
from publishing.richtext import plain
from updates.feeds import printable
from updates.models import Opportunity

VOCABULARY = "https://schema.org"


def event(opportunity: Opportunity) -> dict[str, object]:
    """An Event in JSON-LD; days without times where the times do not count."""
    is_off = opportunity.is_cancelled
    facts: dict[str, object] = {
        "@context": VOCABULARY,
        "@type": "Event",
        "name": printable(opportunity.title),
        "description": printable(plain(opportunity.about)),
        "url": absolute(opportunity.get_absolute_url()),
        "startDate": when(opportunity, opportunity.starts_at),
        "eventStatus": f"{VOCABULARY}/Event{'Cancelled' if is_off else 'Scheduled'}",
        "eventAttendanceMode": f"{VOCABULARY}/{mode(opportunity)}EventAttendanceMode",
        "location": locations(opportunity),
        "organizer": {"@type": "Organization", "name": printable(opportunity.run_by)},
        "audience": {"@type": "Audience", "audienceType": printable(opportunity.for_whom)},
    }
    if opportunity.ends_at:
        facts["endDate"] = when(opportunity, opportunity.ends_at)
    return facts


def when(opportunity: Opportunity, at) -> str:
    local = at.astimezone(LONDON)
    return local.isoformat() if opportunity.is_at_times else local.date().isoformat()


def mode(opportunity: Opportunity) -> str:
    if opportunity.place and opportunity.online:
        return "Mixed"
    return "Offline" if opportunity.place else "Online"


def locations(opportunity: Opportunity) -> list[dict[str, str]]:
    found = []
    if opportunity.place:
        place = printable(opportunity.place)
        found.append({"@type": "Place", "name": place.partition(",")[0], "address": place})
    if opportunity.online:
        url = absolute(opportunity.get_absolute_url())
        found.append({"@type": "VirtualLocation", "url": url})
    return found
