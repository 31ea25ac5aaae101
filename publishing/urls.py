"""Addresses of files."""

from django.urls import path

from publishing import views

app_name = "publishing"
urlpatterns = [
    path("files/<str:digest>.<str:extension>", views.attachment, name="attachment"),
]
