"""How staff write a term's update."""

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.html import format_html

from programme.listing import standing
from programme.promises import Status
from publishing.admin import EditionAdmin, PartInline
from publishing.admin.draft_form import EditionForm
from publishing.models import Document
from publishing.moments import now
from updates import promised
from updates.models import ProgressItem, PromiseAnswer, TermlyUpdate


class TermlyUpdateForm(EditionForm):
    def clean_term(self):
        term = self.cleaned_data["term"]
        kind = TermlyUpdate._meta.label_lower
        if Document.objects.filter(kind=kind, slug=term.slug).exists():
            raise forms.ValidationError(
                f"There already is an update for {term.in_words}. Open that one and correct it."
            )
        return term


class ProgressItemInline(PartInline):
    model = ProgressItem
    verbose_name_plural = "What got better, what we are doing, what is not good enough yet"
    fields = ["section", "title", "body", "difference", "source", "position"]


class PromiseAnswerInline(PartInline):
    """The promises of the update before. Their rows make themselves, and none can be dropped."""

    model = PromiseAnswer
    fields = ["how_it_stands", "said", "no_answer_because"]
    readonly_fields = ["how_it_stands"]
    can_delete = False

    def get_queryset(self, request):
        promise = standing(now()).filter(document=OuterRef("milestone"))
        return (
            super()
            .get_queryset(request)
            .select_related("milestone")
            .annotate(
                promise_title=Subquery(promise.values("title")[:1]),
                promise_status=Subquery(promise.values("status")[:1]),
            )
        )

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description="How it stands")
    def how_it_stands(self, answer):
        if answer.promise_status is None:
            return "It is not public."
        return format_html(
            '{}. <a href="{}">See the promise</a>',
            Status(answer.promise_status).label,
            answer.milestone.get_absolute_url(),
        )


@admin.register(TermlyUpdate)
class TermlyUpdateAdmin(EditionAdmin):
    form = TermlyUpdateForm
    fields = [
        "read_version",
        "term",
        "title",
        "verdict",
        "in_short",
        "nothing_wrong_because",
        "sorry_for",
        "forum_view",
        "change_note",
    ]
    # These come after the items, which stand where families read them: after “In short”.
    after_items = ("nothing_wrong_because", "sorry_for", "forum_view", "change_note")
    inlines = [PromiseAnswerInline, ProgressItemInline]
    change_form_template = "admin/updates/update_form.html"
    ordering = ["-term__starts_on"]

    def slug_for(self, edition):
        return edition.term.slug

    def get_inlines(self, request, obj):
        """The rows of answers make themselves with the first save."""
        inlines = super().get_inlines(request, obj)
        return [each for each in inlines if obj or each is not PromiseAnswerInline]

    def get_fieldsets(self, request, obj=None):
        (_, page), *more = super().get_fieldsets(request, obj)
        names = page["fields"]
        first = [name for name in names if name not in self.after_items]
        then = [name for name in names if name in self.after_items]
        split = [(None, {"fields": first}), ("What else families should know", {"fields": then})]
        return [*((name, options) for name, options in split if options["fields"]), *more]

    def get_readonly_fields(self, request, obj=None):
        return ["term"] if obj else []

    def save_related(self, request, form, formsets, change):
        promised.add_missing_answers(form.instance)
        super().save_related(request, form, formsets, change)
