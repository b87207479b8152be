"""Small questions in front of a screen: a line of text, yes or no, one of many.

All are answered with arrows, Enter and Esc, so an input method may stay on; Esc always means "no answer".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, NamedTuple, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from studytui.i18n import _
from studytui.text import cell_width, clean_line
from studytui.tui.fuzzy import score
from studytui.tui.private import CalmScreen
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.plain import Plain

Answer = TypeVar("Answer")
_MOST_ROWS = 14


class Prompt(CalmScreen[Answer], ModalScreen[Answer], Generic[Answer]):
    """The box that every question stands in."""

    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "no_answer", show=False)]  # type: ignore[assignment]
    DEFAULT_CSS = """
    Prompt {
        align: center middle;
        & > #box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            background: $panel;
            border: round $border;
        }
        #question { text-style: bold; margin-bottom: 1; }
        #hint { color: $muted; margin-top: 1; }
        #hint.-wrong { color: $bad; text-style: bold; }
        LineList { background: $panel; }
        Input { margin-bottom: 1; }
        AskLine Input { margin-bottom: 0; }
        Input { background: $surface; }
        Input:focus { background: $surface; }
    }
    """

    def __init__(self, question: str, hint: str = "") -> None:
        super().__init__()
        self.question, self.hint = question, hint

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Plain(self.question, id="question")
            yield from self.fields()
            yield Plain(self.hint, id="hint")

    def fields(self) -> Iterable[Widget]:
        """Return the widgets between the question and the hint."""
        raise NotImplementedError

    def action_no_answer(self) -> None:
        self.dismiss(None)


class AskLine(Prompt[str]):
    """Ask for one line; answers the text, or None."""

    def __init__(
        self,
        question: str,
        default: str = "",
        *,
        hint: str = "",
        check: Callable[[str], str] | None = None,
        placeholder: str = "",
    ) -> None:
        """``check`` returns what is wrong with a text, "" when it will do; an empty text will not without it."""
        super().__init__(question, hint or _("Enter accepts, Esc leaves everything as it is."))
        self.default, self.check, self.placeholder = default, check, placeholder

    def fields(self) -> Iterable[Widget]:
        default, placeholder = clean_line(self.default, 4000), clean_line(self.placeholder)
        yield Input(default, placeholder=placeholder, select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = clean_line(event.value, 4000)
        wrong = self.check(text) if self.check else "" if text else _("Type something first.")
        if wrong:
            hint = self.query_one("#hint", Plain)
            hint.add_class("-wrong")
            hint.say(wrong)
        else:
            self.dismiss(text)


class Confirm(Prompt[bool]):
    """Ask whether to do something that is hard to take back; answers True, or None."""

    def __init__(self, question: str, yes: str, no: str = "", *, hint: str = "") -> None:
        super().__init__(question, hint or _("Arrows choose, Enter answers, Esc means no."))
        self.yes, self.no = yes, no

    def fields(self) -> Iterable[Widget]:
        answers = LineList()
        answers.styles.height = 2
        answers.show_rows([Row("no", (self.no or _("No, leave it"),)), Row("yes", (self.yes,))])
        yield answers

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        self.dismiss(True if event.key == "yes" else None)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("y", "n"):
            event.stop()
            self.dismiss(True if event.key == "y" else None)


@dataclass(frozen=True)
class Choice:
    """One of many: ``label`` is shown, ``detail`` in the next column, ``help`` below while it is marked.

    ``also`` are other words that find it: aliases, pinyin initials, the English title.
    """

    key: str
    label: str
    detail: str = ""
    help: str = ""
    also: tuple[str, ...] = ()


class Picked(NamedTuple):
    """What was picked: an existing ``key``, or "" and the ``text`` of a new one."""

    key: str
    text: str


class Pick(Prompt[Picked]):
    """Ask for one of many, found by typing; answers a `Picked`, or None."""

    def __init__(
        self,
        question: str,
        choices: Sequence[Choice],
        *,
        new: Callable[[str], str] | None = None,
        hint: str = "",
    ) -> None:
        """``new`` turns a typed text into the label of a row that creates it; without it only choices count."""
        super().__init__(question, hint or _("Arrows choose, Enter takes it, Esc goes back."))
        self.choices, self.new = choices, new
        self._help = {choice.key: choice.help for choice in choices}
        self._detailed = any(choice.detail for choice in choices)

    def fields(self) -> Iterable[Widget]:
        yield Input(id="filter", placeholder=_("Type to narrow down"))
        labels = Column(max((cell_width(clean_line(choice.label)) for choice in self.choices), default=1))
        columns = (labels, Column()) if self._detailed else (Column(),)
        found = LineList(columns, empty=lambda: _("Nothing fits what you typed."), id="choices")
        found.can_focus = False
        found.styles.height = min(_MOST_ROWS, max(2, len(self.choices) + bool(self.new)))
        yield found

    def on_mount(self) -> None:
        self._narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, typed: str) -> None:
        """Show the choices that fit, the best first and otherwise in their order."""
        ranked = [
            (-score(typed, choice.label, *choice.also), number) for number, choice in enumerate(self.choices)
        ]
        fitting = [self.choices[number] for rank, number in sorted(ranked) if rank]
        rows = [self._row(choice) for choice in fitting]
        text = clean_line(typed)
        if self.new and text and text not in {choice.label for choice in fitting}:
            rows.append(Row("+", ("", self.new(text)) if self._detailed else (self.new(text),), "muted"))
        found = self.query_one("#choices", LineList)
        found.show_rows(rows)
        found.move_to(0)

    def _row(self, choice: Choice) -> Row:
        return Row("=" + choice.key, (choice.label, choice.detail) if self._detailed else (choice.label,))

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        self.query_one("#hint", Plain).say(self._help.get(event.key[1:]) or self.hint)

    def on_key(self, event: events.Key) -> None:
        """The field keeps the focus, so that typing always works; the arrows move in the list."""
        moves = {"up": "cursor_up", "down": "cursor_down", "pageup": "page_up", "pagedown": "page_down"}
        if event.key in moves:
            event.stop()
            event.prevent_default()
            getattr(self.query_one("#choices", LineList), f"action_{moves[event.key]}")()

    def on_input_submitted(self) -> None:
        self.query_one("#choices", LineList).action_open()

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        typed = clean_line(self.query_one("#filter", Input).value)
        self.dismiss(Picked("", typed) if event.key == "+" else Picked(event.key[1:], typed))
