"""The practice records of a workspace: found, saved, taken back; shipped ones stand in until the first entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from studytui.errors import StudyError
from studytui.i18n import _, language
from studytui.practice.block import SlipError, front_matter, front_pairs
from studytui.practice.edit import append_entry, remove_entry, set_fields
from studytui.practice.fields import Value, find_word, folded
from studytui.practice.parse import parse_record
from studytui.practice.record import Record
from studytui.practice.tool import TOOL_IDS, Context, Due, Entry, Tool, tool
from studytui.workspace import Clock, Workspace, locked, starter_root, write_atomic

FOLDER = "practice"
_PLAIN_LINE = re.compile(r"^(tool|lang): *([\w-]+) *\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Saved:
    """One change on disk: the record as it is now, and the bytes before and after, for taking it back."""

    record: Record
    file: Path
    before: bytes
    after: bytes


class Records:
    """Reads and writes the practice notes of one workspace.

    ``paths`` lists the notes to look through; without it these are the ones under notes/practice.  ``put`` writes
    the new bytes of a record's note; without it the file is replaced.
    """

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock,
        paths: Callable[[], Iterable[Path]] | None = None,
        starter: Path | None = None,
        put: Callable[[Record, bytes], object] | None = None,
    ) -> None:
        self.workspace = workspace
        self.clock = clock
        self._paths = paths or (lambda: _notes_in(workspace.notes / FOLDER))
        self._starter = starter
        self._put = put or (lambda record, raw: write_atomic(self._file(record), raw))
        self._shelf: dict[tuple[str, str], Path] | None = None

    def today(self) -> date:
        """Return the learner's local date."""
        return self.clock.now().date()

    def context(self) -> Context:
        """Return what the tools may know of the world."""
        return Context(self.today(), self.read_note)

    def records(self, lang: str | None = None) -> dict[str, list[Record]]:
        """Return the records of every tool, shipped ones where the workspace has none, in ``lang`` (the screen's).

        Notes of the learner's own come before those that hold examples only.
        """
        shown = lang or language()
        files = self._files(shown)
        return {identifier: self._of(identifier, files.get(identifier, []), shown) for identifier in TOOL_IDS}

    def record(self, identifier: str, lang: str | None = None, path: str | None = None) -> Record:
        """Return the record of a tool: the one at ``path`` (relative to the workspace), else the first one.

        Raises StudyError for an unknown tool or path.
        """
        shown = lang or language()
        name = tool(identifier).id
        found = self._of(name, self._files(shown).get(name, []), shown)
        if path is None:
            return found[0]
        wanted = next((record for record in found if record.path == path), None)
        if wanted is None:
            raise StudyError(
                _("{path} is no record of “{tool}”.").format(path=path, tool=identifier),
                _("The records are: {paths}.").format(paths=", ".join(record.path for record in found)),
            )
        return wanted

    def save(
        self, identifier: str, texts: Mapping[str, str], lang: str | None = None, path: str | None = None
    ) -> Saved:
        """Add an entry of today with the typed ``texts`` and return the change; raises StudyError.

        A sheet that was saved today already is brought up to date instead, so that a day holds one state.
        """
        with self._lock():
            record = self.record(identifier, lang, path)
            found = tool(identifier)
            own = sorted((e for e in record.entries if not e.example), key=lambda e: e.day)
            again = found.amended(own, self.today())
            before = [e for e in own if e is not again and e.day <= self.today()]
            values = _accepted(found, texts, before, self.today())
            if again is None:
                return self._write(record, append_entry(record, self.today(), values))
            return self._write(
                record, set_fields(record, again, {f.key: values.get(f.key) for f in found.fields})
            )

    def change(self, record: Record, entry: Entry, texts: Mapping[str, str]) -> Saved:
        """Change fields of one entry to the typed ``texts``, "" making a gap; raises StudyError."""
        with self._lock():
            now = self._same(record)
            found = now.usable()
            typed = {f.key: f.text(entry.values.get(f.key)) for f in found.fields} | dict(texts)
            before = [e for e in now.entries if e.example == entry.example and e.day <= entry.day]
            values = _accepted(found, typed, before[: _position(before, entry)], entry.day)
            changed = {word.key for name in texts if (word := find_word(found.fields, name))}
            return self._write(now, set_fields(now, entry, {key: values.get(key) for key in changed}))

    def remove(self, record: Record, entry: Entry) -> Saved:
        """Take one entry out of a record; raises StudyError."""
        with self._lock():
            now = self._same(record)
            return self._write(now, remove_entry(now, entry))

    def undo(self, saved: Saved) -> Record:
        """Put back what stood before a change; raises StudyError when the note was changed since."""
        with self._lock():
            if not saved.file.exists() or saved.file.read_bytes() != saved.after:
                raise StudyError(
                    _("{path} was changed since, so this cannot be taken back.").format(
                        path=saved.record.path
                    ),
                    _("Open the note and change it by hand."),
                )
            write_atomic(saved.file, saved.before)
        return parse_record(saved.before, saved.record.path)

    def due(self, lang: str | None = None) -> list[tuple[Tool, Due]]:
        """Return what the records ask for, past and future, earliest first; examples ask for nothing."""
        today = self.today()
        found = [
            (tool(identifier), due)
            for identifier, records in self.records(lang).items()
            for due in tool(identifier).due([e for r in records for e in r.entries if not e.example], today)
        ]
        return sorted(found, key=lambda pair: pair[1].day)

    def read_note(self, title: str) -> str | None:
        """Return the text of the note whose file name is ``title``, None when there is none."""
        wanted = folded(title.removesuffix(".md").rpartition("/")[2])
        for folder in (self.workspace.notes, self._starter_notes()):
            for path in _notes_in(folder):
                if folded(path.stem) == wanted:
                    return path.read_text("utf-8", errors="replace")
        return None

    def _files(self, lang: str) -> dict[str, list[Path]]:
        """Return the files of each tool whose note has no language or ``lang``."""
        found: dict[str, list[Path]] = {}
        for path in sorted(self._paths()):
            front = _front(path.read_bytes())
            if front.get("lang", lang) in ("", lang):
                found.setdefault(front.get("tool", ""), []).append(path)
        return found

    def _of(self, identifier: str, files: Iterable[Path], lang: str) -> list[Record]:
        found = [parse_record(path.read_bytes(), self._shown(path)) for path in files]
        return sorted(found, key=lambda record: (record.examples, record.path)) or [
            self._shipped(identifier, lang)
        ]

    def _shipped(self, identifier: str, lang: str) -> Record:
        """Return the starter's record; what stands at its place in the workspace comes first, however broken."""
        path = self._starters().get((identifier, lang))
        if path is None:
            name = tool(identifier).name
            raw = f"---\ntitle: {name}\nkind: practice\ntool: {identifier}\n---\n\n```yaml practice\n```\n"
            return replace(parse_record(raw.encode(), f"notes/{FOLDER}/{identifier}.md"), starter=True)
        target = self.workspace.notes / FOLDER / path.name
        if target.exists():
            return parse_record(target.read_bytes(), self._shown(target))
        return replace(parse_record(path.read_bytes(), self._shown(target)), starter=True)

    def _starters(self) -> dict[tuple[str, str], Path]:
        """Return the shipped records by tool and language, looked through once."""
        if self._shelf is None:
            fronts = {path: _front(path.read_bytes()) for path in _notes_in(self._starter_notes() / FOLDER)}
            self._shelf = {
                (front.get("tool", ""), front.get("lang", "")): path for path, front in fronts.items()
            }
        return self._shelf

    def _starter_notes(self) -> Path:
        return (self._starter or starter_root()) / "notes"

    def _shown(self, path: Path) -> str:
        """Return a path as people see it: relative to the workspace."""
        return path.relative_to(self.workspace.root).as_posix()

    def _same(self, record: Record) -> Record:
        """Return ``record`` read again; raises StudyError when its file says something else by now."""
        file = self._file(record)
        if record.starter or (file.exists() and file.read_bytes() == record.raw):
            return record
        raise StudyError(
            _("{path} was changed meanwhile.").format(path=record.path),
            _("Look at it again, then make the change."),
        )

    def _write(self, record: Record, raw: bytes) -> Saved:
        self._put(record, raw)
        return Saved(parse_record(raw, record.path), self._file(record), record.raw, raw)

    def _file(self, record: Record) -> Path:
        return self.workspace.root / record.path

    def _lock(self) -> AbstractContextManager[None]:
        return locked(self.workspace.state / "practice.lock")


def _notes_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.md")) if folder.is_dir() else []


def _front(raw: bytes) -> dict[str, str]:
    """Return ``tool`` and ``lang`` of a note's front matter, as far as they are there.

    Plain lines are found without YAML, which would cost more than all the rest of opening a workspace.
    """
    text = raw.decode("utf-8", errors="replace")
    span = front_matter(text)
    if span is None:
        return {}
    found = dict(_PLAIN_LINE.findall(text, *span))
    if "tool" in found or "tool" not in text[slice(*span)]:
        return found
    try:
        return {p.name: p.value.strip() for p in front_pairs(text, *span) if isinstance(p.value, str)}
    except SlipError:
        return {}


def _position(entries: list[Entry], entry: Entry) -> int:
    return next((n for n, e in enumerate(entries) if e.line == entry.line), len(entries))


def _accepted(found: Tool, texts: Mapping[str, str], before: list[Entry], day: date) -> dict[str, Value]:
    """Return the values of ``texts`` when the tool accepts them after ``before``; raises StudyError."""
    values, faults = found.typed(texts)
    faults = faults or list(found.check(Entry(day, values), before))
    if faults:
        raise StudyError(faults[0].message, faults[0].hint)
    return values
