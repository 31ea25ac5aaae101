"""A private PostgreSQL for one test run: started here, reached by socket only, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from tests import scratch

USER = "postgres"
HANDED_OVER = "TEST_POSTGRESQL_FOLDER"
FOR_TESTS_ONLY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"


def start() -> str:
    """The folder of the running cluster's socket. A child process gets its parent's."""
    if folder := os.environ.get(HANDED_OVER):
        return folder
    programs = find_programs()
    if programs is None:
        give_up()
    run_as = server_account()

    def pg_ctl(folder: Path, *arguments: str) -> None:
        command = [programs / "pg_ctl", "-D", folder / "data", "-s", *arguments]
        subprocess.run(command, check="start" in arguments, cwd=folder, **run_as)

    def stop(folder: Path) -> None:
        if (folder / "data" / "postmaster.pid").exists():
            pg_ctl(folder, "-m", "immediate", "stop")

    # Under /tmp whatever TMPDIR says: the path of a socket may not be longer than 107 bytes.
    folder = scratch.make_folder("together-pg", "/tmp", closing=stop)
    if run_as:
        os.chown(folder, run_as["user"], run_as["group"])
    initdb = ["-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", *initdb],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        **run_as,
    )
    options = f"-k {folder} -c listen_addresses='' {FOR_TESTS_ONLY}"
    pg_ctl(folder, "-w", "-l", f"{folder}/log", "-o", options, "start")
    os.environ[HANDED_OVER] = str(folder)
    return str(folder)


def find_programs() -> Path | None:
    """Where initdb and pg_ctl are: on PATH, else the newest that Debian installed beside it."""
    if on_path := shutil.which("pg_ctl"):
        return Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    newest = max(installed, key=lambda program: int(program.parts[-3]), default=None)
    return newest.parent if newest else None


def server_account() -> dict:
    """How to start the server: PostgreSQL refuses root, so root lends it another account."""
    if os.getuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def only_on_postgresql(test):
    """Elsewhere there is no such test: it could not be run at all."""
    return test if os.environ.get("TEST_DATABASE") == "postgresql" else None


def give_up() -> None:
    """End the run: an error on CI, where nobody would read that it was skipped."""
    rule = "=" * 78
    is_ci = os.environ.get("CI") == "true"
    outcome = "FAILED" if is_ci else "NOT RUN"
    sys.stderr.write(
        f"\n{rule}\n{outcome}: the tests on PostgreSQL. There is no pg_ctl on this machine; "
        f"install postgresql.\n{rule}\n"
    )
    raise SystemExit(1 if is_ci else 0)
