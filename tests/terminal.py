"""The real program in a pseudo-terminal: the bytes it writes, and the screen they make (pyte)."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pyte

# What a terminal answers when it is asked for modes, device attributes and the cursor's place.
_ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[c": b"\x1b[?62;22c", b"\x1b[6n": b"\x1b[1;1R"}
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "ctrl+q": "\x11",
    "ctrl+p": "\x10",
    "ctrl+s": "\x13",
    "ctrl+f": "\x06",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f5": "\x1b[15~",
}


class Terminal:
    """``studytui ARGUMENTS`` in a terminal of ``columns`` x ``rows``; ``raw`` collects every byte it wrote."""

    def __init__(
        self, arguments: Sequence[str], home: Path, *, columns: int = 80, rows: int = 24, lang: str = "en"
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.raw = b""
        self._stream = pyte.ByteStream(self.screen)
        environ = {
            "HOME": str(home),
            "TMPDIR": str(home),
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "STUDYTUI_LANG": lang,
            "TEXTUAL_ANIMATIONS": "none",
            "BROWSER": "true",
        }
        command = [sys.executable, "-c", "from studytui.cli import main; main()", *arguments]
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.chdir(home)
            os.environ["PYTHONPATH"] = environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
            os.execvpe(command[0], command, environ)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.descriptor)

    @property
    def text(self) -> str:
        """What the screen shows, a line a row."""
        # A wide character fills two cells, of which pyte leaves the second empty.
        return "\n".join(line.rstrip() for line in self.screen.display)

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what was written within ``seconds``; False when the program has gone."""
        ready, _, _ = select.select([self.descriptor], [], [], seconds)
        if not ready:
            return True
        try:
            chunk = os.read(self.descriptor, 65536)
        except OSError:
            return False
        self.raw += chunk
        self._stream.feed(chunk)
        for question, answer in _ANSWERS.items():
            if question in chunk:
                os.write(self.descriptor, answer)
        return bool(chunk)

    def wait_for(self, *texts: str, seconds: float = 30.0) -> str:
        """Read until the screen shows one of ``texts`` and return it; fails with the screen when it never does."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            alive = self.read()
            for text in texts:
                if text in self.text:
                    return text
            if not alive:
                break
        raise AssertionError(f"never saw {texts}:\n{self.text}")

    def press(self, *keys: str) -> None:
        """Type keys by name, or text as it is."""
        for key in keys:
            os.write(self.descriptor, KEYS.get(key, key).encode())
            self.settle(0.15)

    def settle(self, quiet: float = 0.3, seconds: float = 5.0) -> None:
        """Read until nothing was written for ``quiet`` seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            size = len(self.raw)
            if not self.read(quiet) or len(self.raw) == size:
                return

    def wait_for_exit(self, seconds: float = 20.0) -> int:
        """Read until the program has gone and return its exit code."""
        deadline = time.monotonic() + seconds
        while self.read(0.1) and time.monotonic() < deadline:
            pass
        _process, status = os.waitpid(self.process, 0)
        return os.waitstatus_to_exitcode(status)
