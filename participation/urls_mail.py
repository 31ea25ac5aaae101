"""Addresses of our e-mails, below /updates/email/."""

from django.urls import path

from participation import mail_views

urlpatterns = [
    path("", mail_views.ask, name="email"),
    path("sent/", mail_views.asked, name="email_asked"),
    path("erased/", mail_views.erased, name="email_erased"),
    path("confirm/<str:token>/", mail_views.confirm, name="email_confirm"),
    path("settings/<str:token>/", mail_views.choose, name="email_settings"),
    path("stop/<str:token>/", mail_views.stop, name="email_stop"),
]
