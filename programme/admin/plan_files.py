"""How staff bring the plan in from Excel and take it out again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from programme import spreadsheets
from programme.admin.plan_file_forms import ColumnsForm, UploadForm
from programme.models import PlanFile
from programme.workbook import columns as plan_columns
from programme.workbook import export
from programme.workbook.checking import CheckedRow, Verdict
from programme.workbook.drafting import agree, check_of, draft_rows, seal_of, to_agree

# A check screen that a browser on an old laptop can still show.
SHOWN_OF_EACH = 200
GOES_ON = "goes-on"
CHANGED_SINCE = (
    "Somebody has changed the plan since you looked. Nothing was drafted. This is what the file "
    "would do now."
)
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@admin.register(PlanFile)
class PlanFileAdmin(admin.ModelAdmin):
    """Upload, say what the columns mean, check, make drafts: a page for each."""

    list_display = ["name", "uploaded_at", "uploaded_by"]
    list_select_related = ["uploaded_by"]
    list_per_page = 25
    actions = None
    change_list_template = "admin/programme/planfile_list.html"

    def changelist_view(self, request, extra_context=None):
        title = {"title": "The plan in Excel"}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    # Who may

    def has_add_permission(self, request):
        return request.user.has_perm("publishing.write_release")

    def has_view_permission(self, request, obj=None):
        return self.has_add_permission(request)

    has_change_permission = has_view_permission

    def has_module_permission(self, request):
        return self.has_add_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    # Pages

    def get_urls(self):
        def page(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"programme_planfile_{name}")

        return [
            page("export.xlsx", require_GET(self.export_workbook), "workbook"),
            page("export.csv", require_GET(self.export_csv), "csv"),
            page("export.json", require_GET(self.export_json), "json"),
            page("<path:object_id>/columns/", self.columns_view, "columns"),
            page("<path:object_id>/drafts/", require_POST(self.drafts_view), "drafts"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Takes a file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = PlanFile.holding(
                form.table, name=form.cleaned_data["file"].name, by=request.user
            )
            file.save()
            return HttpResponseRedirect(self.address("columns", file))
        return self.page(
            request,
            "admin/programme/plan_file_upload.html",
            "Bring a plan in from Excel",
            form=form,
        )

    def columns_view(self, request, object_id):
        """Asks what the columns mean; what was answered before is filled in."""
        file = self.file_or_404(request, object_id)
        form = ColumnsForm(request.POST or None, file=file)
        if request.method == "POST" and form.is_valid():
            form.save()
            return HttpResponseRedirect(self.address("change", file))
        return self.page(
            request,
            "admin/programme/plan_file_columns.html",
            "What do the columns mean?",
            form=form,
            file=file,
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The check screen: what each row would do. While drafts are made, how far it is."""
        file = self.file_or_404(request, object_id)
        if GOES_ON in request.GET and file.left():
            return self.progress(request, file)
        if not file.columns:
            return HttpResponseRedirect(self.address("columns", file))
        checked = check_of(file).rows(file.table_rows())
        if request.method == "POST":
            self.decide(request, file, checked)
            return HttpResponseRedirect(request.path)
        waiting = to_agree(file, checked)
        groups = [
            (verdict, [row for row in checked if row.verdict == verdict]) for verdict in Verdict
        ]
        return self.page(
            request,
            "admin/programme/plan_file_check.html",
            "What this file would do",
            file=file,
            groups=[(v, rows[:SHOWN_OF_EACH], len(rows)) for v, rows in groups if rows],
            waiting=len(waiting),
            seal=seal_of(waiting),
            refused=list(file.refused.items())[:SHOWN_OF_EACH],
            columns_url=self.address("columns", file),
            drafts_url=self.address("drafts", file),
            **drafts_of(file),
        )

    def progress(self, request, file: PlanFile) -> TemplateResponse:
        """Looks at no row: it is shown after every second of work."""
        drafted, refused = len(file.drafted), len(file.refused)
        of = drafted + len(file.left())
        return self.page(
            request,
            "admin/programme/plan_file_progress.html",
            f"{drafted:,} of {of:,} rows are drafts",
            file=file,
            share=100 * drafted // of,
            refused=f"{refused:,} row{pluralize(refused, ' was,s were')}" if refused else "",
            drafts_url=self.address("drafts", file),
            change_url=self.address("change", file),
        )

    def decide(self, request, file: PlanFile, checked: list[CheckedRow]) -> None:
        for row in checked:
            answer = request.POST.get(f"row-{row.number}", "")
            if row.like is None or answer not in {"own", row.like.edition.ref}:
                continue
            file.decisions[str(row.number)] = "" if answer == "own" else answer
        file.agreed = {}
        file.save(update_fields=["decisions", "agreed"])

    def drafts_view(self, request, object_id):
        """Drafts what is agreed, as much as fits into one answer.

        `seen` seals what the check screen showed; without it, nothing more is agreed.
        """
        file = self.file_or_404(request, object_id)
        if seen := request.POST.get("seen"):
            agreed = to_agree(file, check_of(file).rows(file.table_rows()))
            if seal_of(agreed) != seen:
                self.message_user(request, CHANGED_SINCE, messages.WARNING)
                return HttpResponseRedirect(self.address("change", file))
            agree(file, agreed)
        if draft_rows(file, by=request.user):
            return HttpResponseRedirect(f"{self.address('change', file)}?{GOES_ON}")
        done = len(file.drafted)
        rows = "1 row is a draft" if done == 1 else f"{done:,} rows are drafts"
        self.message_user(request, f"{rows} now. Nobody outside can see them.", messages.SUCCESS)
        return HttpResponseRedirect(self.address("change", file))

    def get_queryset(self, request):
        """Without what the rows say: most pages do not ask."""
        return super().get_queryset(request).defer("rows")

    # Out

    def export_workbook(self, request: HttpRequest) -> HttpResponseBase:
        self.refuse_strangers(request)
        book = spreadsheets.as_workbook("Plan", plan_columns.HEADINGS, export.rows())
        return download(HttpResponse(book, content_type=WORKBOOK_TYPE), "xlsx")

    def export_csv(self, request: HttpRequest) -> HttpResponseBase:
        self.refuse_strangers(request)
        lines = spreadsheets.as_csv(plan_columns.HEADINGS, export.rows())
        return download(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), "csv")

    def export_json(self, request: HttpRequest) -> HttpResponseBase:
        self.refuse_strangers(request)
        lines = spreadsheets.as_json(plan_columns.HEADINGS, export.rows())
        return download(StreamingHttpResponse(lines, content_type="application/json"), "json")

    # What the pages share

    def refuse_strangers(self, request) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def file_or_404(self, request, object_id) -> PlanFile:
        self.refuse_strangers(request)
        file = self.get_object(request, unquote(object_id))
        if file is None:
            raise Http404("No such file: it was uploaded too long ago, or never.")
        return file

    def address(self, name: str, file: PlanFile) -> str:
        return reverse(f"{self.admin_site.name}:programme_planfile_{name}", args=[file.pk])

    def page(self, request, template: str, title: str, **context: Any) -> TemplateResponse:
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "has_view_permission": True,
        }
        return TemplateResponse(request, template, context)


def drafts_of(file: PlanFile) -> dict[str, Any]:
    """The drafts of a file, and where all of them can be sent for sign-off at once."""
    if file.release is None:
        return {}
    drafts = file.release.editions.order_by("pk")
    first = drafts.first()
    return {
        "drafts": drafts[:SHOWN_OF_EACH],
        "drafts_count": drafts.count(),
        "first_draft": first and reverse("admin:programme_milestone_change", args=[first.pk]),
    }


def download(response: Any, extension: str) -> HttpResponseBase:
    day = timezone.localdate()
    response["Content-Disposition"] = f'attachment; filename="plan-{day:%Y-%m-%d}.{extension}"'
    return response
