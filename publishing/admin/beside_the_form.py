"""The pages beside a draft's form: how families will see it, what has changed, and each verb."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html

from publishing import actions, labelled, moments
from publishing.admin.acts import ACTS
from publishing.admin.to_mend import ToMend, lines_to_mend
from publishing.differences import by_paragraph
from publishing.models import Document, Edition, Stage


class PagesBesideTheForm(admin.ModelAdmin):
    """Adds these pages to the admin of a kind; all of them say where the edition stands."""

    def get_urls(self):
        def page(route, view, name):
            label = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
            return path(f"<path:object_id>/{route}", self.admin_site.admin_view(view), name=label)

        return [
            page("preview/", self.preview_view, "preview"),
            page("changes/", self.changes_view, "changes"),
            page("do/<slug:act_name>/", self.act_view, "act"),
            *super().get_urls(),
        ]

    def edition_or_404(self, request, object_id) -> Edition:
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            raise Http404("No such page.")
        return edition

    def preview_view(self, request, object_id):
        """The public page as families will see it, with the whole release in it."""
        edition = self.edition_or_404(request, object_id)
        match = resolve(edition.get_absolute_url())
        request.moment = moments.preview(edition.release)
        response = match.func(request, *match.args, **match.kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    def changes_view(self, request, object_id):
        """The draft's words compared with what the public sees now."""
        edition = self.edition_or_404(request, object_id)
        if edition.based_on is None:
            raise Http404("There is nothing to compare it with.")
        public = edition.based_on
        context = {
            **self.page_context(request, edition, "What has changed"),
            "title_pieces": by_paragraph(public.title, edition.title),
            "paragraphs": by_paragraph(public.text, edition.text),
            "public": public,
        }
        return TemplateResponse(request, "admin/publishing/changes.html", context)

    def act_view(self, request, object_id, act_name):
        """Asks what a verb needs to know, does it, and says what happened or why it was refused."""
        edition = self.edition_or_404(request, object_id)
        act = ACTS.get(act_name)
        if act is None:
            raise Http404("No such verb.")
        if not request.user.has_perm(f"publishing.{act.permission}"):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = act.form(data, edition=edition, user=request.user)
        to_mend: list[ToMend] = []
        if form.is_valid():
            try:
                act.run(edition, request.user, form.cleaned_data)
            except actions.NotAllowed as refusal:
                to_mend = lines_to_mend(self.admin_site, request, refusal, edition)
                if not to_mend:
                    form.add_error(None, str(refusal))
                form.renew()
            else:
                return self.after(request, act, edition)
        context = {
            **self.page_context(request, edition, act.label),
            "act": act,
            "form": form,
            "to_mend": to_mend,
            "back_url": self.address("change", edition),
            "read": self.words_of_release(edition) if act.shows_words else (),
        }
        return TemplateResponse(request, "admin/publishing/act.html", context)

    def words_of_release(self, edition) -> list[labelled.Page]:
        together = edition.signing_release.editions.select_related("document", "release")
        return labelled.pages(together.order_by("pk"))

    def after(self, request, act, edition):
        self.message_user(request, act.done, messages.SUCCESS)
        if not Document.objects.filter(pk=edition.document_id).exists():
            return HttpResponseRedirect(self.address("changelist"))
        working = Edition.objects.working().get(document=edition.document_id)
        self.log_change(request, working, act.done)
        if left := act.left(working):
            there = self.address("act", working, left.act)
            said = format_html('{} <a href="{}">{}</a>.', left.says, there, left.link)
            self.message_user(request, said, messages.WARNING)
        return HttpResponseRedirect(self.address("change", working))

    def page_context(self, request, edition, title: str) -> dict:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "opts": self.opts,
            "edition": edition,
            "stage": self.where_it_stands(edition),
            "has_view_permission": True,
            "change_url": self.address("change", edition),
            "preview_url": self.address("preview", edition),
        }

    def address(self, name: str, edition: Edition | None = None, *args) -> str:
        page = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(page, args=[edition.pk, *args] if edition else [])

    @admin.display(description="Draft or public")
    def where_it_stands(self, edition):
        stage = edition.stage()
        if stage == Stage.SCHEDULED:
            at = edition.published_at.astimezone(moments.LONDON)
            return f"Scheduled for {at:%-d %B %Y, %H:%M}"
        return stage.label
