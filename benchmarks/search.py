"""Queries over notes in a running program, beside a scan of the text in memory, FTS5 and ripgrep."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.desks import desk_with_notes, made
from benchmarks.harness import Line, Options, WrongAnswerError, take_turns
from benchmarks.notes_made import make_notes
from benchmarks.ratios import percentile, ratio
from benchmarks.words import own_words
from studytui.search.analyzer import fold, index_text
from studytui.search.query import Document
from studytui.search.units import fts_query
from studytui.study import Study
from studytui.workspace import Workspace

QUERIES = (
    "customer",
    "zeigarnik",
    "follow-up",
    "mark",
    "客户",
    "榴莲",
    "漏斗",
    "满意度",
    "鹦鹉螺定价法",
    "ROI提升",
    "客户 漏斗",
)
SHOWN = 20

Ask = Callable[[str], object]


def run(options: Options) -> Iterator[Line]:
    """Check that every query finds what a scan finds, then ask all engines in turns."""
    count = options.size(1000, 10_000)
    root = made(
        options.scratch / f"notes-{count}",
        lambda folder: desk_with_notes(folder, make_notes(own_words(), count)),
    )
    study = Study.open(Workspace(root))
    try:
        documents = study.documents()
        study.index.sync(documents)
        study.index.warm(documents)
        _check(study, documents)
        engines = _engines(study, documents)
        turns = {name: _asking(ask) for name, ask in engines.items()}
        found = take_turns(options.turns(7), turns)
    finally:
        study.close()
    bars = {"scan in memory": None, "FTS5 over the same terms": None, "ripgrep": None}
    for other in engines:
        if other != "ours":
            yield from _lines(f"query over {count:,} notes", other, found["ours"], found[other], bars[other])


def _check(study: Study, documents: Mapping[str, Document]) -> None:
    """Every note that holds the query as written must be found, as far as there is room to show it."""
    for query in QUERIES:
        wanted = {path for path, one in documents.items() if fold(query) in one.text}
        found = {hit.path for hit in study.index.search(query, documents, SHOWN).hits}
        missing = wanted - found if len(wanted) <= SHOWN else range(SHOWN - len(found))
        if missing or not found:
            raise WrongAnswerError(f"{query!r} is in {len(wanted)} notes, {len(found)} are found")


def _engines(study: Study, documents: Mapping[str, Document]) -> dict[str, Ask]:
    texts = {path: document.text for path, document in documents.items()}
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE note USING fts5 (text, content='', tokenize='unicode61')")
    database.executemany(
        "INSERT INTO note (text) VALUES (?)", ((index_text(text),) for text in texts.values())
    )
    fts5 = "SELECT rowid FROM note WHERE note MATCH ? ORDER BY rank LIMIT ?"

    def scan(query: str) -> list[str]:
        wanted = fold(query)
        return [path for path, text in texts.items() if wanted in text][:SHOWN]

    engines: dict[str, Ask] = {
        "ours": lambda query: study.index.search(query, documents, SHOWN),
        "scan in memory": scan,
        "FTS5 over the same terms": lambda query: database.execute(
            fts5, (fts_query(query), SHOWN)
        ).fetchall(),
    }
    if shutil.which("rg"):
        engines["ripgrep"] = lambda query: ripgrep(query, study.workspace.notes)
    return engines


def ripgrep(text: str, folder: Path) -> set[str]:
    """Return the paths below ``folder`` of the files that hold ``text`` in any case."""
    command = ["rg", "-l", "-i", "-F", "--no-ignore", "--no-config", "--", text, "."]
    answer = subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True)
    return {line.removeprefix("./") for line in answer.stdout.splitlines()}


def _asking(ask: Ask) -> Callable[[], list[float]]:
    """Return a job that asks every query once and returns the seconds that each took."""

    def job() -> list[float]:
        seconds = []
        for query in QUERIES:
            start = time.perf_counter()
            ask(query)
            seconds.append(time.perf_counter() - start)
        return seconds

    return job


def _lines(
    what: str,
    against: str,
    ours: Sequence[Sequence[float]],
    theirs: Sequence[Sequence[float]],
    bar: float | None,
) -> Iterator[Line]:
    for name, share in (("median", 50.0), ("p95", 95.0)):
        mine, other = ([percentile(turn, share) for turn in turns] for turns in (ours, theirs))
        aside = f"{statistics.median(mine) * 1000:.1f} ms, theirs {statistics.median(other) * 1000:.1f} ms"
        yield Line(f"{what}, {name}", against, ratio(mine, other), bar, aside)
