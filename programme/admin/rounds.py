"""The monthly check: all open promises in one list, as in a spreadsheet."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.http import urlencode

from programme import loose_dates, reading, rounds
from programme.loose_dates import Unreadable
from programme.models import Milestone, ProgressRound
from programme.rounds import Found, Happened
from publishing import actions, moments
from publishing.admin import EditionAdmin
from publishing.admin.draft_form import EditionForm
from publishing.admin.parts import is_open
from publishing.models import Body, Document

# With five fields a row, this stays far below what Django takes from one form.
ROWS_A_PAGE = 100
LONGEST_NOTE = 2000


class ProgressRoundForm(EditionForm):
    def clean_checked_on(self):
        """The address is made from the day, once."""
        day = self.cleaned_data["checked_on"]
        slug = f"{day:%Y-%m-%d}"
        kind = ProgressRound._meta.label_lower
        if day > timezone.localdate():
            raise ValidationError("This day has not come yet.")
        if Document.objects.filter(kind=kind, slug=slug).exists():
            raise ValidationError("There already is a check on this day. Open that one.")
        return day


class FoundForm(forms.Form):
    """What somebody wrote into one row of the list."""

    happened = forms.ChoiceField(
        required=False, label="What happened", choices=[("", "No change"), *Happened.choices]
    )
    due_words = forms.CharField(required=False, max_length=100, label="New date")
    cause = forms.ChoiceField(
        required=False, label="Cause", choices=[("", "–"), *Milestone.Cause.choices]
    )
    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label="Note for families",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_due_words(self):
        words = self.cleaned_data["due_words"].strip()
        try:
            if words and not loose_dates.read(words):
                raise ValidationError("Write a date: “June 2023”.")
        except Unreadable as why:
            raise ValidationError(str(why)) from why
        return words

    def clean(self):
        """A date does not move, and nothing ends, without a word to families."""
        cleaned = super().clean() or {}
        note = cleaned.get("note", "").strip()
        if cleaned.get("due_words"):
            if not note:
                self.add_error("note", "Say why the date moves: families read this.")
            if not cleaned.get("cause"):
                self.add_error("cause", "Choose why the date moves.")
        if cleaned.get("happened") and not note:
            asks = {
                Happened.STARTED: "Say what has been done so far.",
                Happened.DONE: "Say what shows that it is done.",
                Happened.COULD_NOT: "Say why it cannot be done.",
                Happened.SLIPPED: "Say why it slipped back.",
            }
            self.add_error("note", asks[Happened(cleaned["happened"])])
        return cleaned


class WholeListForm(forms.Form):
    """What is said for all rows at once."""

    note_for_all = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label="A note for all of them, if you like",
    )
    agreed_by = forms.CharField(
        required=False,
        max_length=200,
        label="Who agreed to the new dates?",
        help_text="A board or a post. Needed when a date moves.",
    )


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
        moment = moments.now()
        page = self.page_of(request, moment)
        whole = WholeListForm(request.POST or None)
        written: dict[int, FoundForm] = {}
        if request.method == "POST":
            if not self.has_change_permission(request, round_):
                raise PermissionDenied
            written = forms_of(request.POST, page)
            if self.take(request, round_, page, whole, written):
                return HttpResponseRedirect(request.get_full_path())
        context = {
            **self.page_context(request, round_, "Check the promises"),
            "round": round_,
            "rows": [
                (row, written.get(row.promise.document_id) or form_for(row))
                for row in rounds.rows_of(round_, page, moment)
            ],
            "page": page,
            "unchecked": len(rounds.unchecked(round_, page)),
            "whole": whole,
            "has_errors": any(form.errors for form in written.values()) or whole.errors,
            "may_write": self.has_change_permission(request, round_) and is_open(round_),
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

    def take(self, request, round_, page, whole, written) -> bool:
        """Keeps what was written. False if something has to be mended first."""
        if not whole.is_valid():
            return False
        try:
            if request.POST.get("do") == "unchanged":
                return self.take_unchanged(request, round_, page, whole.cleaned_data)
            return self.take_found(request, round_, whole, written)
        except actions.NotAllowed as refusal:
            whole.add_error(None, str(refusal))
            return False

    def take_unchanged(self, request, round_, page, answers) -> bool:
        """“Checked, no change”: the rows that are ticked, or all that are shown."""
        ticked = set(request.POST.getlist("ticked"))
        everything = request.POST.get("which") == "all"
        chosen = [
            promise.document_id
            for promise in (rounds.unchecked(round_, page) if everything else page)
            if everything or str(promise.document_id) in ticked
        ]
        if not chosen:
            self.message_user(request, "Tick the promises that you checked.", messages.WARNING)
            return True
        count = rounds.check_unchanged(
            round_, chosen, note=answers["note_for_all"], by=request.user
        )
        self.message_user(request, f"{counted(count)} checked, no change.", messages.SUCCESS)
        return True

    def take_found(self, request, round_, whole, written) -> bool:
        filled = {number: form for number, form in written.items() if form.has_changed()}
        if not all(form.is_valid() for form in filled.values()):
            return False
        agreed_by = whole.cleaned_data["agreed_by"].strip()
        if any(form.cleaned_data["due_words"] for form in filled.values()) and not agreed_by:
            whole.add_error("agreed_by", "Say who agreed to the new dates: families read this.")
            return False
        found = [
            Found(number, agreed_by=agreed_by, **form.cleaned_data)
            for number, form in filled.items()
        ]
        for refusal in rounds.record(round_, found, by=request.user):
            self.message_user(request, refusal, messages.WARNING)
        self.message_user(
            request, f"What you wrote about {counted(len(found))} is kept.", messages.SUCCESS
        )
        return True


def forms_of(data, page) -> dict[int, FoundForm]:
    return {
        promise.document_id: FoundForm(data, prefix=f"row-{promise.document_id}")
        for promise in page
    }


def form_for(row: rounds.Row) -> FoundForm:
    return FoundForm(prefix=f"row-{row.promise.document_id}")


def counted(count: int) -> str:
    return "1 promise" if count == 1 else f"{count:,} promises"
