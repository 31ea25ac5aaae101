"""How staff ask the Parent Carer Forum: links are made here, shown once, and taken back.

What the forum answers is only looked at here; it can be taken down, in public, as any page.
"""

from urllib.parse import quote

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from programme import forum
from programme.models import ForumCheck, ForumLink
from publishing import actions, moments
from publishing.admin import EditionAdmin


@admin.register(ForumCheck)
class ForumCheckAdmin(EditionAdmin):
    list_display = [*EditionAdmin.list_display, "answer"]
    fields = ["title", "answer", "words", "said_done_on", "about_number", "change_note"]
    ordering = ["-published_at"]

    def get_fields(self, request, obj=None):
        return self.fields

    def get_inlines(self, request, obj):
        return []


@admin.register(ForumLink)
class ForumLinkAdmin(admin.ModelAdmin):
    """One button makes a link; its page has one that takes it back. Nothing is typed."""

    list_display = ["__str__", "works", "used_at", "made_by"]
    add_form_template = "admin/programme/forum_link_new.html"
    change_form_template = "admin/programme/forum_link.html"

    @admin.display(description="Works until")
    def works(self, link):
        if link.stands(timezone.now()):
            return f"{timezone.localtime(link.expires_at):%-d %B %Y, %H:%M}"
        return "It was taken back" if link.revoked_at else "It is too old"

    def changelist_view(self, request, extra_context=None):
        title = {"title": "Links for the Parent Carer Forum"}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    # Who may

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("publishing.publish_release")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # Making one

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        moment = moments.now()
        context = {
            **self.admin_site.each_context(request),
            "title": "A new link for the Parent Carer Forum",
            "opts": self.opts,
            "how_many": forum.unanswered(moment).count(),
            "standing": ForumLink.objects.standing(moment.at).count(),
            "days": ForumLink.LASTS.days,
        }
        if request.method != "POST":
            return TemplateResponse(request, self.add_form_template, context)
        return self.show_once(request, context)

    @sensitive_variables("token", "address", "letter")
    def show_once(self, request, context):
        """The only page that ever has the link: it is no answer to a GET, and kept nowhere."""
        link, token = actions.give_link(ForumLink, by=request.user)
        address = f"{settings.SITE_URL}{reverse('participation:forum', args=[token])}"
        letter = letter_with(address, link)
        subject = f"{settings.SITE_NAME}: is it done?"
        mail = f"mailto:?subject={quote(subject)}&body={quote(letter)}"
        shown = {"link": link, "address": address, "letter": letter, "mail": mail}
        return TemplateResponse(
            request, "admin/programme/forum_link_once.html", {**context, **shown}
        )

    # Taking one back

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.take_back))
        name = "programme_forumlink_take_back"
        return [path("<int:number>/take-back/", view, name=name), *super().get_urls()]

    def take_back(self, request, number):
        if not self.has_view_permission(request):
            raise PermissionDenied
        link = get_object_or_404(ForumLink, pk=number)
        try:
            actions.take_link_back(link, by=request.user)
        except actions.NotAllowed as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            self.message_user(request, "The link does not work any more.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:programme_forumlink_changelist"))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"title": "A link for the Parent Carer Forum", "link": obj}
        context |= {"works": self.works(obj), "stands": obj.stands(timezone.now())}
        return super().render_change_form(request, context, add, change, form_url, obj)


def letter_with(address: str, link: ForumLink) -> str:
    until = f"{timezone.localtime(link.expires_at):%-d %B %Y}"
    return (
        "Dear Parent Carer Forum,\n\n"
        "We say that some of our promises are done. Do families agree? Please tell us here:\n\n"
        f"{address}\n\n"
        "Whatever you answer is public at once, in your own words. We cannot change it. "
        "You do not have to answer all of them, and you can answer again.\n\n"
        f"This link is for the forum alone: whoever has it speaks for you. It works until {until}."
        "\n\nThank you."
    )
