"""From starting the program to Today on the screen, with 3,000 and 9,000 articles, beside a bare Textual app."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.desks import desk_with_articles, made
from benchmarks.harness import OURS, PROGRAMS, Line, Options, environment, take_turns
from benchmarks.ratios import ratio
from benchmarks.terminal import Terminal
from benchmarks.words import own_words

ENTRIES = 30
SIZES = (3000, 9000)


@dataclass(frozen=True)
class Start:
    """One start: seconds until ready, processor seconds, MB."""

    wall: float
    cpu: float
    memory: float


def run(options: Options) -> Iterator[Line]:
    """Start the program and the floors in turns."""
    words = own_words()
    desks = {
        size: made(
            options.scratch / f"articles-{size}",
            partial(desk_with_articles, words=words, feeds=size // ENTRIES, entries=ENTRIES),
        )
        for size in SIZES
    }
    jobs = {
        "hello": lambda: _start(
            [sys.executable, str(PROGRAMS / "hello.py")], options.scratch, "here I am", "Quit"
        )
    }
    for size, root in desks.items():
        # Ready is Today complete: the count of what waits to be read, and the keys at the bottom.
        patterns = (rf"\b{size}\b", "articles", "help")
        jobs[str(size)] = partial(_start, [*OURS, "--workspace", str(root)], options.scratch, *patterns)
    found = take_turns(options.turns(7), jobs)
    hello, small, large = found["hello"], found["3000"], found["9000"]
    yield _line("ready with 3,000 articles", "bare Textual app", small, hello, 1.5)
    yield _line("ready with 9,000 articles", "ours with 3,000", large, small, 1.1)
    aside = f"{small[0].memory:.0f} MB"
    yield Line(
        "memory with 3,000 articles",
        "bare Textual app",
        ratio([one.memory for one in small], [one.memory for one in hello]),
        1.6,
        aside,
    )


def _start(command: list[str], folder: Path, *patterns: str) -> Start:
    with Terminal(command, environment(folder), folder) as terminal:
        wall, cpu = terminal.ready(*patterns), terminal.processor()
        terminal.quiet()
        return Start(wall, cpu, terminal.memory())


def _line(what: str, against: str, ours: list[Start], floor: list[Start], bar: float) -> Line:
    work = ratio([one.cpu for one in ours], [one.cpu for one in floor])
    middle = sorted(one.wall for one in ours)[len(ours) // 2]
    walls = ratio([one.wall for one in ours], [one.wall for one in floor])
    return Line(what, against, walls, bar, f"{middle:.2f} s, processor {work.median:.2f} x")
