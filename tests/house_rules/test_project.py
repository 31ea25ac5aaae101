"""Rules 7 and 8: each dependency has its reason, and imports run one way."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from tests.house_rules.test_one_writer import PRODUCT

pytestmark = pytest.mark.once  # reads the project's files

TEXT = Path(settings.BASE_DIR, "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(TEXT)
REASON = re.compile(r"#\s*\w+")
ONE_WAY = ["config", "website", "participation", "updates", "programme", "publishing"]


def requirements() -> list[str]:
    groups = PROJECT.get("dependency-groups", {}).values()
    optional = PROJECT["project"].get("optional-dependencies", {}).values()
    return sum([*groups, *optional], list(PROJECT["project"]["dependencies"]))


def test_every_dependency_says_why_it_is_here():
    lines = TEXT.splitlines()
    for requirement in requirements():
        own = [line for line in lines if line.strip().startswith(f'"{requirement}"')]
        assert len(own) == 1, f"Give “{requirement}” a line of its own."
        assert REASON.search(own[0]), f"Say why “{requirement}” is here, after a #."


def test_every_dependency_is_locked_with_hashes():
    for name, wanted in (
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", requirements()),
    ):
        locked = Path(settings.BASE_DIR, name).read_text("utf-8")
        for requirement in wanted:
            package = re.match(r"[\w.-]+", requirement)[0]
            line = re.compile(rf"^{package}(\[[\w,]+\])?==\S+.*\\\n\s+--hash=sha256:", re.M | re.I)
            assert line.search(locked), f"{package} is not in {name}: run `make lock`."


def test_imports_run_one_way():
    program = Path(sys.executable).with_name("lint-imports")

    answer = subprocess.run(
        [program, "--no-cache"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 0, answer.stdout
    assert "1 kept, 0 broken" in answer.stdout


def test_the_layers_name_every_package_from_top_to_bottom():
    rules = PROJECT["tool"]["importlinter"]
    layers = next(each["layers"] for each in rules["contracts"] if each["type"] == "layers")

    assert set(rules["root_packages"]) == set(layers) == {folder.name for folder in PRODUCT}
    assert layers == [name for name in ONE_WAY if name in layers]
