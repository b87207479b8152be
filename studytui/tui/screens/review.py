"""Review: the stack of cards and what falls due beside what can be explained, weakest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from studytui.i18n import _
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.review_rows import CARD, PROMPT, START, Overview, card_rows, gather, prompt_rows
from studytui.tui.widgets.line_list import Column, LineList
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.prompt import AskLine, Choice, Pick, Picked

if TYPE_CHECKING:
    from studytui.learning.cards import Card
    from studytui.learning.explain import Standing

CARDS = "cards"


class ReviewScreen(StudyScreen):
    """Two panes: cards, and topics to explain."""

    SCOPE = "review"
    AREA = "review"

    def __init__(self) -> None:
        super().__init__()
        self.cards = LineList([Column(9), Column(4, right=True), Column(0)], empty=_no_cards, id="cards")
        self.prompts = LineList(
            [Column(1), Column(5, shown_from=44), Column(0)], empty=_no_prompts, id="prompts"
        )
        self.found: Overview | None = None

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.cards, lambda: _("Cards"), weight=4),
            Pane(self.prompts, lambda: _("Explain, weakest first"), weight=5),
        )

    @property
    def panes(self) -> Panes:
        """The two panes."""
        return self.query_one(Panes)

    def reload(self) -> None:
        """Count anew."""
        self.in_thread(lambda: gather(self.study), self._show, group="review")

    def _show(self, found: Overview) -> None:
        self.found = found
        self.cards.show_rows(card_rows(found) if found.total else [])
        self.prompts.show_rows(prompt_rows(found))
        self.panes.panes[1].heading.say(str(len(found.prompts)))

    def open_subject(self, subject: str) -> None:
        """Begin the cards, or explain the topic called ``subject``."""
        if subject == CARDS:
            self.action_start()
        else:
            self.in_thread(lambda: self.study.learning.explaining.find(subject), self._explain, group="find")

    @on(LineList.Opened, "#cards")
    def _card_opened(self, event: LineList.Opened) -> None:
        if event.key == START:
            self.action_start()
        elif event.key.startswith(CARD):
            self.action_edit()
        else:
            self._list(event.key)

    def _list(self, key: str) -> None:
        """Show the cards behind a number."""
        from studytui.tui.screens.card_list import CardListScreen

        self.desk.push_screen(CardListScreen(key))

    @on(LineList.Opened, "#prompts")
    def _prompt_opened(self) -> None:
        if (item := self.prompt) is not None:
            self._explain(item)

    @property
    def prompt(self) -> Standing | None:
        """The marked topic or question."""
        key = self.prompts.key
        return self.found.prompts[int(key.removeprefix(PROMPT))] if self.found and key else None

    def _explain(self, item: Standing) -> None:
        from studytui.tui.screens.explain import ExplainScreen

        self.desk.push_screen(ExplainScreen(item))

    # --- commands -----------------------------------------------------------------------------------------

    def action_start(self) -> None:
        """Review the cards that are due."""
        from studytui.tui.screens.card import CardScreen

        self.desk.push_screen(CardScreen())

    def action_add(self) -> None:
        """Write down a question of one's own, then choose the topic it belongs to."""
        topics = {item.prompt.topic for item in self.found.prompts} if self.found else set()
        choices = [
            Choice("", _("No topic yet")),
            *(Choice(topic, topic) for topic in sorted(topics) if topic),
        ]

        def asked(question: str) -> None:
            self.ask(
                Pick(_("Which topic does it belong to?"), choices),
                lambda picked: self._add(question, picked),
            )

        self.ask(
            AskLine(
                _("What do you want to be able to explain?"),
                placeholder=_("Why do customers come back?"),
            ),
            asked,
        )

    def _add(self, question: str, topic: Picked) -> None:
        def added(_note: object) -> None:
            self.notify(_("Kept as a note. It is listed here to be explained."))
            self.reload()

        self.in_thread(lambda: self.study.learning.explaining.ask(question, topic.key), added, group="add")

    def action_stats(self) -> None:
        """Show what was done when."""
        from studytui.tui.screens.stats import StatsScreen

        self.desk.push_screen(StatsScreen())

    @property
    def _marked_card(self) -> tuple[str, Card] | None:
        """The marked card with its id; None on a number or a topic."""
        key = self.cards.key
        if self.found is None or self.panes.active or not key.startswith(CARD):
            return None
        listed = {one: card for one, card, _lapses in self.found.leeches} | dict(self.found.suspended)
        card_id = key.removeprefix(CARD)
        return card_id, listed[card_id]

    def action_edit(self) -> None:
        """Edit the note that the marked card or topic comes from."""
        if self.panes.active == 1 and self.prompt is not None:
            self.desk.edit_note(self.prompt.prompt.note)
        elif marked := self._marked_card:
            self.desk.edit_note(marked[1].note, marked[1].line)
        else:
            self.notify(_("Mark a card or a topic first."))

    def action_suspend(self) -> None:
        """Take the marked card out of every queue, or put it back."""
        marked = self._marked_card
        if marked is None or self.found is None:
            self.notify(_("Mark a card first: those forgotten often and the suspended ones are listed here."))
            return
        card_id = marked[0]
        suspended = any(one == card_id for one, _card in self.found.suspended)
        self.in_thread(
            lambda: self.study.learning.cards.suspend(card_id, not suspended),
            lambda _event: self.reload(),
            group="suspend",
        )


def _no_cards() -> str:
    return _(
        "Cards come out of your own notes.\nTag a note #flashcards and write a line like the one below.\n"
        "What is a funnel?::How many of those who came stay at each step."
    )


def _no_prompts() -> str:
    return _(
        "These are the topics you can explain.\na asks a question of your own.\nWhy do customers come back?"
    )
