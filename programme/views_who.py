"""The pages of who is responsible: everybody, one post, and how its page changed."""

from django.template.response import TemplateResponse

from programme import who
from programme.models import Role
from publishing import history as past
from publishing import views as any_kind
from publishing.pages import public_page, standing_or_gone


@public_page
def everybody(request):
    wanted = request.GET.get("after", "")
    after = who.role_called(wanted, request.moment) if wanted else None
    return TemplateResponse(
        request,
        "programme/who.html",
        {
            "page": who.roles_page(request.moment, after=after),
            "after": after,
            "was_ignored": bool(wanted) and after is None,
        },
    )


@public_page
def detail(request, slug):
    role = standing_or_gone(who.whole_roles(request.moment), request.moment, slug)
    return role_page(request, role, standing=None)


@public_page
def edition(request, slug, number):
    role = past.past_edition(who.whole_roles(request.moment), request.moment, slug, number)
    return role_page(request, role, standing=past.standing_of(role, request.moment))


def role_page(request, role, *, standing):
    [role] = who.in_office([role], request.moment)
    return any_kind.document(request, "programme/role.html", role, standing=standing)


@public_page
def history(request, slug):
    return any_kind.history(request, Role.objects.all(), slug)
