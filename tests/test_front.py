"""The front as it is documented: nginx itself, with deploy/nginx.conf, before the site itself."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pypdf.generic import DecodedStreamObject

from tests import factories, hostile_files
from tests.conftest import is_ci
from tests.forms import filled_in
from tests.test_deploying import PATIENCE, free_port, run, serve, until

pytestmark = pytest.mark.once

NAME = "can.example.gov.uk"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
DEPLOY = settings.BASE_DIR / "deploy"
SECRET = "s" * 32
MB = 1024 * 1024


def make_certificate(folder) -> None:
    kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split()
    names = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run(
        ["openssl", *kind, "-subj", f"/CN={NAME}", *names], check=True, capture_output=True
    )


def configuration(folder, *, site: int, plain: int, tls: int) -> str:
    """The documented file as it is, but for its ports, its certificate and its log."""
    text = (DEPLOY / "nginx.conf").read_text()
    for here, there in {
        "127.0.0.1:8000": f"127.0.0.1:{site}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{tls} ssl http2;",
        f"/etc/letsencrypt/live/{NAME}": str(folder),
        "/var/log/nginx/can.log": f"{folder}/can.log",
        "/var/log/nginx/can-errors.log": f"{folder}/can-errors.log",
    }.items():
        assert here in text
        text = text.replace(here, there)
    text = re.sub(r"\n *listen \[::\]:.*;", "", text)
    (folder / "can.conf").write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    # As root it would work as somebody who may not write into the folder of this test.
    worker = "user root; " if os.geteuid() == 0 else ""
    return (
        f"{worker}daemon off; pid {folder}/pid; error_log {folder}/errors.log; "
        f"events {{}} http {{ {scratch} include {folder}/can.conf; }}"
    )


@contextmanager
def nginx(folder, **ports):
    make_certificate(folder)
    (folder / "nginx.conf").write_text(configuration(folder, **ports))
    command = [NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


class Front:
    """Asks the front as a browser does."""

    def __init__(self, tls: int):
        self.tls = tls
        self.cookies = ""

    def ask(self, path: str, data: bytes | None = None, **headers: str):
        context = ssl._create_unverified_context()
        there = http.client.HTTPSConnection(
            "127.0.0.1", self.tls, context=context, timeout=PATIENCE
        )
        sent = {"Host": NAME, "Referer": f"https://{NAME}/", "Cookie": self.cookies, **headers}
        with closing(there):
            there.request("POST" if data is not None else "GET", path, data, sent)
            with closing(there.getresponse()) as answer:
                answer.body = answer.read().decode()
        return answer

    def post(self, path: str, fields: dict):
        body = encode_multipart(BOUNDARY, {**fields, "csrfmiddlewaretoken": SECRET})
        return self.ask(path, body, **{"Content-Type": MULTIPART_CONTENT})

    def is_there(self) -> bool:
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False

    def log_in(self, user) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.cookies = f"__Host-session={session.session_key}; __Host-csrf={SECRET}"


@pytest.fixture
def front(process_environment, tmp_path):
    if NGINX is None:
        (pytest.fail if is_ci() else pytest.skip)("there is no nginx on this machine")
    site, plain, tls = (free_port() for _ in "123")
    told = {"SITE_URL": f"https://{NAME}", "BEHIND_PROXY": "1", "DEBUG": ""}
    folders = {"MAIL_URL": f"file://{tmp_path}/mails", "STATIC_ROOT": f"{tmp_path}/static"}
    environment = {**process_environment, **told, **folders}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=settings.BASE_DIR, env=environment, check=True)
    front = Front(tls)
    front.plain, front.folder = plain, tmp_path
    with ExitStack() as ends:
        ends.enter_context(run(serve(site), environment))
        ends.enter_context(nginx(tmp_path, site=site, plain=plain, tls=tls))
        until(front.is_there)
        yield front


def large_pdf() -> bytes:
    """A PDF of 9 MB that nothing can make shorter."""
    stream = DecodedStreamObject()
    stream.set_data(os.urandom(9 * MB))
    return hostile_files.pdf(1, hostile_files.on_page("/Contents", stream))


def test_the_site_stands_behind_its_documented_front(front):
    author = factories.make_user("author")
    draft = factories.make_update(by=author)

    page = front.ask("/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Server"] == "nginx"
    with closing(http.client.HTTPConnection("127.0.0.1", front.plain, timeout=10)) as plain:
        plain.request("GET", "/plan/?x=1", headers={"Host": NAME})
        with closing(plain.getresponse()) as answer:
            assert answer.headers["Location"] == f"https://{NAME}/plan/?x=1"

    # A file as large as staff may choose
    front.log_in(author)
    address = f"/admin/updates/termlyupdate/{draft.pk}/change/"
    form = filled_in(HttpResponse(front.ask(address).body))
    file = SimpleUploadedFile("a.pdf", large_pdf(), "application/pdf")
    row = {"upload": file, "title": "A letter", "summary": "It says: go on.", "position": "0"}
    sent = {**form, "files-TOTAL_FORMS": "1"} | {f"files-0-{k}": v for k, v in row.items()}
    assert front.post(address, sent).status == 302
    assert draft.files.get().attachment.size > 9 * MB

    # No visitor sends as much, and none sends without end
    assert front.post("/have-your-say/", {"words": "x" * 70_000}).status == 413
    codes = [front.post("/updates/email/stop/a-secret-token/", {}).status for _ in range(40)]
    assert codes[0] in {200, 302, 404}
    assert codes[-1] == 429
    assert front.ask("/updates/email/stop/a-secret-token/").status in {200, 404}

    # What nobody may find in a log
    front.ask("/plan/", Referer=f"https://{NAME}/updates/email/settings/a-secret-token/")
    assert front.ask("/forum/a-secret-token/").status == 200  # which says that it is no link
    logs = "".join(file.read_text() for file in front.folder.glob("*.log"))
    assert "GET /plan/" in logs
    assert "a-secret-token" not in logs
    assert "have-your-say" not in logs
    assert "127.0.0.1" not in logs


def test_the_units_run_what_the_image_runs():
    unit = (DEPLOY / "can-web.service").read_text()
    [said] = re.findall(r"ExecStart=\S+/gunicorn ((?:.*\\\n)*.*)", unit)

    assert said.replace("\\\n", "").split() == serve(8000)[1:]


def test_the_example_names_only_what_the_settings_read():
    code = (settings.BASE_DIR / "config/settings.py").read_text()
    read = set(re.findall(r'env\("([A-Z_]+)"', code))
    example = (DEPLOY / "environment.example").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))

    assert {"SITE_URL", "SECRET_KEY", "DATABASE_URL", "MAIL_URL", "BEHIND_PROXY"} <= named <= read
