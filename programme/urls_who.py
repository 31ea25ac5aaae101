"""Addresses of who is responsible, and who checks on them."""

from django.urls import path

from programme import views_who as views

app_name = "who"
urlpatterns = [
    path("", views.everybody, name="list"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/history/<int:number>/", views.edition, name="edition"),
]
