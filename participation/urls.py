"""Addresses of what people tell us, of their e-mails, and of the Parent Carer Forum's link."""

from django.urls import include, path

from participation import forum_views

app_name = "participation"
urlpatterns = [
    path("updates/email/", include("participation.urls_mail")),
    path("forum/<str:token>/", forum_views.promises, name="forum"),
    path("forum/<str:token>/<slug:slug>/", forum_views.promise, name="forum_promise"),
    path("have-your-say/", include("participation.urls_feedback")),
]
