"""Measured child processes, turns inside rounds, and the tables that are printed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks.ratios import Ratio, ratio

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(__file__).resolve().parent / "programs"
OURS = [sys.executable, "-c", "from studytui.cli import main; main()"]


class WrongAnswerError(Exception):
    """A program did not do the work that was to be timed; no time of it is worth printing."""


@dataclass(frozen=True)
class Sample:
    """One finished process: seconds of wall clock, seconds of processor (its children's too), what it printed.

    ``peak`` is the resident size of its largest process in MB.
    """

    wall: float
    cpu: float
    peak: float
    output: str


@dataclass(frozen=True)
class Line:
    """One line of a table; ``bar`` is the most that the median of ``ratio`` should be, ``aside`` absolute."""

    what: str
    against: str
    ratio: Ratio
    bar: float | None = None
    aside: str = ""

    @property
    def verdict(self) -> str:
        """Say whether the bar is met."""
        return "" if self.bar is None else "ok" if self.ratio.median <= self.bar else "over"


@dataclass(frozen=True)
class Options:
    """What was asked for: ``scratch`` is where makers put things, ``full`` means the sizes of the bars."""

    scratch: Path
    full: bool = False
    rounds: int | None = None
    say: Callable[[str], None] = field(default=print)

    def size(self, small: int, full: int) -> int:
        """Return how much of something to make."""
        return full if self.full else small

    def turns(self, usual: int) -> int:
        """Return how many rounds to run."""
        return self.rounds or usual


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment whose every personal folder lies in ``home``.

    PYTHONDONTWRITEBYTECODE must go: with it every Python program would compile itself anew at each start.
    """
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "STUDYTUI_WORKSPACE", "NO_COLOR", "EDITOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    for name in dropped:
        kept.pop(name, None)
    return kept | {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "STUDYTUI_LANG": "en",
        "TEXTUAL_ANIMATIONS": "none",
        "NO_PROXY": "*",
        "no_proxy": "*",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def measure(
    command: Sequence[object],
    home: Path,
    *,
    env: Mapping[str, str] | None = None,
    codes: tuple[int, ...] = (0,),
) -> Sample:
    """Run ``command`` to its end and return what it took.  Raises WrongAnswerError for another exit code."""
    with tempfile.TemporaryFile() as sink:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(env or environment(home)),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        sink.seek(0)
        output = sink.read().decode("utf-8", "replace")
    if process.returncode not in codes:
        raise WrongAnswerError(f"{command[0]} … ended with {process.returncode}: {output[-800:]}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, _megabytes(usage.ru_maxrss), output)


def _megabytes(resident: int) -> float:
    return resident / (1024 * 1024 if sys.platform == "darwin" else 1024)


def take_turns(
    rounds: int, jobs: Mapping[str, Callable[[], T]], *, warm_up: bool = True
) -> dict[str, list[T]]:
    """Run every job once a round, the order turned by one each round, so that drift falls on all alike.

    A first round that warms caches is run and not counted.
    """
    names = list(jobs)
    found: dict[str, list[T]] = {name: [] for name in names}
    for number in range(-1 if warm_up else 0, rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            sample = jobs[name]()
            if number >= 0:
                found[name].append(sample)
    return found


def expect(what: str, found: object, wanted: object) -> None:
    """Raise WrongAnswerError unless ``found`` is what is ``wanted``."""
    if found != wanted:
        raise WrongAnswerError(f"{what}: {found!r} instead of {wanted!r}")


def compare(
    what: str,
    against: str,
    ours: Sequence[Sample],
    floor: Sequence[Sample],
    bar: float | None = None,
) -> Line:
    """Return the line for two series of processes: the ratio of their wall times, processor time as an aside."""
    work = ratio([one.cpu for one in ours], [one.cpu for one in floor])
    walls = ratio([one.wall for one in ours], [one.wall for one in floor])
    return Line(
        what, against, walls, bar, f"{_middle(one.wall for one in ours)} s, processor {work.median:.2f} x"
    )


def _middle(values: Iterable[float]) -> str:
    return f"{statistics.median(values):.2f}"


def table(lines: Sequence[Line]) -> str:
    """Return the lines as a table that reads in a terminal and as Markdown."""
    head = ("what", "against", "ratio [least-most]", "bar", "", "aside")
    rows = [
        (
            one.what,
            one.against,
            str(one.ratio),
            "" if one.bar is None else f"{one.bar:g}",
            one.verdict,
            one.aside,
        )
        for one in lines
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    ruled = [head, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in ruled
    )
