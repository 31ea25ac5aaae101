"""One click a year: the report of regulation 56, shown first, then published as it was shown."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from participation import feedback_report
from participation.models import YearlyReport
from publishing import moments

CHANGED = "The numbers have changed since you saw them. Check them again, then publish."


class PublishesReports:
    """For the admin of messages."""

    def get_urls(self):
        view = self.admin_site.admin_view(  # type: ignore[attr-defined]
            require_http_methods(["GET", "HEAD", "POST"])(self.report_view)
        )
        own = path("report/", view, name="participation_feedback_report")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def report_view(self, request: HttpRequest):
        """The oldest year without a report. Only numbers that were shown are published."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        moment = moments.now()
        years = feedback_report.years_to_report(moment)
        may_publish = request.user.has_perm("publishing.publish_release")
        tables = feedback_report.draft_tables(years[0], moment) if years else []
        shown = feedback_report.digest_of(years[0], tables) if years else ""
        if request.method == "POST":
            if not may_publish:
                raise PermissionDenied
            if years and request.POST.get("shown") == shown:
                return self.publish(request, years[0], tables)
            if years:
                self.message_user(request, CHANGED, messages.WARNING)  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": "The yearly report",
            "opts": self.opts,  # type: ignore[attr-defined]
            "year": years[0] if years else None,
            "tables": tables,
            "shown": shown,
            "may_publish": may_publish,
            "reports": YearlyReport.objects.all(),
        }
        return TemplateResponse(request, "admin/participation/report.html", context)

    def publish(self, request, year: int, tables: list):
        try:
            with transaction.atomic():
                report = YearlyReport.objects.create(year=year, tables=tables, by=request.user)
        except IntegrityError:  # two people at once: it is public, which is what both wanted
            report = YearlyReport.objects.get(year=year)
        says = f"The report of {report.year} is public."
        self.message_user(request, says, messages.SUCCESS)  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("admin:participation_feedback_report"))
