"""Days of a test's own calendar, and whole past days of the site as a reader finds them."""

import datetime as dt
import re

from programme.models import Milestone
from publishing import actions
from publishing.models import Body
from tests.factories import make_card, make_promise, make_signer, sign_off_update
from tests.house_rules.walking import links, visit

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
MOVED = {
    "due_words": "June 2026",
    "why_changed": "We could not hire enough people in the spring of this year.",
    "cause": Milestone.Cause.RECRUITMENT,
    "change_agreed_by": "The board",
}
# What a day says of the days after it: there is nothing to lead to before they have come.
MONTH_LATER = re.compile(r'<a href="[^"]*">A month later</a>')
TIMELESS = re.compile(r"\?|/data/.")


def on(days: int, path: str = "/") -> str:
    """The address of a page on the day that is so many days after the first."""
    return f"/on/{(NOON + dt.timedelta(days=days)).date()}{path}"


def day_pages(home: str) -> dict[str, str]:
    """By address, every page that a day's first page leads to, to the byte.

    But for lists with a filter, and what each column of open data means: not of any day.
    """
    found: dict[str, str] = {}
    queue = [home]
    while queue:
        answer = visit(queue.pop())
        assert answer.status == 200, str(answer)
        found[answer.path] = MONTH_LATER.sub("", answer.text)
        wanted = {link for link in links(answer) if link.startswith(home)}
        wanted = {link for link in wanted if not TIMELESS.search(link)}
        queue += wanted - found.keys() - {*queue}
    return found


def imported(author, at: dt.datetime, slug: str):
    """A card that stood elsewhere before this site, with the slug in its title and its words."""
    title = f"Card called {slug}"
    stood = stood_elsewhere(at)
    return bring_in(
        make_card(by=author, slug=slug, title=title, said=f"They said {slug}.", **stood)
    )


def imported_promise(author, at: dt.datetime, name: str, **fields):
    """A promise that stood elsewhere before this site, with the name in its title."""
    title = f"Promise called {name}"
    return bring_in(make_promise(by=author, title=title, **stood_elsewhere(at), **fields))


def stood_elsewhere(at: dt.datetime) -> dict:
    return {"source": "Local Offer", "source_date": f"{at:%B %Y}", "originally_at": at}


def bring_in(draft):
    draft = sign_off_update(draft)
    actions.import_from_elsewhere(draft.release, by=make_signer(Body.objects.get()))
    return draft
