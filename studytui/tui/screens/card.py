"""One card after the other: question, answer, grade; while one is open the number keys grade it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding
from textual.widget import Widget

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.review_rows import (
    Sitting,
    card_page,
    grades_line,
    one_line,
    place,
    summary_page,
)
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from datetime import datetime

    from studytui.joins.cards import Shown
    from studytui.journal import Event

GOOD = 3


class CardText(Reader):
    """A reader that leaves the digits alone: they grade."""

    def _link_key(self, event: events.Key) -> bool:
        return False


@dataclass(frozen=True)
class _Turn:
    """What to show next: a card and how many wait, or the end."""

    shown: Shown | None
    waiting: int
    sitting: Sitting | None = None


class CardScreen(StudyScreen):
    """The cards that are due, one at a time."""

    SCOPE = "card"
    AREA = "review"
    # The other number keys must not leave a card that is open.
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding(str(number), "stay", show=False) for number in (5, 6, 7, 8)
    ]
    DEFAULT_CSS: ClassVar[str] = """
    CardScreen {
        #place { height: 1; padding: 0 2; color: $muted; background: $surface; }
        #grades { height: 1; padding: 0 2; background: $surface; text-style: bold; }
        #card { padding-top: 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = CardText(id="card")
        self.shown: Shown | None = None
        self.answered = False
        self.acts: list[Event] = []
        self._since: datetime | None = None
        self._busy = False

    def body(self) -> Iterable[Widget]:
        yield Plain("", id="place")
        yield self.text
        yield Plain("", id="grades")

    def on_mount(self) -> None:
        self.text.focus()

    # --- which card ---------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Show the present card again, as its note has it now; after an undo, the card that was undone."""
        self.in_thread(self._turn_again, self._show, group="card")

    def _turn_again(self) -> _Turn:
        cards = self.study.learning.cards
        if self.acts and not cards.stands(self.acts[-1]):
            undone = self.acts.pop()
            return self._turn(self.acts, undone.subject)
        try:
            return self._turn(self.acts, self.shown.id if self.shown else "")
        except StudyError:  # its note holds it no more
            return self._turn(self.acts)

    def _turn(self, acts: Sequence[Event], wanted: str = "", after: str = "") -> _Turn:
        """Return the card ``wanted``, else the next one after the one just answered, else the sum of ``acts``."""
        cards = self.study.learning.cards
        following, waiting = cards.next(after)
        one = wanted or following
        if one:
            return _Turn(cards.shown(one), waiting)
        answers = tuple(
            (one_line(str(act.data["front"])), int(act.data["rating"]), float(act.data["seconds"]))
            for act in acts
            if act.kind == "card.reviewed"
        )
        from studytui.learning.review import forecast

        now = self.study.clock.now()
        tomorrow = forecast(cards.placed(), now, 2)[1]
        return _Turn(None, 0, Sitting(answers, cards.counts(), tomorrow))

    def _show(self, turn: _Turn) -> None:
        same = self.shown is not None and turn.shown is not None and self.shown.id == turn.shown.id
        self._busy = False
        self.shown, self.answered = turn.shown, self.answered and same
        if not same:
            self._since = self.study.clock.now()
        where = place(turn.shown, self.study.clock.now()) if turn.shown else _("Cards")
        if turn.waiting:
            where = f"{turn.waiting}  ·  {where}"
        self.query_one("#place", Plain).say(where)
        if turn.sitting is not None:
            self.text.show(summary_page(turn.sitting))
            self.query_one("#grades", Plain).say(_("Esc goes back, u takes the last answer back."))
        else:
            self._paint()

    def _paint(self) -> None:
        if self.shown is not None:
            cloze = (self.shown.card.answer,) if self.shown.card.face == "cloze" and self.answered else ()
            self.text.show(card_page(self.shown, self.answered), terms=cloze)
            self.query_one("#grades", Plain).say(grades_line(self.shown, self.answered))

    # --- commands -----------------------------------------------------------------------------------------

    @on(Reader.EndReached)
    def action_answer(self) -> None:
        """Show the answer; once more means good."""
        if self.shown is None:
            return
        if self.answered:
            self.action_grade(str(GOOD))
        else:
            self.answered = True
            self._paint()

    def action_grade(self, rating: str) -> None:
        """Record an answer and go on to the next card."""
        shown, since = self.shown, self._since
        if shown is None or since is None or self._busy:
            return
        if not self.answered:
            self.query_one("#grades", Plain).say(_("Look at the answer first: Space."))
            return
        self._busy = True
        seconds = max(0.0, (self.study.clock.now() - since).total_seconds())
        cards = self.study.learning.cards

        def grade() -> tuple[Event, bool, _Turn]:
            event = cards.grade(shown.id, int(rating), seconds)
            leech = int(rating) == 1 and cards.state(shown.id).leech
            return event, leech, self._turn([*self.acts, event], after=shown.id)

        def graded(answer: tuple[Event, bool, _Turn]) -> None:
            event, leech, turn = answer
            self.acts.append(event)
            self.shown = None
            self._show(turn)
            if leech:
                self.notify(
                    _("“{front}” was forgotten often. Write it anew, or suspend it.").format(
                        front=one_line(shown.card.front)
                    ),
                    severity="warning",
                )

        self.in_thread(grade, graded, group="grade")

    def action_bury(self) -> None:
        """Put the card aside until tomorrow."""
        if self.shown is not None:
            card_id = self.shown.id
            self._put_away(lambda: self.study.learning.cards.bury(card_id), _("Put aside until tomorrow."))

    def action_suspend(self) -> None:
        """Take the card out of every queue."""
        if self.shown is not None:
            card_id = self.shown.id
            self._put_away(
                lambda: self.study.learning.cards.suspend(card_id),
                _("Suspended. Review lists it, and s takes it up again."),
            )

    def _put_away(self, act: Callable[[], Event], said: str) -> None:
        def work() -> tuple[Event, _Turn]:
            event = act()
            return event, self._turn([*self.acts, event])

        def done(answer: tuple[Event, _Turn]) -> None:
            event, turn = answer
            self.acts.append(event)
            self.shown = None
            self.notify(said)
            self._show(turn)

        if not self._busy:
            self._busy = True
            self.in_thread(work, done, group="grade")

    def action_edit(self) -> None:
        """Edit the card in its note; closing the editor comes back to the card."""
        if self.shown is not None:
            self.desk.edit_note(self.shown.card.note, self.shown.card.line)

    def action_edit_external(self) -> None:
        """Open the card's note in $EDITOR."""
        if self.shown is not None:
            self.desk.edit_externally(self.shown.card.note)

    def action_stay(self) -> None:
        """Do nothing: this number key shows an area elsewhere, but not while a card is open."""
        if self.shown is None:
            self.notify(_("Esc goes back."))
