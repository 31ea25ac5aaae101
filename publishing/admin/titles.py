"""For kinds whose address is made from their title, once."""

from django import forms

from publishing.admin.draft_form import EditionForm
from publishing.models import Document, slug_of


class TitleForm(EditionForm):
    """Refuses a title whose address is taken, or that gives none."""

    taken: frozenset[str] = frozenset()  # addresses that pages beside this kind have

    def clean_title(self):
        title = self.cleaned_data["title"]
        if self.instance.pk:
            return title
        if not slug_of(title):
            raise forms.ValidationError("Use some letters or digits: the address is made of them.")
        slug = self.slug_for(title)
        kind = type(self.instance)._meta.label_lower
        if slug in self.taken or Document.objects.filter(kind=kind, slug=slug).exists():
            raise forms.ValidationError("There already is one with this title. Choose another.")
        return title

    def slug_for(self, title: str) -> str:
        """The address that the title makes. A kind whose address says more adds it."""
        return slug_of(title)
