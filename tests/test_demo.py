"""`make demo`: one command to a running site, again and again; and its pages, as they are read."""

import io
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.conf import settings
from pypdf import PdfReader

from config import demo
from tests.journeys import measures
from tests.size import in_turn, is_large

pytestmark = pytest.mark.once  # the demonstration is on SQLite

STORIES = {"birmingham": (), "fernshire": ("--example",)}
FONTS = ("DejaVu Sans", "Liberation Sans", "Noto Sans")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LONGEST_UPDATE = "/updates/2026-summer/"  # of the example
ALIKE = 1  # pages of one sort that `make test` looks at
LEAST_CONTRAST, SMALLEST_TARGET = 7, 24
SHEETS_AT_MOST = 6

LOG_IN = re.compile(r"^ +(author|publisher) +(\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict:
    """Each story is told once; whoever runs it again finds it told."""
    return {name: tmp_path_factory.mktemp(name) / "demo" for name in STORIES}


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


def test_the_demo_runs_and_runs_again_with_nothing_lost_and_nothing_doubled(folders):
    port, data = free_port(), folders["birmingham"]
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


def test_the_example_is_an_invented_place_that_never_mixes_with_the_real_one(folders):
    port, data = free_port(), folders["fernshire"]
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


# Its pages, as they are read


@pytest.fixture(params=STORIES)
def story(request, folders):
    """The address of a site that tells a story."""
    port = free_port()
    with running(port, folders[request.param], *STORIES[request.param]):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.browser
def test_a_story_is_read_without_a_fault(story, browser):
    """First what a visitor sees without moving: is it better, whom do I call, how long is the wait?

    Then each page in both themes: nothing is faint, small or wider than the screen. And an update
    prints on a few sheets.
    """
    with closing(browser.new_context(base_url=story, reduced_motion="reduce")) as context:
        page = context.new_page()
        on_a_phone, on_a_desk = (first_screen(page, size) for size in (PHONE, DESK))
        every = list(addresses(story))
        faults = [fault for turn in enumerate(every) for fault in faults_of(page, *turn)]
        updates = [address for address in every if re.match(r"/updates/20[^/]+/$", address)]
        sheets = {address: sheets_of(page, address) for address in updates}

    on_a_phone.pop("last wait")
    assert {name: end for name, end in on_a_phone.items() if end > PHONE["height"]} == {}
    assert {name: end for name, end in on_a_desk.items() if end > DESK["height"]} == {}
    assert "\n".join(faults) == ""
    assert {address: count for address, count in sheets.items() if count > SHEETS_AT_MOST} == {}
    assert sheets


def first_screen(page, size: dict) -> dict[str, int]:
    page.set_viewport_size(size)
    page.goto("/")
    return page.evaluate(measures.FIRST_SCREEN)


def addresses(site: str) -> Iterator[str]:
    """What the site says it has, and what it does not; of pages of one sort the first ones."""
    with urllib.request.urlopen(f"{site}/sitemap-pages.xml", timeout=20) as answer:
        found = re.findall(r"<loc>http://[^/]*([^<]*)", answer.read().decode())
    found += ["/on/", "/changes/", "/data/promises/", "/plan/board/", "/plan/?status=late"]
    found += ["/search/?q=plan", "/search/?q=qqqq", "/private/", "/nowhere/", "/updates/email/"]
    found += ["/have-your-say/", "/have-your-say/easy-read/", "/have-your-say/receipt/"]
    seen: Counter[str] = Counter()
    for address in found:
        sort = re.sub(r"[^/]+/$", "", address)
        seen[sort] += 1
        if is_large() or sort == "/" or seen[sort] <= ALIKE or address == LONGEST_UPDATE:
            yield address


def sheets_of(page, address: str) -> int:
    page.goto(address)
    page.evaluate("document.querySelectorAll('img').forEach(each => each.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    return len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)


def faults_of(page, turn: int, address: str) -> Iterator[str]:
    page.goto(address)
    for size in in_turn((320, 1280), turn, parts=2):
        page.set_viewport_size({"width": size, "height": 800})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            found = page.evaluate(measures.WEAK_CONTRAST, LEAST_CONTRAST)
            yield from (f"{address} {theme} {size}: {fault}" for fault in found)
        for font in in_turn(FONTS, turn, parts=len(FONTS)):
            page.evaluate(measures.ADD_STYLE, measures.IN_FONT.format(font))
            found = page.evaluate(measures.SMALL_TARGETS, SMALLEST_TARGET)
            yield from (f"{address} in {font} {size}: {fault}" for fault in found)
        if page.evaluate(measures.SCROLLS_SIDEWAYS):
            yield f"{address} {size}: scrolls sideways"
    for size, style in in_turn(measures.LARGER_TEXT, turn, parts=2):
        page.set_viewport_size({"width": size, "height": 800})
        page.evaluate(measures.ADD_STYLE, style)
        if page.evaluate(measures.SCROLLS_SIDEWAYS):
            yield f"{address} with {style}: scrolls sideways"
