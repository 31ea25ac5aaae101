"""What a server runs, run here: the very commands of the image and of compose.yaml, together."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack, contextmanager

from django.apps import apps
from django.conf import settings as site

from participation.models import Follow
from tests import factories
from tests.mail_helpers import ADDRESS, link_among, words_in
from tests.mail_server import Ledger, mail_server
from tests.postgresql import only_on_postgresql

COMPOSE = (site.BASE_DIR / "compose.yaml").read_text()
DOCKERFILE = (site.BASE_DIR / "Dockerfile").read_text()
PATIENCE = 30  # seconds


def test_the_image_holds_every_app_and_what_pages_read():
    kept = (site.BASE_DIR / ".dockerignore").read_text().splitlines()
    ours = {app.name for app in apps.get_app_configs() if (site.BASE_DIR / app.name).is_dir()}

    assert {f"!{name}/" for name in {*ours, "config", "templates", "static"}} <= {*kept}
    assert "!docs/check_the_record.py" in kept
    [compiled] = re.findall(r"compileall -q (.+)", DOCKERFILE)
    assert ours <= {*compiled.split()}


def serve(port: int) -> list[str]:
    """What the image runs, at another address."""
    command = json.loads(DOCKERFILE.rpartition("\nCMD ")[2].replace("\\\n", ""))
    return [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in command]


def command_of(service: str) -> list[str]:
    [said] = re.findall(rf"\n  {service}:\n(?:    .*\n)*?    command: \[python, (.*)\]", COMPOSE)
    return ["python", *(part.strip().strip('"') for part in said.split(","))]


def free_port() -> int:
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        return here.getsockname()[1]


@contextmanager
def run(command: list[str], environment: dict[str, str]):
    """A process as a server starts it, told to end as a server does it."""
    program, *arguments = command
    programs = {"python": [sys.executable], "gunicorn": [sys.executable, "-m", "gunicorn"]}
    process = subprocess.Popen(
        [*programs[program], *arguments],
        cwd=site.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        _, complaints = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in complaints, complaints


def until(is_so) -> None:
    given_up = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < given_up, "It did not happen in time."
        time.sleep(0.05)


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Visitor:
    """Asks the server by the site's own name."""

    def __init__(self, port: int):
        self.start = f"http://127.0.0.1:{port}"

    def ask(self, path: str, **form: str) -> str:
        data = urllib.parse.urlencode(form).encode() if form else None
        headers = {"Host": "testserver"}
        asked = urllib.request.Request(self.start + path, data, headers)
        with urllib.request.build_opener(StayHere).open(asked, timeout=10) as answer:
            return answer.read().decode()

    def post(self, path: str, **form: str) -> int:
        try:
            self.ask(path, **form)
        except urllib.error.HTTPError as answer:
            return answer.code
        return 200

    def is_served(self) -> bool:
        try:
            return self.ask("/healthz") == "ok\n"
        except OSError:
            return False


@only_on_postgresql  # compose.yaml runs PostgreSQL
def test_site_worker_and_heartbeat_work_together(council, process_environment):
    promise = factories.make_public_promise()
    port = free_port()
    visitor = Visitor(port)
    heartbeat = [part.replace("60", "1") for part in command_of("heartbeat")]
    with mail_server(server := Ledger()) as mail_port, ExitStack() as ends:
        mail_url = f"smtp://127.0.0.1:{mail_port}"
        environment = {**process_environment, "MAIL_URL": mail_url, "DEBUG": ""}
        running = [
            ends.enter_context(run(command, environment))
            for command in (serve(port), command_of("worker"), heartbeat)
        ]
        until(visitor.is_served)
        about = str(promise.document.key)
        assert visitor.post("/updates/email/", about=about, what="page", email=ADDRESS) == 302
        until(lambda: server.bodies)
        button = link_among(words_in(server.bodies[0]), "confirm")
        assert visitor.post(button, yes="yes") == 302
        assert Follow.objects.get().confirmed_at
        factories.correct_update(promise, by=promise.created_by)
        until(lambda: len(server.bodies) == 2)
        time.sleep(1.5)  # one beat more
        assert [process.poll() for process in running] == [None] * 3

    assert len(server.bodies) == 2
