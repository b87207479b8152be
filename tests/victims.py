"""Processes that are killed in the middle of their work, and what they do until then.

They are forked from a process that has imported the program already: starting Python anew takes longer than what
they do before they die.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from studytui.journal import Journal
from studytui.notes.relink import rename_note
from studytui.notes.vault import Vault
from studytui.reading.library.library import Library
from studytui.reading.pull import pull
from studytui.reading.subscriptions.subscription import Subscription, Subscriptions
from studytui.workspace import SystemClock, Workspace

Say = Callable[..., None]


@cache
def _forks() -> Any:
    forks = multiprocessing.get_context("forkserver")  # POSIX only
    forks.set_forkserver_preload([__name__])
    return forks


class Victim:
    """A process that runs ``work(say, *args)``; what it said has happened."""

    def __init__(self, work: Callable[..., None], *args: Any) -> None:
        self._heard, said = _forks().Pipe(duplex=False)
        self._process = _forks().Process(target=_run, args=(said, work, args))
        self._process.start()
        said.close()

    def hear(self) -> tuple[str, ...] | None:
        """Wait for the next thing it says; None when it has ended."""
        try:
            said: tuple[str, ...] = self._heard.recv()
        except EOFError:
            return None
        return said

    def kill(self) -> list[tuple[str, ...]]:
        """Kill -9, and return what it had said until then."""
        self._process.kill()
        self._process.join()
        return list(iter(self.hear, None))


def _run(said: Connection, work: Callable[..., None], args: tuple[Any, ...]) -> None:
    work(lambda *words: said.send(words), *args)


def append_events(say: Say, folder: Path) -> None:
    """Append to the journal for ever; say each event's id."""
    journal = Journal(folder, "desk", SystemClock())
    n = 0
    while True:
        say(journal.append("k", subject=str(n), text="字" * 500).id)
        n += 1


def save_and_rename(say: Say, root: Path) -> None:
    """Add a line to the note Hub, then rename it and all links to it, for ever; say the number of lines."""
    workspace = Workspace(root)
    vault = Vault(workspace, Journal(workspace.journal, "desk", SystemClock()))
    note = vault.get("Hub") or vault.get("Bub")
    assert note is not None
    n = len(vault.read(note.path).text.splitlines())
    while True:
        n += 1
        opened = vault.read(note.path)
        vault.save(note.path, opened.text + f"line {n}\n", opened.digest)
        note = rename_note(vault, note.path, "Bub" if note.title == "Hub" else "Hub").note
        say(str(n))


def pull_and_mark(say: Say, root: Path, base: str, feeds: int) -> None:
    """Open the library, pull, then mark and index all that is unread; say every step that is done."""
    library = Library(root / "library.db", Journal(root / "journal", "desk", SystemClock()))
    listed = tuple(Subscription(f"f{n}", "url", f"{base}/{n}") for n in range(feeds))
    say("open")
    subscriptions = Subscriptions(root / "feeds.yaml", "", listed)
    asyncio.run(pull(library, subscriptions, on_result=lambda _done, _total, one: say("stored", one.name)))
    for identity in library.ids(unread=True):
        library.set_read([identity])
        say("read", identity)
        library.set_starred([identity])
        say("starred", identity)
        library.index_pending(2)
    say("end")
