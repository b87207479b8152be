"""Practice: the twenty-five systems with their tools, what is done of each, and what each tool says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from studytui.i18n import _, language
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.practice_rows import ROOM, SYSTEM, no_tools, page, system_page, tool_rows
from studytui.tui.widgets.line_list import Column, LineList
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.joins.practice import Practised
    from studytui.practice.systems import System

_NOTES = "notes/"


class PracticeScreen(StudyScreen):
    """Two panes: the systems, and the page of the marked one."""

    SCOPE = "practice"
    AREA = "practice"

    def __init__(self) -> None:
        super().__init__()
        self.tools = LineList([Column(2, right=True), Column(1), Column(0)], empty=no_tools, id="tools")
        self.reader = Reader(id="page")
        self.found: dict[str, Practised] = {}

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.tools, lambda: _("Systems and tools"), weight=4),
            Pane(self.reader, lambda: _("What is done"), weight=5),
        )

    def reload(self) -> None:
        """Read the records anew; the marked line stays."""
        self.in_thread(self.study.practice.all, self._show, group="tools")

    def open_subject(self, subject: str) -> None:
        """Open the tool that another room names: its id, and its note's path on a second line."""
        tool, _newline, path = subject.partition("\n")
        self._open(tool, path if path.endswith(".md") else None)

    def _show(self, every: dict[str, list[Practised]]) -> None:
        self.found = {one.key: one for records in every.values() for one in records}
        self.tools.show_rows(tool_rows(every))
        begun = sum(one.own > 0 for one in self.found.values())
        self.query_one(Panes).panes[0].heading.say(f"{begun}/{len(self.found)}")
        self._show_page()

    @property
    def marked(self) -> Practised | None:
        """The marked record."""
        return self.found.get(self.tools.key)

    @on(LineList.Highlighted, "#tools")
    def _show_page(self) -> None:
        one, key = self.marked, self.tools.key
        if one is not None:
            self.in_thread(lambda: self._page_of(one), self.reader.show, group="page")
        elif key:
            self.in_thread(lambda: self._system_of(key), self.reader.show, group="page")

    def _page_of(self, one: Practised) -> str:
        from studytui.joins.systems import done
        from studytui.practice.systems import systems_of_tool

        report = self.study.practice.report(one.record)
        return page(one, report, [done(self.study, system) for system in systems_of_tool(one.tool.id)])

    def _system_of(self, key: str) -> str:
        from studytui.joins.systems import done

        return system_page(done(self.study, _system(key)))

    @on(LineList.Opened, "#tools")
    async def _opened(self, event: LineList.Opened) -> None:
        if event.key.startswith(ROOM):
            await self.desk.action_go(_system(event.key).screen)
        elif event.key.startswith(SYSTEM):
            self.tools.action_cursor_down()
        elif self.marked is not None:
            self._open(self.marked.tool.id, self.marked.record.path)

    def _open(self, tool: str, path: str | None) -> None:
        from studytui.tui.screens.practice_board import BoardScreen
        from studytui.tui.screens.practice_tool import ToolScreen

        kind = BoardScreen if tool == "stages" else ToolScreen
        self.desk.push_screen(kind(tool, path))

    # --- commands -----------------------------------------------------------------------------------------

    def action_learn(self) -> None:
        """Open the topic note of the marked system."""
        title = self._topic()
        if title:
            self.desk.open_note(title)
        else:
            self.notify(_("The practice project belongs to all systems."))

    def _topic(self) -> str:
        from studytui.practice.systems import systems_of_tool

        if self.tools.key.startswith((ROOM, SYSTEM)):
            return _system(self.tools.key).topic.written(language())
        systems = systems_of_tool(self.marked.tool.id) if self.marked else ()
        return systems[0].topic.written(language()) if systems else ""

    def action_write_note(self) -> None:
        """Make a note of what the tool says today, or open the one there is."""
        one = self.marked
        if one is not None:
            practice = self.study.practice
            self.in_thread(
                lambda: practice.write_note(one.record, practice.report(one.record)),
                lambda answer: self.desk.edit_note(answer[0].path),
                group="note",
            )

    def action_edit(self) -> None:
        """Edit the note that holds the entries."""
        self._with_note(self.desk.edit_note)

    def action_edit_external(self) -> None:
        """Open the note that holds the entries in $EDITOR."""
        self._with_note(self.desk.edit_externally)

    def _with_note(self, edit: object) -> None:
        one = self.marked
        if one is None or one.record.starter:
            self.notify(_("There is no note of your own yet; the first entry makes one."))
        elif callable(edit):
            edit(one.record.path.removeprefix(_NOTES))


def _system(key: str) -> System:
    """Return the system that a row stands for."""
    from studytui.practice.systems import system

    found = system(key.partition(":")[2])
    assert found is not None
    return found
