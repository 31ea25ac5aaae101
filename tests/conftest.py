"""What every test stands on: one database, closed sockets, a browser if there is one, people."""

import datetime as dt
import gc
import ipaddress
import os
import socket
import subprocess
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.test import TransactionTestCase, override_settings

from config.settings import mailer
from tests import factories
from tests.chromium import CHROMIUM_ARGUMENTS, chromium
from tests.mail_server import Ledger, mail_server
from tests.past import NOON
from tests.undefined_variables import UndefinedVariable

NO_CHROMIUM = "there is no chromium on this machine; install chromium"


# The run: what it says about itself, and what it does without a browser


def is_ci() -> bool:
    return os.environ.get("CI") == "true"


def pytest_report_header() -> list[str]:
    browser = "none: the journeys in the browser will not run"
    if chromium():
        command = [chromium(), "--version"]
        browser = subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL).strip()
    return [f"database: {settings.TEST_DATABASE}", f"browser: {browser}"]


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if {"page", "context", "browser"} & set(item.fixturenames):
            item.add_marker("browser")
    # What a file makes once stands until the file ends: tests that do not ask for it come first.
    files = list(dict.fromkeys(item.path for item in items))
    items.sort(key=lambda item: (files.index(item.path), "one_transaction" in item.fixturenames))


def pytest_collection_finish() -> None:
    """A run ends before what it leaves behind fills the memory: to look for it took a tenth."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_runtest_setup(item) -> None:
    if item.get_closest_marker("browser") and not chromium():
        (pytest.fail if is_ci() else pytest.skip)(NO_CHROMIUM)


def pytest_terminal_summary(terminalreporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    unseen = [report for report in skipped if NO_CHROMIUM in str(report.longrepr)]
    if unseen:
        terminalreporter.section("NOT RUN", red=True, bold=True)
        terminalreporter.line(f"{len(unseen)} journeys in the browser: {NO_CHROMIUM}.", red=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    # Read by pytest-playwright: Debian's browser instead of one it would download.
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": CHROMIUM_ARGUMENTS,
    }


# Every test


class SocketClosedError(Exception):
    """A test reached for the network."""


def refuse_unless_here(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        is_here = ipaddress.ip_address(name).is_loopback
    except ValueError:
        is_here = name in {"localhost", "None", ""}
    if not is_here:
        raise SocketClosedError(f"A test may reach this machine only, not {name}.")


@pytest.fixture(scope="session", autouse=True)
def closed_sockets():
    """Only this machine and its own socket files can be reached."""

    def only_here(connect):
        def guarded(self, address):
            if self.family != socket.AF_UNIX:
                refuse_unless_here(address[0])
            return connect(self, address)

        return guarded

    def look_up(host, *args, **kwargs):
        refuse_unless_here(host)
        return open_look_up(host, *args, **kwargs)

    open_look_up = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_here(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", only_here(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", look_up)
        yield


@pytest.fixture(autouse=True)
def undefined_variables():
    """Fails the test that met an undefined variable, even where a live server answered 500."""
    UndefinedVariable.seen.clear()
    yield UndefinedVariable.seen
    if UndefinedVariable.seen:
        pytest.fail("\n".join(UndefinedVariable.seen))


@pytest.fixture(scope="session", autouse=True)
def guards_step_aside_for_the_flush():
    """A transactional test ends by emptying all tables, which our triggers refuse, as they should.

    So they go right before that, and `post_migrate`, which the flush sends, must remake them.
    """
    from publishing import guards

    flush = TransactionTestCase._fixture_teardown

    def flush_without_guards(self):
        names = self._databases_names(include_mirrors=False)
        for name in names:
            guards.drop_all(connections[name])
        flush(self)
        for name in names:
            missing = guards.missing(connections[name])
            assert not missing, f"These triggers were not remade after the flush: {missing}"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_guards)
        yield


# What takes long to make


@pytest.fixture(scope="module")
def one_transaction(django_db_setup, django_db_blocker):
    """What a file makes once: each of its tests undoes its own, and the last undoes all."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def as_served(tmp_path_factory):
    """Our static files as production has them: hashed names, compressed, styles without notes."""
    ours = "django.contrib.staticfiles.finders.FileSystemFinder"
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STATICFILES_FINDERS=[ours],
        STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": "config.static.StaticFiles"}},
    ):
        call_command("collectstatic", verbosity=0, interactive=False)
        yield


# Time and processes


@pytest.fixture
def clock(time_machine):
    """Moves to noon of the day that is so many days after the first of `tests/past.py`."""

    def move_to(days: int) -> None:
        time_machine.move_to(NOON + dt.timedelta(days=days), tick=True)

    move_to(0)
    return move_to


@pytest.fixture
def process_environment(transactional_db) -> dict[str, str]:
    """The environment in which another process works on this test's own database."""
    database = settings.DATABASES["default"]
    name = quote(str(connections["default"].settings_dict["NAME"]), safe="/")
    url = f"sqlite:///{name}"
    if settings.TEST_DATABASE == "postgresql":
        url = f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{name}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


# Mails


@pytest.fixture
def through(settings):
    """Mails leave by a worker through the server at a port, which is given a second to answer."""

    def use(port: int) -> None:
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{port}")}
        settings.MAILERS["default"]["OPTIONS"]["timeout"] = 1

    return use


@pytest.fixture
def mails_leave(through):
    """What a mail server on this machine got."""
    with mail_server(server := Ledger()) as port:
        through(port)
        yield server


# People


@pytest.fixture
def author(db):
    return factories.find_user("author") or factories.make_user("author")


@pytest.fixture
def reviewer(db, council):
    return factories.make_user("reviewer", signs_for=council)


@pytest.fixture
def publisher(db, council):
    publisher = factories.find_user("publisher")
    return publisher or factories.make_user("publisher", signs_for=council)


@pytest.fixture
def second_publisher(db, council):
    return factories.make_user("publisher", signs_for=council, username="second_publisher")


@pytest.fixture
def council(db):
    """The body that must sign."""
    return factories.make_body()
