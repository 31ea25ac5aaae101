"""How staff keep the calendar."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html_join

from programme.models import LateReason, Term
from publishing import actions
from publishing.admin.days import DAYS


class TermForm(forms.ModelForm):
    late_because = forms.CharField(
        label="why its update is late",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        help_text="Only if it is late. Families read this beside how late it is. Say what "
        "happened, in a sentence or two. You can add to it later. You cannot take it back.",
    )

    class Meta:
        model = Term
        fields = ("year", "season", "starts_on", "ends_on", "update_due_on")


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    form = TermForm
    formfield_overrides = DAYS
    list_display = ["__str__", "starts_on", "ends_on", "update_due_on"]
    fields = [*TermForm.Meta.fields, "said", "late_because"]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if text := form.cleaned_data.get("late_because"):
            LateReason.objects.create(term=obj, text=text)
        actions.renew_pages(by=request.user)

    def get_readonly_fields(self, request, obj=None):
        """What the public has seen stays; a date that was never given may still be."""
        if obj is None:
            return ["said"]
        kept = [name for name in TermForm.Meta.fields if getattr(obj, name) is not None]
        return ["said", *kept]

    @admin.display(description="what we have said so far", empty_value="Nothing yet")
    def said(self, obj):
        if obj.pk is None:
            return None
        reasons = [(f"{each.said_at:%-d %B %Y}", each) for each in obj.late_reasons.all()]
        return format_html_join("", "<p>{}: {}</p>", reasons) or None
