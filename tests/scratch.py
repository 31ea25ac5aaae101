"""Folders that last one test run. What a killed run left behind goes when the next one starts."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def make_folder(
    name: str, parent: str | None = None, closing: Callable[[Path], object] = lambda folder: None
) -> Path:
    """A new folder for this process; `closing` is called with it right before it is removed."""

    def remove(folder: Path) -> None:
        closing(folder)
        shutil.rmtree(folder, ignore_errors=True)

    def remove_ours() -> None:
        # A forked child ends too, and must not take the folder away from the rest.
        if os.getpid() == maker:
            remove(folder)

    parent = parent or tempfile.gettempdir()
    for left in Path(parent).glob(f"{name}-*-*"):
        if os.access(left, os.W_OK) and not is_running(left.name.split("-")[-2]):
            remove(left)
    maker = os.getpid()
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-{maker}-", dir=parent))
    atexit.register(remove_ours)
    return folder


def is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
