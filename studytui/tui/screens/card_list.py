"""The cards behind a number of the Review screen: those that fall due on a day, the new ones, all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.widget import Widget

from studytui.i18n import _
from studytui.joins.cards import standing
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.review_rows import NUMBERS, day_name, one_line
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.panes import Pane

if TYPE_CHECKING:
    from studytui.learning.cards import Card
    from studytui.learning.review import Placed
    from studytui.study import Study

# The numbers of `review_rows.card_rows`, in their order.
WAITING, NEW, AHEAD, DONE, LATER, ALL = (f"list:{name}" for name in NUMBERS)


class CardListScreen(StudyScreen):
    """A list of cards; Enter edits one in its note."""

    AREA = "review"

    def __init__(self, key: str) -> None:
        super().__init__()
        self.wanted = key
        self.list = LineList(
            [Column(10), Column(20, shown_from=70), Column(0)], empty=lambda: _("No cards here."), id="found"
        )
        self.pane = Pane(self.list, self._title)
        self._cards: dict[str, Card] = {}

    def body(self) -> Iterable[Widget]:
        yield self.pane

    def _title(self) -> str:
        if self.wanted.startswith("day:"):
            day = day_name(self.study.clock.now().date(), int(self.wanted[4:]))
            return _("Falls due {day}").format(day=day)
        return {
            WAITING: _("Cards that are due"),
            NEW: _("Cards never seen before"),
            AHEAD: _("Cards that wait for their lesson"),
            DONE: _("Cards done today"),
            LATER: _("Cards that come back today"),
        }.get(self.wanted, _("All cards"))

    def reload(self) -> None:
        """Pick the cards anew."""
        self.in_thread(lambda: _picked(self.study, self.wanted), self._show, group="cards")

    def _show(self, found: list[tuple[Placed, Card]]) -> None:
        now = self.study.clock.now()
        self._cards = {item.id: card for item, card in found}
        self.list.show_rows([_row(item, card, now) for item, card in found])
        self.pane.heading.say(str(len(found)))

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        card = self._cards[event.key]
        self.desk.edit_note(card.note, card.line)


def _row(item: Placed, card: Card, now: datetime) -> Row:
    from studytui.learning.review import due_day

    new = item.state.phase == "new" or item.state.suspended
    day = standing(item.state, now) if new else due_day(item.state, now).isoformat()
    return Row(item.id, (day, card.title, one_line(card.front)), "muted" if item.state.suspended else "")


def _picked(study: Study, wanted: str) -> list[tuple[Placed, Card]]:
    """Return the cards that the number counts, those due soonest first."""
    cards = study.learning.cards
    now, deck = study.clock.now(), cards.deck()
    belongs = _test(wanted, now)
    found = [(item, deck.card(item.id)) for item in cards.placed() if belongs(item)]
    return sorted(found, key=lambda pair: (_falls(pair[0], now) or date.max, pair[1].title, pair[1].line))


def _test(wanted: str, now: datetime) -> Callable[[Placed], bool]:
    from studytui.learning.review import is_due, ready_at

    if wanted.startswith("day:"):
        ahead = int(wanted[4:])
        return lambda item: (day := _falls(item, now)) is not None and (day - now.date()).days == ahead
    today = now.date()
    tests: dict[str, Callable[[Placed], bool]] = {
        WAITING: lambda item: is_due(item.state, now),
        NEW: lambda item: (
            item.state.phase == "new"
            and not item.state.suspended
            and not item.waits
            and ready_at(item.state, now) <= now
        ),
        AHEAD: lambda item: item.waits,
        DONE: lambda item: bool(
            item.state.reviews
            and item.state.reviewed
            and item.state.reviewed.astimezone(now.tzinfo).date() == today
        ),
        LATER: lambda item: (
            not item.state.suspended
            and item.state.phase != "new"
            and now < ready_at(item.state, now)
            and ready_at(item.state, now).astimezone(now.tzinfo).date() == today
        ),
    }
    return tests.get(wanted, lambda item: True)


def _falls(item: Placed, now: datetime) -> date | None:
    """Return the day on which a card falls due, today when that is past; None when it does not."""
    from studytui.learning.review import due_day

    state = item.state
    if state.suspended or state.phase == "new" or state.due is None:
        return None
    return max(due_day(state, now), state.buried_until or now.date(), now.date())
