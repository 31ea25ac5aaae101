"""Addresses of “You said, we did”."""

from django.urls import path

from updates import you_said_views as views

app_name = "you_said"
urlpatterns = [
    path("", views.cards, name="list"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/history/<int:number>/", views.edition, name="edition"),
]
