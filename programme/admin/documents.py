"""Form fields that name another page: by its title, or where there are many by its address."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.db.models import OuterRef, Q, Subquery
from django.forms.models import ModelChoiceIterator

from programme.references import slug_of_ref
from publishing.models import Document, Edition
from publishing.models.editions import kinds

LONGEST_SLUG = Document._meta.get_field("slug").max_length or 0


class KnownChoices(ModelChoiceIterator):
    """Asked for once: every row of a form offers the same pages."""

    field: DocumentChoiceField

    def __iter__(self):
        if not self.field.known:
            self.field.known.extend(super().__iter__())
        return iter(self.field.known)


class DocumentChoiceField(forms.ModelChoiceField):
    """A choice of pages by title, where Django would show addresses."""

    iterator = KnownChoices

    def __init__(self, *args, **kwargs):
        self.known: list = []  # which all copies of the field share
        super().__init__(*args, **kwargs)

    def label_from_instance(self, obj):
        return getattr(obj, "title", None) or str(obj)


class ChoosesDocuments:
    """For an admin whose model refers to pages of which there are few."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is not Document:
            return super().formfield_for_foreignkey(  # type: ignore[misc]
                db_field, request, **kwargs
            )
        # Public ones only: a draft may still be thrown away, from under whoever names it.
        public = Edition.objects.filter(document=OuterRef("pk"), published_at__isnull=False)
        pages = Document.objects.filter(**db_field.get_limit_choices_to()).annotate(
            title=Subquery(public.order_by("-number").values("title")[:1])
        )
        return DocumentChoiceField(
            pages.filter(title__isnull=False).order_by("slug"),
            required=not db_field.blank,
            label=db_field.verbose_name.capitalize(),
            help_text=db_field.help_text,
        )


class PageAddressField(forms.CharField):
    """A page of this site by its address; a promise also by its reference."""

    def __init__(self, *args, only: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.only = only  # the one kind that is meant

    def prepare_value(self, value):
        if isinstance(value, int):
            return Document.objects.get(pk=value).get_absolute_url()
        return value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)

    def to_python(self, value):
        written = super().to_python(value)
        if not written:
            return None
        self.run_validators(written)  # before it is looked for: a database refuses some texts
        if document := self.find(written):
            return document
        raise forms.ValidationError(
            f"There is no such page: “{written}”. Copy the address from your browser."
        )

    def find(self, written: str) -> Document | None:
        try:
            path = urlsplit(written).path
        except ValueError:  # no address at all, like “http://[”
            return None
        slug = path.strip("/").rpartition("/")[2]
        if len(slug) > LONGEST_SLUG:  # SQLite cannot even look for a very long beginning
            return None
        ref = slug_of_ref(slug)
        wanted = Q(slug=slug) | Q(slug=ref) | Q(slug__startswith=f"{ref}-") if self.only else Q()
        labels = [kind._meta.label_lower for kind in kinds()]
        found = Document.objects.filter(
            kind__in=[self.only] if self.only else labels, editions__published_at__isnull=False
        ).distinct()
        found = found.filter(wanted if self.only else Q(slug=slug))
        for document in found:
            if self.only or document.get_absolute_url() == path:
                return document
        return None

    def validate(self, value):
        if value is None and self.required:
            super().validate("")


class NamesPages(forms.ModelForm):
    """The form of a row: the pages that it names may have been asked for with it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.base_fields.items():
            if isinstance(field, PageAddressField) and (page := getattr(self.instance, name, None)):
                self.initial[name] = page.get_absolute_url()
