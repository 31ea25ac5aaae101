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

from participation.admin.feedback_filters import AreaFilter, StageFilter, ThemeFilter
from participation.admin.feedback_form import MAKE_CARD, FeedbackForm
from participation.admin.feedback_reports import PublishesReports
from participation.feedback_alerts import alert_duty
from participation.feedback_cards import make_card
from participation.feedback_erasing import pass_to_duty
from participation.feedback_stages import stage_for_staff
from participation.models import Deed, Feedback
from participation.public_forms import name_of_page
from programme.admin.documents import ChoosesDocuments
from publishing import moments
from publishing.admin.days import DAYS
from publishing.models import Edition
from updates.models import YouSaidWeDid

WRITTEN_WITH_THEM = ("original", "names_removed_at", "became_at", "closed_at")


@admin.register(Feedback)
class FeedbackAdmin(PublishesReports, ChoosesDocuments, admin.ModelAdmin):
    form = FeedbackForm
    formfield_overrides = DAYS
    change_form_template = "admin/participation/feedback_form.html"
    change_list_template = "admin/participation/feedback_list.html"
    list_display = ["title", "where_it_stands", "problem", "theme", "answer_by"]
    list_filter = [StageFilter, AreaFilter, ("category", ThemeFilter)]
    list_select_related = ["area"]
    list_per_page = 50
    actions = None
    ordering = ["-is_for_duty", "-sent_at"]
    fieldsets = [
        (None, {"fields": ["read_version", "words"]}),
        ("Where it belongs", {"fields": ["area", "category", "answer_by"]}),
        ("What came of it", {"fields": ["became", "card_title", "why_not"]}),
    ]

    # Who may

    def get_queryset(self, request):
        moment = moments.now()
        found = Feedback.objects.visible_to(request.user).with_answer(moment)
        return found.with_page_title(moment).order_by(*self.ordering)

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
        """What it can be known by, never its words: each reading of those is kept."""
        page = name_of_page(feedback.page, feedback.page_title)
        known = [feedback.get_who_display(), f"about “{page}”" if page else ""]
        said = ", ".join(fact for fact in known if fact)
        return f"{feedback}: {said}" if said else str(feedback)

    @admin.display(description="How far it is")
    def where_it_stands(self, feedback):
        return stage_for_staff(feedback)

    @admin.display(description="Problem", ordering="area", empty_value="–")
    def problem(self, feedback):
        return feedback.area

    @admin.display(description="Theme", ordering="category", empty_value="–")
    def theme(self, feedback):
        return feedback.get_category_display() or None

    # One message

    def get_fieldsets(self, request, obj=None):
        left_out = self.not_asked(request, obj) if obj else set()
        return [
            (name, {"fields": [field for field in said["fields"] if field not in left_out]})
            for name, said in self.fieldsets
        ]

    def not_asked(self, request, feedback) -> set[str]:
        if not self.has_change_permission(request, feedback):
            return {"read_version", "card_title"}
        left_out = set()
        if feedback.words_erased_at:
            left_out.add("words")
        if not self.may_make_card(request, feedback):
            left_out.add("card_title")
        if feedback.became_id and not Edition.objects.ever_public(moments.now()).filter(
            document=feedback.became_id
        ):
            # Only public cards can be chosen: to save the form would lose a draft.
            left_out.add("became")
        return left_out

    def may_make_card(self, request, feedback) -> bool:
        is_open = feedback.words and not (feedback.became_id or feedback.is_for_duty)
        return is_open and request.user.has_perm("publishing.write_release")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Whoever may see the message, asked for it or was refused a change, reads it here."""
        user = request.user
        obj.open_for(user)
        context |= {
            "title": str(obj),
            "subtitle": None,
            "feedback": obj,
            "stage": stage_for_staff(obj),
            "deeds": obj.deeds.select_related("by").order_by("-at", "-pk")[:20],
            "is_duty": user.has_perm("participation.see_safeguarding"),
            "may_change": self.has_change_permission(request, obj),
            "may_make_card": self.may_make_card(request, obj),
            "page_name": name_of_page(obj.page, obj.page_title),
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
        obj.refresh_from_db(fields=["version"])
        if "words" in form.changed_data:
            obj.original = obj.original or form.initial["words"]
            obj.names_removed_at = obj.names_removed_at or timezone.now()
            obj.note(Deed.What.NAMES, request.user)
        if "became" in form.changed_data:
            obj.is_answered_by(obj.became)
        if "why_not" in form.changed_data:
            obj.closed_at = timezone.now() if obj.why_not else None
        obj.note(Deed.What.CHANGED, request.user)
        typed = [name for name in form.changed_data if name in self.form.Meta.fields]
        obj.save(update_fields=[*typed, *WRITTEN_WITH_THEM])

    def response_change(self, request, obj):
        if MAKE_CARD in request.POST:
            return self.go_on_in_card(request, obj)
        self.message_user(request, "Saved.", messages.SUCCESS)
        return HttpResponseRedirect(self.page_of(obj))

    def go_on_in_card(self, request, feedback):
        """The draft, with what was said in it; its writer goes on there."""
        if not request.user.has_perm("publishing.write_release"):
            raise PermissionDenied
        title = " ".join(request.POST["card_title"].split())
        card = make_card(feedback, title, by=request.user)
        self.message_user(
            request,
            "This is the draft. Say what we did, or why we cannot. Check that nobody can be found "
            "by it.",
            messages.SUCCESS,
        )
        return HttpResponseRedirect(reverse("admin:updates_yousaidwedid_change", args=[card.pk]))

    def page_of(self, feedback) -> str:
        return reverse("admin:participation_feedback_change", args=[feedback.pk])

    # What can be done with it

    def get_urls(self):
        deeds = {
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
        pass_to_duty(feedback, by=request.user)
        transaction.on_commit(alert_duty)
        return self.after(request, feedback, "The duty role was alerted. Others cannot see it now.")

    def duty_done_view(self, request, object_id):
        if not request.user.has_perm("participation.see_safeguarding"):
            raise PermissionDenied
        feedback = self.feedback_or_404(request, object_id)
        others_may_read = bool(request.POST.get("others_may_read"))
        feedback.duty_is_done(request.user, others_may_read=others_may_read)
        return self.after(request, feedback, "Noted. It no longer waits for the duty role.")
