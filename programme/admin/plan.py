"""How staff keep the plan: the problems we must fix, the plan's versions, and its promises."""

import re

from django import forms
from django.contrib import admin
from django.template.defaultfilters import pluralize
from django.utils.html import format_html

from programme.admin.documents import ChoosesDocuments, NamesPages, PageAddressField
from programme.admin.filters import StatusFilter, WhenFilter
from programme.listing import standing
from programme.models import Area, Milestone, MilestoneArea, Plan, PlanReference
from programme.references import (
    LONGEST_REF,
    address_of,
    in_plan_order,
    next_free_ref,
    slug_of_ref,
)
from programme.statuses import Status
from publishing import moments
from publishing.admin import EditionAdmin, PartInline
from publishing.admin.draft_form import EditionForm
from publishing.admin.editions import PagesList
from publishing.admin.titles import TitleForm
from publishing.models import Document, slug_of

WIDE = forms.TextInput(attrs={"class": "vTextField"})
REF = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+)*")


class AreaForm(TitleForm):
    """Its number is what families call it by, so no two have the same."""

    def clean_area_number(self):
        number = self.cleaned_data["area_number"]
        if "area_number" in self.changed_data:
            others = Area.objects.working().exclude(document=self.instance.document_id)
            if other := others.filter(area_number=number).first():
                raise forms.ValidationError(f"There already is a problem {number}: “{other}”.")
        return number

    def slug_for(self, title):
        return address_of_area(self.cleaned_data.get("area_number"), title)


def address_of_area(number: int | None, title: str) -> str:
    return f"{number}-{slug_of(title)}"


@admin.register(Area)
class AreaAdmin(EditionAdmin):
    form = AreaForm
    fields = [
        "read_version",
        "area_number",
        "title",
        "explanation",
        "official_wording",
        "official_source",
        "closed_on",
        "closed_by",
        "change_note",
    ]
    ordering = ["area_number"]

    def slug_for(self, edition):
        return address_of_area(edition.area_number, edition.title)


class PlanReferenceForm(NamesPages):
    milestone = PageAddressField(
        only=Milestone._meta.label_lower,
        required=False,
        label="The promise",
        widget=WIDE,
        help_text="Its reference or its address.",
    )


