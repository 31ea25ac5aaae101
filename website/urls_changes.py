"""Addresses of what changed, and of what anybody needs to check it."""

from django.urls import path

from website import views_changes as views

app_name = "changes"
urlpatterns = [
    path("", views.changes, name="list"),
    path("feed.atom", views.feed, name="feed"),
    path("check/", views.check, name="check"),
    path("record.json", views.record_json, name="record"),
    path("check_the_record.py", views.script, name="script"),
]
