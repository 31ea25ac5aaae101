"""Addresses of what happened."""

from django.urls import path

from programme import views_timeline as views

app_name = "timeline"
urlpatterns = [
    path("", views.newest_first, name="list"),
    path("oldest/", views.oldest_first, name="oldest"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/history/<int:number>/", views.edition, name="edition"),
]
