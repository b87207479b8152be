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


def plenty(
    workspace: Workspace, clock: FixedClock, amounts: dict[str, int], title: str = "{kind} {n}"
) -> Study:
    """Open a workspace in which so many things of each kind of the agenda wait; "cards" are new ones."""

    def called(kind: str, n: int) -> str:
        return title.format(kind=kind, n=n)

    sites = [
        f"  - name: {called('Site', n)!r}\n    site: https://s{n}.example"
        for n in range(amounts.get("site", 0))
    ]
    feeds = [f"  - name: Alpha\n    url: {FEED}", *sites]
    workspace.feeds_file.write_text("feeds:\n" + "\n".join(feeds) + "\n", "utf-8")
    begun = [f"- [/] {called('Begun', n)}" for n in range(amounts.get("lesson under way", 0))]
    due = [f"- [ ] {called('Due', n)} 📅 2026-11-2{n % 3}" for n in range(amounts.get("lesson", 0))]
    done = [f"- [x] {called('Done', n)} ✅ 2026-11-20" for n in range(amounts.get("unsorted", 0))]
    lessons = "\n".join([*begun, *due, *done])
    write(workspace, "courses/c.md", f"---\ntitle: Course\nkind: course\n---\n\n{lessons}\n")
    if amounts.get("new cards"):
        write(workspace, "Many.md", many_cards(amounts["new cards"]))
    for n in range(amounts.get("person", 0)):
        write(
            workspace,
            f"people/p{n}.md",
            f"---\ntitle: {called('Person', n)!r}\nkind: person\nideal: 7d\nmax: 20d\n---\n\n## Contacts\n\n"
            f"- 2026-10-0{n % 9 + 1} #mail we spoke ? {called('Why', n)}\n",
        )
    study = opened(workspace, clock)
    articles(study, amounts.get("article", 0), title.replace("{kind}", "News"))
    return study
