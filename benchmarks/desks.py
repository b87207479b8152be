"""Workspaces filled without a network: the starter with so many articles, notes, cards and events in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.feeds import NEWEST
from benchmarks.harness import OURS, measure
from benchmarks.notes_made import MadeNote, write_notes
from benchmarks.words import Words
from studytui.journal import Event
from studytui.reading.parse.entry import ParsedEntry, ParsedFeed
from studytui.reading.pull import followed
from studytui.study import Study
from studytui.workspace import Workspace, create_workspace


def made(folder: Path, fill: Callable[[Path], object]) -> Path:
    """Return ``folder`` filled by ``fill``; one that was filled before is used again, half a one is not."""
    done = folder.with_name(folder.name + ".done")
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        fill(folder)
        done.touch()
    return folder


def write_subscriptions(workspace: Workspace, urls: list[str]) -> None:
    """Make the feeds at ``urls`` all that is followed."""
    lines = [f"  - name: Feed {number:04d}\n    url: {url}\n" for number, url in enumerate(urls)]
    workspace.feeds_file.write_text("feeds:\n" + "".join(lines), "utf-8")


def desk_with_articles(root: Path, words: Words, feeds: int, entries: int) -> None:
    """Make a starter workspace with ``feeds`` feeds of ``entries`` unread articles, as after a pull."""
    workspace = create_workspace(root, "en")
    write_subscriptions(workspace, [f"https://site{number}.example/feed" for number in range(feeds)])
    study = Study.open(workspace)
    study.library.follow(followed(study.subscriptions()))
    for number, item in enumerate(study.subscriptions()):
        random = Random(f"articles {number}")
        lang = "zh" if number % 2 == 0 else "en"
        parsed = ParsedFeed(
            item.name, "", tuple(_article(words, random, lang, number, n) for n in range(entries))
        )
        study.library.store(item.source, parsed, now=NEWEST)
    study.close()
    measure([*OURS, "--workspace", root, "index"], root)
    measure([*OURS, "--workspace", root, "today"], root)


def desk_with_notes(root: Path, notes: Iterator[MadeNote]) -> None:
    """Make a workspace that holds only ``notes``."""
    workspace = Workspace(root)
    workspace.prepare()
    workspace.feeds_file.write_text("feeds: []\n", "utf-8")
    write_notes(workspace.notes, notes)


def make_journal(study: Study, events: int, until: datetime, seed: int = 1) -> bytes:
    """Return the journal of a year of learning that ends at ``until``: ``events`` lines, four in five of them
    answers to the cards of ``study``, the others articles read and starred, lessons, explanations and minutes.
    """
    from studytui.learning.card_identity import identity_fields

    deck = study.learning.cards.deck()
    asked = [(identity_fields(card, one), one) for card, one in zip(deck.cards, deck.ids, strict=True)]
    random = Random(f"journal {seed}")
    step = timedelta(days=365) / events
    lines = []
    for number in range(events):
        moment = until - step * (events - number)
        if number % 5:
            fields, _id = asked[int(len(asked) * random.random())]
            kind, data = (
                "card.reviewed",
                {**fields, "rating": random.choice((1, 2, 3, 3, 3, 4)), "seconds": 9.5},
            )
        else:
            kind, data = _other_act(random, number)
        identity = f"{int(moment.timestamp() * 1000):012x}{number % 0x10000:04x}{number:010x}"
        lines.append(Event(identity, moment.isoformat(), kind, data).to_line())
    return b"".join(lines)


def _other_act(random: Random, number: int) -> tuple[str, dict[str, Any]]:
    return random.choice(
        (
            ("article.read", {"subject": f"{number:012x}", "value": True, "by": "reading"}),
            ("article.starred", {"subject": f"{number:012x}", "value": True}),
            ("explained", {"subject": f"Topic {number % 40}", "score": 1 + number % 5, "seconds": 60}),
            ("act.finished", {"subject": f"Sheet {number % 9}", "act": "practice", "minutes": 10}),
        )
    )


def _article(words: Words, random: Random, lang: str, feed: int, number: int) -> ParsedEntry:
    address = f"https://site{feed}.example/a/{number}"
    return ParsedEntry(
        f"{feed}/{number}",
        f"{words.title(random, lang)} {number}",
        address,
        address,
        "Ann Lee",
        NEWEST - timedelta(minutes=random.randint(0, 500_000)),
        "\n\n".join(words.paragraph(random, lang, 200) for _part in range(3)),
    )
