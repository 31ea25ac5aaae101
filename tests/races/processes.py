"""Other processes on a test's own database: all at once, killed half-way, or held half-way."""

import multiprocessing
import os
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from unittest.mock import patch

from django.db import connection

from publishing.actions import NotAllowed

# Each process is forked from one that has loaded the site and opened nothing: a process of its
# own, with a connection of its own, in a few milliseconds.
processes = multiprocessing.get_context("forkserver")

READY, GO, HELD = "ready", "go", "held"
LONGEST = 120  # seconds; a process that takes longer hangs


@dataclass(frozen=True)
class Refused:
    """The verb was refused, with a sentence for the person who asked."""

    why: str


@dataclass(frozen=True)
class Broke:
    """Anything else went wrong: what staff would meet as an error page."""

    error: str
    traceback: str


@dataclass(frozen=True)
class Killed:
    """The process was killed and answered nothing."""


def open_house(environment: dict[str, str]) -> None:
    """Lets the coming processes be forked with this environment."""
    # pytest too: each process looks for the program that began it all.
    processes.set_forkserver_preload(["tests.races.warm", "pytest"])
    with patch.dict(os.environ, environment):
        forkserver.ensure_running()


class Worker:
    """One process that prepares `work(start, *arguments)` up to its call of `start()`, and waits.

    Right before one SQL statement after that it calls `do`: before number `at` (COMMIT counts, and
    so does what comes after it), or before the first that contains `at`.
    """

    def __init__(self, work: Callable, *arguments, at: int | str = 0, do: Callable | None = None):
        self.pipe, theirs = processes.Pipe()
        self.process = processes.Process(target=perform, args=(theirs, work, arguments, at, do))
        self.process.start()
        theirs.close()

    def wait_until_ready(self) -> None:
        word = self.hear()
        if word != READY:
            raise AssertionError(f"It could not be prepared: {word}")

    def go(self) -> None:
        self.pipe.send(GO)

    def has_spoken(self, within: float) -> bool:
        return self.pipe.poll(within)

    def hear(self):
        """What it says next; Killed when it can say nothing any more."""
        if not self.pipe.poll(LONGEST):
            self.process.kill()
            raise AssertionError(f"A process hangs: it said nothing for {LONGEST} seconds.")
        try:
            return self.pipe.recv()
        except (EOFError, ConnectionResetError):
            return Killed()

    def end(self):
        """Its answer, after which it is gone."""
        answer = self.hear()
        self.process.join(LONGEST)
        if isinstance(answer, Killed) and self.process.exitcode != -signal.SIGKILL:
            raise AssertionError(f"A process died by itself: {self.process.exitcode}.")
        self.process.close()
        self.pipe.close()
        return answer


def all_at_once(work: Callable, arguments: Iterable[tuple]) -> list:
    """One process for each tuple of arguments, all let go at the same instant; their answers."""
    workers = [Worker(work, *each) for each in arguments]
    for worker in workers:
        worker.wait_until_ready()
    for worker in workers:
        worker.go()
    return [worker.end() for worker in workers]


def killed_at(step: int, work: Callable, *arguments):
    """The work, by a process that kills itself with SIGKILL at that step; its answer or Killed."""
    worker = Worker(work, *arguments, at=step, do=kill_myself)
    worker.wait_until_ready()
    worker.go()
    return worker.end()


def killed_after(seconds: float, work: Callable, *arguments):
    """The work, by a process that is killed from outside after that time; its answer or Killed."""
    worker = Worker(work, *arguments)
    worker.wait_until_ready()
    worker.go()
    time.sleep(seconds)
    worker.process.kill()
    return worker.end()


def held_at(step: int | str, first: tuple, second: tuple, *, patience: float = 0.25) -> tuple:
    """Holds the first before that step while the second runs or waits, then lets the first go on.

    Both are `(work, *arguments)`. Returns both answers, and whether the first was held: no longer
    held means that it takes fewer steps than that.
    """
    holding = Worker(*first, at=step, do=hold_until_told)
    passing = Worker(*second)
    holding.wait_until_ready()
    passing.wait_until_ready()
    holding.go()
    answer = holding.hear()
    was_held = answer == HELD
    passing.go()
    if was_held:
        passing.has_spoken(within=patience)
        holding.go()
        answer = holding.end()
    else:
        holding.process.join(LONGEST)
    return answer, passing.end(), was_held


# In the other process


def perform(pipe, work: Callable, arguments: tuple, at: int | str, do: Callable | None) -> None:
    # So that the process that is held can reach its pipe.
    global here  # noqa: PLW0603 - a process does one work
    here = pipe
    warnings.simplefilter("error")

    def start():
        pipe.send(READY)
        pipe.recv()
        if do:
            interrupt(at, do)

    try:
        answer = work(start, *arguments)
    except NotAllowed as refusal:
        answer = Refused(str(refusal))
    except Exception as error:  # noqa: BLE001 - whatever it is, the test shall see it
        answer = Broke(f"{type(error).__name__}: {error}", traceback.format_exc())
    connection.close()
    pipe.send(answer)


def kill_myself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hold_until_told() -> None:
    here.send(HELD)
    here.recv()


def interrupt(at: int | str, do: Callable) -> None:
    """From now on watches this process's statements, and calls `do` right before one of them."""
    steps = Steps(at, do)
    connection.ensure_connection()
    connection.execute_wrappers.append(steps.statement)
    # A commit is no statement to Django. It counts twice: just before, and just after it.
    plain_commit = connection._commit

    def commit():
        steps.step("COMMIT")
        plain_commit()
        steps.step("")

    connection._commit = commit


class Steps:
    def __init__(self, at: int | str, do: Callable):
        self.at, self.do, self.number = at, do, 0

    def step(self, sql: str) -> None:
        self.number += 1
        if self.number == self.at or (isinstance(self.at, str) and self.at in sql):
            self.at = 0
            self.do()

    def statement(self, execute, sql, params, many, context):
        self.step(sql)
        return execute(sql, params, many, context)


@contextmanager
def nobody_is_left() -> Iterator[None]:
    """Ends what a failed test would leave behind."""
    try:
        yield
    finally:
        for child in multiprocessing.active_children():
            child.kill()
            child.join()
