"""The pages of “You said, we did”: all cards, one of them, and how it changed."""

from django.template.response import TemplateResponse

from publishing import views as any_kind
from publishing.pages import public_page
from updates import you_said, you_said_listing
from updates.models import YouSaidWeDid


@public_page
def cards(request):
    listing = you_said_listing.listing(request.GET, request.moment)
    return TemplateResponse(request, "you_said/list.html", {"listing": listing})


def card_page(request, card, *, standing):
    you_said.whole_story(card, request.moment)
    return any_kind.document(request, "you_said/detail.html", card, standing=standing)


detail, edition, history = any_kind.pages_of(
    YouSaidWeDid.objects.all(), whole=you_said.whole_cards, show=card_page
)
