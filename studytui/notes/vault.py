"""The notes of a workspace: what is there, what changed, and every change a learner can make.

Paths are text below notes/ with "/" between folders.  All methods may be called from any thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from threading import RLock
from time import time_ns
from typing import Any, TypeVar

from studytui.errors import StudyError
from studytui.i18n import _, sentences
from studytui.journal import Journal
from studytui.notes import cache, folder, front_edit
from studytui.notes.history import Act, Change, Disk, History, Operation, StaleError
from studytui.notes.links import LinkGraph
from studytui.notes.names import file_stem, free_name
from studytui.notes.note import (
    NAME,
    SIZE_LIMIT,
    UNREADABLE,
    Note,
    NoteFile,
    Problem,
    decode,
    parse_note,
    with_text,
)
from studytui.text import clean_line
from studytui.workspace import Workspace, digest

_TICK = 2_000_000_000  # ns; the coarsest clock of a file system in use (FAT)
_TRIES = 4
_T = TypeVar("_T")


@dataclass(frozen=True)
class VaultChanges:
    """What differs from the last look, as paths below notes/."""

    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.modified or self.removed)


@dataclass(frozen=True)
class Saved:
    """What became of a save: the note as it is now, and the path of the conflict copy if there had to be one.

    With a conflict, ``note`` is the other program's version and ours lies beside it.
    """

    note: Note
    conflict: str | None = None


@dataclass(frozen=True)
class Trashed:
    """One note in the trash; ``id`` restores it, ``path`` is where it was below notes/."""

    id: str
    path: str
    title: str
    at: datetime | None


class Vault:
    """The notes folder of a workspace; call `scan` once before asking."""

    def __init__(self, workspace: Workspace, journal: Journal, disk: Disk | None = None) -> None:
        self.workspace = workspace
        self.journal = journal
        self.history = History(workspace, journal, disk)
        self.listeners: list[Callable[[VaultChanges], None]] = []
        self._root = str(workspace.notes)
        self._cache = workspace.state / "notes.cache"
        self._seen: dict[str, cache.Seen] | None = None
        self._stored: cache.Stored | None = None  # stands for all that was seen until somebody needs it
        self._sorted: list[Note] | None = None
        self._graph: LinkGraph | None = None
        self._lock = RLock()

    # --- looking ------------------------------------------------------------------------------------------

    def scan(self) -> VaultChanges:
        """Compare the folder with the last look and return what differs; reads only files that changed.

        The first call of a session compares with the cache of the session before and finishes what a crash
        left half done.
        """
        if self._unseen:
            self._recover()
        with self._lock:
            looked = folder.look(self.workspace.notes)
            if self._seen is None:
                self._stored = self._stored or cache.load(self._cache)
                if self._stored is not None and self._stored.unchanged(looked):
                    return VaultChanges()
                self._seen, self._stored = self._stored.seen() if self._stored else {}, None
            known = self._seen
            on_disk: dict[str, cache.Seen] = {}
            with cache.quiet_collector():
                for path, signature in zip(looked.paths, looked.signatures(), strict=True):
                    seen = known.get(path)
                    if seen is None or not seen.settled or seen.signature != signature:
                        seen = self._look(path, signature)
                        on_disk[seen.note.path] = seen
                    else:
                        on_disk[path] = seen
            changes = _compare(known, on_disk)
            stale = any(on_disk.get(path) is not seen for path, seen in known.items())
            self._seen, self._sorted = on_disk, None
            self._relink(changes)
            if changes or stale:
                cache.save(self._cache, list(on_disk.values()))
        self._tell(changes)
        return changes

    def refresh(self, paths: Iterable[str | Path]) -> VaultChanges:
        """Look at these files only, given below notes/ or absolute; what a file watcher calls.

        A folder among them that came, went or was renamed makes it a `scan`.
        """
        wanted = {self._relative(path) for path in paths}
        if self._unseen:
            return self.scan()
        with self._lock:
            folders = any(self._is_folder(path) for path in wanted)
        if folders:
            return self.scan()
        with self._lock:
            known = self._known()
            before: dict[str, cache.Seen] = {}
            after: dict[str, cache.Seen] = {}
            for path in wanted:
                if not folder.is_note_path(path):
                    continue
                if path in known:
                    before[path] = known[path]
                try:
                    place = folder.place(self.workspace.notes, path)
                    found = place.lstat()
                    if not S_ISREG(found.st_mode):
                        raise FileNotFoundError
                    after[path] = self._look(path, cache.signature(found))
                except (OSError, StudyError):
                    known.pop(path, None)
            known.update(after)
            self._sorted = None
            changes = _compare(before, after)
            self._relink(changes)
        self._tell(changes)
        return changes

    def notes(self, lang: str | None = None) -> cache.Listing:
        """Return every note, last changed first; with ``lang`` only starter notes in that language."""
        if self._unseen:
            self.scan()
        with self._lock:
            if self._stored is not None:
                return self._stored.listing(lang)
            if self._sorted is None:
                by_path = sorted((seen.note for seen in self._known().values()), key=attrgetter("path"))
                self._sorted = sorted(by_path, key=attrgetter("modified"), reverse=True)
            return cache.listing(self._sorted, lang)

    def get(self, name: str) -> Note | None:
        """Return the note at the path ``name``, else the one with that file name, title or alias."""
        seen = self._known().get(name)
        if seen is None:
            seen = self._known().get(self.graph.names.resolve(name) or "")
        return seen.note if seen else None

    def find(self, key: str, value: str) -> Note | None:
        """Return the note whose front matter says ``key: value``, compared as text; of several the first path."""
        sign = f'"{key}"'
        likely = (note for note in self.notes() if sign in note.front_json)
        return min((n for n in likely if str(n.front.get(key)) == value), key=lambda n: n.path, default=None)

    def read(self, path: str) -> NoteFile:
        """Return the note at ``path`` as it is on the disk now; raises StudyError when it is gone or no text."""
        raw = self._present(path)
        note = parse_note(raw, path, self._modified(path))
        decode(raw, note)
        return NoteFile(note, raw)

    # --- changing -----------------------------------------------------------------------------------------

    def create(
        self,
        title: str,
        body: str = "",
        *,
        front: Mapping[str, Any] | None = None,
        into: str = "",
        text: str | None = None,
        also: Callable[[str], Sequence[Act]] = lambda path: (),
    ) -> Note:
        """Write a new note and return it; its file name follows the title and never meets an existing one.

        ``front`` joins title and date in the front matter; with ``text`` (a filled template) the file holds
        just that.  ``into`` is a folder below notes/.  ``also`` gives, for the new path, journal acts that are
        undone together with it.
        """
        title = clean_line(title) or _("Untitled")
        if text is None:
            today = self.journal.clock.now().date().isoformat()
            text = front_edit.render({"title": title, "date": today, **(front or {})}) + "\n" + body
            text = text.rstrip("\n") + "\n"
        content = text.encode("utf-8", "replace")

        def plan() -> tuple[list[Act], list[Change], str]:
            path = self.free_path(into, title)
            act = ("note.created", {"subject": path, "title": title})
            return [act, *also(path)], [self.change(path, None, content)], path

        return self._note(self.carry_out(plan))

    def save(
        self, path: str, text: str, base: str, *, kind: str = "note.saved", also: Sequence[Act] = ()
    ) -> Saved:
        """Make the note at ``path`` say ``text`` if it is still the one with digest ``base``.

        When another program changed it meanwhile, ``text`` goes into a conflict copy beside it and the file is
        left alone.  A note that was deleted meanwhile is written again.  Untouched lines keep their bytes.
        """

        def plan() -> tuple[list[Act], list[Change], str]:
            current = self.raw(path)
            note = parse_note(current or b"", path)
            blank = current is None or (note.problem is not None and note.problem.kind != "front")
            wanted = with_text("" if blank else (current or b"").decode(), text).encode("utf-8", "replace")
            facts = {"subject": path, "title": parse_note(wanted, path).title}
            if current is None or digest(current) == base or current == wanted:
                return [(kind, facts), *also], [self.change(path, current, wanted)], path
            now = self.journal.clock.now()
            stem = f"{file_stem(PurePosixPath(path).stem, room=30)} (conflict {now:%Y-%m-%d %H%M})"
            copy = self.free_path(_parent(path), stem, clean=False)
            return (
                [("note.conflict", {**facts, "subject": copy}), *also],
                [self.change(copy, None, wanted)],
                copy,
            )

        done = self.carry_out(plan)
        return Saved(self._note(path), None if done == path else done)

    def edit(
        self,
        path: str,
        change: Callable[[str], str],
        *,
        kind: str = "note.saved",
        facts: Mapping[str, Any] | None = None,
        also: Sequence[Act] = (),
    ) -> Note:
        """Apply ``change`` to the exact text of the note at ``path`` as it is now; for edits by the program.

        Raises StudyError for a file that is listed with a problem: such a file is never touched.
        """

        def plan() -> tuple[list[Act], list[Change], str]:
            opened = self.read(path)
            if opened.note.problem is not None:
                raise untouchable(opened.note)
            wanted = change(opened.source).encode()
            act = (kind, {"subject": path, "title": opened.note.title, **(facts or {})})
            return [act, *also], [self.change(path, opened.raw, wanted)], path

        return self._note(self.carry_out(plan))

    def trash(self, path: str) -> str:
        """Move the note at ``path`` to the trash and return the id that restores it."""

        def plan() -> tuple[list[Act], list[Change], str]:
            raw = self._present(path)
            stamp = f"{self.journal.clock.now():%Y%m%dT%H%M%S}-{os.urandom(3).hex()}"
            kept = (self.workspace.trash / stamp / path).relative_to(self.workspace.root).as_posix()
            act = ("note.trashed", {"subject": path, "title": parse_note(raw, path).title})
            here = self._inside(path)
            return [act], [Change(kept, None, raw, here), Change(here, raw, None, kept)], f"{stamp}/{path}"

        return self.carry_out(plan)

    def trashed(self) -> list[Trashed]:
        """Return what is in the trash, last thrown away first."""
        trash = self.workspace.trash
        files = sorted((file for file in trash.glob("*/**/*") if file.is_file()), reverse=True)
        return [_trashed(file, file.relative_to(trash)) for file in files]

    def restore(self, identity: str) -> Note:
        """Bring the note with this trash id back to its place, under a free name when that is taken."""
        kept = self.workspace.trash / identity
        safe = ".." not in PurePosixPath(identity).parts and not identity.startswith("/")

        def plan() -> tuple[list[Act], list[Change], str]:
            if not safe or kept.is_symlink() or not kept.is_file():
                raise StudyError(
                    _("There is no {name} in the trash.").format(name=identity),
                    _("List the trash again; it may have been restored already."),
                )
            raw = kept.read_bytes()
            old = PurePosixPath(*PurePosixPath(identity).parts[1:])
            path = self.free_path(_parent(str(old)), old.stem, old.suffix, clean=False)
            here, there = self._inside(path), kept.relative_to(self.workspace.root).as_posix()
            act = ("note.restored", {"subject": path, "title": parse_note(raw, path).title})
            return [act], [Change(here, None, raw, there), Change(there, raw, None, here)], path

        stamps = [self.workspace.trash / part for part in _prefixes(identity)]
        return self._note(
            self.carry_out(plan, [s.relative_to(self.workspace.root).as_posix() for s in stamps])
        )

    @property
    def graph(self) -> LinkGraph:
        """The links between the notes, built when first asked for and kept up to date from then on."""
        with self._lock:
            if self._graph is None:
                self._graph = LinkGraph((seen.note for seen in self._known().values()), self._text)
            return self._graph

    # --- taking back --------------------------------------------------------------------------------------

    def operations(self, limit: int | None = None) -> list[Operation]:
        """Return what can be undone, newest first."""
        return self.history.operations(limit)

    def undo(self, identity: str) -> VaultChanges:
        """Take back the operation with this event id; raises StudyError when a file has changed since."""
        changed = self.history.undo(identity)
        return self.refresh(self.workspace.root / path for path in changed)

    # --- inside -------------------------------------------------------------------------------------------

    @property
    def _unseen(self) -> bool:
        """Whether nobody has looked at the folder yet."""
        return self._seen is None and self._stored is None

    def _known(self) -> dict[str, cache.Seen]:
        if self._unseen:
            self.scan()
        with self._lock:
            if self._stored is not None:
                self._seen, self._sorted, self._stored = self._stored.seen(), self._stored.notes, None
            return {} if self._seen is None else self._seen

    def _recover(self) -> None:
        try:
            self.history.recover()
        except (StudyError, OSError):
            # A workspace that cannot be written to can still be read; the next change says what is wrong.
            return

    def _look(self, path: str, signature: cache.Signature) -> cache.Seen:
        # The file system's own clock decides here, not the learner's: this compares two of its time stamps.
        settled = time_ns() - max(signature[0], signature[1]) > _TICK
        modified, _changed, size, _inode = signature
        name = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if name != path:
            return cache.Seen(
                signature, settled, Note(name, name, problem=Problem(NAME), size=size, modified=modified)
            )
        try:
            # One byte more than the limit is enough to know that a file is too large.
            raw = b"" if size > SIZE_LIMIT else folder.read_bytes(f"{self._root}/{path}")
        except OSError as error:
            title, reason = PurePosixPath(path).stem, Problem(UNREADABLE, detail=error.strerror or "")
            return cache.Seen(
                signature, settled, Note(path, title, problem=reason, size=size, modified=modified)
            )
        if size > SIZE_LIMIT:
            note = Note(
                path, PurePosixPath(path).stem, problem=Problem("large"), size=size, modified=modified
            )
            return cache.Seen(signature, settled, note)
        return cache.Seen(signature, settled, parse_note(raw, path, modified))

    def _relative(self, path: str | Path) -> str:
        if isinstance(path, str):
            return path
        try:
            return path.relative_to(self.workspace.notes).as_posix()
        except ValueError:
            return ""

    def _text(self, path: str) -> str:
        """Return the exact text at a ``path`` that a scan found; "" for what is gone or no text."""
        try:
            return folder.read_bytes(f"{self._root}/{path}").decode()
        except (OSError, UnicodeDecodeError):
            return ""

    def _relink(self, changes: VaultChanges) -> None:
        if self._graph is None:
            return
        for path in changes.removed:
            self._graph.drop(path)
        for path in (*changes.added, *changes.modified):
            self._graph.put(self._known()[path].note)

    def _is_folder(self, path: str) -> bool:
        if not path or folder.is_note_path(path) or any(part.startswith(".") for part in path.split("/")):
            return False
        inside = f"{path}/"
        return (
            any(known.startswith(inside) for known in self._known()) or (self.workspace.notes / path).is_dir()
        )

    def _tell(self, changes: VaultChanges) -> None:
        if changes:
            for listener in list(self.listeners):
                listener(changes)

    def raw(self, path: str) -> bytes | None:
        """Return the bytes at ``path``, None when there is no file; raises StudyError when it cannot be read."""
        place = folder.place(self.workspace.notes, path)
        try:
            if place.lstat().st_size > SIZE_LIMIT:
                raise untouchable(Note(path, path, problem=Problem("large")))
            return folder.read_bytes(place)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise untouchable(
                Note(path, path, problem=Problem(UNREADABLE, detail=error.strerror or ""))
            ) from error

    def _present(self, path: str) -> bytes:
        raw = self.raw(path)
        if raw is None:
            raise StudyError(
                _("There is no note {path}.").format(path=path),
                _("It may have been renamed or moved; look for it in the list of notes."),
            )
        return raw

    def _modified(self, path: str) -> int:
        try:
            return (self.workspace.notes / path).lstat().st_mtime_ns
        except OSError:
            return 0

    def _inside(self, path: str) -> str:
        return folder.place(self.workspace.notes, path).relative_to(self.workspace.root).as_posix()

    def change(self, path: str, before: bytes | None, after: bytes | None, twin: str = "") -> Change:
        """Return the change of the note at ``path`` below notes/; raises StudyError for a place outside."""
        return Change(self._inside(path), before, after, self._inside(twin) if twin else "")

    def free_path(self, into: str, title: str, suffix: str = ".md", *, clean: bool = True) -> str:
        """Return the path that a new note ``title`` in the folder ``into`` would get.

        Without ``clean`` the title is a file name already.
        """
        place = folder.place(self.workspace.notes, into) if into else self.workspace.notes
        stem = file_stem(title) if clean else title
        name = free_name(stem, folder.taken_names(place), suffix)
        return f"{into}/{name}" if into else name

    def _note(self, path: str) -> Note:
        seen = self._known().get(path)
        return seen.note if seen is not None else self.read(path).note

    def carry_out(
        self, plan: Callable[[], tuple[Sequence[Act], Sequence[Change], _T]], prune: Sequence[str] = ()
    ) -> _T:
        """Carry out one undoable operation: ``plan`` says what to record, what to change and what to answer.

        It is asked while no other instance writes, and again when a file changed under it all the same.
        """
        self._known()  # before the lock: the first scan takes it to finish what a crash left
        asked: list[tuple[Sequence[Act], Sequence[Change], _T]] = []

        def ask() -> tuple[Sequence[Act], Sequence[Change]]:
            asked.append(plan())
            return asked[-1][:2]

        for _attempt in range(_TRIES):
            try:
                changed = self.history.commit(ask, prune)
            except StaleError:
                continue
            _acts, changes, answer = asked[-1]
            if changed:
                self.refresh(self.workspace.root / change.path for change in changes)
            return answer
        raise StudyError(
            _("Another program keeps changing these notes."),
            _("Nothing was changed. Try again in a moment."),
        )


def _compare(before: Mapping[str, cache.Seen], after: Mapping[str, cache.Seen]) -> VaultChanges:
    def differs(one: Note, other: Note) -> bool:
        return (one.digest, one.problem, one.size) != (other.digest, other.problem, other.size)

    fresh = [(path, seen, before.get(path)) for path, seen in after.items() if before.get(path) is not seen]
    return VaultChanges(
        tuple(sorted(path for path, _seen, old in fresh if old is None)),
        tuple(sorted(path for path, seen, old in fresh if old is not None and differs(old.note, seen.note))),
        tuple(sorted(path for path in before if path not in after)),
    )


def untouchable(note: Note) -> StudyError:
    """Return what the learner is told when a file with a problem would have to be changed."""
    return StudyError(
        sentences(_("{path} is left as it is.").format(path=note.path), str(note.problem)),
        _("Mend the file in the program that made it, then try again."),
    )


def _parent(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent


def _prefixes(identity: str) -> list[str]:
    """Return the folders of a trash id, the deepest first."""
    return [str(parent) for parent in PurePosixPath(identity).parents if str(parent) not in (".", "/")]


def _trashed(file: Path, inside: Path) -> Trashed:
    stamp, path = inside.parts[0], PurePosixPath(*inside.parts[1:])
    try:
        at = datetime.strptime(stamp.partition("-")[0], "%Y%m%dT%H%M%S")
    except ValueError:
        at = None
    title = parse_note(file.read_bytes(), str(path)).title if file.stat().st_size <= SIZE_LIMIT else path.stem
    return Trashed(inside.as_posix(), str(path), title, at)
