"""The index over the notes: candidates from Whoosh where it is up to date, a scan of the text where it is not.

The notes are the truth and the index a cache: it may be missing, stale, foreign or damaged at any moment, and a
search still finds everything; it is only faster with an index.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Any

from studytui.search.query import Document, Results, best
from studytui.search.units import Query, parse
from studytui.search.writer import Writer, WriterProcess

if TYPE_CHECKING:
    from studytui.search.store import Snapshot

CHUNK = 1000
"""Documents in one commit while building: the first are searchable after seconds, memory stays bounded."""
BULK = 300

OnProgress = Callable[[int, int], object]


@dataclass(frozen=True)
class Synced:
    """How bringing the index up to date went.

    ``state`` is "done"; "busy" when another program is writing (nothing to do, it indexes the same notes);
    "refused" when the disk is full or read-only, "damaged" or "gone" when it failed otherwise: then searches
    scan what is missing, and ``reason`` is for the log.  ``anew`` says that what lay there could not be used.
    """

    state: str
    written: int = 0
    removed: int = 0
    reason: str = ""
    anew: bool = False


class NoteIndex:
    """The search index in ``folder``.  Any method may be called from any thread; none is for the event loop."""

    def __init__(self, folder: Path, spawn: Callable[[Path], Writer] = WriterProcess) -> None:
        self.folder = folder
        self._spawn = spawn
        self._writer: Writer | None = None
        self._writing = Lock()
        self._reading = Lock()
        self._snapshot: Snapshot | None = None
        self._damaged = False

    def search(self, query: str, corpus: Mapping[str, Document], limit: int = 20) -> Results:
        """Return the best of the ``corpus`` (path: document); never raises, never misses what was just saved."""
        parsed = parse(query)
        if parsed is None:
            return Results()
        results = self._search(parsed, corpus, limit, loose=False)
        looser = None if results.total else parsed.loosened()
        return self._search(looser, corpus, limit, loose=True) if looser else results

    def sync(self, corpus: Mapping[str, Document], progress: OnProgress | None = None) -> Synced:
        """Make the index hold exactly the ``corpus``: a difference of stamps, unchanged documents unread.

        Rebuilds a missing, foreign or damaged index.  ``progress`` gets (written, to write) after each chunk.
        """
        with self._writing:
            synced, anew = Synced("damaged"), False
            for _attempt in range(2):
                held = self._held()
                if held is None:
                    anew = anew or self.folder.exists()
                    answer = self._ask({"op": "reset"})
                    if answer["state"] != "done":
                        return Synced(answer["state"], reason=answer.get("reason", ""))
                    self._damaged = False
                    held = {}
                synced = self._bring(held, corpus, progress)
                if synced.state != "damaged":
                    break
                self._damaged = True
            return replace(synced, anew=anew)

    def warm(self, corpus: Mapping[str, Document]) -> None:
        """Do beforehand what the first search would do once: open the index, fold every text (1 s for 10,000).

        For a background thread: it pauses so often that a screen never notices.
        """
        self._held()
        for number, document in enumerate(corpus.values()):
            _ = document.text
            if number % 16 == 15:
                sleep(0.001)

    def clear(self) -> Synced:
        """Empty the index; the next `sync` writes everything anew."""
        with self._writing:
            answer = self._ask({"op": "reset"})
            self._damaged = self._damaged and answer["state"] != "done"
            return Synced(answer["state"], reason=answer.get("reason", ""))

    def count(self) -> int | None:
        """Return how many documents the index holds, None when it is missing, foreign or damaged."""
        held = self._held()
        return None if held is None else len(held)

    def close(self) -> None:
        """Let go of the files and of the writer, in the middle of its work if need be."""
        if self._writer is not None:
            self._writer.close()
        with self._reading:
            if self._snapshot is not None:
                self._snapshot.close()
            self._snapshot = None

    # --- searching ----------------------------------------------------------------------------------------

    def _search(self, query: Query, corpus: Mapping[str, Document], limit: int, *, loose: bool) -> Results:
        candidates, held = self._candidates(query)
        words: list[Document] = []
        for path in candidates:
            document = corpus.get(path)
            if document is None or held.get(path) != document.stamp:
                continue
            if query.proven or query.holds(document.text):
                words.append(document)
        unheld = [document for path, document in corpus.items() if held.get(path) != document.stamp]
        words += [document for document in unheld if query.holds(document.text)]
        return best(query, words, corpus.values(), limit, "note", loose=loose)

    def _candidates(self, query: Query) -> tuple[set[str], Mapping[str, str]]:
        """Return the paths that the index proposes, and path and stamp of all that it knows; else nothing."""
        with self._reading:
            try:
                if not self._damaged:
                    snapshot = self._current()
                    return (snapshot.candidates(query.groups) if query.groups else set()), snapshot.held
            except Exception as error:  # a damaged index must not reach the screen, whatever it raises
                self._distrust(error)
            return set(), {}

    def _held(self) -> Mapping[str, str] | None:
        """Return path and stamp of all that the index holds, None when it has to be made anew."""
        with self._reading:
            try:
                return None if self._damaged else self._current().held
            except Exception as error:  # as above
                self._distrust(error)
                return None

    def _current(self) -> Snapshot:
        """Return a snapshot of the newest commit; opening may meet a commit that takes files away."""
        from studytui.search.store import Snapshot

        known = self._snapshot
        if known is not None and known.is_current():
            return known
        try:
            opened = Snapshot(self.folder, known)
        except FileNotFoundError:
            opened = Snapshot(self.folder, known)
        self._snapshot = opened
        if known is not None:
            known.close()
        return opened

    def _distrust(self, error: Exception) -> None:
        from studytui.search.store import ForeignIndexError, is_refusal

        self._snapshot = None
        if not isinstance(error, ForeignIndexError) and not is_refusal(error):
            self._damaged = True

    # --- writing ------------------------------------------------------------------------------------------

    def _bring(
        self, held: Mapping[str, str], corpus: Mapping[str, Document], progress: OnProgress | None
    ) -> Synced:
        removed = [path for path in held if path not in corpus]
        changed = [
            document
            for path, document in corpus.items()
            if held.get(path) != document.stamp and _can_be_stored(path)
        ]
        changed.sort(key=lambda document: document.date, reverse=True)
        done = 0
        for chunk, gone in _chunks(changed, removed):
            added = {document.path: (document.stamp, _whole(document)) for document in chunk}
            bulk = len(changed) >= BULK
            answer = self._ask({"op": "write", "remove": gone, "add": added, "bulk": bulk})
            if answer["state"] != "done":
                return Synced(answer["state"], done, len(removed), answer.get("reason", ""))
            done += len(chunk)
            if progress is not None:
                progress(done, len(changed))
        return Synced("done", done, len(removed))

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._writer is None:
            self._writer = self._spawn(self.folder)
        return self._writer.ask(request)


def _chunks(changed: list[Document], removed: list[str]) -> Iterator[tuple[list[Document], list[str]]]:
    """Yield what goes into each commit: the removals with the first."""
    if removed and not changed:
        yield [], removed
    for at in range(0, len(changed), CHUNK):
        yield changed[at : at + CHUNK], [] if at else removed


def _whole(document: Document) -> str:
    return "\n".join((document.title, *document.aliases, *document.tags, document.body))


def _can_be_stored(path: str) -> bool:
    """Say whether a path is proper Unicode; a note whose file name is not is found by scanning."""
    try:
        os.fsencode(path).decode("utf-8")
    except ValueError:
        return False
    return True
