"""Every change of notes as one operation: all of it or nothing, recoverable after a crash, undoable for a year.

An operation's record is one zip file in ``.studytui/undo`` with the bytes of every file before and after.  It lies
in ``.studytui/pending`` before the first file changes and moves on when the journal knows the operation, so
whoever finds a pending one carries it through.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import _, ngettext
from studytui.journal import Event, Journal, parse_line
from studytui.workspace import Workspace, digest, locked, write_atomic

Act = tuple[str, Mapping[str, Any]]
_SIGN = b'"op":"'  # in every journal line that tells of an operation
_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}")
KEPT, KEPT_FOR = 1000, timedelta(days=365)
"""The newest records stay, and all of a year; what lies in the trash is no record and stays until it is restored."""


@dataclass(frozen=True)
class Change:
    """One file before and after; None means that there is no file.

    ``path`` is relative to the workspace.  ``twin`` names the other half of a move, whose permissions are kept.
    """

    path: str
    before: bytes | None
    after: bytes | None
    twin: str = ""

    def reversed(self) -> Change:
        """Return the change that takes this one back."""
        return Change(self.path, self.after, self.before, self.twin)


class StaleError(Exception):
    """A file is not as it was when the operation was planned; ``path`` is relative to the workspace."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True)
class Operation:
    """One undoable act as the journal tells it; ``id`` is its event, ``op`` its record, ``files`` their number."""

    id: str
    at: str
    kind: str
    subject: str
    op: str
    files: int
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """When it happened, aware."""
        return datetime.fromisoformat(self.at)

    def __str__(self) -> str:
        """Say what was done, in the screen language."""
        title = str(self.facts.get("title") or self.subject)
        sentences = {
            "note.created": _("Created “{title}”"),
            "note.saved": _("Changed “{title}”"),
            "note.renamed": _("Renamed “{old}” to “{title}”"),
            "note.moved": _("Moved “{old}” to “{title}”"),
            "note.trashed": _("Moved “{title}” to the trash"),
            "note.restored": _("Restored “{title}” from the trash"),
            "note.linked": _("Linked a mention of “{title}”"),
            "note.filed": _("Filed “{old}” under “{title}”"),
            "note.mapped": _("Changed the map at “{title}”"),
            "note.tagged": _("Changed the tags of “{title}”"),
            "note.retagged": _("Renamed the tag #{old} to #{title}"),
            "note.imported": _("Imported notes from {title}"),
            "note.contact": _("Logged a contact with {title}"),
            "note.practised": _("Changed the entries of “{title}”"),
            "note.conflict": _("Kept your version beside “{title}”"),
        }
        sentence = sentences.get(self.kind, _("Changed “{title}”"))
        sentence = sentence.format(title=title, old=self.facts.get("old", ""))
        if self.files < 2:
            return sentence
        return sentence + ngettext(" ({n} file)", " ({n} files)", self.files).format(n=self.files)


class Disk:
    """The three ways in which notes change the disk; a test injects its failures here."""

    def write(self, path: Path, content: bytes) -> None:
        """Replace ``path`` atomically and durably."""
        write_atomic(path, content)

    def remove(self, path: Path) -> None:
        """Remove the file ``path``."""
        path.unlink()

    def rename(self, old: Path, new: Path) -> None:
        """Rename a file, replacing ``new``."""
        old.replace(new)


