"""The pages of who is responsible: everybody, one post, and how its page changed."""

from django.template.response import TemplateResponse

from programme import who
from programme.models import Role
from publishing import views as any_kind
from publishing.pages import public_page


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


def role_page(request, role, *, standing):
    [role] = who.in_office([role], request.moment)
    return any_kind.document(request, "programme/role.html", role, standing=standing)


detail, edition, history = any_kind.pages_of(
    Role.objects.all(), whole=who.whole_roles, show=role_page
)
