"""The table of contents."""

from django.contrib import admin
from django.urls import include, path

import website.views
from publishing.admin import editor

urlpatterns = [
    # Django's “view on site” would tell anybody with a log-in the address of a draft.
    path("admin/r/<path:target>", website.views.nowhere),
    path("admin/editor/preview/", editor.preview, name="editor_preview"),
    path("admin/editor/upload/", editor.upload, name="editor_upload"),
    path("admin/", admin.site.urls),
    # Before the updates: /updates/email/ is no term.
    path("", include("participation.urls")),
    path("updates/", include("updates.urls")),
    path("you-said/", include("updates.you_said_urls")),
    path("opportunities/", include("updates.opportunities_urls")),
    path("plan/measures/", include("programme.urls_measures")),
    path("history/", include("programme.urls_timeline")),
    path("who/", include("programme.urls_who")),
    path("plan/", include("programme.urls")),
    path("changes/", include("website.urls_changes")),
    path("", include("website.urls_feeds")),
    path("", include("publishing.urls")),
    path("", include("website.urls")),
]

handler400 = "website.views.bad_request"
handler500 = "website.views.server_error"
