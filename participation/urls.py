"""Addresses of what people tell us and of their e-mails."""

from django.urls import include, path

app_name = "participation"
urlpatterns = [
    path("updates/email/", include("participation.urls_mail")),
    path("have-your-say/", include("participation.urls_feedback")),
]
