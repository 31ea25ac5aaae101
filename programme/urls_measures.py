"""Addresses of the measures."""

from django.urls import path

from programme import views_measures as views

app_name = "measures"
urlpatterns = [
    path("", views.measures, name="list"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/history/<int:number>/", views.edition, name="edition"),
]
