"""`make demo`: from an empty folder to a running site, served as in production.

Run again, it goes on where it was: nothing is lost and nothing is doubled.
"""

import sys

if sys.version_info < (3, 13):
    sys.exit("The demo needs Python 3.13 or newer; `make demo` fetches it by itself.")

import argparse
import errno
import fcntl
import os
import secrets
import signal
import socket
import tempfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

HOST = "127.0.0.1"
PORT, ANOTHER_PORT, LAST_PORT = 8000, 8001, 65535
ROLES = ("author", "publisher")
# What they read besides: what families tell us, and what may be about a child in danger.
ALSO = {"author": "listener", "publisher": "duty officer"}
BASE_DIR = Path(__file__).resolve().parent.parent
# Without letters and digits that look alike, because people type these.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class Story(NamedTuple):
    """Whose pages are loaded, in which folder of var/, and what the settings are told of them."""

    name: str
    folder: str
    says: dict[str, str]


REAL = Story("birmingham", "demo", {"TOLD_FROM_SOURCES": "1"})
EXAMPLE = Story("fernshire", "example", {"SITE_PLACE": "Fernshire (an invented place)"})


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once; each step can be redone
    os.umask(0o077)  # what it keeps are drafts, sessions and passwords
    arguments = read_arguments()
    story = EXAMPLE if arguments.example else REAL
    data = (arguments.data or BASE_DIR / "var" / story.folder).resolve()
    make_writable(data)
    # The port is ours from here on: whoever starts a second demo on it hears so at once.
    listener = take_port(arguments.port)
    print(f"Setting up the demo in {data} …", flush=True)
    with (data / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two demos on one folder set it up one after the other
        refuse_another_story(data, story)
        configure(data, arguments.port, story)
        log_ins = set_up(data, story)
    print(welcome(arguments.port, log_ins, data / "mails"), flush=True)
    serve(listener)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description="Run the demonstration site.")
    parser.add_argument("--port", type=port_number, default=PORT)
    parser.add_argument("--data", type=Path, help="where it keeps everything")
    parser.add_argument(
        "--example", action="store_true", help="an invented place, where every page is full"
    )
    return parser.parse_args()


def port_number(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= LAST_PORT:
        return int(text)
    sys.exit(f"“{text}” is not a port: use a number from 1024 to {LAST_PORT}.")


def make_writable(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=data).close()
    except OSError as error:
        sys.exit(
            f"The demo cannot write to {data} ({error.strerror}): "
            'choose another folder with make demo ARGS="--data FOLDER".'
        )


def take_port(port: int) -> socket.socket:
    listener = socket.socket()
    # Only a port that somebody listens on is taken, not one that was left a minute ago.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else "may not be used by you"
        another = PORT if port == ANOTHER_PORT else ANOTHER_PORT
        sys.exit(f'Port {port} {why}: choose another with make demo ARGS="--port {another}".')
    return listener


def refuse_another_story(data: Path, story: Story) -> None:
    """Real facts and invented ones never share a database."""
    is_older = (data / "site.sqlite3").exists()  # from when there was but the real story
    told = keep(data / "story", lambda: REAL.name if is_older else story.name)
    if told != story.name:
        sys.exit(
            f"{data} holds the story of {told.title()}: "
            'choose another folder with make demo ARGS="--data FOLDER".'
        )


def configure(data: Path, port: int, story: Story) -> None:
    """Says to the settings what production's environment would say."""
    for name in (
        "DEBUG",
        "ALLOWED_HOSTS",
        "BEHIND_PROXY",
        "STATIC_ROOT",
        "SITE_NAME",
        "SITE_PLACE",
        "TOLD_FROM_SOURCES",
        "MAIL_URL",
        "MAIL_FROM",
    ):
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        SECRET_KEY=keep(data / "secret-key", lambda: secrets.token_urlsafe(60)),
        SITE_URL=f"http://{HOST}:{port}",
        ALLOWED_HOSTS=f"{HOST},localhost",  # what people type
        DATABASE_URL=f"sqlite:///{quote(str(data / 'site.sqlite3'))}",
        DATA_DIR=str(data),
        SAFEGUARDING_EMAIL="duty@example.org",
        **story.says,
    )


def keep(path: Path, make) -> str:
    """The private text in a file, made the first time it is asked for."""
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(0o600)
        draft.write_text(make())
        draft.replace(path)
    return path.read_text()


def set_up(data: Path, story: Story) -> dict[str, str]:
    """Makes database, static files, log-ins and story, where they are missing.

    Returns the password to print for each log-in.
    """
    import django
    from django.core.management import CommandError, call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    # A folder that an older version made may lack HTML that is kept now.
    call_command("rerender", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    log_ins = dict(line.split() for line in keep(data / "log-ins.txt", new_log_ins).splitlines())
    for role in ROLES:
        log_ins[role] = make_log_in(role, log_ins[role])
    try:
        call_command("load_story", story.name, author=ROLES[0], publisher=ROLES[1], verbosity=0)
    except CommandError as refusal:
        sys.exit(f"The story could not be added. {refusal}")
    add_this_term()
    connections.close_all()
    return log_ins


def new_log_ins() -> str:
    return "".join(f"{role} {new_password()}\n" for role in ROLES)


def new_password() -> str:
    """Four groups of four: 80 random bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def make_log_in(role: str, password: str) -> str:
    """Makes the log-in named after its role. Returns what to print as its password."""
    from django.contrib.auth.models import Group, User
    from django.db import transaction

    user = User.objects.filter(username=role).first()
    if user is None:
        with transaction.atomic():
            user = User.objects.create_user(role, password=password, is_staff=True)
            user.groups.add(*Group.objects.filter(name__in=[role, ALSO[role]]))
    return password if user.check_password(password) else "(the password that you changed it to)"


def add_this_term() -> None:
    """The term we are in, in whole months, so that the author has an update to start."""
    import calendar

    from django.utils import timezone

    from programme.models import Term

    today = timezone.localdate()
    first_month, season = [(1, "spring"), (5, "summer"), (9, "autumn")][(today.month - 1) // 4]
    last_day = calendar.monthrange(today.year, first_month + 3)[1]
    days = {
        "starts_on": today.replace(month=first_month, day=1),
        "ends_on": today.replace(month=first_month + 3, day=last_day),
    }
    Term.objects.get_or_create(year=today.year, season=season, defaults=days)


def welcome(port: int, log_ins: dict[str, str], mails: Path) -> str:
    site = f"http://{HOST}:{port}"
    people = "\n".join(f"      {role:<10} {password}" for role, password in log_ins.items())
    return f"""
  Together We CAN is running.

  For families   {site}/
  For staff      {site}/admin/
{people}
  E-mails become files in {mails}

  The author writes; the publisher signs off and publishes. Stop with Ctrl-C.
"""


def serve(listener: socket.socket) -> None:
    """Becomes gunicorn, on the port that is already ours."""
    listener.set_inheritable(True)
    in_memory = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []
    os.chdir(BASE_DIR)
    os.execv(
        sys.executable,
        [
            *[sys.executable, "-m", "gunicorn", "config.wsgi"],
            *["--bind", f"fd://{listener.fileno()}"],
            *["--worker-class", "gthread", "--workers", "2", "--threads", "8"],
            *["--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"],
            *["--umask", "0o077"],
            *in_memory,
        ],
    )


if __name__ == "__main__":
    main()