class PlanReferenceInline(PartInline):
    model = PlanReference
    form = PlanReferenceForm
    fields = ["old_reference", "new_reference", "milestone", "position"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("milestone")


@admin.register(Plan)
class PlanAdmin(ChoosesDocuments, EditionAdmin):
    form = TitleForm
    fields = [
        "read_version",
        "title",
        "kind",
        "version_label",
        "summary",
        "agreed_by",
        "agreed_words",
        "replaces",
        "change_note",
    ]
    inlines = [PlanReferenceInline]
    ordering = ["-pk"]

    def slug_for(self, edition):
        return slug_of(edition.title)


class MilestoneForm(EditionForm):
    ref = forms.CharField(
        label="Reference",
        max_length=LONGEST_REF,
        required=False,
        help_text="As in the plan: “1.1”. It is in the address, and never changes. If it is "
        "empty, the promise gets the next free number.",
    )
    origin = PageAddressField(
        label="Where it was made",
        required=False,
        widget=WIDE,
        help_text="The address of the update, the card or the older promise from which it came.",
    )
    replaced_by = PageAddressField(
        only=Milestone._meta.label_lower,
        label="Which promise replaces it",
        required=False,
        widget=WIDE,
        help_text="Its reference or its address. This promise stays in the list, and is still "
        "counted against its own first date.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].label = "The promise, in a few plain words"

    def clean_ref(self):
        ref = self.cleaned_data["ref"].strip() or next_free_ref()
        if not REF.fullmatch(ref):
            raise forms.ValidationError("Use letters, digits and full stops only, like “1.1”.")
        slug = slug_of_ref(ref)
        taken = Document.objects.filter(
            kind=Milestone._meta.label_lower, slug__startswith=f"{slug}-"
        )
        if taken.exists():
            raise forms.ValidationError(f"There already is a promise {ref}.")
        self.instance.wanted_ref = ref
        return ref


class MilestoneAreaInline(ChoosesDocuments, PartInline):
    model = MilestoneArea
    fields = ["area", "position"]


class PromisesList(PagesList):
    """How the public edition of each stands now, asked of all at once: a draft has no status."""

    def get_results(self, request):
        super().get_results(request)
        documents = [row.document_id for row in self.result_list]
        public = standing(moments.now()).filter(document__in=documents)
        found = dict(public.values_list("document", "status"))
        for row in self.result_list:
            status = found.get(row.document_id)
            row.how_it_stands = Status(status).label if status else "Not public yet"


@admin.register(Milestone)
class MilestoneAdmin(ChoosesDocuments, EditionAdmin):
    form = MilestoneForm
    list_display = [
        "reference",
        "title",
        "how_it_stands",
        "by_when",
        "where_it_stands",
        "whose",
    ]
    list_display_links = ["title"]
    list_select_related = ["body"]
    list_filter = [StatusFilter, WhenFilter]
    show_facets = admin.ShowFacets.NEVER
    fieldsets = [
        (
            "What we promise",
            {
                "fields": [
                    "read_version",
                    "ref",
                    "title",
                    "kind",
                    "body",
                    "who",
                    "due_words",
                    "how_we_will_know",
                    "will_notice",
                    "made_with",
                    "they_changed",
                    "official_wording",
                    "of_plan",
                    "origin",
                ]
            },
        ),
        (
            "What became of it",
            {
                "fields": [
                    "started_on",
                    "started_note",
                    "done_on",
                    "proof",
                    "families_notice",
                    "how_we_know",
                    "slipped_back_on",
                    "slipped_back_because",
                    "could_not_because",
                    "instead",
                    "replaced_by",
                ]
            },
        ),
        (
            "If its date or its words change",
            {"fields": ["why_changed", "cause", "change_agreed_by", "change_note"]},
        ),
        (
            "If it was published somewhere else before",
            {
                "classes": ["collapse"],
                "fields": [
                    "first_promised_words",
                    "first_promised_where",
                    "source",
                    "source_date",
                    "originally_at",
                ],
            },
        ),
    ]
    inlines = [MilestoneAreaInline]
    ordering = [in_plan_order("document__slug")]

    def get_changelist(self, request, **kwargs):
        return PromisesList

    @admin.display(description="Reference", ordering=in_plan_order("document__slug"))
    def reference(self, promise):
        return promise.ref

    @admin.display(description="How it stands")
    def how_it_stands(self, promise):
        return promise.how_it_stands

    @admin.display(description="By when", ordering="due_on")
    def by_when(self, promise):
        """The date now; beneath it, where that is another one, the first."""
        now, first, moved = promise.due.in_words, promise.first_due.in_words, promise.times_moved
        if not moved and now == first:
            return now
        times = f"moved {moved} time{pluralize(moved)}"
        return format_html('{}<span class="facts">first {}, {}</span>', now, first, times)

    @admin.display(description="Whose", ordering="body__name")
    def whose(self, promise):
        return promise.body.short_name or promise.body

    def slug_for(self, edition):
        return address_of(edition.wanted_ref, edition.title)

    def get_fieldsets(self, request, obj=None):
        """The reference is given once; a page that cannot be saved has no version to send."""
        without = set()
        if obj is not None:
            without.add("ref")
        if obj is None or obj.number == 1:
            without |= {"change_note", "why_changed", "cause", "change_agreed_by"}
        if obj is None or not self.has_change_permission(request, obj):
            without.add("read_version")
        sets = []
        for name, options in self.fieldsets:
            kept = [field for field in options["fields"] if field not in without]
            sets.append((name, {**options, "fields": self.filled_fields(request, obj, kept)}))
        return [(name, options) for name, options in sets if options["fields"]]

    def get_fields(self, request, obj=None):
        return [
            name for _, options in self.get_fieldsets(request, obj) for name in options["fields"]
        ]
