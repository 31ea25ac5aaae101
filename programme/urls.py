"""Addresses of the plan."""

from django.urls import path

from programme import views

app_name = "plan"
urlpatterns = [
    path("", views.plan, name="list"),
    path("area/<slug:slug>/", views.area, name="area"),
    path("area/<slug:slug>/history/", views.area_history, name="area_history"),
    path("area/<slug:slug>/history/<int:number>/", views.area_edition, name="area_edition"),
]
