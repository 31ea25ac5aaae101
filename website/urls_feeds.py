"""Addresses of feeds; the feed of the updates stands beside them."""

from django.urls import path

from website import feeds

app_name = "feeds"
urlpatterns = [
    path("feeds/all.atom", feeds.all_of_it, name="all"),
    path("plan/area/<slug:slug>/feed.atom", feeds.area, name="area"),
    path("plan/p/<slug:slug>/feed.atom", feeds.promise, name="promise"),
]
