"""Addresses of the pages that belong to no single app."""

from django.urls import path

from website import another_day, for_machines, private, views
from website.open_data import views as open_data

app_name = "website"
urlpatterns = [
    path("", views.home, name="home"),
    path("private/", private.report, name="private"),
    path("private/sent/", private.sent, name="private_sent"),
    path("search/", views.search, name="search"),
    path("data/", open_data.index, name="data"),
    path("data/datapackage.json", open_data.data_package, name="data_package"),
    path("data/<slug:name>.csv", open_data.as_file, {"extension": "csv"}, name="data_csv"),
    path("data/<slug:name>.json", open_data.as_file, {"extension": "json"}, name="data_json"),
    path("data/<slug:name>/", open_data.meanings, name="data_table"),
    path("on/", another_day.another_day, name="another_day"),
    path("robots.txt", for_machines.robots, name="robots"),
    path(".well-known/security.txt", for_machines.security, name="security"),
    path("sitemap.xml", for_machines.sitemap_index, name="sitemap"),
    path("sitemap-pages.xml", for_machines.sitemap_pages, name="sitemap_pages"),
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
