"""The table of contents."""

from django.contrib import admin
from django.urls import include, path

import website.views

urlpatterns = [
    # Django's “view on site” would tell anybody with a log-in the address of a draft.
    path("admin/r/<path:target>", website.views.nowhere),
    path("admin/", admin.site.urls),
    path("", include("website.urls")),
    path("updates/", include("updates.urls")),
    path("", include("publishing.urls")),
]

handler400 = "website.views.bad_request"
handler500 = "website.views.server_error"
