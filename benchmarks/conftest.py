"""A soak writes figures: they are kept while it runs and printed as one table at the end."""

import time

import pytest
from django.conf import settings

from tests.conftest import guards_step_aside_for_the_flush, process_environment, through

__all__ = ["guards_step_aside_for_the_flush", "process_environment", "through"]

FIGURES = pytest.StashKey[list]()


@pytest.fixture
def figures(request):
    """Call it with what was done, how often, and what went wrong (which must be nothing)."""
    rows = request.config.stash.setdefault(FIGURES, [])
    began = time.monotonic()

    def note(what: str, times: int, found: str, wrong: int) -> None:
        rows.append((what, times, found, wrong, time.monotonic() - began))
        assert wrong == 0, f"{what}: {found}"

    return note


def pytest_terminal_summary(terminalreporter, config) -> None:
    terminalreporter.section(f"figures on {settings.TEST_DATABASE}")
    terminalreporter.line("| What | Times | Found | Wrong | Seconds |")
    terminalreporter.line("|---|---:|---|---:|---:|")
    for what, times, found, wrong, seconds in config.stash.get(FIGURES, []):
        terminalreporter.line(f"| {what} | {times:,} | {found} | {wrong} | {seconds:.0f} |")
