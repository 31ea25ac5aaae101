"""The first use of an acronym on a page leads to its meaning, and nothing else changes."""

import pytest

from tests import factories
from website.glossary import Entry, link_first_uses
from website.models import PageSection

WORDS = [
    Entry("EHC plan", "", "/words/#ehc-plan"),
    Entry("EHC plan team (SENAR)", "", "/words/#team"),
    Entry("NHS", "", "/words/#nhs"),
    Entry("NHS England", "", "/words/#nhs-england"),
    Entry("Department for Education (DfE)", "", "/words/#dfe"),
    Entry("Local Offer", "", "/words/#local-offer"),
]


def linked(body: str) -> str:
    html = link_first_uses(f"<p>NHS</p><main><p>{body}</p></main><p>NHS</p>", WORDS)
    return html.removeprefix("<p>NHS</p><main><p>").removesuffix("</p></main><p>NHS</p>")


def test_the_first_use_is_linked_and_no_other():
    assert linked("The NHS and the NHS.") == 'The <a href="/words/#nhs">NHS</a> and the NHS.'
    assert linked("NHS</p><ul><li>NHS</li></ul><p>") == (
        '<a href="/words/#nhs">NHS</a></p><ul><li>NHS</li></ul><p>'
    )


def test_the_longest_word_wins_and_a_plural_is_one_too():
    assert linked("NHS England, EHC plans.") == (
        '<a href="/words/#nhs-england">NHS England</a>, <a href="/words/#ehc-plan">EHC plans</a>.'
    )
    assert linked("EHC plan team (SENAR)") == ('<a href="/words/#team">EHC plan team</a> (SENAR)')


def test_letters_inside_other_words_and_words_without_acronym_stay():
    for text in ("SNHSX, nhs, non-NHS, NHS-led, x@NHS.uk", "Local Offer", "DFE"):
        assert linked(text) == text


def test_links_headings_quotations_and_attributes_stay():
    for text in (
        '<a href="/x/">The NHS</a>',
        "</p><h2>The NHS</h2><p>",
        "</p><blockquote><p>The NHS</p></blockquote><p>",
        "She said: “The NHS is late.”",
        'See <img alt="NHS" src="/files/NHS.png">',
        "</p><dl><dt>NHS</dt><dd>NHS</dd></dl><p>",
        "<!-- NHS -->",
    ):
        assert linked(text) == text
    assert linked("“The DfE” and DfE") == '“The DfE” and <a href="/words/#dfe">DfE</a>'


def test_the_first_screen_stays_as_it_is():
    html = '<main><section class="hero slim"><p>NHS</p></section><p>NHS</p></main>'

    assert link_first_uses(html, WORDS) == (
        '<main><section class="hero slim"><p>NHS</p></section>'
        '<p><a href="/words/#nhs">NHS</a></p></main>'
    )


@pytest.mark.parametrize("html", ["", "<main>", "</main><main>NHS", "<p>NHS</p>", "<main><p"])
def test_what_is_no_whole_page_stays(html):
    assert link_first_uses(html, WORDS) == html


@pytest.mark.django_db
def test_pages_link_to_the_glossary_that_stands(client, publisher):
    card = factories.make_public_card(said="The NHS rang.", we_did="The NHS rings.")
    section = PageSection(heading="NHS", body="Doctors of the NHS.")
    assert "/words/#nhs" not in client.get(card.get_absolute_url()).text

    factories.make_public_page("words", parts=[section], publisher=publisher)

    page = client.get(card.get_absolute_url()).text
    assert page.count('<a href="/words/#nhs">NHS</a>') == 1
    assert '<a href="/words/#nhs">NHS</a>' not in client.get("/words/").text
    assert '<a href="/words/#nhs">NHS</a> r' not in client.get("/search/?q=rang").text
