"""Which cards the address asks for: of a problem, of a group, with an outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Q

from programme import reading
from publishing.chips import Chip, Choice, chosen
from publishing.moments import Moment
from updates import you_said
from updates.models import YouSaidWeDid

Group, Outcome = YouSaidWeDid.Group, YouSaidWeDid.Outcome
# By the name in the address, what its row of chips is called.
FILTERS = {"outcome": "What became of it", "who": "Who said it", "problem": "About which problem"}
ICONS = {
    Outcome.DONE: "done",
    Outcome.DOING: "track",
    Outcome.WILL: "note",
    Outcome.CANNOT: "stop",
    Outcome.DECIDING: "think",
}


@dataclass
class Asked:
    """What the address asks for, as far as it makes sense."""

    chosen: dict[str, Choice] = field(default_factory=dict)
    before: YouSaidWeDid | None = None
    was_ignored: bool = False

    @property
    def in_words(self) -> str:
        """For the title of the page: “Done, Parents and carers, before “Quiet rooms””."""
        words = [choice.label for choice in self.chosen.values()]
        if self.before:
            words.append(f"before “{self.before.title}”")
        return ", ".join(words)

    @property
    def is_narrowed(self) -> bool:
        """By more than the outcome, whose chips are always in sight."""
        return bool(self.chosen.keys() - {"outcome"})

    def url(self, **changes: str) -> str:
        """The address of the same list, with some of it changed; from its newest card."""
        chosen = {name: self.chosen[name].value for name in FILTERS if name in self.chosen}
        # In one order, so that what is asked has one address.
        values = dict.fromkeys(FILTERS, "") | chosen | changes
        return f"?{urlencode({name: value for name, value in values.items() if value})}"


@dataclass
class Listing:
    page: you_said.CardsPage
    asked: Asked
    rows: dict[str, list[Chip]]  # of chips, by their names in FILTERS

    @property
    def next_url(self) -> str:
        older = self.page.older_than
        return self.asked.url(before=older) if older else ""

    @property
    def filters(self) -> list[tuple[str, list[Chip]]]:
        """What is not always in sight."""
        return [(FILTERS[name], row) for name, row in self.rows.items() if name != "outcome"]


def listing(asked_for: dict, moment: Moment) -> Listing:
    """One page of cards. Six queries, however many there are."""
    cards = you_said.standing_cards(moment)
    options = choices(cards, moment)
    asked = read(asked_for, options, moment)
    shown = cards.filter(*(choice.filter for choice in asked.chosen.values()))
    page = you_said.cards_page(shown, moment, before=asked.before)
    return Listing(
        page, asked, {name: row for name in FILTERS if (row := chips(name, options, asked))}
    )


def choices(cards, moment: Moment) -> dict[str, list[Choice]]:
    """What there is to choose from: nothing that would lead to an empty list."""
    there = set(cards.order_by().values_list("outcome", "group", "of_area").distinct())
    outcomes, groups, areas = (
        (set(values) for values in zip(*there, strict=True)) if there else ((),) * 3
    )
    others = Q(group__in=("", Group.OTHER))
    return {
        "outcome": [Choice(o.value, o.label, Q(outcome=o)) for o in Outcome if o in outcomes],
        "who": [
            Choice(g.value, g.label, others if g is Group.OTHER else Q(group=g))
            for g in Group
            if g in groups or (g is Group.OTHER and "" in groups)
        ],
        "problem": [
            Choice(str(a.area_number), a.title, Q(of_area=a.document_id), a.short_name)
            for a in reading.areas(moment)
            if a.document_id in areas
        ],
    }


def read(asked_for: dict, options: dict[str, list[Choice]], moment: Moment) -> Asked:
    """What cannot be understood is ignored, and the page says so."""
    asked = Asked()
    asked.chosen, asked.was_ignored = chosen(asked_for, options)
    if wanted := asked_for.get("before", ""):
        asked.before = you_said.card_called(wanted, moment)
        asked.was_ignored |= asked.before is None
    return asked


def chips(name: str, options: dict[str, list[Choice]], asked: Asked) -> list[Chip]:
    """A row, if there are at least two to choose from."""
    current = asked.chosen.get(name)
    if len(options[name]) < 2 and current is None:
        return []
    row = [Chip("All", asked.url(**{name: ""}), current is None)]
    for choice in options[name]:
        icon = ICONS[Outcome(choice.value)] if name == "outcome" else ""
        more = choice.label if choice.short else ""
        url = asked.url(**{name: choice.value})
        row.append(Chip(choice.short or choice.label, url, choice is current, icon=icon, more=more))
    return row
