"""Ten thousand notes: opening them, seeing one change, and who mentions a title, beside walking and reading them."""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.desks import desk_with_notes, made
from benchmarks.harness import (
    PROGRAMS,
    Line,
    Options,
    Sample,
    WrongAnswerError,
    compare,
    expect,
    measure,
    take_turns,
)
from benchmarks.notes_made import SHORT_EVERY, make_notes
from benchmarks.ratios import percentile, ratio
from benchmarks.search import ripgrep
from benchmarks.words import own_words
from studytui.notes.note import Note
from studytui.study import Study
from studytui.workspace import Workspace

COUNT = 10_000
ASKED = 20
SETTLED = 2.5
"""Seconds after which a file that was written need not be read once more."""


def run(options: Options) -> Iterator[Line]:
    """Open in processes of their own; change and ask in one that stays."""
    root = made(
        options.scratch / f"notes-{COUNT}",
        lambda folder: desk_with_notes(folder, make_notes(own_words(), COUNT)),
    )
    empty = made(options.scratch / "notes-0", lambda folder: desk_with_notes(folder, iter(())))
    yield from _opening(options, Workspace(root), Workspace(empty))
    study = Study.open(Workspace(root))
    try:
        yield _changing(options, study)
        yield from _mentioning(options, study)
    finally:
        study.close()


def _opening(options: Options, workspace: Workspace, empty: Workspace) -> Iterator[Line]:
    seed = Random("changed")
    files = sorted(workspace.notes.rglob("*.md"))
    unchanged = partial(_open, workspace, COUNT)
    changing: dict[str, Callable[[], Sample]] = {
        "nothing": partial(_open, workspace, COUNT, forget=True),
        "changed": lambda: _open(workspace, COUNT, changed=seed.choice(files)),
        "unchanged": unchanged,
        "read": partial(_program, "walk.py", workspace.notes, "read"),
    }
    found = take_turns(options.turns(3), changing)
    yield compare("open 10,000 notes from nothing", "reading all files", found["nothing"], found["read"])
    yield compare("open after one change", "open just after a change", found["changed"], found["unchanged"])
    time.sleep(SETTLED)
    unchanged()
    settled: dict[str, Callable[[], Sample]] = {
        "unchanged": unchanged,
        "imports": partial(_open, empty, 0),
        "walk": partial(_program, "walk.py", workspace.notes),
        "python": lambda: measure([sys.executable, "-c", "pass"], options.scratch),
    }
    yield _against_walk(take_turns(options.turns(7), settled))


def _against_walk(found: Mapping[str, Sequence[Sample]]) -> Line:
    """The bar: 1.5 x a raw stat walk, and what importing the program costs besides."""
    floors = [
        1.5 * (walk.wall - python.wall) + imports.wall
        for walk, python, imports in zip(found["walk"], found["python"], found["imports"], strict=True)
    ]
    walls = [one.wall for one in found["unchanged"]]
    aside = f"{statistics.median(walls):.2f} s, imports {statistics.median(x.wall for x in found['imports']):.2f} s"
    return Line("open unchanged", "1.5 x stat walk + imports", ratio(walls, floors), 1.0, aside)


def _open(workspace: Workspace, count: int, *, forget: bool = False, changed: Path | None = None) -> Sample:
    if forget:
        (workspace.state / "notes.cache").unlink(missing_ok=True)
    if changed is not None:
        with changed.open("a", encoding="utf-8") as text:
            text.write("\nOne more line.\n")
    sample = measure([sys.executable, PROGRAMS / "open_notes.py", workspace.root], workspace.root)
    expect("notes opened", sample.output.split()[0], str(count))
    return sample


def _program(name: str, *arguments: str | Path) -> Sample:
    sample = measure([sys.executable, PROGRAMS / name, *arguments], PROGRAMS)
    expect(f"files seen by {name}", sample.output.split()[0], str(COUNT))
    return sample


def _changing(options: Options, study: Study) -> Line:
    """Save one note and look for the change everywhere: in the list, by search, among the links to another."""
    study.index.warm(study.documents())
    notes = study.notes()
    target = notes[-1]
    study.vault.graph.backlinks(target.path)
    chosen = iter(Random("saved").sample(notes[: COUNT // 2], 100))
    jobs = {
        "ours": lambda: _save_and_look(study, next(chosen), target),
        "read": lambda: _program("walk.py", study.workspace.notes, "read").wall,
    }
    found = take_turns(options.turns(7), jobs)
    aside = f"{statistics.median(found['ours']) * 1000:.0f} ms"
    # Reading 10,000 small files takes 0.18 s where 100 ms were asked for.
    return Line(
        "a saved note seen everywhere", "reading all files", ratio(found["ours"], found["read"]), 0.55, aside
    )


def _save_and_look(study: Study, note: Note, target: Note) -> float:
    word = f"newword{note.digest[:10]}"
    opened = study.vault.read(note.path)
    text = f"{opened.text}\n{word} [[{target.title}]]\n"
    start = time.perf_counter()
    study.vault.save(note.path, text, opened.note.digest)
    listed = study.notes()[0].path
    hits = [hit.path for hit in study.search(word, kind="note")]
    linking = {back.note.path for back in study.vault.graph.backlinks(target.path)}
    seconds = time.perf_counter() - start
    expect(
        "the saved note in list, search and links",
        (listed, hits, note.path in linking),
        (note.path, [note.path], True),
    )
    return seconds


def _mentioning(options: Options, study: Study) -> Iterator[Line]:
    if not shutil.which("rg"):
        options.say("(ripgrep is not installed, so the lines on mentions are missing)\n")
        return
    named = [note for note in study.notes() if not note.title[-1].isdigit() and note.title.strip()]
    if len(named) < COUNT // SHORT_EVERY // 4:
        raise WrongAnswerError("the notes have no titles that others could mention")
    asked = Random("asked").sample(sorted(named, key=lambda note: note.path), ASKED)
    folder = study.workspace.notes
    for note in asked:
        theirs = ripgrep(note.title, folder)
        ours = {one.note.path for one in study.vault.graph.mentions(note.path)}
        if ours - theirs:
            raise WrongAnswerError(f"{note.title!r} is not in {sorted(ours - theirs)[:3]}")
    found = take_turns(
        options.turns(3),
        {
            "ours": lambda: [_timed(study.vault.graph.mentions, note.path) for note in asked],
            "ripgrep": lambda: [_timed(ripgrep, note.title, folder) for note in asked],
        },
    )
    for name, share, bar in (("median", 50.0, None), ("p95", 95.0, 3.0)):
        mine, other = ([percentile(turn, share) for turn in found[who]] for who in ("ours", "ripgrep"))
        aside = f"{statistics.median(mine) * 1000:.0f} ms, ripgrep {statistics.median(other) * 1000:.0f} ms"
        yield Line(f"mentions of a title, {name}", "ripgrep", ratio(mine, other), bar, aside)


def _timed(call: object, *arguments: object) -> float:
    start = time.perf_counter()
    call(*arguments)  # type: ignore[operator]
    return time.perf_counter() - start
