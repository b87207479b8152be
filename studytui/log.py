"""The log of what should not have happened: one short file a workspace, written for whoever mends it."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

KEPT = 200_000
"""Bytes that are kept when the file has become twice as long."""


def write_log(path: Path, text: str) -> bool:
    """Append ``text`` with the time before it; False when the disk refuses.  Never raises."""
    stamp = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > 2 * KEPT:
            path.write_bytes(path.read_bytes()[-KEPT:])
        with path.open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"--- {stamp}\n{text.rstrip()}\n")
    except OSError:
        return False
    return True


def log_to(path: Path) -> None:
    """Let what our modules log go to ``path`` alone: on a terminal it would paint over the screen."""
    ours = logging.getLogger("studytui")
    ours.handlers = [_LogFile(path)]
    ours.propagate = False


class _LogFile(logging.Handler):
    """Appends to a log file of `write_log`."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.WARNING)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        write_log(self._path, self.format(record))
