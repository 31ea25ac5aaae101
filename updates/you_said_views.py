"""The pages of “You said, we did”: all cards, one of them, and how it changed."""

from django.template.response import TemplateResponse

from publishing import history as past
from publishing import views as any_kind
from publishing.pages import public_page, standing_or_gone
from updates import you_said, you_said_listing
from updates.models import YouSaidWeDid


@public_page
def cards(request):
    listing = you_said_listing.listing(request.GET, request.moment)
    return TemplateResponse(request, "you_said/list.html", {"listing": listing})


@public_page
def detail(request, slug):
    card = standing_or_gone(you_said.whole_cards(request.moment), request.moment, slug)
    return card_page(request, card, standing=None)


@public_page
def edition(request, slug, number):
    card = past.past_edition(you_said.whole_cards(request.moment), request.moment, slug, number)
    return card_page(request, card, standing=past.standing_of(card, request.moment))


def card_page(request, card, *, standing):
    you_said.whole_story(card, request.moment)
    return any_kind.document(request, "you_said/detail.html", card, standing=standing)


@public_page
def history(request, slug):
    return any_kind.history(request, YouSaidWeDid.objects.all(), slug)
