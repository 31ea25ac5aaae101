"""`make demo`: one command to a running site, again and again."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing, contextmanager

import pytest
from django.conf import settings

from config import demo

pytestmark = pytest.mark.once  # the demonstration is on SQLite

LOG_IN = re.compile(r"^ +(author|publisher) +(\S+)$", re.MULTILINE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def start(port, data, *more):
    return subprocess.Popen(
        [sys.executable, "-m", "config.demo", "--port", str(port), "--data", str(data), *more],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(port, data, *more):
    """A demo that is up; yields the log-ins that it printed."""
    with start(port, data, *more) as process:
        printed = ""
        while "Ctrl-C" not in printed:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            printed += line
        try:
            yield dict(LOG_IN.findall(printed))
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)


def status_at(port, host) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def read(port, path) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.status, answer.read().decode()


def mode(path) -> str:
    return f"{path.stat().st_mode & 0o777:o}"


def count_rows(data) -> list[int]:
    tables = ("auth_user", "publishing_edition", "publishing_ledgerentry", "programme_term")
    with closing(sqlite3.connect(data / "site.sqlite3")) as database:
        return [database.execute(f"select count(*) from {t}").fetchone()[0] for t in tables]


def forget_html(data):
    """As if an older version, which kept less of it, had made the folder."""
    with closing(sqlite3.connect(data / "site.sqlite3")) as database, database:
        for column in ("said_html", "we_did_html", "could_not_html"):
            database.execute(f"update updates_yousaidwedid set {column} = ''")
        database.execute("update updates_progressitem set body_html = ''")


def ask_for_e_mails(port) -> None:
    data = urllib.parse.urlencode({"email": "parent@example.org", "what": "updates"}).encode()
    address = f"http://127.0.0.1:{port}/updates/email/"
    with urllib.request.urlopen(address, data, timeout=20) as answer:
        assert answer.status == 200


def test_the_demo_runs_and_runs_again_with_nothing_lost_and_nothing_doubled(tmp_path):
    port, data = free_port(), tmp_path / "demo"
    with running(port, data) as first_log_ins:
        first_page = read(port, "/updates/2022-summer/")
        ask_for_e_mails(port)
    [mail] = data.glob("mails/*.eml")
    assert f"http://127.0.0.1:{port}/updates/email/confirm/" in mail.read_text().replace("=\n", "")
    first_rows = count_rows(data)
    forget_html(data)

    with running(port, data) as second_log_ins:
        second_page = read(port, "/updates/2022-summer/")
        hosts = [status_at(port, host) for host in (f"localhost:{port}", "example.org")]

    assert set(first_log_ins) == {"author", "publisher"}
    assert second_log_ins == first_log_ins
    assert first_page == second_page
    assert hosts == [200, 400]
    assert first_page[0] == 200
    users, editions, lines, terms = first_rows
    assert count_rows(data) == first_rows
    assert (users, terms) == (2, 16)  # each since the first update, and the one we are in
    assert editions == lines
    assert {mode(data), *map(mode, data.glob("*.*"))} == {"700", "600"}


def test_the_example_is_an_invented_place_that_never_mixes_with_the_real_one(tmp_path):
    port, data = free_port(), tmp_path / "example"
    with running(port, data, "--example") as log_ins:
        _, home = read(port, "/")
        _, about = read(port, "/about/")

    code, complaint = end_of(start(free_port(), data))

    assert set(log_ins) == {"author", "publisher"}
    assert "Together We CAN, Fernshire (an invented place)" in about
    assert "Birmingham" not in home + about
    assert (code, complaint.count("\n")) == (1, 1)
    assert complaint.startswith(f"{data} holds the story of Fernshire")


def test_each_story_has_a_folder_of_its_own():
    assert {demo.REAL.folder, demo.EXAMPLE.folder} == {"demo", "example"}


def test_a_port_that_is_taken_gets_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        complaint = end_of(start(port, tmp_path / "demo"))

    assert complaint == (
        1,
        f'Port {port} is taken: choose another with make demo ARGS="--port 8001".\n',
    )


def test_a_folder_that_cannot_be_written_gets_one_sentence(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")

    code, complaint = end_of(start(free_port(), in_the_way / "demo"))

    assert (code, complaint.count("\n")) == (1, 1)
    assert complaint.startswith(f"The demo cannot write to {in_the_way}/demo")


def end_of(process) -> tuple[int, str]:
    _, complaint = process.communicate(timeout=60)
    return process.returncode, complaint
