"""How staff write a term's update, and what became of what they were told."""

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Subquery

from publishing.admin import EditionAdmin, PartInline
from publishing.admin.editions import EditionForm
from publishing.admin.titles import TitleForm, slug_of
from publishing.models import Document, Edition
from updates import promised
from updates.models import ProgressItem, PromiseAnswer, TermlyUpdate, YouSaidWeDid


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
    fields = ["section", "title", "body", "difference", "source", "position"]


class PromiseAnswerInline(PartInline):
    """The promises of the update before. Their rows make themselves, and none can be dropped."""

    model = PromiseAnswer
    fields = ["promise", "said", "no_answer_because"]
    readonly_fields = ["promise"]
    can_delete = False

    def get_queryset(self, request):
        public = Edition.objects.filter(
            document=OuterRef("milestone"), published_at__isnull=False
        ).order_by("-number")
        rows = super().get_queryset(request).select_related("milestone")
        return rows.annotate(promise_title=Subquery(public.values("title")[:1]))

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description="We promised")
    def promise(self, answer):
        return answer.promise_title


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
    inlines = [PromiseAnswerInline, ProgressItemInline]
    ordering = ["-term__starts_on"]

    def slug_for(self, edition):
        return edition.term.slug

    def get_readonly_fields(self, request, obj=None):
        return ["term"] if obj else []

    def save_related(self, request, form, formsets, change):
        promised.add_missing_answers(form.instance)
        super().save_related(request, form, formsets, change)


@admin.register(YouSaidWeDid)
class YouSaidWeDidAdmin(EditionAdmin):
    form = TitleForm
    list_display = [*EditionAdmin.list_display, "term", "outcome"]
    list_select_related = ["term"]
    fields = [
        "read_version",
        "term",
        "title",
        "said",
        "is_quote",
        "taken_from",
        "who_said",
        "how_many",
        "heard_where",
        "heard_on",
        "heard_when",
        "outcome",
        "we_did",
        "could_not",
        "change_note",
    ]
    ordering = ["-term__starts_on", "title"]

    def slug_for(self, edition):
        return slug_of(edition.title)
