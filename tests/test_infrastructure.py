"""The ground that the other tests stand on holds."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.template import engines
from django.template.backends.django import DjangoTemplates

from publishing import guards
from publishing.models import SiteVersion
from tests import factories
from tests.conftest import SocketClosedError
from tests.undefined_variables import UndefinedVariableError

FAR_AWAY = "192.0.2.1"  # an address that documentation may use, and nobody has


def test_the_database_is_the_one_that_was_asked_for(db):
    asked_for = os.environ.get("TEST_DATABASE") or "sqlite"

    assert connection.vendor == asked_for


@pytest.mark.parametrize("verb", ["connect", "connect_ex"])
def test_no_socket_leads_off_this_machine(verb):
    with socket.socket() as closed, pytest.raises(SocketClosedError):
        getattr(closed, verb)((FAR_AWAY, 80))


def test_no_name_is_looked_up_off_this_machine():
    with pytest.raises(SocketClosedError):
        socket.create_connection(("example.org", 80))


def test_this_machine_can_be_reached():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as connected,
    ):
        assert connected.getpeername() == server.getsockname()


def render(text, **context):
    return engines["django"].from_string(text).render(context)


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{{ nobody.name }}",
        "{{ nobody|upper }}",
        "{{ nobody|default:'x' }}",
        "{% with a=nobody %}{% endwith %}",
        "{{ somebody.nothing }}",
        "{{ somebody.format_map }}",
    ],
)
def test_an_undefined_variable_fails(text, undefined_variables):
    with pytest.raises(UndefinedVariableError):
        render(text, somebody="a word")

    assert undefined_variables
    undefined_variables.clear()


@pytest.mark.parametrize(
    "text", ["{% if nobody %}x{% endif %}", "{% for one in nobody %}x{% endfor %}"]
)
def test_a_template_may_ask_whether_there_is_something(text):
    assert render(text) == ""


def test_django_s_own_templates_may_rely_on_silence(client, db):
    client.force_login(factories.make_user(None, is_superuser=True))

    answer = client.get("/admin/auth/user/add/")

    assert answer.status_code == 200


def test_an_undefined_variable_in_ours_fails_inside_django_s_page(tmp_path, undefined_variables):
    folder = tmp_path / "admin"
    folder.mkdir()
    folder.joinpath("ours.html").write_text(
        "{% extends 'admin/base_site.html' %}{% block content %}{{ nobody }}{% endblock %}"
    )
    parameters = {**settings.TEMPLATES[0], "NAME": "ours", "DIRS": [tmp_path]}
    parameters.pop("BACKEND")
    engine = DjangoTemplates(parameters)

    with pytest.raises(UndefinedVariableError, match=r"ours\.html: “nobody”"):
        engine.get_template("admin/ours.html").render()

    undefined_variables.clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_transactional_test_begins_empty_and_guarded(turn):
    assert guards.missing(connection) == []
    assert SiteVersion.objects.get().number == 0

    factories.make_public_update()


def test_another_process_works_on_the_same_database(process_environment):
    factories.make_user("author", username="priya")

    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", ASK_FOR_PEOPLE],
        cwd=settings.BASE_DIR,
        env=process_environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.split() == [connection.vendor, "priya"]


ASK_FOR_PEOPLE = """
from django.contrib.auth.models import User
from django.db import connection
print(connection.vendor, *User.objects.values_list("username", flat=True))
"""


@pytest.mark.parametrize(("ci", "code", "word"), [("", 0, "NOT RUN"), ("true", 1, "FAILED")])
def test_without_postgresql_the_run_says_so_loudly(tmp_path, ci, code, word):
    program = (
        "from tests import postgresql; postgresql.find_programs = lambda: None; postgresql.start()"
    )
    environment = {"CI": ci, "PATH": os.environ["PATH"]}

    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, word in answer.stderr) == (code, True)


@pytest.mark.browser
def test_the_browser_shows_a_page(page, live_server):
    page.goto(f"{live_server}/admin/login/")

    assert page.get_by_label("Username").is_visible()


def test_a_foreign_host_is_logged_in_one_line(client, caplog):
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400

    [line] = [each for each in caplog.records if each.name == "django.security.DisallowedHost"]
    assert line.exc_info is None
    assert "evil.example" in line.getMessage()
