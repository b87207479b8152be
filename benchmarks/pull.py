"""Pulling feeds from a server in the same machine, beside a bare download with feedparser, and newsboat."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks.desks import made, write_subscriptions
from benchmarks.feeds import CHANGED_EVERY, write_feeds
from benchmarks.harness import OURS, PROGRAMS, Line, Options, Sample, compare, expect, measure, take_turns
from benchmarks.ratios import ratio
from benchmarks.server import SLOW, FeedServer, serving
from benchmarks.words import own_words
from studytui.workspace import Workspace

ENTRIES = 30
DELAY = 0.08
PHASES = ("cold", "second", "304", "next day")
TROUBLED = 3
"""So many feeds are slow and so many broken in the last phase."""


class Puller:
    """A program that pulls; ``stored`` counts the entries it holds afterwards."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def prepare(self, urls: list[str]) -> None:
        """Begin anew with nothing pulled."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        (self.home / "urls").write_text("\n".join(urls) + "\n")

    def pull(self) -> Sample:
        """Pull once."""
        raise NotImplementedError

    def stored(self) -> int | None:
        """Return how many entries are stored, None for a floor that stores nothing."""
        return None


class Ours(Puller):
    """studytui pull"""

    def prepare(self, urls: list[str]) -> None:
        super().prepare(urls)
        workspace = Workspace(self.home)
        workspace.prepare()
        write_subscriptions(workspace, urls)

    def pull(self) -> Sample:
        return measure([*OURS, "--workspace", self.home, "pull"], self.home, codes=(0, 3))

    def stored(self) -> int:
        return _count(Workspace(self.home).library, "SELECT count(*) FROM article")


class Newsboat(Puller):
    """newsboat with fifty threads"""

    def prepare(self, urls: list[str]) -> None:
        super().prepare(urls)
        (self.home / "config").write_text("reload-threads 50\nauto-reload no\nuse-proxy no\nmax-items 0\n")

    def pull(self) -> Sample:
        config, urls, cache = (self.home / name for name in ("config", "urls", "cache.db"))
        return measure(["newsboat", "-q", "-C", config, "-u", urls, "-c", cache, "-x", "reload"], self.home)

    def stored(self) -> int:
        return _count(self.home / "cache.db", "SELECT count(*) FROM rss_item")


class Download(Puller):
    """The floor: plain asyncio; ``parse`` hands what came to feedparser."""

    def __init__(self, home: Path, parse: bool) -> None:
        super().__init__(home)
        self.more = ["parse"] if parse else []

    def pull(self) -> Sample:
        program, urls, state = PROGRAMS / "download.py", self.home / "urls", self.home / "state"
        return measure([sys.executable, program, urls, state, *self.more], self.home)


def run(options: Options) -> Iterator[Line]:
    """Pull four times with each program in turns: cold, again, all unchanged, and a day later."""
    feeds = options.size(100, 300)
    folder = made(
        options.scratch / f"feeds-{feeds}",
        lambda root: write_feeds(root, own_words(), feeds, ENTRIES),
    )
    home = options.scratch / "pullers"
    programs: dict[str, Puller] = {
        "ours": Ours(home / "ours"),
        "feedparser": Download(home / "feedparser", parse=True),
        "asyncio": Download(home / "asyncio", parse=False),
    }
    if shutil.which("newsboat"):
        programs["newsboat"] = Newsboat(home / "newsboat")
    else:
        options.say("(newsboat is not installed, so its lines are missing)\n")
    with serving(folder, feeds, delay=DELAY) as server:
        jobs = {name: partial(_phases, server, one, feeds) for name, one in programs.items()}
        found = take_turns(options.turns(2), jobs, warm_up=False)
    yield from _lines({name: _by_phase(rounds) for name, rounds in found.items()})
    yield from _trouble(options, folder, programs, feeds)


def _phases(server: FeedServer, program: Puller, feeds: int) -> dict[str, Sample]:
    """Run all phases of one program on a fresh home and check what it stored after each."""
    server.tell("day/0")
    program.prepare(server.urls(feeds))
    wanted = feeds * ENTRIES
    found = {}
    for phase in PHASES:
        if phase == "next day":
            server.tell("day/1")
            wanted += -(-feeds // CHANGED_EVERY)
        found[phase] = program.pull()
        stored = program.stored()
        if stored is not None:
            expect(f"entries of {type(program).__name__} after {phase}", stored, wanted)
    return found


def _by_phase(rounds: Sequence[dict[str, Sample]]) -> dict[str, list[Sample]]:
    return {phase: [one[phase] for one in rounds] for phase in PHASES}


def _lines(found: dict[str, dict[str, list[Sample]]]) -> Iterator[Line]:
    bars = {"cold": 0.75, "second": 0.15, "304": 0.25, "next day": 0.25}
    for phase in PHASES:
        if "newsboat" in found:
            yield compare(
                phase, "newsboat, 50 threads", found["ours"][phase], found["newsboat"][phase], bars[phase]
            )
        if phase == "cold":
            yield compare(
                phase, "download + feedparser alone", found["ours"][phase], found["feedparser"][phase]
            )
        elif phase == "304":
            yield compare(phase, "plain asyncio client", found["ours"][phase], found["asyncio"][phase], 1.6)


def _trouble(options: Options, folder: Path, programs: dict[str, Puller], feeds: int) -> Iterator[Line]:
    """Pull cold with some feeds slow and some broken."""
    chosen = {name: one for name, one in programs.items() if name in ("ours", "newsboat")}
    with serving(folder, feeds, delay=DELAY, slow=TROUBLED, broken=TROUBLED) as server:

        def cold(program: Puller) -> Sample:
            program.prepare(server.urls(feeds))
            sample = program.pull()
            expect("entries despite broken feeds", program.stored(), (feeds - TROUBLED) * ENTRIES)
            return sample

        jobs: dict[str, Callable[[], Sample]] = {name: partial(cold, one) for name, one in chosen.items()}
        found = take_turns(options.turns(2), jobs, warm_up=False)
    what = f"{TROUBLED} slow + {TROUBLED} broken"
    if "newsboat" in found:
        yield compare(what, "newsboat, 50 threads", found["ours"], found["newsboat"], 0.55)
    walls = [one.wall for one in found["ours"]]
    yield Line(what, "slowest feed + 0.6 s", ratio(walls, [SLOW + 0.6] * len(walls)), 1.0)


def _count(database: Path, query: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        return int(opened.execute(query).fetchone()[0])
