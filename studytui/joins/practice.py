"""Practice on a workspace: records written through the vault so that they can be undone, and what is done of a topic.

Everything here may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.i18n import _, language
from studytui.text import clean_line
from studytui.workspace import digest

if TYPE_CHECKING:
    from studytui.joins.systems import TopicPractice
    from studytui.notes.history import Act, Change
    from studytui.notes.note import Note
    from studytui.practice.fields import Field
    from studytui.practice.record import Record
    from studytui.practice.report import Report
    from studytui.practice.systems import System
    from studytui.practice.tool import Context, Due, Entry, Fault, Tool
    from studytui.study import Study

_NOTES = "notes/"


@dataclass(frozen=True)
class Preview:
    """What a tool would say if the form were saved, and what is wrong with the form; then nothing has changed."""

    report: Report
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Practised:
    """One record of a tool: how many entries are the learner's own, the newest of them, what it asks for today."""

    tool: Tool
    record: Record
    own: int
    last: date | None
    due: tuple[Due, ...]

    @property
    def key(self) -> str:
        """What names it between the rooms: the tool, and the note's path on a second line."""
        return f"{self.tool.id}\n{self.record.path}"


@dataclass(frozen=True)
class Waiting:
    """Something a record asks for: a self-check of the month, a trial to close, a next step."""

    tool: str
    name: str
    day: date
    text: str


