"""Statistics: the year, this week, the weeks, the time windows, the kinds; every number opens its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from studytui.i18n import _
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.stats_rows import Statistics, act_rows, gather, head_lines, heat_lines, stat_rows
from studytui.tui.widgets.line_list import Column, LineList
from studytui.tui.widgets.panes import Pane
from studytui.tui.widgets.plain import Plain

if TYPE_CHECKING:
    from studytui.learning.acts import Act, Tally


class StatsScreen(StudyScreen):
    """What was done when."""

    AREA = "today"
    DEFAULT_CSS: ClassVar[str] = """
    StatsScreen {
        #head { height: 2; padding: 0 1; }
        #heat { height: 9; padding: 0 1 1 1; color: $good; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: Statistics | None = None
        self.numbers: dict[str, tuple[str, Tally]] = {}
        self.list = LineList(
            [Column(16), Column(4, right=True), Column(8, right=True), Column(0)],
            empty=lambda: _("What you finish is counted here.\nPress 1 and do the first thing.\n1 · Today"),
            id="numbers",
        )

    def body(self) -> Iterable[Widget]:
        yield Plain("", id="head")
        yield Plain("", id="heat")
        yield self.list

    def reload(self) -> None:
        """Add everything up anew."""
        self.in_thread(lambda: gather(self.study), self._show, group="stats")

    def _show(self, found: Statistics) -> None:
        self.found = found
        rows, self.numbers = stat_rows(found)
        self.query_one("#head", Plain).say(head_lines(found))
        self.query_one("#heat", Plain).say(heat_lines(found))
        self.list.show_rows(rows)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        if self.found is None:
            return
        name, total = self.numbers[event.key]
        acts = self.study.learning.diary.behind(total, self.found.acts)
        self.desk.push_screen(EvidenceScreen(name, acts))


class EvidenceScreen(StudyScreen):
    """The acts that a number is made of; Enter goes to what an act was about."""

    AREA = "today"

    def __init__(self, name: str, acts: Sequence[Act]) -> None:
        super().__init__()
        self.acts = acts
        self.list = LineList(
            [Column(16), Column(8, right=True), Column(0)],
            empty=lambda: _("Nothing was finished here."),
            id="evidence",
        )
        self.pane = Pane(self.list, lambda: name)

    def body(self) -> Iterable[Widget]:
        yield self.pane

    def reload(self) -> None:
        """Name the acts as their notes are called now."""
        self.in_thread(self._names, self._show, group="evidence")

    def _names(self) -> list[str]:
        diary = self.study.learning.diary
        titles = diary.titles()
        return [diary.name(act, titles) for act in self.acts]

    def _show(self, names: list[str]) -> None:
        self.list.show_rows(act_rows(self.acts, names))
        self.pane.heading.say(str(len(self.acts)))

    async def on_line_list_opened(self, event: LineList.Opened) -> None:
        act = self.acts[int(event.key.removeprefix("act:"))]
        if act.kind == "lesson":
            await self.desk.open_subject("courses", act.subject)
        elif act.kind == "article":
            await self.desk.open_subject("read", act.subject)
        elif act.kind == "explain":
            await self.desk.open_subject("review", act.subject)
        elif act.subject.endswith(".md"):
            self.desk.open_note(act.subject)
        else:
            self.notify(_("There is nothing more to see of this."))
