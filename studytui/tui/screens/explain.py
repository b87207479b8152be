"""Explain: a topic, a clock, a score given to oneself, and the own notes beside it as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from studytui.i18n import _
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.card import CardText
from studytui.tui.screens.explain_pages import (
    clock_line,
    done_page,
    evidence_page,
    question_page,
    score_page,
)
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from datetime import datetime

    from studytui.joins.explaining import Explained
    from studytui.learning.explain import Standing
    from studytui.notes.note import Note

LENGTHS = (60, 180)
_TICK = 0.25


class ExplainScreen(StudyScreen):
    """One topic or question, explained against the clock."""

    SCOPE = "explain"
    AREA = "review"
    # The other number keys must not leave while one speaks.
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding(str(number), "stay", show=False) for number in (6, 7, 8)
    ]
    DEFAULT_CSS: ClassVar[str] = """
    ExplainScreen {
        #clock { height: 1; padding: 0 2; background: $surface; text-style: bold; }
    }
    """

    def __init__(self, item: Standing) -> None:
        super().__init__()
        self.item = item
        self.state: Literal["ready", "speaking", "scoring", "done"] = "ready"
        self.limit = LENGTHS[0]
        self.seconds = 0.0
        self.page = CardText(id="page")
        self.notes = CardText(id="evidence", empty=self._no_evidence_yet)
        self.evidence: Sequence[Note] = ()
        self._started: datetime | None = None

    def body(self) -> Iterable[Widget]:
        yield Plain("", id="clock")
        yield Panes(
            Pane(self.page, lambda: _("Explain")),
            Pane(self.notes, lambda: _("Your own notes")),
        )

    def on_mount(self) -> None:
        self.page.focus()
        self.set_interval(_TICK, self._tick)

    def reload(self) -> None:
        """Show the state one is in; notes may have been written meanwhile."""
        self.in_thread(self._look, self._show, group="explain")

    def _look(self) -> tuple[Sequence[Note], str]:
        evidence = self.study.learning.explaining.evidence(self.item.prompt)
        return evidence, evidence_page(self.study, evidence)

    def _show(self, found: tuple[Sequence[Note], str]) -> None:
        self.evidence, text = found
        after = self.state in ("scoring", "done")
        self.notes.show(text if after else "", keep_place=True)
        self.query_one(Panes).panes[1].heading.say(str(len(self.evidence) or "") if after else "")
        if self.state in ("ready", "speaking"):
            self.page.show(question_page(self.item, self.limit))
        elif self.state == "scoring":
            self.page.show(score_page(self.item.prompt, self.evidence))
        self._say_clock()

    def _no_evidence_yet(self) -> str:
        if self.state in ("scoring", "done"):
            return _("Nothing of yours on this topic yet.\nw writes a note about it.")
        return _("What you wrote about it appears here when you have spoken.")

    # --- the clock ----------------------------------------------------------------------------------------

    def _left(self) -> float:
        from studytui.learning.explain import remaining

        return remaining(self._started, self.study.clock.now(), self.limit) if self._started else self.limit

    def _say_clock(self) -> None:
        said = {
            "ready": _("Space starts the clock: {seconds} seconds. t changes that.").format(
                seconds=self.limit
            ),
            "speaking": clock_line(self._left(), self.limit),
            "scoring": _("Compare with your notes, then give yourself 1 to 5."),
            "done": _("Kept. Space explains it once more, Esc goes back."),
        }[self.state]
        self.query_one("#clock", Plain).say(said)

    def _tick(self) -> None:
        if self.state == "speaking":
            self._say_clock()
            if not self._left():
                self.app.bell()
                self._stop()

    def _stop(self) -> None:
        self.seconds = self.limit - self._left()
        self.state = "scoring"
        self.reload()

    @on(Reader.EndReached)
    def action_clock(self) -> None:
        """Start the clock; stop it when it is said; once more afterwards."""
        if self.state == "speaking":
            self._stop()
        elif self.state == "scoring":
            self.notify(_("Give yourself 1 to 5."))
        else:
            self.state, self._started = "speaking", self.study.clock.now()
            self.page.focus()
            self.reload()

    def action_length(self) -> None:
        """Change between 60 and 180 seconds."""
        if self.state == "ready":
            self.limit = LENGTHS[self.limit == LENGTHS[0]]
            self.reload()

    def step_back(self) -> bool:
        """While one speaks, Esc stops the clock and keeps nothing; else it leaves."""
        if self.state != "speaking":
            return False
        self.state, self._started = "ready", None
        self.reload()
        return True

    # --- afterwards ---------------------------------------------------------------------------------------

    def action_score(self, score: str) -> None:
        """Record how it went."""
        if self.state != "scoring":
            self.notify(_("Explain it first: Space starts the clock."))
            return
        explaining, prompt = self.study.learning.explaining, self.item.prompt
        seconds, limit = self.seconds, self.limit

        def record() -> tuple[Explained, Standing]:
            explained = explaining.record(prompt, int(score), seconds, limit)
            return explained, explaining.find(prompt.text)

        def recorded(answer: tuple[Explained, Standing]) -> None:
            explained, self.item = answer
            self.state = "done"
            self.page.show(done_page(prompt, explained, self.item.attempts))
            self._say_clock()

        self.in_thread(record, recorded, group="score")

    def action_write_note(self) -> None:
        """Write a note of one's own about the topic."""
        self.in_thread(
            lambda: self.study.learning.explaining.write(self.item.prompt),
            lambda note: self.desk.edit_note(note.path),
            group="note",
        )

    def action_stay(self) -> None:
        """Do nothing: this number key shows an area elsewhere, but not while one speaks."""
