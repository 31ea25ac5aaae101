"""Addresses of what people tell us and of their e-mails."""

app_name = "participation"
urlpatterns: list = []
