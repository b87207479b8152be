"""The process that writes the index, so that no screen waits: python -m studytui.search.index_child FOLDER.

It ends when its input does, and after any failure, because Whoosh keeps its lock after a failed commit.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from whoosh.index import LockError

from studytui.search import store
from studytui.search.frames import read_frame, write_frame


def handle(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Carry out one request and say how it went.

    {"op": "reset"} makes an empty index; {"op": "write", "remove": [path], "add": {path: [stamp, text]},
    "bulk": bool} commits.  The answer's "state" is done, busy (another program writes), refused (the disk is
    full, read-only) or damaged; "reason" says more.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock"), timeout=0):
            if request["op"] == "reset":
                store.create(folder)
            else:
                added = {path: (stamp, text) for path, (stamp, text) in request["add"].items()}
                _write(folder, request["remove"], added, request["bulk"])
        return {"state": "done"}
    except (Timeout, LockError):
        return {"state": "busy"}
    except Exception as error:  # half a dozen types for a damaged index, more for a damaged file of it
        state = "refused" if store.is_refusal(error) else "damaged"
        return {"state": state, "reason": f"{type(error).__name__}: {error}"}


def _write(folder: Path, removed: list[str], added: dict[str, tuple[str, str]], bulk: bool) -> None:
    store.sweep(folder)
    try:
        store.write(folder, removed, added, bulk=bulk)
    except OSError:
        with contextlib.suppress(Exception):
            store.sweep(folder)
        raise


def main() -> None:
    """Answer requests until there are no more."""
    # Ctrl+C is for the program in front; this one ends when that one closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder = Path(sys.argv[1])
    while (request := read_frame(sys.stdin.buffer)) is not None:
        answer = handle(folder, request)
        write_frame(sys.stdout.buffer, answer)
        if answer["state"] in ("damaged", "refused"):
            break


if __name__ == "__main__":
    main()
