"""Measures, what happened, and who is responsible, as tables."""

from programme import numbers
from programme.models import (
    Finding,
    Holder,
    Measure,
    Quote,
    Reading,
    Role,
    TimelineEvent,
    Voice,
)
from website.open_data.tables import (
    OF_PAGE,
    PUBLISHED,
    Column,
    Table,
    about_page,
    every,
    every_part,
    one_of,
    refers,
)

MEASURES = Table(
    "measures",
    "Measures",
    "What we count: where it started, and what it should be.",
    (
        *about_page(title="What it measures."),
        Column("explanation", "What it tells a family."),
        Column("unit", one_of(numbers.Unit, "What it is counted in."), give="unit"),
        Column("counted", "What is counted."),
        Column(
            "good_direction",
            one_of(Measure.Direction, "Which way is better."),
            give="good_direction",
        ),
        Column("period_type", one_of(Measure.Period, "Each number is for."), give="period_type"),
        Column("numbers_source", "Where the numbers come from.", give="taken_from"),
        Column("compared", "How it is elsewhere."),
        Column("baseline", "The number it started from.", "number", "baseline_value"),
        Column("baseline_period", "When that was."),
        Column("target", "The number it should be.", "number", "target_value"),
        Column("target_words", "By when, in words.", give=lambda row: str(row.target_by)),
        Column("target_on", "The last day of that date.", "date", "target_by_on"),
        Column("target_note", "Who set the target."),
        Column("problem", "The problem that it belongs to.", give=refers("of_area")),
        *PUBLISHED,
    ),
    every(Measure),
)

MEASURE_NUMBERS = Table(
    "measure-numbers",
    "Numbers of the measures",
    "Every number of every measure.",
    (
        *OF_PAGE,
        Column("measure", "What it measures.", give="edition.title"),
        Column("unit", one_of(numbers.Unit, "What it is counted in."), give="edition.unit"),
        Column("period", "For which time, as the source says it."),
        Column("ends_on", "The last day of that time.", "date"),
        Column("actual", "What it was.", "number"),
        Column("limit", one_of(numbers.Limit, "How exact it is."), give="limit"),
        Column("planned", "What was planned.", "number"),
        Column("is_provisional", "True if it may still change.", "boolean"),
        Column("number_source", "Where it is written, if somewhere else.", give="taken_from"),
        Column("note", "What to know about it."),
    ),
    every_part(Reading, Measure),
)

EVENTS = Table(
    "events",
    "What happened",
    "What happened, who says so, and what was expected.",
    (
        *about_page(title="What happened."),
        Column("voice", one_of(Voice, "Who says so."), give="voice"),
        Column("said_by", "Who exactly."),
        Column("happened_words", "When, in words.", give=lambda row: str(row.happened)),
        Column("happened_on", "The last day of that date.", "date"),
        Column(
            "expected_words", "By when it was expected, in words.", give=lambda r: str(r.expected)
        ),
        Column("expected_on", "The last day of that date.", "date"),
        Column("summary", "What happened, in plain words."),
        Column("body", "The text itself, of a letter or a report."),
        Column("event_source", "Where this is written.", give="taken_from"),
        Column("is_turning_point", "True for a turning point.", "boolean"),
        *PUBLISHED,
    ),
    every(TimelineEvent),
)

FINDINGS = Table(
    "findings",
    "What others found",
    "What inspectors, the government and families found.",
    (
        *OF_PAGE,
        Column("event", "What it was found at.", give="edition.title"),
        Column("voice", one_of(Finding.Voice, "Who found it."), give="voice"),
        Column("verdict", one_of(Finding.Verdict, "What they say of it."), give="verdict"),
        Column("words", "What they found."),
        Column("problem", "The problem that it is about.", give=refers("area")),
        Column("promise", "The promise that they say is done.", give=refers("promise")),
        Column("asked", "Who asked families, and how many answered.", give="who_was_asked"),
    ),
    every_part(Finding, TimelineEvent),
)

QUOTATIONS = Table(
    "quotations",
    "Quotations",
    "What people said, word for word.",
    (
        *OF_PAGE,
        Column("event", "What it was said at.", give="edition.title"),
        Column("words", "Their exact words."),
        Column("who", "Who said it."),
        Column("post", "Their post."),
        Column("quote_source", "Where it is written.", give="taken_from"),
    ),
    every_part(Quote, TimelineEvent),
)

ROLES = Table(
    "roles",
    "Posts and boards",
    "Who is responsible, and who checks us.",
    (
        *about_page(title="The post or the board."),
        Column("kind", one_of(Role.Kind, "Responsible, or checks us."), give="kind"),
        Column("form", one_of(Role.Form, "What it is."), give="form"),
        Column("organisation", "For whom."),
        Column("answers_for", "What it is there for."),
        Column("meets", "When they meet."),
        Column("role_source", "Where this is written.", give="taken_from"),
        *PUBLISHED,
    ),
    every(Role),
)

HOLDERS = Table(
    "holders",
    "Who holds a post",
    "Who holds or held each post, and when nobody was named.",
    (
        *OF_PAGE,
        Column("post", "The post.", give="edition.title"),
        Column("name", "Who held it. Empty: nobody was named."),
        Column("began_words", "From when, in words.", give=lambda row: str(row.began)),
        Column("began_on", "The first day that it can have been.", "date", "began_from"),
        Column("ended_words", "Until when, in words.", give=lambda row: str(row.ended)),
        Column("ended_on", "The last day of that date.", "date"),
        Column("note", "What to know about it."),
    ),
    every_part(Holder, Role),
)
