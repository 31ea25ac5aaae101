"""Test settings: the product's own, on the database that TEST_DATABASE names."""

import os

from tests import postgresql, scratch
from tests.undefined_variables import UndefinedVariable

TEST_DATABASE = os.environ.get("TEST_DATABASE") or "sqlite"
if TEST_DATABASE not in {"sqlite", "postgresql"}:
    raise SystemExit(f"TEST_DATABASE is “{TEST_DATABASE}”: set it to sqlite or postgresql.")

_folder = scratch.make_folder("together-test")

# What the developer's own shell says about a real site must not reach the tests.
for _name in (
    "DEBUG",
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "SITE_NAME",
    "SITE_PLACE",
    "MAIL_URL",
    "MAIL_FROM",
):
    os.environ.pop(_name, None)
os.environ.update(
    SECRET_KEY="only-for-tests-" + "x" * 50,
    SITE_URL="http://testserver",
    DATA_DIR=str(_folder),
    STATIC_ROOT=str(_folder / "static"),
    DATABASE_URL=(
        f"sqlite:///{_folder}/never-used.sqlite3"
        if TEST_DATABASE == "sqlite"
        else f"postgresql://{postgresql.USER}@{postgresql.start().replace('/', '%2F')}/postgres"
    ),
    # Playwright runs an event loop in the main thread, which Django would refuse to query from.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)
(_folder / "static").mkdir()

from config.settings import *  # noqa: E402, F403 - the environment above decides what it reads
from config.settings import DATABASES, STORAGES, TEMPLATES  # noqa: E402

# A live server's threads must not keep the test database open after their last answer.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if TEST_DATABASE == "sqlite":
    # A file, not memory: the threads and processes of a test share it, as they do in production.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
