"""EditionAdmin: one row per document, drafts that nobody overwrites, and a page for every verb."""

from typing import ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from publishing import actions, moments
from publishing.admin.act_forms import LondonTimeField
from publishing.admin.beside_the_form import PagesBesideTheForm
from publishing.admin.days import DAYS
from publishing.admin.draft_form import EditionForm
from publishing.admin.editor import WritesRichText
from publishing.admin.files import EditionFileInline
from publishing.admin.offering import offer
from publishing.admin.parts import is_open
from publishing.models import Body, Edition, EditionQuerySet, know_who_signed
from publishing.models.parts import LAST_POSITION

FIRST_PUBLISHED_ELSEWHERE = (
    "First published elsewhere",
    {
        "fields": ["source", "source_date", "originally_at"],
        "classes": ["collapse"],
        "description": "Only for what families could read somewhere else before this site began. "
        "Once it is signed off, choose “Add as published elsewhere” instead of “Publish now”.",
    },
)


class PagesList(ChangeList):
    """One row per document; where each stands is asked of all at once."""

    def get_results(self, request):
        super().get_results(request)
        know_who_signed(
            [row.release for row in self.result_list if row.submitted_at and not row.published_at]
        )


class EditionAdmin(PagesBesideTheForm, WritesRichText, admin.ModelAdmin):
    """Base of every kind's admin. A kind says its fields, its inlines and its slug."""

    form = EditionForm
    list_display = ["title", "where_it_stands", "edition_number"]
    list_select_related: ClassVar[list[str]] = []
    list_per_page = 25
    search_fields = ["title", "document__slug"]
    actions = None
    save_on_top = False
    formfield_overrides = DAYS | {
        models.DateTimeField: {"form_class": LondonTimeField, "widget": AdminSplitDateTime}
    }
    change_form_template = "admin/publishing/edition_form.html"

    def slug_for(self, edition: Edition) -> str:
        """The address of a new document. Each kind says its own."""
        raise NotImplementedError

    def lookup_allowed(self, lookup, value, request):
        """Only the links that are offered: no other filter is taken from an address by hand."""
        return lookup in {getattr(each, "parameter_name", "") for each in self.list_filter}

    # Which edition

    def get_queryset(self, request):
        queryset = cast("EditionQuerySet", super().get_queryset(request))
        # Django leaves out `list_select_related` where a queryset names others.
        queryset = queryset.select_related("document", "release", *self.list_select_related)
        match = request.resolver_match
        if match and match.url_name.endswith("_changelist"):
            return queryset.working().prefetch_related("document__withdrawals")
        return queryset

    def get_changelist(self, request, **kwargs):
        return PagesList

    def get_object(self, request, object_id, from_field=None):
        """The edition; its address leads on to the one that is being worked on."""
        # SQLite cannot even look for a larger number.
        is_number = object_id.isascii() and object_id.isdigit() and len(object_id) < 19
        edition = super().get_object(request, object_id, from_field) if is_number else None
        if edition is None:
            return None
        return self.get_queryset(request).working().filter(document=edition.document_id).first()

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if why := self.overtaken_by(request, object_id):
            return self.keep_words(request, why)
        edition = self.get_object(request, unquote(object_id))
        is_old = edition and str(edition.pk) != unquote(object_id)
        if is_old and self.has_view_permission(request, edition):
            self.message_user(
                request,
                "That was the address of an old edition. This is the one to work on.",
                messages.INFO,
            )
            return HttpResponseRedirect(self.address("change", edition))
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description="Edition", ordering="number")
    def edition_number(self, edition):
        return edition.number

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), EditionFileInline]

    def get_fieldsets(self, request, obj=None):
        page = (None, {"fields": self.filled_fields(request, obj, self.get_fields(request, obj))})
        if obj and not is_open(obj) and not obj.source:
            return [page]
        return [page, FIRST_PUBLISHED_ELSEWHERE]

    def filled_fields(self, request, obj, names: list) -> list:
        """A page that is only read shows no empty fields."""
        if obj is None or self.has_change_permission(request, obj):
            return names
        return [name for name in names if getattr(obj, name, None) not in {None, ""}]

    def get_fields(self, request, obj=None):
        """A first edition corrects nothing; a page that cannot be saved has no version to send."""
        fields = list(super().get_fields(request, obj))
        if obj is None or obj.number == 1:
            fields.remove("change_note")
        if obj is None or not self.has_change_permission(request, obj):
            fields.remove("read_version")
        return fields

    # Who may

    def has_add_permission(self, request):
        """What somebody outside says through a link is only looked at here, or taken down."""
        return super().has_add_permission(request) and self.model.SPEAKS_THROUGH is None

    def has_change_permission(self, request, obj=None):
        is_ours = self.model.SPEAKS_THROUGH is None
        return is_ours and super().has_change_permission(request, obj) and is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return False

    # Saving

    def overtaken_by(self, request, object_id) -> str:
        """What happened meanwhile, so that there is no draft any more to save into; else empty."""
        if request.method != "POST" or not self.has_change_permission(request):
            return ""
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            return "This draft was thrown away meanwhile."
        if not is_open(edition):
            return "It went public, or on the schedule, meanwhile."
        is_old = str(edition.pk) != unquote(object_id)
        return "A newer edition was begun meanwhile." if is_old else ""

    def keep_words(self, request, why: str):
        """What was typed could not be saved: says why, and shows it all, to be copied."""
        typed = [
            (name.replace("-", " ").replace("_", " "), value)
            for name, value in request.POST.items()
            if value.strip()
            and not name.startswith(("csrf", "_", "read_version"))
            and not name.endswith(("_FORMS", "-id", "-edition"))
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "This was not saved",
            "opts": self.opts,
            "why": why,
            "typed": typed,
            "again_url": request.path,
        }
        return TemplateResponse(request, "admin/publishing/typed.html", context, status=409)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (actions.Stale, PermissionDenied, ObjectDoesNotExist):
            # Somebody saved, published or threw it away between our check and our claim. The
            # transaction is rolled back; the second pass finds what they did and shows both texts.
            if object_id and (why := self.overtaken_by(request, object_id)):
                return self.keep_words(request, why)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except actions.NotAllowed as refusal:
            return self.keep_words(request, str(refusal))

    def save_model(self, request, obj, form, change):
        if not change:
            actions.start_document(obj, slug=self.slug_for(obj), by=request.user)
            return
        actions.claim_draft(obj, version=form.cleaned_data["read_version"], by=request.user)
        own = {field.name for field in obj._meta.concrete_fields}
        columns = [name for name in form.changed_data if name in own]
        if columns:
            obj.save(update_fields=columns)

    def save_formset(self, request, form, formset, change):
        rows = formset.save(commit=False)
        last = max((row.position for row in formset.queryset), default=0)
        for row in rows:
            if row._state.adding and not row.position:
                last = min(last + 1, LAST_POSITION)
                row.position = last
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.seal_draft(form.instance)

    def response_add(self, request, obj, post_url_continue=None):
        return self.say(request, obj, "Your draft is saved. Nobody outside can see it.")

    def response_change(self, request, obj):
        return self.say(request, obj, "Your draft is saved.")

    def say(self, request, edition, sentence: str):
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(self.address("change", edition))

    # The page

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        name = self.opts.verbose_name
        context |= {
            "title": capfirst(name) if change else f"New: {name}",
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "show_close": False,
        }
        if obj:
            may_change = self.has_change_permission(request, obj)
            acts, says = offer(obj, request.user, may_change=may_change)
            if says:
                self.message_user(request, says, messages.INFO)
            context |= {
                "edition": obj,
                "stage": self.where_it_stands(obj),
                "acts": [(act, self.address("act", obj, act.name)) for act in acts],
                "preview_url": self.address("preview", obj),
                "changes_url": self.address("changes", obj) if obj.based_on_id else None,
                "advice": obj.concrete.advice() if is_open(obj) else (),
                "beside": obj.release.editions.exclude(pk=obj.pk).order_by("title", "pk"),
                "is_public": Edition.objects.as_of(moments.now())
                .filter(document=obj.document_id)
                .exists(),
                "sent_back": obj.release.sent_back.first() if not obj.submitted_at else None,
                "signatures": obj.signing_release.sign_offs.filter(voided_at=None)
                if obj.published_at
                else obj.release.valid_sign_offs(),
                "waiting_for": waiting_for(obj),
                "waiting": obj.document.editions.filter(is_waiting=True).first(),
                "withdrawal": obj.document.withdrawal,
                "why_never_withdrawn": obj.WHY_NEVER_WITHDRAWN,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


def waiting_for(edition: Edition):
    """The bodies whose signature is still missing, before or after publication."""
    if edition.published_at is None:
        return edition.release.unsigned_bodies() if edition.submitted_at else ()
    release = edition.signing_release
    signed = release.sign_offs.filter(voided_at=None).values("body")
    return Body.objects.filter(pk__in=release.went_out_without.values("body")).exclude(
        pk__in=signed
    )
