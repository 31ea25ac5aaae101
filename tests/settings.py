"""Test settings: the product's own, on the database that TEST_DATABASE names."""
import os
os.environ.setdefault("SECRET_KEY", "tests-only-" + "x" * 50)
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("DATABASE_URL", "sqlite:////tmp/t/db.sqlite3")
from config.settings import *  # noqa: F403
