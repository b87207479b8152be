"""The program's end of the index writer: a child process, started when first needed, kept, safely killed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, Protocol, cast

from studytui.search.frames import read_frame, write_frame

GONE = {"state": "gone", "reason": "the index writer ended"}


class Writer(Protocol):
    """Whoever carries out the requests that `index_child.handle` describes."""

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request and wait for its answer; never raises."""
        ...

    def close(self) -> None:
        """Stop, in the middle of a request too; may be called from another thread."""
        ...


class WriterProcess:
    """A Writer in a process of its own; one request at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = Lock()
        self._closed = False

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request and wait for its answer; a process that is gone is started anew once."""
        with self._asking:
            for _attempt in range(2):
                if not self._closed and (answer := self._ask(request)) is not None:
                    return answer
        return GONE

    def close(self) -> None:
        """End the process for good.  Killing it harms nothing: a commit is one rename."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
        with self._asking:
            self._discard()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any] | None:
        try:
            process = self._running()
            write_frame(cast(BinaryIO, process.stdin), request)
            return cast("dict[str, Any] | None", read_frame(cast(BinaryIO, process.stdout)))
        except (OSError, ValueError):
            return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._discard()
            self._process = _start(self.folder)
            if self._closed:
                self._process.kill()
        return self._process

    def _discard(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                cast(BinaryIO, pipe).close()


def _start(folder: Path) -> subprocess.Popen[bytes]:
    # -P keeps the learner's folder off the module path: a file named json.py in it must not run.
    command = [sys.executable, "-P", "-W", "ignore", "-m", "studytui.search.index_child", str(folder)]
    package = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
    )