class Practice:
    """The practice records of a workspace."""

    def __init__(self, study: Study) -> None:
        from studytui.practice.records import Records

        self._study = study
        self._records = Records(study.workspace, study.clock, self._files, put=self._put)

    # --- what there is ------------------------------------------------------------------------------------

    def all(self) -> dict[str, list[Practised]]:
        """Return every tool's records in the order of the articles, shipped ones where there is none."""
        from studytui.practice.tool import tool

        return {
            name: [self._practised(tool(name), one) for one in found]
            for name, found in self._records.records().items()
        }

    def record(self, tool_id: str, path: str | None = None) -> Record:
        """Return a tool's record: that of the note at ``path`` (relative to the workspace), else the first."""
        return self._records.record(tool_id, path=path)

    def report(self, record: Record) -> Report:
        """Return what the record says today; raises StudyError when its note names no tool."""
        return record.report(self.context())

    def preview(self, record: Record, texts: Mapping[str, str], entry: Entry | None = None) -> Preview:
        """Return the report as it would be with ``texts`` saved: as an entry of today, else in place of ``entry``."""
        found, context = record.usable(), self.context()
        entries, faults = found.filled(record.entries, texts, context.today, entry)
        report = found.report(entries, context)
        problems = tuple(str(problem) for problem in record.problems)
        taken = () if entry or faults else found.of_example(record.entries, texts, context.today)
        notes = (_still_examples(taken),) if taken else ()
        report = replace(report, warnings=(*problems, *notes, *report.warnings))
        return Preview(report, tuple(entries), tuple(faults))

    def context(self) -> Context:
        """Return what the tools may know of the world."""
        from studytui.practice.tool import Context

        return Context(self._today(), self._text)

    def drafts(self) -> list[Note]:
        """Return the notes that a draft can be picked from, last changed first."""
        from studytui.practice.tool import TOOL_IDS

        return [note for note in self._study.notes() if note.front.get("tool") not in TOOL_IDS]

    def people(self) -> list[str]:
        """Return whom the learner's own entries name, whichever tool they stand in."""
        own = (
            entry
            for records in self._records.records().values()
            for record in records
            for entry in record.entries
            if not entry.example
        )
        return list(dict.fromkeys(text for entry in own if (text := entry.text("person").strip())))

    # --- what is done -------------------------------------------------------------------------------------

    def save(self, record: Record, texts: Mapping[str, str]) -> Record:
        """Add an entry of today (a sheet that has one is brought up to date); raises StudyError."""
        return self._records.save(record.usable().id, texts, path=record.path).record

    def change(self, record: Record, entry: Entry, texts: Mapping[str, str]) -> Record:
        """Change one entry, "" making a gap; raises StudyError when the note says something else by now."""
        return self._records.change(record, entry, texts).record

    def remove(self, record: Record, entry: Entry) -> Record:
        """Take one entry out of a record; raises StudyError."""
        return self._records.remove(record, entry).record

    def write_note(self, record: Record, report: Report) -> tuple[Note, bool]:
        """Return the note with today's result of a tool and whether it was made just now: one a record and day."""
        from studytui.notes.names import link_text
        from studytui.practice.render import to_markdown

        found = record.usable()
        today = self._today().isoformat()
        sign = f"{record.path} {today}"
        known = self._study.vault.find("result", sign)
        if known is not None:
            return known, False
        topic = self._topic(found.id)
        front = {"tags": ["practice"], **({"topic": topic} if topic else {}), "result": sign}
        source = self._study.vault.get(record.path.removeprefix(_NOTES))
        origin = [_("From [[{title}]].").format(title=link_text(source.title))] if source else []
        body = "\n\n".join([*origin, to_markdown(report)])
        return self._study.vault.create(f"{found.name} {today}", body, front=front), True

    # --- for the other rooms ------------------------------------------------------------------------------

    def waiting(self) -> list[Waiting]:
        """Return what the records ask for until today, earliest first; costs nothing while no record changes."""
        from studytui.joins.following import cache_file, load, save

        vault, today = self._study.vault, self._today()
        notes = sorted((note.path, note.digest) for note in vault.notes() if _may_be_record(note))
        sign = digest(repr((notes, today, language())).encode())
        file = cache_file(self._study.workspace, "practice")
        kept = load(file)
        if kept is None or kept.get("sign") != sign:
            rows = [(tool.id, tool.name, due.day.isoformat(), due.text) for tool, due in self._records.due()]
            kept = {"sign": sign, "rows": [row for row in rows if row[2] <= today.isoformat()]}
            save(file, kept)
        return [Waiting(tool, name, date.fromisoformat(day), text) for tool, name, day, text in kept["rows"]]

    def of_system(self, system: System) -> list[Practised]:
        """Return the records of all tools of a system."""
        every = self.all()
        return [one for name in system.tools for one in every[name]]

    def of_topic(self, title: str) -> TopicPractice | None:
        """Return what is done of the system whose topic note has this title; None for any other note."""
        from studytui.joins.systems import done
        from studytui.practice.systems import system_of_topic

        found = system_of_topic(title)
        return done(self._study, found) if found else None

    # --- inside -------------------------------------------------------------------------------------------

    def _practised(self, found: Tool, record: Record) -> Practised:
        own = [entry for entry in record.entries if not entry.example]
        today = self._today()
        asked = tuple(due for due in found.due(own, today) if due.day <= today)
        return Practised(found, record, len(own), max((e.day for e in own), default=None), asked)

    def _today(self) -> date:
        return self._study.clock.now().date()

    def _topic(self, tool_id: str) -> str:
        """Return the title of the topic note that a tool belongs to, "" when it is not there."""
        from studytui.practice.systems import systems_of_tool

        titles = (system.topic.written(language()) for system in systems_of_tool(tool_id))
        return next((title for title in titles if self._study.vault.get(title)), "")

    def _files(self) -> Iterable[Path]:
        vault = self._study.vault
        return [vault.workspace.notes / note.path for note in vault.notes() if _may_be_record(note)]

    def _text(self, title: str) -> str | None:
        note = self._study.vault.get(title.removesuffix(".md"))
        return self._study.vault.read(note.path).source if note else None

    def _put(self, record: Record, raw: bytes) -> None:
        """Write a record's note as one undoable act, which also counts as practice done."""
        vault, path = self._study.vault, record.path.removeprefix(_NOTES)
        facts = {"subject": path, "title": clean_line(record.title or path)}
        acts: list[Act] = [("note.practised", facts), ("act.finished", {"subject": path, "act": "practice"})]

        def plan() -> tuple[list[Act], list[Change], str]:
            before = vault.raw(path)
            if before != (None if record.starter else record.raw):
                raise StudyError(
                    _("{path} was changed meanwhile.").format(path=record.path),
                    _("Look at it again, then make the change."),
                )
            return acts, [vault.change(path, before, raw)], path

        vault.carry_out(plan)


def _still_examples(fields: Iterable[Field]) -> str:
    from studytui.practice.report import named

    return _("Still as in the example: {fields}.").format(fields=named([field.shown() for field in fields]))


def _may_be_record(note: Note) -> bool:
    """Say whether a note may hold a record; one with broken front matter counts by its folder."""
    return note.kind == "practice" or note.folder == "practice"
