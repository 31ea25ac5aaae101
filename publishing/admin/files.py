"""The files of a page: PDFs, each with a title and a plain summary."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html

from publishing.admin.parts import PartInline
from publishing.attachments import store_pdf
from publishing.models import Attachment, EditionFile
from publishing.pdfs import MAX_BYTES


class EditionFileForm(forms.ModelForm):
    """Takes the file itself. A refused form keeps a good file, which a browser would lose."""

    user: Any = None

    upload = forms.FileField(
        label="PDF",
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf", "data-most": MAX_BYTES}),
        help_text="At most 10 MB. The names of its authors and the like are taken out.",
    )
    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = EditionFile
        fields = ["upload", "kept", "title", "summary", "position"]

    def clean(self):
        cleaned = super().clean()
        try:
            attachment = self.chosen()
        except ValidationError as error:
            self.add_error("upload", error)
            return cleaned
        if attachment:
            self.instance.attachment = attachment
            self.keep(attachment)
        elif not self.instance.attachment_id and "upload" not in self.errors:
            self.add_error("upload", "Choose a PDF.")
        return cleaned

    def chosen(self) -> Attachment | None:
        """The file that came now or with an earlier try; others may have stored the same."""
        if file := self.cleaned_data.get("upload"):
            return store_pdf(file.read(MAX_BYTES + 1), by=self.user)
        if digest := self.cleaned_data.get("kept"):
            return Attachment.objects.filter(extension="pdf", digest=digest).first()
        return None

    def keep(self, attachment: Attachment) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("kept")] = attachment.digest
        self.data = data
        self["upload"].help_text = f"You chose a file ({attachment.in_words}). It is kept."


class EditionFileInline(PartInline):
    model = EditionFile
    form = EditionFileForm
    fields = ["stored_file", "upload", "kept", "title", "summary", "position"]
    readonly_fields = ["stored_file"]
    verbose_name_plural = "files"

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.user = request.user
        return formset

    def get_fields(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return self.fields
        return ["stored_file", "title", "summary"]

    def stored_file(self, file):
        if not file.attachment_id:
            return "None yet"
        return format_html(
            '<a href="{}">{}</a>', file.attachment.get_absolute_url(), file.attachment.in_words
        )
