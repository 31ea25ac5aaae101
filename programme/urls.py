"""Addresses of the plan."""

from django.urls import path

from programme import views

app_name = "plan"
urlpatterns = [
    path("", views.plan, name="list"),
    path("board/", views.board_paper, name="board"),
    path("area/<slug:slug>/", views.area, name="area"),
    path("area/<slug:slug>/history/", views.area_history, name="area_history"),
    path("area/<slug:slug>/history/<int:number>/", views.area_edition, name="area_edition"),
    path("p/<slug:slug>/", views.promise, name="promise"),
    path("p/<slug:slug>/history/", views.promise_history, name="promise_history"),
    path("p/<slug:slug>/history/<int:number>/", views.promise_edition, name="promise_edition"),
    path("p/<slug:slug>/forum/", views.forum_check, name="forum_check"),
    path("p/<slug:slug>/forum/history/", views.forum_check_history, name="forum_check_history"),
    path(
        "p/<slug:slug>/forum/history/<int:number>/",
        views.forum_check_edition,
        name="forum_check_edition",
    ),
    path("version/<slug:slug>/", views.version, name="version"),
    path("version/<slug:slug>/history/", views.version_history, name="version_history"),
    path(
        "version/<slug:slug>/history/<int:number>/", views.version_edition, name="version_edition"
    ),
    path("check/<slug:slug>/", views.check, name="check"),
    path("check/<slug:slug>/history/", views.check_history, name="check_history"),
    path("check/<slug:slug>/history/<int:number>/", views.check_edition, name="check_edition"),
]
