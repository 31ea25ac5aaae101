"""The pages of “You said, we did”: all cards, one of them, and how it changed."""

from django.template.response import TemplateResponse

from publishing import views as any_kind
from publishing.pages import public_page
from updates import you_said
from updates.models import YouSaidWeDid


@public_page
def cards(request):
    wanted = request.GET.get("before", "")
    before = you_said.card_called(wanted, request.moment) if wanted else None
    return TemplateResponse(
        request,
        "you_said/list.html",
        {
            "page": you_said.cards_page(request.moment, before=before),
            "before": before,
            "was_ignored": bool(wanted) and before is None,
        },
    )


def card_page(request, card, *, standing):
    [card] = you_said.aged([card], request.moment)
    return any_kind.document(request, "you_said/detail.html", card, standing=standing)


detail, edition, history = any_kind.pages_of(
    YouSaidWeDid.objects.all(), whole=you_said.whole_cards, show=card_page
)
