"""Addresses of the pages that belong to no single app."""

from django.urls import path, register_converter

from website import private, views
from website.models import InformationPage


class Purpose:
    """The pages that have an address of their own: /help/, /words/ …"""

    regex = "|".join(InformationPage.Purpose.values)

    def to_python(self, value):
        return value

    to_url = to_python


register_converter(Purpose, "purpose")

app_name = "website"
urlpatterns = [
    path("", views.home, name="home"),
    path("<purpose:slug>/", views.information, name="information"),
    path("<purpose:slug>/history/", views.information_history, name="information_history"),
    path(
        "<purpose:slug>/history/<int:number>/",
        views.information_edition,
        name="information_edition",
    ),
    path("private/", private.report, name="private"),
    path("private/sent/", private.sent, name="private_sent"),
    path("healthz", views.healthz, name="healthz"),
]
