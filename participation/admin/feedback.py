"""The inbox: who may read what, what they may do with it, and that each reading is kept."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from participation.admin.feedback_filters import AreaFilter, StageFilter
from participation.admin.feedback_form import FeedbackForm
from participation.admin.feedback_reports import PublishesReports
from participation.feedback_alerts import alert_duty
from participation.feedback_cards import make_card
from participation.feedback_stages import stage_for_staff
from participation.models import Deed, Feedback
from programme.admin.documents import ChoosesDocuments
from publishing import moments
from publishing.actions import NotAllowed
from publishing.models import Document, slug_of
from updates.models import YouSaidWeDid

LONGEST_TITLE = 150


@admin.register(Feedback)
class FeedbackAdmin(PublishesReports, ChoosesDocuments, admin.ModelAdmin):
    form = FeedbackForm
    change_form_template = "admin/participation/feedback_form.html"
    change_list_template = "admin/participation/feedback_list.html"
    list_display = ["title", "where_it_stands", "about", "category", "answer_by"]
    list_filter = [StageFilter, AreaFilter, "category"]
    list_select_related = ["area"]
    list_per_page = 50
    actions = None
    ordering = ["-is_for_duty", "-sent_at"]
    fieldsets = [
        (None, {"fields": ["read_version", "words"]}),
        ("Where it belongs", {"fields": ["area", "category", "answer_by"]}),
        ("What came of it", {"fields": ["became", "why_not"]}),
    ]

    # Who may

    def get_queryset(self, request):
        found = Feedback.objects.visible_to(request.user).with_answer(moments.now())
        return found.order_by(*self.ordering)

    def get_object(self, request, object_id, from_field=None):
        is_number = object_id.isascii() and object_id.isdigit() and len(object_id) < 19
        return super().get_object(request, object_id, from_field) if is_number else None

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # The list

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"title": "What people told us", **(extra_context or {})}
        )

    @admin.display(description="Message", ordering="sent_at")
    def title(self, feedback):
        """Its number and its day, never its words: each reading of those is kept."""
        return str(feedback)

    @admin.display(description="How far it is")
    def where_it_stands(self, feedback):
        return stage_for_staff(feedback)

    @admin.display(description="About", ordering="area")
    def about(self, feedback):
        return str(feedback.area) if feedback.area else feedback.page or "–"

    # One message

    def change_view(self, request, object_id, form_url="", extra_context=None):
        feedback = self.get_object(request, unquote(object_id))
        if feedback and request.method == "GET" and self.has_view_permission(request, feedback):
            feedback.open_for(request.user)
        return super().change_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request, obj=None):
        first, *others = self.fieldsets
        if obj and obj.words_erased_at:
            first = (None, {"fields": ["read_version"]})
        if not self.has_change_permission(request, obj):
            first = (None, {"fields": ["words"]})
        return [first, *others]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        user = request.user
        context |= {
            "title": str(obj),
            "subtitle": None,
            "feedback": obj,
            "stage": stage_for_staff(obj),
            "deeds": obj.deeds.select_related("by").order_by("-at", "-pk")[:20],
            "is_duty": user.has_perm("participation.see_safeguarding"),
            "may_change": self.has_change_permission(request, obj),
            "may_write": user.has_perm("publishing.write_release"),
            "card": YouSaidWeDid.objects.working().filter(document=obj.became_id).first(),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "show_close": False,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        """Between reading and saving nobody else saved: the row says so, in the same statement."""
        before = Feedback.objects.filter(pk=obj.pk, version=form.cleaned_data["read_version"])
        if not before.update(version=F("version") + 1):
            raise PermissionDenied("Somebody else saved this message in the same second.")
        if "words" in form.changed_data:
            obj.original = obj.original or form.initial["words"]
            obj.names_removed_at = obj.names_removed_at or timezone.now()
            obj.note(Deed.What.NAMES, request.user)
        if "why_not" in form.changed_data:
            obj.closed_at = timezone.now() if obj.why_not else None
        obj.note(Deed.What.CHANGED, request.user)
        typed = [name for name in form.changed_data if name in self.form.Meta.fields]
        obj.save(update_fields=[*typed, "original", "names_removed_at", "closed_at"])

    def response_change(self, request, obj):
        self.message_user(request, "Saved.", messages.SUCCESS)
        return HttpResponseRedirect(self.page_of(obj))

    def page_of(self, feedback) -> str:
        return reverse("admin:participation_feedback_change", args=[feedback.pk])

    # What can be done with it

    def get_urls(self):
        deeds = {
            "card": self.card_view,
            "hold": self.hold_view,
            "let-go": self.let_go_view,
            "to-duty": self.to_duty_view,
            "duty-done": self.duty_done_view,
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"participation_feedback_{name.replace('-', '_')}",
            )
            for name, view in deeds.items()
        ]
        return [*own, *super().get_urls()]

    def feedback_or_404(self, request, object_id) -> Feedback:
        if not self.has_change_permission(request):
            raise PermissionDenied
        feedback = self.get_object(request, unquote(object_id))
        if feedback is None:
            raise Http404("No such message.")
        return feedback

    def after(self, request, feedback, says: str, level=messages.SUCCESS):
        self.message_user(request, says, level)
        if not self.get_queryset(request).filter(pk=feedback.pk).exists():
            return HttpResponseRedirect(reverse("admin:participation_feedback_changelist"))
        return HttpResponseRedirect(self.page_of(feedback))

    def card_view(self, request, object_id):
        """The draft, with what was said in it; its writer goes on there."""
        feedback = self.feedback_or_404(request, object_id)
        title = " ".join(request.POST.get("title", "").replace("\0", "").split())
        if why := self.why_no_card(title):
            return self.after(request, feedback, why, messages.ERROR)
        try:
            with transaction.atomic():
                card = make_card(feedback, title, by=request.user)
        except NotAllowed as refusal:
            return self.after(request, feedback, str(refusal), messages.ERROR)
        self.message_user(
            request,
            "This is the draft. Say what we did, or why we cannot. Check that nobody can be found "
            "by it.",
            messages.SUCCESS,
        )
        return HttpResponseRedirect(reverse("admin:updates_yousaidwedid_change", args=[card.pk]))

    def why_no_card(self, title: str) -> str:
        slug = slug_of(title)
        if not title:
            return "Write a title for the page: what was said, in a few words."
        if len(title) > LONGEST_TITLE:
            return f"The title is too long. Use at most {LONGEST_TITLE} letters."
        if not slug:
            return "Use some letters or digits in the title: the page’s address is made of them."
        if Document.objects.filter(kind="updates.yousaidwedid", slug=slug).exists():
            return "There already is a page with this title. Choose another."
        return ""

    def hold_view(self, request, object_id):
        feedback = self.feedback_or_404(request, object_id)
        because = " ".join(request.POST.get("because", "").replace("\0", "").split())[:200]
        if not because:
            return self.after(request, feedback, "Say why it must be kept.", messages.ERROR)
        feedback.hold(because, request.user)
        return self.after(request, feedback, "It is kept until somebody lets it go.")

    def let_go_view(self, request, object_id):
        feedback = self.feedback_or_404(request, object_id)
        feedback.let_go(request.user)
        return self.after(request, feedback, "It is erased in its time again.")

    def to_duty_view(self, request, object_id):
        feedback = self.feedback_or_404(request, object_id)
        feedback.pass_to_duty(request.user)
        transaction.on_commit(alert_duty)
        return self.after(request, feedback, "The duty role was alerted. Others cannot see it now.")

    def duty_done_view(self, request, object_id):
        if not request.user.has_perm("participation.see_safeguarding"):
            raise PermissionDenied
        feedback = self.feedback_or_404(request, object_id)
        others_may_read = bool(request.POST.get("others_may_read"))
        feedback.duty_is_done(request.user, others_may_read=others_may_read)
        return self.after(request, feedback, "Noted. It no longer waits for the duty role.")
