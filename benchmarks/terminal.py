"""A program in a pseudo-terminal: every byte is stamped as it is read, the screen is worked out afterwards."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from benchmarks.harness import WrongAnswerError

COLUMNS, ROWS = 120, 40
# What a modern terminal answers when it is asked: synchronised output, device attributes, the cursor's place.
_ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[c": b"\x1b[?62;22c", b"\x1b[6n": b"\x1b[1;1R"}


class Terminal:
    """``command`` in a terminal of 120x40, started when the object is made, killed at the end of ``with``."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], folder: Path) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self._chunks: list[tuple[float, bytes]] = []
        surroundings = {**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.started = time.perf_counter()
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
                os.chdir(folder)
                os.execvpe(command[0], list(command), surroundings)
            finally:
                os._exit(127)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self._family()):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        os.waitpid(self.process, 0)
        os.close(self.descriptor)

    @property
    def text(self) -> str:
        """What the screen shows, a line a row."""
        # Not screen.display: that fails where a narrow character overwrites half of a wide one.
        rows = self.screen.buffer
        return "\n".join("".join(rows[y][x].data for x in range(COLUMNS)).rstrip() for y in range(ROWS))

    def ready(self, *patterns: str, seconds: float = 60.0) -> float:
        """Return the seconds from the start to the output after which every pattern is on the screen."""
        while time.perf_counter() - self.started < seconds:
            alive = self._read(0.05)
            for when, _changed in self._painted():
                shown = self.text
                if all(re.search(pattern, shown) for pattern in patterns):
                    return when - self.started
            if not alive:
                break
        raise WrongAnswerError(f"never saw {patterns} on this screen:\n{self.text}")

    def press(self, key: str, pause: float = 0.06, seconds: float = 3.0) -> tuple[float, float]:
        """Return the seconds from ``key`` to the first and to the last output it causes, before a ``pause``."""
        start = time.perf_counter()
        os.write(self.descriptor, key.encode())
        waiting = seconds
        while self._read(waiting) and self._chunks and time.perf_counter() - self._chunks[-1][0] < pause:
            waiting = pause
        times = [when - start for when, changed in self._painted() if changed]
        if not times:
            raise WrongAnswerError(f"{key!r} changed nothing on this screen:\n{self.text}")
        return times[0], times[-1]

    def quiet(self, pause: float = 0.3, seconds: float = 5.0) -> None:
        """Read until nothing is written for ``pause`` seconds."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            count = len(self._chunks)
            if not self._read(pause) or len(self._chunks) == count:
                break
        for _when, _changed in self._painted():
            pass

    def memory(self) -> float:
        """Return the resident memory of the program and its children together, in MB (Linux, elsewhere 0)."""
        pages = 0
        for process in self._family():
            try:
                pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
            except OSError:
                continue
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def processor(self) -> float:
        """Return the processor seconds that the program has used so far (Linux, elsewhere 0)."""
        try:
            fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _family(self) -> list[int]:
        found = [self.process]
        for process in found:
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                try:
                    found += map(int, children.read_text().split())
                except OSError:
                    continue
        return found

    def _read(self, seconds: float) -> bool:
        """Take in what is written within ``seconds``; False when the program has gone."""
        ready, _w, _x = select.select([self.descriptor], [], [], seconds)
        if not ready:
            return True
        try:
            chunk = os.read(self.descriptor, 1 << 16)
        except OSError:
            return False
        self._chunks.append((time.perf_counter(), chunk))
        for question, answer in _ANSWERS.items():
            if question in chunk:
                os.write(self.descriptor, answer)
        return bool(chunk)

    def _painted(self) -> Iterator[tuple[float, bool]]:
        """Feed what came in to the emulator; yield when each piece came and whether it changed the screen."""
        chunks, self._chunks = self._chunks, []
        for when, chunk in chunks:
            self.screen.dirty.clear()
            self._stream.feed(chunk)
            yield when, bool(self.screen.dirty)
