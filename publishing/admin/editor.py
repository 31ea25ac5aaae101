"""The text editor of the staff site: its widget, and the two addresses it talks to.

django-markdownx's own addresses are open to everybody and are never included: see
docs/decisions/0003. These two answer 403 to whoever may not write, never a redirect, because a
redirect would put the login page into the preview.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from markdownx.widgets import AdminMarkdownxWidget

from publishing.attachments import store_picture
from publishing.pictures import MAX_BYTES
from publishing.richtext import MarkdownField, render
from publishing.richtext.source import DESCRIBE
from publishing.templatetags.richtext import rich

LONGEST_PLAIN_TEXT = 5_000
TOO_LONG = "This is too long: %(show_value)d letters. Use at most %(limit_value)d."


class RichTextWidget(AdminMarkdownxWidget):
    """A plain text box; with JavaScript, a labelled preview and a button for pictures."""

    template_name = "admin/publishing/rich_text.html"

    class Media:
        js = ["js/staff-editor.js"]

    def __init__(self, attrs=None, label=""):
        super().__init__({"rows": 8, **(attrs or {})})
        self.label = label

    def get_context(self, name, value, attrs=None):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"label": self.label, "max_bytes": MAX_BYTES}
        return context


class WritesRichText:
    """For admin classes: Markdown columns get the editor, and plain texts an end."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, MarkdownField):
            kwargs["widget"] = RichTextWidget(label=capfirst(db_field.verbose_name))
        elif isinstance(db_field, models.TextField):
            # Not `max_length`: with it a browser cuts what is pasted, without a word.
            kwargs["validators"] = [MaxLengthValidator(LONGEST_PLAIN_TEXT, TOO_LONG)]
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


def may_write(user) -> bool:
    return user.is_active and user.is_staff and user.has_perm("publishing.write_release")


NOT_YOU = "You are signed out, or your role does not include writing. Copy your words first."


@never_cache
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text as families will read it, by the same function; or in words why not."""
    if not may_write(request.user):
        return HttpResponse(format_html("<p>{}</p>", NOT_YOU), status=403)
    if "content" not in request.POST:
        return HttpResponse("<p>There is no text to show.</p>", status=400)
    try:
        html = render(MarkdownField().to_python(request.POST["content"]))
    except ValidationError as error:
        return HttpResponse(format_html("<p>{}</p>", error.messages[0]), status=400)
    return HttpResponse(rich(html))


@never_cache
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Stores a picture privately and answers with the Markdown that shows it."""
    if not may_write(request.user):
        return JsonResponse({"error": NOT_YOU}, status=403)
    file = request.FILES.get("image")
    if file is None:
        return JsonResponse({"error": "No picture came with this. Choose one."}, status=400)
    try:
        picture = store_picture(file.read(MAX_BYTES + 1), by=request.user)
    except ValidationError as error:
        return JsonResponse({"error": error.messages[0]}, status=400)
    return JsonResponse({"image_code": f"![{DESCRIBE}]({picture.get_absolute_url()})"})