class History:
    """Carries out operations on a workspace's files, remembers them, takes them back."""

    def __init__(self, workspace: Workspace, journal: Journal, disk: Disk | None = None) -> None:
        self.workspace = workspace
        self.journal = journal
        self.disk = disk or Disk()
        self.folder = workspace.state / "undo"
        self.pending = workspace.state / "pending"
        self._lock = RLock()
        self._held = False
        self._tidied = False

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold off other threads and other instances; finish first what a crash left half done."""
        with self._lock:
            if self._held:  # the same thread again, from a listener: the file lock is ours already
                yield
                return
            with locked(self.workspace.state / "notes.lock"):
                self._held = True
                try:
                    self._finish_pending()
                    yield
                finally:
                    self._held = False

    def commit(
        self, plan: Callable[[], tuple[Sequence[Act], Sequence[Change]]], prune: Sequence[str] = ()
    ) -> str:
        """Carry out what ``plan`` answers as one operation and return the operation's name, "" for no change.

        ``plan`` is asked while other instances wait; its first act describes the operation, all acts go to the
        journal.  ``prune`` are folders to remove if they end up empty.  Raises StaleError when a file is not as
        planned, StudyError when the disk refuses; then nothing changed.
        """
        with self._alone():
            acts, changes = plan()
            wanted = [change for change in changes if change.before != change.after]
            if not wanted and len(acts) == 1 and acts[0][0] != "undo":
                return ""
            for change in wanted:
                if self._current(change) != change.before:
                    raise StaleError(change.path)
            record = _Record(self._name(), acts, wanted, self._missing_folders(wanted), prune)
            pending = self.pending / f"{record.op}.zip"
            try:
                self.disk.write(pending, record.pack())
                self._apply(record)
                self._note_down(record)
            except (OSError, StudyError) as error:
                raise _refused(error, self._roll_back(record, pending)) from error
            self._settle(pending)
            self._forget_old()
        return record.op

    def recover(self) -> None:
        """Carry through what a crash left half done; called at every open and before every operation."""
        if any(self.pending.glob("*.zip")):
            with self._alone():
                pass

    def operations(self, limit: int | None = None) -> list[Operation]:
        """Return the operations that count, newest first."""
        found: dict[str, Operation] = {}
        for event in self.journal.events(_SIGN):
            op = event.data.get("op")
            if isinstance(op, str) and event.kind.startswith("note.") and op not in found:
                found[op] = _operation(event, op)
        newest = list(found.values())[::-1]
        return newest if limit is None else newest[:limit]

    def undo(self, identity: str) -> list[str]:
        """Take back the operation whose event is ``identity``; return the paths that changed.

        Raises StudyError when it is unknown, when its record is gone, or when a file has changed since.
        """
        events = [event for event in self.journal.events(_SIGN) if "op" in event.data]
        op = next((str(event.data["op"]) for event in events if event.id == identity), None)
        if op is None:
            raise StudyError(_("There is nothing to undo here."), _("It may have been undone already."))
        record = self._record(op)
        ids = [event.id for event in events if event.data["op"] == op]
        changes = [change.reversed() for change in record.changes]
        try:
            self.commit(lambda: ([("undo", {"events": ids})], changes), prune=record.made)
        except StaleError as error:
            raise StudyError(
                _("{path} has changed since, so this cannot be undone.").format(path=error.path),
                _("Undo the later changes first, or edit the note by hand."),
            ) from error
        return [change.path for change in changes]

    # --- inside -------------------------------------------------------------------------------------------

    def _name(self) -> str:
        return f"{self.journal.clock.now():%Y%m%dT%H%M%S}-{os.urandom(4).hex()}"

    def _path(self, relative: str) -> Path:
        return self.workspace.root / relative

    def _current(self, change: Change) -> bytes | None:
        path = self._path(change.path)
        if change.before is None and self._is_twin(change):
            return None
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _refused(error) from error

    def _is_twin(self, change: Change) -> bool:
        """Whether a move changes only the case of a name on a file system that does not see case."""
        if not change.twin:
            return False
        path, twin = self._path(change.path), self._path(change.twin)
        return path.exists() and twin.exists() and path.samefile(twin)

    def _missing_folders(self, changes: Iterable[Change]) -> list[str]:
        missing = set()
        for change in changes:
            folder = self._path(change.path).parent
            while change.after is not None and folder != self.workspace.root and not folder.exists():
                missing.add(folder.relative_to(self.workspace.root).as_posix())
                folder = folder.parent
        return sorted(missing)

    def _apply(self, record: _Record) -> None:
        """Write what comes, then remove what goes: no moment without the bytes on the disk."""
        for change in record.changes:
            if change.after is not None:
                self._write(change)
        for change in record.changes:
            path = self._path(change.path)
            if change.after is None and path.exists() and not self._is_twin(change):
                self.disk.remove(path)
        self._prune(record.prune)

    def _write(self, change: Change) -> None:
        path, twin = self._path(change.path), self._path(change.twin)
        content = change.after or b""
        if self._is_twin(change):
            self.disk.write(twin, content)
            self.disk.rename(twin, path)
            return
        self.disk.write(path, content)
        if change.twin and twin.exists():
            path.chmod(twin.stat().st_mode & 0o777)

    def _prune(self, folders: Iterable[str]) -> None:
        for folder in sorted(folders, key=len, reverse=True):
            with contextlib.suppress(OSError):
                self._path(folder).rmdir()

    def _note_down(self, record: _Record) -> None:
        files = len({frozenset((change.path, change.twin or change.path)) for change in record.changes})
        first, *rest = [(kind, {**facts, "op": record.op}) for kind, facts in record.acts]
        self.journal.append_all([(first[0], {**first[1], "files": files}), *rest])

    def _roll_back(self, record: _Record, pending: Path) -> bool:
        """Put every file back; when even that fails, the pending record finishes the operation later."""
        try:
            for change in record.changes:
                now = self._current(change)
                if now == change.before:
                    continue
                if change.before is None:
                    self.disk.remove(self._path(change.path))
                else:
                    self.disk.write(self._path(change.path), change.before)
            self._prune(record.made)
            if pending.exists():
                self.disk.remove(pending)
        except (OSError, StudyError):
            return False
        return True

    def _settle(self, pending: Path) -> None:
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.disk.rename(pending, self.folder / pending.name)

    def _forget_old(self) -> None:
        """Once a session remove the records that are neither of the last year nor among the newest."""
        if self._tidied:
            return
        self._tidied = True
        year_ago = f"{self.journal.clock.now() - KEPT_FOR:%Y%m%dT%H%M%S}"
        records = sorted(file for file in self.folder.glob("*.zip") if _NAME.fullmatch(file.stem))
        for file in records[:-KEPT]:
            if file.stem < year_ago:
                with contextlib.suppress(OSError):
                    file.unlink()

    def _finish_pending(self) -> None:
        for pending in sorted(self.pending.glob("*.zip")):
            record = _Record.unpack(pending.stem, pending.read_bytes())
            if record is None:
                pending.rename(pending.with_suffix(".damaged"))
                continue
            if not self._is_known(record.op):
                mine = [c for c in record.changes if self._current(c) in (c.before, c.after)]
                # A file that somebody else changed meanwhile is theirs: it is left as it is.
                self._apply(_Record(record.op, record.acts, mine, record.made, record.prune))
                self._note_down(record)
            self._settle(pending)

    def _is_known(self, op: str) -> bool:
        """Whether the journal has this operation already; undo events are looked at as well."""
        sign = f'"op":"{op}"'.encode()
        lines = (line for file in self.journal.files() for line in file.read_bytes().split(b"\n"))
        return any(sign in line and parse_line(line) is not None for line in lines)

    def _record(self, op: str) -> _Record:
        record = None
        with contextlib.suppress(OSError):
            record = _Record.unpack(op, (self.folder / f"{op}.zip").read_bytes())
        if record is None:
            raise StudyError(
                _("The old text is not kept on this computer, so this cannot be undone here."),
                _("Undo it on the computer where it was done, or restore the files from a backup."),
            )
        return record


@dataclass(frozen=True)
class _Record:
    """What is written ahead of an operation: its acts, its files before and after, the folders it made."""

    op: str
    acts: Sequence[Act]
    changes: Sequence[Change]
    made: Sequence[str]
    prune: Sequence[str]

    def pack(self) -> bytes:
        """Return the zip file: ``operation.json`` and one entry for each different content."""
        import zipfile

        blobs: dict[str, bytes] = {}

        def keep(content: bytes | None) -> str | None:
            if content is None:
                return None
            blobs[name := digest(content)] = content
            return name

        files = [[c.path, keep(c.before), keep(c.after), c.twin] for c in self.changes]
        manifest = {"v": 1, "acts": self.acts, "files": files, "made": self.made, "prune": self.prune}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("operation.json", json.dumps(manifest, ensure_ascii=False))
            for name, content in blobs.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    @classmethod
    def unpack(cls, op: str, packed: bytes) -> _Record | None:
        """Return the record of a zip file, None when it is damaged."""
        import zipfile

        try:
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                manifest = json.loads(archive.read("operation.json"))
                changes = [
                    Change(
                        path,
                        None if before is None else archive.read(before),
                        None if after is None else archive.read(after),
                        twin,
                    )
                    for path, before, after, twin in manifest["files"]
                ]
            acts = [(kind, facts) for kind, facts in manifest["acts"]]
            return cls(op, acts, changes, manifest["made"], manifest["prune"])
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError):
            return None


def _operation(event: Event, op: str) -> Operation:
    files = event.data.get("files")
    count = files if isinstance(files, int) else 1
    return Operation(event.id, event.at, event.kind, event.subject, op, count, event.data)


def _refused(error: OSError | StudyError, whole: bool = True) -> StudyError:
    """Return what the learner is told; ``whole`` says that every file is as it was before."""
    if isinstance(error, StudyError):
        message, hint = error.message, error.hint
    else:
        message = _("The disk refused the change: {reason}.").format(reason=error.strerror or error)
        hint = _("Nothing was changed. Check the permissions and the free space, then try again.")
    if not whole:
        hint = _("Part of it is done; studytui finishes the rest at the next start.")
    return StudyError(message, hint)
