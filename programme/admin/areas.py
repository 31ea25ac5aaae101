"""Choosing the problem that a number or a finding is about, by its name."""

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery

from publishing.models import Document, Edition

AREA = "programme.area"


class AreaField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return obj.newest_title


def public_areas() -> QuerySet[Document]:
    """Problems that families know: a draft may still be thrown away, from under its pointers."""
    editions = Edition.objects.filter(document=OuterRef("pk"), published_at__isnull=False)
    newest = editions.order_by("-number").values("title")[:1]
    documents = Document.objects.filter(kind=AREA).annotate(newest_title=Subquery(newest))
    return documents.filter(newest_title__isnull=False).order_by("newest_title", "pk")


class ChoosesArea:
    """For admin classes: `area` and `of_area` offer problems by name."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in {"area", "of_area"}:
            kwargs |= {"queryset": public_areas(), "form_class": AreaField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
