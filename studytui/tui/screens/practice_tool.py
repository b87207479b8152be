"""One practice tool: what it says, the form that changes it as one types, and the entries made so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from textual import on
from textual.widget import Widget

from studytui.i18n import _, language
from studytui.text import clean_line
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.practice_rows import entry_rows, form_fields, no_entries, wrong
from studytui.tui.widgets.form import Form
from studytui.tui.widgets.line_list import Column, LineList
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.prompt import Choice, Confirm
from studytui.tui.widgets.report_view import ReportView

if TYPE_CHECKING:
    from studytui.joins.practice import Preview
    from studytui.practice.record import Record
    from studytui.practice.report import Report
    from studytui.practice.tool import Entry

RESULT, FORM, ENTRIES = range(3)
_NOTES = "notes/"
# Typing goes on faster than this; a report takes a few milliseconds.
_PAUSE = 0.04
_MOST_NOTES = 300


class ToolScreen(StudyScreen):
    """Three panes: result, form, entries; on narrow screens result and form."""

    SCOPE = "tool"
    AREA = "practice"
    FIRST = FORM

    def __init__(self, tool_id: str, path: str | None = None) -> None:
        super().__init__()
        from studytui.practice.tool import tool

        self.tool = tool(tool_id)
        self.path = path
        self.record: Record | None = None
        self.entry: Entry | None = None
        self.report: Report | None = None
        self.result = self.result_view()
        self.form = Form(form_fields(self.tool, {}), lambda: _("Save  Ctrl+S"), id="form")
        self.entries = LineList([Column(10), Column(0)], empty=no_entries, id="entries")
        self._tried = False

    def result_view(self) -> Widget:
        """Return the widget that shows what the tool says."""
        return ReportView(id="result")

    def paint(self, report: Report, entries: Iterable[Entry]) -> None:
        """Show what the tool says of ``entries``."""
        assert isinstance(self.result, ReportView)
        self.result.show(report)

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.result, lambda: self.tool.name, weight=5),
            Pane(self.form, self._form_title, weight=4),
            Pane(self.entries, lambda: _("Entries"), weight=3),
        )

    @property
    def panes(self) -> Panes:
        """The three panes."""
        return self.query_one(Panes)

    def _form_title(self) -> str:
        if self.entry is not None:
            return _("Entry of {day}").format(day=self.entry.day.isoformat())
        return _("New entry")

    # --- loading ------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.panes.enter(self.FIRST)

    def reload(self) -> None:
        """Read the record anew; what stands in the form and is not saved stays there."""
        practice, tool_id, path = self.study.practice, self.tool.id, self.path

        def load() -> tuple[Record, Report, list[str]]:
            record = practice.record(tool_id, path)
            wants_notes = any(field.own and not field.choices for field in self.form.fields.values())
            titles = [note.title for note in practice.drafts()[:_MOST_NOTES]] if wants_notes else []
            return record, practice.report(record), titles

        self.in_thread(load, lambda found: self._show(*found), group="record")

    def _show(self, record: Record, report: Report, titles: list[str]) -> None:
        self.record, self.path = record, record.path
        for field in list(self.form.fields.values()):
            if field.own and titles:
                self.form.offer(field.key, tuple(Choice(title, title) for title in titles))
        if self.entry is not None:
            lines = {entry.line: entry for entry in record.entries}
            self.entry = lines.get(self.entry.line)
        self.entries.show_rows(entry_rows(self.tool, record))
        self.panes.panes[ENTRIES].heading.say(str(len(record.entries) or ""))
        if self.form.changed:
            self._recompute()
        else:
            self._fill()
            self._say(report, record.entries)

    def _fill(self) -> None:
        """Fill the form: with the entry that is being changed, else with what a new one starts from."""
        assert self.record is not None
        self._tried = False
        if self.entry is None:
            entries, today = self.record.entries, self.study.clock.now().date()
            draft = self.tool.draft(entries, today)
            self.form.fill(draft, [field.key for field in self.tool.of_example(entries, draft, today)])
        else:
            self.form.fill(self._texts(self.entry))
        self.panes.panes[FORM].heading.refresh()

    def _texts(self, entry: Entry) -> dict[str, str]:
        return {field.key: field.text(entry.values.get(field.key)) for field in self.tool.fields}

    def _say(self, report: Report, entries: Iterable[Entry], *, refused: bool = False) -> None:
        self.report = report
        self.paint(report, entries)
        state = _("as before") if refused else _("not saved") if self.form.changed else ""
        if not state and self.record is not None and self.record.examples:
            state = _("examples")
        self.panes.panes[RESULT].heading.say(state)

    # --- the form -----------------------------------------------------------------------------------------

    @on(Form.Changed)
    def _recompute(self) -> None:
        """Say what the tool would say of the form, a moment after the last key."""
        record, entry, texts = self.record, self.entry, self.form.texts
        if record is None:
            return
        self.in_thread(
            lambda: self.study.practice.preview(record, texts, entry),
            self._preview,
            group="preview",
            after=_PAUSE,
        )

    def _preview(self, preview: Preview) -> None:
        self._say(preview.report, preview.entries, refused=bool(preview.faults))
        self.form.say(self.wrong(preview) if self.form.changed else {})

    def wrong(self, preview: Preview) -> dict[str, str]:
        """Return what to say beside the fields of the form."""
        return wrong(preview.faults, self.form.texts, self._tried)

    @on(Form.Saved)
    def action_save(self) -> None:
        """Keep what the form says: as an entry of today, or in place of the entry that is being changed."""
        self._save(sure=not self.form.examples)

    def _save(self, *, sure: bool) -> None:
        record, entry, texts, practice = self.record, self.entry, self.form.texts, self.study.practice
        if record is None:
            return

        def save() -> tuple[Preview, bool]:
            preview = practice.preview(record, texts, entry)
            wanted = sure and not preview.faults
            if wanted and entry is None:
                practice.save(record, texts)
            elif wanted and entry is not None:
                practice.change(record, entry, texts)
            return preview, wanted

        self.in_thread(save, lambda answer: self._saved(*answer), group="save")

    def _ask_whose(self) -> None:
        """Ask before what an example said is kept as the learner's own."""
        told = (
            f"{self.tool.field(key).label} {clean_line(text, 24)}" for key, text in self.form.examples.items()
        )
        question = _("Still as in the example: {fields}. Keep this as your own?").format(
            fields=_(", ").join(told)
        )
        answers = _("Yes, it is true of my project"), _("No, I will fill it in")
        self.ask(Confirm(question, *answers), lambda _yes: self._save(sure=True))

    def _saved(self, preview: Preview, kept: bool) -> None:
        if not kept and not preview.faults:
            self._ask_whose()
            return
        if not kept:
            self._tried = True
            said = self.wrong(preview)
            self.form.say(said)
            first = next((key for key in self.form.fields if key in said), None)
            if first is not None:
                self.panes.enter(FORM)
                self.form.enter(first)
            return
        self.notify(_("Saved. Esc, then u takes it back."))
        self.entry = None
        self.form.fill(self.form.texts)  # what is saved is no change any more
        self.reload()

    def fill_in(
        self, texts: Mapping[str, str], changed: Mapping[str, str], field: str, examples: Iterable[str] = ()
    ) -> None:
        """Begin a new entry with ``texts``, some of an example, ``changed`` as if typed, and go to ``field``."""
        self.entry, self._tried = None, False
        self.form.fill(texts, examples)
        self.form.put(changed)
        self.panes.enter(FORM)
        self.form.enter(field)

    # --- the entries --------------------------------------------------------------------------------------

    def _marked(self) -> Entry | None:
        entries = self.record.entries if self.record else ()
        return next((entry for entry in entries if str(entry.line) == self.entries.key), None)

    @on(LineList.Opened, "#entries")
    def _entry_opened(self) -> None:
        """Change an entry of one's own; an example is where a new one starts from."""
        found = self._marked()
        if found is None:
            return
        first = next(iter(self.form.fields))
        if found.example:
            self.fill_in({}, {}, first)
            self.form.put(self._texts(found), examples=True)
            return
        self.entry = found
        self._fill()
        self.panes.enter(FORM)
        self.form.enter(first)
        self._recompute()

    def action_entries(self) -> None:
        """Go to the entries, or back to the form."""
        self.panes.enter(FORM if self.panes.active == ENTRIES else ENTRIES)

    def action_new_entry(self) -> None:
        """Begin a new entry of today."""
        if self.record is not None:
            self.entry = None
            self._fill()
            self.panes.enter(FORM)
            self.form.enter(next(iter(self.form.fields)))
            self._recompute()

    def action_trash(self) -> None:
        """Take the marked entry out."""
        record, found = self.record, self._marked()
        if record is None or found is None or self.panes.active != ENTRIES:
            self.notify(_("Mark an entry first: Ctrl+L goes to the entries."))
            return

        def removed(_record: Any) -> None:
            self.notify(_("Removed. u brings it back."))
            if self.entry is found:
                self.action_new_entry()
            self.reload()

        self.in_thread(lambda: self.study.practice.remove(record, found), removed, group="save")

    # --- other commands -----------------------------------------------------------------------------------

    def action_write_note(self) -> None:
        """Make a note of what the tool says now, or open today's."""
        record, report = self.record, self.report
        if record is not None and report is not None:
            self.in_thread(
                lambda: self.study.practice.write_note(record, report),
                lambda answer: self.desk.edit_note(answer[0].path),
                group="note",
            )

    def action_learn(self) -> None:
        """Open the topic note of this tool's system."""
        from studytui.practice.systems import systems_of_tool

        systems = systems_of_tool(self.tool.id)
        if systems:
            self.desk.open_note(systems[0].topic.written(language()))
        else:
            self.notify(_("The practice project belongs to all systems."))

    def action_edit(self) -> None:
        """Edit the note that holds the entries, at the marked one."""
        found = self._marked()
        path = self._note()
        if path:
            self.desk.edit_note(path, found.line if found else 0)

    def action_edit_external(self) -> None:
        """Open the note that holds the entries in $EDITOR."""
        path = self._note()
        if path:
            self.desk.edit_externally(path)

    def _note(self) -> str:
        if self.record is None or self.record.starter:
            self.notify(_("There is no note of your own yet; the first entry makes one."))
            return ""
        return self.record.path.removeprefix(_NOTES)

    # --- leaving ------------------------------------------------------------------------------------------

    def unsaved(self) -> str:
        """Return the question to ask before the form is thrown away."""
        if not self.form.changed:
            return ""
        return _("What you filled into “{tool}” is not saved. Leave it?").format(tool=self.tool.name)

    def step_back(self) -> bool:
        """Go a pane to the left, then out; a form that is not saved is asked about."""
        if super().step_back():
            return True
        question = self.unsaved()
        if question:
            self.ask(Confirm(question, _("Yes, leave it")), lambda _yes: self.desk.pop_screen())
        return bool(question)
