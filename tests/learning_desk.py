"""A workspace with something of everything to learn, for the tests of what joins the learning area."""

from __future__ import annotations

from datetime import timedelta

from studytui.reading.parse.entry import ParsedEntry, ParsedFeed
from studytui.study import Study
from studytui.workspace import Workspace
from tests.conftest import FixedClock

FEED = "https://a.example/feed"
COURSE = """---
title: Ads
kind: course
price: 300
currency: CNY
date: 2026-01-02
---

## One

- [ ] First steps (10min)
- [ ] The funnel (20min)
  Read: [[Funnel]].
- [ ] Ties

## Two

- [ ] Writing soft articles (30min)
- [ ] Win, win and win
"""
TOPIC = """---
title: Funnel
kind: topic
explain:
  - Why does half the audience leave each day?
---

What stays at each step.
"""
CARDS = """---
title: Words
tags: [flashcards]
---

What is a funnel?::What stays at each step.

What is a weak tie?::Somebody you hardly know.

What is churn?::Who leaves.

What is reach?::Who saw it.
"""


def write(workspace: Workspace, path: str, text: str) -> None:
    """Write a note as another program would."""
    file = workspace.notes / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def furnish(workspace: Workspace) -> None:
    """Put a course, a topic, cards and a feed into the workspace."""
    write(workspace, "courses/ads.md", COURSE)
    write(workspace, "topics/Funnel.md", TOPIC)
    write(workspace, "Words.md", CARDS)
    workspace.feeds_file.write_text(f"feeds:\n  - name: Alpha\n    url: {FEED}\n", "utf-8")


def opened(workspace: Workspace, clock: FixedClock) -> Study:
    """Open the workspace."""
    return Study.open(workspace, clock)


def articles(study: Study, count: int, title: str = "News {n}") -> list[str]:
    """Put so many articles into the library and return their ids, newest first."""
    study.feeds()
    entries = tuple(
        ParsedEntry(
            f"e{n}",
            title.format(n=n),
            f"https://a.example/{n}",
            f"https://a.example/{n}",
            "Ann",
            study.clock.now() - timedelta(hours=n),
            f"Text {n}",
        )
        for n in range(count)
    )
    study.library.store(FEED, ParsedFeed("Alpha", "https://a.example/", entries), now=study.clock.now())
    return study.library.ids()


def many_cards(count: int) -> str:
    """Return a note with so many cards."""
    lines = [f"What is term number {n}, in a word?::The answer to term {n} is {n * 7}." for n in range(count)]
    return "---\ntitle: Many\ntags: [flashcards]\n---\n\n" + "\n\n".join(lines) + "\n"
