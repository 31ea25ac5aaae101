"""What families were told each term, what they told us, and how they can take part, as tables."""

from publishing.moments import Moment
from updates.models import Opportunity, ProgressItem, PromiseAnswer, TermlyUpdate, YouSaidWeDid
from website.open_data.tables import (
    OF_PAGE,
    PUBLISHED,
    Column,
    Table,
    about_page,
    editions_of,
    every,
    one_of,
    parts_of,
    refers,
    streamed,
)

TERM = Column("term", "The school term.", give=lambda row: row.term.in_words)
OF_TERM = Column("term", "The school term.", give=lambda row: row.edition.term.in_words)


def with_term(kind, moment: Moment):
    return streamed(editions_of(kind, moment).select_related("document", "term"), moment)


def items_with_term(part, moment: Moment):
    rows = parts_of(part, TermlyUpdate, moment)
    return streamed(rows.select_related("edition__document", "edition__term"), moment)


UPDATES = Table(
    "updates",
    "Updates to families",
    "What we told families each term.",
    (
        *about_page(),
        TERM,
        Column("verdict", "Is it better? In one sentence."),
        Column("in_short", "The update in three sentences."),
        Column("sorry_for", "What we are sorry for."),
        Column("nothing_wrong_because", "Why nothing is listed as not good enough."),
        Column("forum_view", "The Parent Carer Forum’s own view."),
        *PUBLISHED,
    ),
    lambda moment: with_term(TermlyUpdate, moment),
)

UPDATE_ITEMS = Table(
    "update-items",
    "Items of the updates",
    "What got better, what we have been doing, and what is not good enough yet.",
    (
        *OF_PAGE,
        OF_TERM,
        Column("section", one_of(ProgressItem.Section, "Where it stands."), give="section"),
        Column("title", "The item in one line."),
        Column("body", "What happened."),
        Column("difference", "What is different for a family."),
        Column("source", "Where the fact comes from."),
    ),
    lambda moment: items_with_term(ProgressItem, moment),
)

ANSWERS = Table(
    "promise-answers",
    "Answers to promises",
    "What each update says about the promises of the term before.",
    (
        *OF_PAGE,
        OF_TERM,
        Column("promise", "The promise.", give=refers("milestone")),
        Column("answer", "What we said about it.", give="said"),
        Column("no_answer_because", "Why there is no answer yet."),
        Column("is_silent", "True if we said nothing.", "boolean"),
    ),
    lambda moment: items_with_term(PromiseAnswer, moment),
)

YOU_SAID = Table(
    "you-said",
    "You said, we did",
    "What families told us, and what became of it.",
    (
        *about_page(),
        TERM,
        Column("said", "What was said."),
        Column("is_quote", "True if these are their exact words.", "boolean"),
        Column("said_source", "Where that is written.", give="taken_from"),
        Column("who_said", "Which group said it."),
        Column(
            "how_many",
            "How many said it. Fewer than 5 are “a few families”, so that nobody is known by it.",
            give="how_many_in_words",
        ),
        Column("heard_where", "Where we heard it."),
        Column("heard_on", "The day we heard it.", "date"),
        Column("heard_when", "When we heard it, in words.", give="heard"),
        Column("we_did", "What we did."),
        Column("could_not", "What we could not do, or is still to do."),
        Column("outcome", one_of(YouSaidWeDid.Outcome, "How it stands."), give="outcome"),
        *PUBLISHED,
    ),
    lambda moment: with_term(YouSaidWeDid, moment),
)

OPPORTUNITIES = Table(
    "opportunities",
    "Chances to take part",
    "What families can take part in, when and where, and what came of it.",
    (
        *about_page(),
        Column("about", "What it is."),
        Column("timing", one_of(Opportunity.Timing, "How to read the two times."), give="timing"),
        Column("starts_at", "When it starts.", "datetime"),
        Column("ends_at", "When it ends.", "datetime"),
        Column("place", "Where it is."),
        Column("online", "How to join online. Empty: it is not online."),
        Column("for_whom", "For whom it is."),
        Column("run_by", "Who runs it."),
        Column("cost_help", "Help with the cost."),
        Column(
            "step_free", one_of(Opportunity.Access, "A way in without steps."), give="step_free"
        ),
        Column("interpreter", one_of(Opportunity.Access, "An interpreter."), give="interpreter"),
        Column("quiet_room", one_of(Opportunity.Access, "A quiet room."), give="quiet_room"),
        Column("more_access", "What else helps people to take part."),
        Column("how_to_join", "How to join."),
        Column("join_by", "The last day to say that you come. Empty: no need.", "date"),
        Column("is_cancelled", "True if it was called off.", "boolean"),
        Column("cancelled_because", "Why it was called off."),
        Column("came_of_it", "What came of it."),
        Column("led_to", "The “You said, we did” that came of it.", give=refers("led_to")),
        *PUBLISHED,
    ),
    every(Opportunity),
)
