"""The measure behind “reading age 9”, and the advice that staff get from it."""

import pytest
from django.urls import reverse

from publishing import plain_words
from tests.factories import make_card, make_item, make_page, make_update

pytestmark = pytest.mark.once  # words: no database has a part in them

LONG = "We hired four people in May and they " + "work here and " * 6 + "answer the phone for you."


def messages(edition):
    return [problem.message for problem in edition.advice()]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("plan", 1), ("asked", 1), ("changes", 2), ("people", 2), ("open", 2), ("needs", 1),
        ("children", 2), ("families", 3), ("services", 3), ("waited", 2), ("inspectors", 3),
        ("additional", 4), ("children’s", 2), ("20-week", 1), ("2022", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_people_hear_them(word, number):
    assert plain_words.syllables(word) == number


def test_the_age_is_that_of_the_published_formula():
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59 = -1.45, and 5 years.
    assert plain_words.reading_age("The cat sat on the mat.") == pytest.approx(3.55)


def test_headings_do_not_make_a_page_look_easier():
    sentence = "Inspectors found insufficient progress."

    assert plain_words.reading_age(f"Help\nNews\n{sentence}") == plain_words.reading_age(sentence)


def test_harder_words_and_longer_sentences_make_a_page_older():
    plain = "We hired 4 people in May. They call you back."
    official = "Additional operational personnel were recruited to facilitate communication."

    assert plain_words.reading_age(plain) < 9
    assert plain_words.reading_age(official) > 16


def test_a_text_without_a_sentence_has_no_age():
    assert plain_words.reading_age("") == plain_words.reading_age("Get help") == 0


@pytest.mark.parametrize(
    "text",
    [
        "The SEND Code of Practice says so.",
        "The word SEND does not stand for us.",
        "We thank the SEND Youth Forum.",
        "Children with additional needs (SEND) wait.",
        "By law a plan for SEND is due.",
        "Ask SENDIASS.",
        "“Our SEND is good,” they said.",
    ],
)
def test_send_stays_in_law_names_and_quotes(text):
    assert list(plain_words.advice(text)) == []


def test_send_gets_advice_where_can_fits():
    assert "Try CAN" in next(plain_words.advice("Our SEND services are slow."))


def test_an_author_is_told_which_sentence_is_long(author):
    update = make_update(by=author, parts=[make_item("doing", title="Phones", body=LONG)])

    assert any(
        message.startswith("In “what happened” of “Phones”: “We hired four people in May")
        and "Try two sentences." in message
        for message in messages(update)
    )


def test_words_that_are_not_ours_get_no_advice(author):
    update = make_update(
        by=author,
        forum_view=LONG,
        parts=[make_item("not good enough", body=f"They said: “{LONG}”", source=LONG)],
    )
    card = make_card(by=author, said=LONG, is_quote=True, taken_from="A letter")
    statement = make_page("accessibility", by=author, intro=LONG)

    assert [messages(edition) for edition in (update, card, statement)] == [[], [], []]


def test_a_page_that_is_hard_as_a_whole_says_for_whom_it_is(author):
    official = "Additional operational personnel facilitate communication improvements. " * 12
    update = make_update(by=author, parts=[make_item("not good enough", body=official)])

    assert messages(update)[0].startswith("This page suits readers of about")


def test_of_a_hundred_long_sentences_a_few_are_named(author):
    update = make_update(by=author, parts=[make_item("doing", body=f"{LONG}\n\n" * 100)])

    assert len(messages(update)) < 12


def test_advice_stands_beside_the_draft_and_stops_nothing(client, author):
    card = make_card(by=author, said="Our SEND services are slow.")
    client.force_login(author)

    page = client.get(reverse("admin:updates_yousaidwedid_change", args=[card.pk]))

    assert "Try CAN" in page.content.decode()
    assert card.problems() == []
