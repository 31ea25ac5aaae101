"""Addresses of the pages that belong to no single app."""

from django.urls import path

from website import private, views

app_name = "website"
urlpatterns = [
    path("", views.home, name="home"),
    path("private/", private.report, name="private"),
    path("private/sent/", private.sent, name="private_sent"),
    path("healthz", views.healthz, name="healthz"),
    # Last, here and in config/urls.py: /help/, /words/ and whatever else has no folder of its own.
    path("<slug:slug>/", views.information, name="information"),
    path("<slug:slug>/history/", views.information_history, name="information_history"),
    path(
        "<slug:slug>/history/<int:number>/",
        views.information_edition,
        name="information_edition",
    ),
]
