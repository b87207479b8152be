"""From a key to the screen in a list of 50,000 articles, beside a bare list on Textual's line API."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks.desks import desk_with_articles, made
from benchmarks.harness import OURS, PROGRAMS, Line, Options, WrongAnswerError, environment, take_turns
from benchmarks.ratios import percentile, ratio
from benchmarks.terminal import Terminal
from benchmarks.words import own_words
from studytui.study import Study
from studytui.workspace import Workspace

FEEDS, ENTRIES = 500, 100
PRESSES = 40
RIGHT = "\x1b[C"

Times = Sequence[tuple[float, float]]
"""Seconds from each key to the first and to the last output it caused."""


def run(options: Options) -> Iterator[Line]:
    """Run both programs side by side and press keys in turns, `PRESSES` down, then as many up."""
    desk = made(
        options.scratch / "articles-50000",
        partial(desk_with_articles, words=own_words(), feeds=FEEDS, entries=ENTRIES),
    )
    titles = options.scratch / "titles-50000"
    titles.write_text("\n".join(_titles(desk)) + "\n", "utf-8")
    surroundings = environment(options.scratch)
    with (
        Terminal([*OURS, "--workspace", str(desk)], surroundings, options.scratch) as ours,
        Terminal(
            [sys.executable, str(PROGRAMS / "lines.py"), str(titles)], surroundings, options.scratch
        ) as floor,
    ):
        ours.ready(str(FEEDS * ENTRIES), "help")
        _open_list(ours)
        floor.ready("Quit")
        floor.quiet()
        found = take_turns(
            options.turns(5), {"ours": partial(_press, ours, "jk"), "floor": partial(_press, floor, "jk")}
        )
    yield from _lines("key in a list of 50,000", found["ours"], found["floor"])


def _titles(desk: object) -> Iterator[str]:
    """Yield what the list shows, for the floor to show the same."""
    study = Study.open(Workspace(desk))  # type: ignore[arg-type]
    ids = study.library.ids()
    yield from (f"{number:05d} {one.heading}" for number, one in enumerate(study.library.summaries(ids)))
    study.close()


def _open_list(terminal: Terminal) -> None:
    """Go to Read and into its list of articles."""
    terminal.press("2", pause=0.5)
    terminal.quiet(0.5)
    terminal.press(RIGHT, pause=0.3)
    terminal.quiet(2.5, seconds=30)  # past the upkeep that follows a start
    shown = terminal.text
    terminal.press("j", pause=0.3)
    if terminal.text == shown or str(FEEDS * ENTRIES) not in terminal.text:
        raise WrongAnswerError(f"this is no list of {FEEDS * ENTRIES} articles:\n{terminal.text}")


def _press(terminal: Terminal, keys: str) -> Times:
    """Press the first key `PRESSES` times, then the second; not in step with the program's own clock."""
    gaps = random.Random("gaps")
    found = []
    for key in keys:
        for _press in range(PRESSES):
            found.append(terminal.press(key))
            time.sleep(gaps.uniform(0.003, 0.017))
    return found


def _lines(what: str, ours: Sequence[Times], floor: Sequence[Times]) -> Iterator[Line]:
    for name, share in (("median", 50.0), ("p95", 95.0)):
        mine = [percentile([last for _first, last in turn], share) for turn in ours]
        theirs = [percentile([last for _first, last in turn], share) for turn in floor]
        aside = f"{statistics.median(mine) * 1000:.1f} ms, floor {statistics.median(theirs) * 1000:.1f} ms"
        yield Line(f"{what}, {name}", "bare line-API list", ratio(mine, theirs), 1.5, aside)
