"""A form: fields that can be filled in any order, what is wrong beside each, and every change told at once.

Only the field that is being filled in is a widget of its own, so that a form of any length opens at once; the
others are painted.  Arrows, Enter and Tab move between them, so an input method may stay on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from studytui.i18n import _, sentences
from studytui.text import cell_width, clean_line, cut_cells
from studytui.tui.widgets.line_break import wrap
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.prompt import Choice, Pick, Picked

_WIDEST_LABEL = 19
_LONGEST = 4000


@dataclass(frozen=True)
class FormField:
    """One field: ``help`` is the question it asks, ``choices`` what it can be (``own``: or any other word)."""

    key: str
    label: str
    value: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()
    own: bool = False
    required: bool = False

    @property
    def is_choice(self) -> bool:
        """Whether it is chosen rather than typed."""
        return bool(self.choices) or self.own

    @property
    def title(self) -> str:
        """The label, marked when the field must be filled in."""
        return clean_line(self.label) + (" *" if self.required else "")

    def shown(self, text: str) -> str:
        """Return how ``text`` reads in this field."""
        if not self.is_choice:
            return clean_line(text, _LONGEST)
        label = next((choice.label for choice in self.choices if choice.key == text), text)
        return f"‹ {clean_line(label) or ('…' if self.own else '–')} ›"


class ChoiceField(Widget, can_focus=True):
    """The field for one of some words: Left and Right go through them, Enter or Space lists them."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ChoiceField { height: 1; width: 1fr; padding: 0 1; background: $surface; }
    ChoiceField:focus { background: $panel; color: $primary; text-style: bold; }
    """
    text: reactive[str] = reactive("")

    class Changed(Message):
        """Another word was chosen."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self.field = FormField("", "")

    def render_line(self, y: int) -> Strip:
        shown = cut_cells(self.field.shown(self.text), max(1, self.size.width))
        return Strip([Segment(shown, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)

    def on_key(self, event: events.Key) -> None:
        acts: dict[str, Callable[[], None]] = {
            "left": lambda: self._step(-1),
            "right": lambda: self._step(1),
            "enter": self._ask,
            "space": self._ask,
            "delete": lambda: self._choose(""),
            "backspace": lambda: self._choose(""),
        }
        if event.key in acts:
            event.stop()
            event.prevent_default()
            acts[event.key]()

    def on_click(self) -> None:
        self.focus()
        self._ask()

    def _choose(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.post_message(self.Changed(text))

    def _step(self, step: int) -> None:
        words = ["", *(choice.key for choice in self.field.choices)]
        at = words.index(self.text) if self.text in words else 0
        self._choose(words[(at + step) % len(words)])

    def _ask(self) -> None:
        def answered(picked: Picked | None) -> None:
            if picked is not None:
                self._choose(picked.key or picked.text)

        new = (lambda text: _("Other: {text}").format(text=text)) if self.field.own else None
        self.app.push_screen(Pick(self.field.help or self.field.label, self.field.choices, new=new), answered)


class SaveRow(Widget, can_focus=True):
    """The last row of a form: Enter saves."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    SaveRow { height: 1; width: auto; min-width: 20; margin: 1 0 0 1; color: $primary; text-style: bold; }
    SaveRow:focus { background: $cursor; color: $cursor-text; }
    """

    class Pressed(Message):
        """Enter, or a click."""

    def __init__(self, word: Callable[[], str]) -> None:
        super().__init__()
        self.word = word

    def get_content_width(self, container: object, viewport: object) -> int:
        return cell_width(self.word()) + 2

    def render_line(self, y: int) -> Strip:
        word = Segment(f" {self.word()} ", self.rich_style)
        return Strip([word]).adjust_cell_length(self.size.width, self.rich_style)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("enter", "space"):
            event.stop()
            self.post_message(self.Pressed())

    def on_click(self) -> None:
        self.post_message(self.Pressed())


class Line(NamedTuple):
    """One painted line: the row it belongs to, a label and a value, or what is wrong."""

    row: int
    label: str = ""
    value: str | None = None
    wrong: str = ""


class Lines(Widget):
    """The rows above or below the one that is being filled in."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--label", "lines--value", "lines--wrong"}
    DEFAULT_CSS = """
    Lines {
        height: auto;
        & > .lines--label { color: $muted; }
        & > .lines--value { background: $surface; }
        & > .lines--wrong { color: $bad; }
    }
    """

    class Clicked(Message):
        """A row was clicked."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    def __init__(self, label_width: int) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._label_width = label_width

    def show(self, lines: Iterable[Line]) -> None:
        """Paint ``lines``."""
        self.lines = list(lines)
        self.styles.height = len(self.lines)
        self.display = bool(self.lines)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        line = self.lines[y]
        if line.value is None:
            segments = [Segment(" " + line.wrong, self.get_component_rich_style("lines--wrong"))]
            return Strip(segments).adjust_cell_length(width, self.rich_style)
        room = max(0, width - self._label_width - 3)
        label = Segment(
            " " + _padded(line.label, self._label_width) + " ", self.get_component_rich_style("lines--label")
        )
        value = Segment(_padded(" " + line.value, room + 1), self.get_component_rich_style("lines--value"))
        return Strip([label, value]).adjust_cell_length(width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self.lines):
            self.post_message(self.Clicked(self.lines[event.y].row))


class Form(Vertical):
    """Fields one below the other, the question of the one that is being filled in at the bottom."""

    DEFAULT_CSS = """
    Form { height: 1fr; }
    Form > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    Form #current { height: 1; padding: 0 1; }
    Form #label { height: 1; color: $foreground; text-style: bold; }
    Form Input, Form Input:focus { width: 1fr; background: $panel; }
    Form > #help { height: auto; max-height: 4; padding: 0 1; color: $muted; border-top: solid $rule; }
    """

    class Changed(Message):
        """A field says something else now."""

        def __init__(self, form: Form) -> None:
            super().__init__()
            self.form = form

    class Saved(Message):
        """Enter on the last row."""

        def __init__(self, form: Form) -> None:
            super().__init__()
            self.form = form

    def __init__(
        self,
        fields: Sequence[FormField],
        save: Callable[[], str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self.fields = {field.key: field for field in fields}
        self._texts = {field.key: field.value for field in fields}
        self._filled = dict(self._texts)
        self._said: dict[str, str] = {}
        self._examples: dict[str, str] = {}
        self._row = 0
        width = min(_WIDEST_LABEL, max((cell_width(field.title) for field in fields), default=0))
        self._label_width = width
        self._above, self._below = Lines(width), Lines(width)
        self._current = Horizontal(id="current")
        self._label, self._help = Plain(id="label"), Plain(id="help")
        self._label.styles.width = width + 1
        self._text, self._choice = Input(select_on_focus=False), ChoiceField()
        self._save = SaveRow(save)

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield self._above
            with self._current:
                yield self._label
                yield self._text
                yield self._choice
            yield self._below
            yield self._save
        yield self._help

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._paint()

    # What it holds

    @property
    def texts(self) -> dict[str, str]:
        """What every field says, by key."""
        return dict(self._texts)

    @property
    def changed(self) -> bool:
        """Whether a field says something else than it was filled with."""
        return self._texts != self._filled

    @property
    def examples(self) -> dict[str, str]:
        """What still stands as an example gave it, by key."""
        return {key: text for key, text in self._examples.items() if text and text == self._texts[key]}

    @property
    def at(self) -> str:
        """The key of the field that is being filled in, "" on the last row."""
        return [*self.fields, ""][self._row]

    def offer(self, key: str, choices: tuple[Choice, ...]) -> None:
        """Let a field be one of ``choices``, known only now."""
        self.fields[key] = replace(self.fields[key], choices=choices)
        self._show()

    def fill(self, texts: Mapping[str, str], examples: Iterable[str] = ()) -> None:
        """Show ``texts``, "" for fields left out, as the state from which changes count.

        What the fields in ``examples`` say is marked as an example until somebody writes something else.
        """
        self._texts = {key: clean_line(texts.get(key, ""), _LONGEST) for key in self.fields}
        self._filled = dict(self._texts)
        self._examples = {key: self._texts[key] for key in examples}
        self._said = {}
        self._show()

    def put(self, texts: Mapping[str, str], *, examples: bool = False) -> None:
        """Write ``texts`` into some fields, as if typed, or as ``examples``."""
        clean = {key: clean_line(text, _LONGEST) for key, text in texts.items()}
        self._texts |= clean
        self._examples |= clean if examples else {}
        self._show()
        self.post_message(self.Changed(self))

    def say(self, wrong: Mapping[str, str]) -> None:
        """Show what is wrong, by field; what belongs to none stands above the last row."""
        if wrong != self._said:
            self._said = dict(wrong)
            self._paint()

    # Where one is

    @property
    def _editor(self) -> Widget:
        field = self.fields.get(self.at)
        return self._save if field is None else self._choice if field.is_choice else self._text

    def focus(self, scroll_visible: bool = True) -> Form:
        """Give the focus to the field that is being filled in."""
        self._editor.focus(scroll_visible)
        return self

    def enter(self, key: str) -> None:
        """Go to one field, the caret behind its text; "" is the last row."""
        self._go([*self.fields, ""].index(key))

    def _go(self, row: int) -> None:
        self._row = max(0, min(row, len(self.fields)))
        self._show()
        self._editor.focus()
        self.call_after_refresh(self._editor.scroll_visible, animate=False)

    def _show(self) -> None:
        """Put the widgets where the field is that is being filled in, and paint the others."""
        field = self.fields.get(self.at)
        typed = field is not None and not field.is_choice
        self._text.display = typed
        self._choice.display = field is not None and field.is_choice
        self._label.say(cut_cells(field.title, self._label_width) if field else "")
        self._current.display = field is not None
        self._ask_for(field)
        if field is not None and typed and self._text.value != self._texts[field.key]:
            with self.prevent(Input.Changed):
                self._text.value = self._texts[field.key]
            self._text.cursor_position = len(self._text.value)
        elif field is not None and not typed:
            self._choice.field, self._choice.text = field, self._texts[field.key]
            self._choice.refresh()
        self._paint()

    def _ask_for(self, field: FormField | None) -> None:
        if field is None:
            self._help.say(_("Enter keeps what the form says."))
        elif field.key in self.examples:
            self._help.say(sentences(_("This is an example, not yours."), field.help))
        else:
            self._help.say(field.help)

    def _paint(self) -> None:
        lines = [line for row in range(len(self.fields)) for line in self._lines(row)]
        self._above.show(line for line in lines if line.row < self._row)
        whole = [text for key, text in self._said.items() if key not in self.fields]
        last = len(self.fields)
        self._below.show(
            [
                *(line for line in lines if line.row == self._row and line.value is None),
                *(line for line in lines if line.row > self._row),
                *(line for text in whole for line in self._wrong(last, text)),
            ]
        )

    def _lines(self, row: int) -> Iterable[Line]:
        field = list(self.fields.values())[row]
        room = max(1, self.size.width - self._label_width - 4)
        mark = _(" (example)") if field.key in self.examples else ""
        value = cut_cells(field.shown(self._texts[field.key]), max(1, room - cell_width(mark))) + mark
        yield Line(row, cut_cells(field.title, self._label_width), value)
        yield from self._wrong(row, self._said.get(field.key, ""))

    def _wrong(self, row: int, text: str) -> Iterable[Line]:
        if text:
            yield from (Line(row, wrong=part) for part in wrap(f"✗ {text}", max(8, self.size.width - 3)))

    # What happens inside

    def on_key(self, event: events.Key) -> None:
        """The keys that a field does not use itself go from field to field."""
        steps = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}
        step = steps.get(event.key, 0)
        leaves = event.key in ("tab", "shift+tab") and not 0 <= self._row + step <= len(self.fields)
        if step and not leaves:
            event.stop()
            event.prevent_default()
            self._go(self._row + step)

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        event.stop()
        self._go(event.row)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget is self._save and self.at:
            self._row = len(self.fields)
            self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._go(self._row + 1)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._take(event.value)

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        event.stop()
        self._take(event.text)

    def _take(self, text: str) -> None:
        if self.at and text != self._texts[self.at]:
            self._texts[self.at] = text
            self._ask_for(self.fields[self.at])
            self.post_message(self.Changed(self))

    def on_save_row_pressed(self, event: SaveRow.Pressed) -> None:
        event.stop()
        self.post_message(self.Saved(self))


def _padded(text: str, width: int) -> str:
    text = cut_cells(text, width)
    return text + " " * (width - cell_width(text))
