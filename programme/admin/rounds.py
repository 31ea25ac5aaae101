"""The monthly check: all open promises in one list, as in a spreadsheet."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.http import urlencode

from programme import found, reading, rounds
from programme.admin.round_forms import FoundForm, ProgressRoundForm, WholeListForm
from programme.models import ProgressRound
from publishing import actions, moments
from publishing.admin import EditionAdmin
from publishing.admin.parts import is_open
from publishing.models import Body

# With seven fields a row, this stays far below what Django takes from one form.
ROWS_A_PAGE = 100


@admin.register(ProgressRound)
class ProgressRoundAdmin(EditionAdmin):
    form = ProgressRoundForm
    change_form_template = "admin/programme/round_form.html"
    list_display = ["title", "checked_on", "how_many", "how_many_unchanged", "where_it_stands"]
    fields = ["read_version", "checked_on", "note", "change_note"]
    ordering = ["-checked_on"]

    def get_queryset(self, request):
        unchanged = Count("checks", filter=Q(checks__is_unchanged=True))
        counted = {"number_checked": Count("checks"), "number_unchanged": unchanged}
        return super().get_queryset(request).annotate(**counted)

    @admin.display(description="Promises checked", ordering="number_checked")
    def how_many(self, round_):
        return round_.number_checked

    @admin.display(description="Without change", ordering="number_unchanged")
    def how_many_unchanged(self, round_):
        return round_.number_unchanged

    def get_changeform_initial_data(self, request):
        return {"checked_on": timezone.localdate()}

    def get_readonly_fields(self, request, obj=None):
        return ["checked_on"] if obj else []

    def slug_for(self, edition):
        return f"{edition.checked_on:%Y-%m-%d}"

    def save_model(self, request, obj, form, change):
        obj.title = obj.title or f"We checked our promises, {obj.checked_on:%-d %B %Y}"
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return HttpResponseRedirect(self.address("promises", obj))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context |= {"promises_url": self.address("promises", obj), "round": obj}
        return super().render_change_form(request, context, add, change, form_url, obj)

    # The list

    def get_urls(self):
        view = self.admin_site.admin_view(self.promises_view)
        name = "programme_progressround_promises"
        return [path("<path:object_id>/promises/", view, name=name), *super().get_urls()]

    def promises_view(self, request, object_id):
        """All open promises, a row each; what is written into them is kept as drafts."""
        round_ = self.round_or_404(request, object_id)
        may_write = self.has_change_permission(request, round_)
        if request.method == "POST" and not may_write:
            raise PermissionDenied
        undone = self.take_back(request, round_)
        moment = moments.now()
        page = self.page_of(request, moment)
        rows = rounds.rows_of(round_, page, moment)
        whole = WholeListForm(rows, request.POST or None)
        forms = [FoundForm(row, written_into(row, request.POST, undone)) for row in rows]
        if request.method == "POST":
            if self.take(request, round_, page, whole, forms):
                return HttpResponseRedirect(request.get_full_path())
            rows = rounds.rows_of(round_, page, moment)
        context = {
            **self.page_context(request, round_, "Check the promises"),
            "round": round_,
            "rows": list(zip(rows, forms, strict=True)),
            "page": page,
            "ticked": ticked(request),
            "unchecked": len(rounds.unchecked(round_, page)),
            "whole": whole,
            "has_errors": has_errors(whole, forms),
            "may_write": may_write and is_open(round_),
            "bodies": Body.objects.all(),
            "areas": reading.areas(moment),
            "asked": {name: request.GET.get(name, "") for name in ("q", "body", "problem", "show")},
            "kept_query": urlencode({k: v for k, v in request.GET.items() if k != "page"}),
        }
        return TemplateResponse(request, "admin/programme/round_promises.html", context)

    def round_or_404(self, request, object_id) -> ProgressRound:
        edition = self.edition_or_404(request, object_id)
        if not isinstance(edition, ProgressRound):
            raise Http404("No such check.")
        return edition

    def page_of(self, request, moment):
        wanted = rounds.to_check(moment, with_ended=request.GET.get("show") == "all")
        found = wanted.filter(rounds.filters(request.GET)).distinct()
        return Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))

    def take_back(self, request, round_) -> int | None:
        """“Undo” in a row: which promise this check says nothing about any more."""
        document_id = rounds.key_in(request.POST, "undo")
        if document_id is None:
            return None
        try:
            found.take_back(round_, document_id, by=request.user)
        except actions.NotAllowed as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            self.message_user(request, "Taken back.", messages.SUCCESS)
        return document_id

    def take(self, request, round_, page, whole, forms) -> bool:
        """Whatever was pressed, what is written is kept. False if something has to be mended."""
        if not whole.is_valid():
            return False
        try:
            self.take_found(request, round_, whole, filled(whole, forms))
            if has_errors(whole, forms):
                return False
            if request.POST.get("do") == "unchanged":
                self.take_unchanged(request, round_, page, whole.cleaned_data["note_for_all"])
        except actions.NotAllowed as refusal:
            whole.add_error(None, str(refusal))
            return False
        return True

    def take_found(self, request, round_, whole, written: list[FoundForm]) -> None:
        """A row that has to be mended stops no other."""
        agreed_by = whole.cleaned_data["agreed_by"]
        ready = [form for form in written if form.is_valid()]
        if not agreed_by and any(form.cleaned_data["due_words"] for form in ready):
            whole.add_error("agreed_by", "Say who agreed to the new dates: families read this.")
            ready = [form for form in ready if not form.cleaned_data["due_words"]]
        rows = [form.found(form.cleaned_data, agreed_by=agreed_by) for form in ready]
        refusals = found.record(round_, rows, by=request.user) if rows else {}
        for form in ready:
            if form.document_id in refusals:
                form.add_error(None, refusals[form.document_id])
        if kept := len(rows) - len(refusals):
            said = f"What you wrote about {counted(kept)} is kept."
            self.message_user(request, said, messages.SUCCESS)

    def take_unchanged(self, request, round_, page, note) -> None:
        """“Checked, no change”: the rows that are ticked, or all that are shown."""
        if request.POST.get("which") == "all":
            chosen = rounds.unchecked(round_, page)
        else:
            chosen = [each for each in page if str(each.document_id) in ticked(request)]
        if not chosen:
            self.message_user(request, "Tick the promises that you checked.", messages.WARNING)
            return
        documents = [promise.document_id for promise in chosen]
        changing = found.check_unchanged(round_, documents, note=note, by=request.user)
        if same := len(chosen) - len(changing):
            self.message_user(request, f"{counted(same)} checked, no change.", messages.SUCCESS)
        for promise in chosen:
            if promise.document_id in changing:
                self.message_user(
                    request,
                    f"{promise.ref} goes out changed with this check, so “no change” would not be "
                    "true. Undo the change first.",
                    messages.WARNING,
                )


def written_into(row: rounds.Row, data, undone: int | None):
    """What was sent of this row; None if nothing was, or if it is to be as it was before."""
    number = row.promise.document_id
    is_sent = any(name.startswith(f"row-{number}-") for name in data)
    return data if is_sent and number != undone else None


def filled(whole: WholeListForm, forms: list[FoundForm]) -> list[FoundForm]:
    """The rows that say something else than what is kept of them."""
    others_agreed = "agreed_by" in whole.changed_data
    return [
        form
        for form in forms
        if form.has_changed() or (form.is_bound and others_agreed and form["due_words"].value())
    ]


def has_errors(whole: WholeListForm, forms: list[FoundForm]) -> bool:
    return any(form.is_bound and form.errors for form in [whole, *filled(whole, forms)])


def ticked(request) -> set[str]:
    return set(request.POST.getlist("ticked"))


def counted(count: int) -> str:
    return "1 promise" if count == 1 else f"{count:,} promises"
