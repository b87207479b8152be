"""Building the search index over notes, and keeping it, beside reading the files and beside FTS5."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.desks import desk_with_notes, made
from benchmarks.harness import OURS, PROGRAMS, Line, Options, Sample, compare, expect, measure
from benchmarks.notes_made import make_notes
from benchmarks.words import own_words
from studytui.workspace import Workspace


def run(options: Options) -> Iterator[Line]:
    """Index from nothing, again with nothing changed, and after one change."""
    count = options.size(1000, 10_000)
    root = made(
        options.scratch / f"notes-{count}",
        lambda folder: desk_with_notes(folder, make_notes(own_words(), count)),
    )
    workspace = Workspace(root)
    note = next(workspace.notes.rglob("*.md"))
    jobs = {
        "built": partial(_build, workspace, count),
        "unchanged": partial(_index, workspace, count),
        "changed": partial(_change, workspace, note, count),
        "read": partial(_counted, ["walk.py", workspace.notes, "read"], options.scratch, count),
        "fts5": partial(_fts5, workspace, options.scratch / "fts5.db", count),
    }
    # The order matters here: each step of ours stands on the one before.
    rounds = [
        {name: job() for name, job in jobs.items()}
        for _round in range(options.turns(1 if options.full else 3))
    ]
    found = {name: [one[name] for one in rounds] for name in jobs}
    size = f"{count:,} notes"
    yield compare(f"{size} from nothing", "FTS5 over the same terms", found["built"], found["fts5"])
    yield compare(f"{size}, nothing changed", "reading all files", found["unchanged"], found["read"])
    yield compare(f"{size}, one changed", "reading all files", found["changed"], found["read"])


def _build(workspace: Workspace, count: int) -> Sample:
    shutil.rmtree(workspace.index, ignore_errors=True)
    return _index(workspace, count)


def _change(workspace: Workspace, note: Path, count: int) -> Sample:
    with note.open("a", encoding="utf-8") as text:
        text.write("\nOne more line.\n")
    return _index(workspace, count)


def _index(workspace: Workspace, count: int) -> Sample:
    sample = measure([*OURS, "--workspace", workspace.root, "index"], workspace.root)
    if f"{count}" not in sample.output.replace(",", ""):
        expect("indexed notes", sample.output, count)
    return sample


def _counted(command: list[str | Path], home: Path, count: int) -> Sample:
    program, *arguments = command
    sample = measure([sys.executable, PROGRAMS / program, *arguments], home)
    expect(f"files seen by {program}", sample.output.split()[0], str(count))
    return sample


def _fts5(workspace: Workspace, database: Path, count: int) -> Sample:
    database.unlink(missing_ok=True)
    return _counted(["fts5_index.py", workspace.notes, database], database.parent, count)
