"""The staff's first page: what families say should not be public, then what waits for whom."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from participation.public_forms import documents_at
from publishing import moments
from publishing.models import Document, Edition
from website.log_in import LogInForm
from website.models import PrivacyReport
from website.tasks import tasks_of

REPORTS_SHOWN = 50
# What staff open most often comes first; the rest follows by name.
FIRST_APPS = ["updates", "participation", "programme", "website"]


class StaffSite(AdminSite):
    """Django's admin, whose index shows reports of something private to everybody of staff."""

    login_form = LogInForm

    def index(self, request: HttpRequest, extra_context=None):
        reports = list(PrivacyReport.objects.open()[: REPORTS_SHOWN + 1])
        may_take_down = request.user.has_perm("publishing.publish_release")
        shown = reports[:REPORTS_SHOWN]
        remedies = quick_remedies({report.page for report in shown}) if may_take_down else {}
        found = [(report, remedies.get(report.page)) for report in shown]
        context = {
            "privacy_reports": found,
            "there_are_more_reports": len(reports) > REPORTS_SHOWN,
            "may_deal_with_reports": may_take_down,
            "tasks": tasks_of(request.user, moments.now()),
            **(extra_context or {}),
        }
        return super().index(request, context)

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        places = {label: place for place, label in enumerate(FIRST_APPS)}
        return sorted(apps, key=lambda app: places.get(app["app_label"], len(places)))

    def get_urls(self):
        dealt_with = self.admin_view(require_POST(self.dealt_with))
        return [
            path("something-private/<int:number>/", dealt_with, name="dealt_with"),
            *super().get_urls(),
        ]

    def dealt_with(self, request: HttpRequest, number: int):
        if not request.user.has_perm("publishing.publish_release"):
            raise PermissionDenied
        get_object_or_404(PrivacyReport.objects.open(), pk=number).deal_with(request.user)
        return redirect("admin:index")


class Remedy(NamedTuple):
    label: str
    address: str


def quick_remedies(pages: Iterable[str]) -> dict[str, Remedy]:
    """How one person makes the page at an address safe, for each that is a document's page."""
    documents = documents_at(pages)
    standing = Edition.objects.as_of(moments.now()).filter(document__in=documents.values())
    working = Edition.objects.working().filter(document__in=standing.values("document"))
    of_document = {edition.document_id: edition for edition in working.only("document")}
    return {
        page: quick_remedy(document, of_document[document.pk])
        for page, document in documents.items()
        if document.pk in of_document
    }


def quick_remedy(document: Document, working: Edition) -> Remedy:
    """What is never taken down loses the private words, and stays."""
    # The verbs need models, and this site is made before they are there.
    from publishing.admin.acts import ACTS

    kind = document.kind_model
    act = ACTS["remove-details" if kind.WHY_NEVER_WITHDRAWN else "take-down"]
    name = f"admin:{kind._meta.app_label}_{kind._meta.model_name}_act"
    return Remedy(act.label, reverse(name, args=[working.pk, act.name]))
