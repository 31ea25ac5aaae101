"""Addresses of “Have your say”, below /have-your-say/."""

from django.urls import path

from participation import feedback_views as views

urlpatterns = [
    path("", views.tell, name="feedback"),
    path("easy-read/", views.tell_easy_read, name="feedback_easy_read"),
    path("receipt/", views.receipt, name="receipt"),
    path("reports/<int:year>/", views.report, name="report"),
    path("reports/<int:year>.csv", views.report_csv, name="report_csv"),
]
