"""Addresses of the updates."""

from django.urls import path

from updates import views

app_name = "updates"
urlpatterns = [
    path("", views.archive, name="list"),
    path("feed/", views.feed, name="feed"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/history/<int:number>/", views.edition, name="edition"),
]
