"""Addresses of chances to take part."""

from django.urls import path

from updates import opportunities_views as views

app_name = "opportunities"
urlpatterns = [
    path("", views.coming, name="list"),
    path("past/", views.over, name="past"),
    path("calendar.ics", views.calendar, name="calendar"),
    path("<slug:slug>.ics", views.one_in_calendar, name="one_in_calendar"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/history/<int:number>/", views.edition, name="edition"),
]
