"""Addresses of files."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from publishing import views


class DigestConverter(StringConverter):
    """Only what can be a digest: PostgreSQL cannot even look for a NUL."""

    regex = "[0-9a-f]{64}"


register_converter(DigestConverter, "sha256")

app_name = "publishing"
urlpatterns = [
    path("files/<sha256:digest>.<slug:extension>", views.attachment, name="attachment"),
]
