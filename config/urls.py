"""The table of contents."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("website.urls")),
    path("updates/", include("updates.urls")),
    path("", include("publishing.urls")),
]

handler400 = "website.views.bad_request"
handler500 = "website.views.server_error"
