"""Today with a year of learning in the journal, beside Today with the same cards and an empty journal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.desks import desk_with_notes, made, make_journal
from benchmarks.harness import OURS, Line, Options, Sample, compare, expect, measure, take_turns
from benchmarks.notes_made import make_cards
from benchmarks.words import own_words
from studytui.study import Study
from studytui.workspace import Workspace

EVENTS = 20_000
NOTES, CARDS = 100, 50


def run(options: Options) -> Iterator[Line]:
    """Ask for Today in processes of their own."""
    fresh = made(options.scratch / "cards-fresh", _cards)
    used = made(options.scratch / "cards-used", _cards_with_journal)
    _check(used)
    found = take_turns(
        options.turns(5),
        {
            "fresh": partial(_today, fresh),
            "used": partial(_today, used),
            "one more": partial(_today_after_an_answer, used),
        },
    )
    size = f"{NOTES * CARDS:,} cards, {EVENTS:,} events"
    yield compare(f"Today, {size}", "an empty journal", found["used"], found["fresh"], 1.3)
    yield compare("Today after one more answer", "an empty journal", found["one more"], found["fresh"], 1.3)


def _cards(root: Path) -> None:
    desk_with_notes(root, make_cards(own_words(), NOTES, CARDS))
    _today(root)


def _cards_with_journal(root: Path) -> None:
    desk_with_notes(root, make_cards(own_words(), NOTES, CARDS))
    workspace = Workspace(root)
    study = Study.open(workspace)
    journal = make_journal(study, EVENTS, datetime.now().astimezone())
    study.close()
    (workspace.journal / "last-year.jsonl").write_bytes(journal)
    _today(root)


def _check(root: Path) -> None:
    """What the caches say must be what the journal says when they are gone."""
    cached = _counts(root)
    state = Workspace(root).state
    shutil.rmtree(state / "cache", ignore_errors=True)
    for file in state.glob("library.db*"):
        file.unlink()
    expect("Today's counts from the caches", cached, _counts(root))


def _counts(root: Path) -> Any:
    return json.loads(_today(root).output)["counts"]


def _today(root: Path) -> Sample:
    return measure([*OURS, "--workspace", root, "today", "--json"], root)


def _today_after_an_answer(root: Path) -> Sample:
    study = Study.open(Workspace(root))
    cards = study.learning.cards
    cards.grade(next(iter(cards.queue().ids or cards.deck().ids)), 3, 5.0)
    study.close()
    return _today(root)
