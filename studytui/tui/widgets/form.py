"""A form: fields that can be filled in any order, what is wrong beside each, and every change told at once.

Arrows, Enter and Tab move between the fields, so an input method may stay on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from studytui.i18n import _
from studytui.text import cell_width, clean_line, cut_cells
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.prompt import Choice, Pick, Picked

_WIDEST_LABEL = 18


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


class TextField(Input):
    """A field for typing, one line high."""

    DEFAULT_CSS = """
    TextField, TextField:focus {
        height: 1; width: 1fr; border: none; padding: 0; background: $surface; background-tint: $surface 0%;
    }
    TextField:focus { background: $panel; }
    """

    @property
    def text(self) -> str:
        """What is typed."""
        return self.value

    def fill(self, text: str) -> None:
        """Show ``text`` without telling of a change."""
        with self.prevent(Input.Changed):
            self.value = clean_line(text, 4000)


class ChoiceField(Widget, can_focus=True):
    """A field for one of some words: Left and Right go through them, Enter or Space lists them."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice-field--arrow"}
    DEFAULT_CSS = """
    ChoiceField {
        height: 1; width: 1fr; padding: 0 1; background: $surface;
        & > .choice-field--arrow { color: $muted; }
        &:focus { background: $panel; }
        &:focus > .choice-field--arrow { color: $primary; }
    }
    """
    text: reactive[str] = reactive("")

    class Changed(Message):
        """Another word was chosen."""

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.field = field
        self.set_reactive(ChoiceField.text, field.value)

    def fill(self, text: str) -> None:
        """Show ``text`` without telling of a change."""
        self.text = text

    def _choose(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.post_message(self.Changed())

    def render_line(self, y: int) -> Strip:
        arrow = self.get_component_rich_style("choice-field--arrow")
        label = next((choice.label for choice in self.field.choices if choice.key == self.text), self.text)
        shown = clean_line(label) or ("…" if self.field.own else "–")
        word = cut_cells(shown, max(1, self.size.width - 4))
        segments = [Segment("‹ ", arrow), Segment(word, self.rich_style), Segment(" ›", arrow)]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("left", "right"):
            event.stop()
            event.prevent_default()
            self._step(1 if event.key == "right" else -1)
        elif event.key in ("enter", "space"):
            event.stop()
            event.prevent_default()
            self._ask()
        elif event.key in ("delete", "backspace"):
            event.stop()
            event.prevent_default()
            self._choose("")

    def on_click(self) -> None:
        self.focus()
        self._ask()

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
        return Strip([Segment(f" {self.word()} ", self.rich_style)]).adjust_cell_length(
            self.size.width, self.rich_style
        )

    def on_key(self, event: events.Key) -> None:
        if event.key in ("enter", "space"):
            event.stop()
            self.post_message(self.Pressed())

    def on_click(self) -> None:
        self.post_message(self.Pressed())


class FormRow(Vertical):
    """A label, its field, and below them what is wrong."""

    DEFAULT_CSS = """
    FormRow { height: auto; padding: 0 1; }
    FormRow > Horizontal { height: 1; }
    FormRow Plain.label { height: 1; color: $muted; }
    FormRow.-entered Plain.label { color: $foreground; text-style: bold; }
    FormRow Plain.wrong { color: $bad; height: auto; display: none; }
    FormRow.-wrong Plain.wrong { display: block; }
    """

    def __init__(self, field: FormField, label_width: int) -> None:
        super().__init__()
        self.field = field
        self.input: TextField | ChoiceField = (
            ChoiceField(field)
            if field.choices or field.own
            else TextField(clean_line(field.value, 4000), select_on_focus=False)
        )
        self._label_width = label_width
        self._wrong = Plain(classes="wrong")

    def compose(self) -> ComposeResult:
        label = Plain(cut_cells(_label(self.field), self._label_width), classes="label")
        label.styles.width = self._label_width + 1
        with Horizontal():
            yield label
            yield self.input
        yield self._wrong

    def on_descendant_focus(self) -> None:
        self.add_class("-entered")

    def on_descendant_blur(self) -> None:
        self.remove_class("-entered")

    def offer(self, choices: tuple[Choice, ...]) -> None:
        """Let the field be one of ``choices``, known only now."""
        self.field = replace(self.field, choices=choices)
        if isinstance(self.input, ChoiceField):
            self.input.field = self.field

    def say(self, wrong: str) -> None:
        """Show what is wrong with the field, "" when nothing is."""
        self._wrong.say("✗ " + wrong if wrong else "")
        self.set_class(bool(wrong), "-wrong")


class Form(Vertical):
    """Fields one below the other, the question of the one with the focus at the bottom."""

    DEFAULT_CSS = """
    Form { height: 1fr; }
    Form > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    Form > #help { height: auto; max-height: 4; padding: 0 1; color: $muted; border-top: solid $rule; }
    Form #whole { color: $bad; height: auto; padding: 0 1; margin-top: 1; display: none; }
    Form #whole.-wrong { display: block; }
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
        width = min(_WIDEST_LABEL, max((cell_width(_label(field)) for field in fields), default=0))
        self.rows = {field.key: FormRow(field, width) for field in fields}
        self._whole = Plain(id="whole")
        self._help = Plain(id="help")
        self._save = SaveRow(save)
        self._filled = {field.key: field.value for field in fields}
        self._last: Widget | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield from self.rows.values()
            yield self._whole
            yield self._save
        yield self._help

    # What it holds

    @property
    def texts(self) -> dict[str, str]:
        """What every field says, by key."""
        return {key: row.input.text for key, row in self.rows.items()}

    @property
    def changed(self) -> bool:
        """Whether a field says something else than it was filled with."""
        return self.texts != self._filled

    def fill(self, texts: Mapping[str, str]) -> None:
        """Show ``texts``, "" for fields left out, as the state from which changes count."""
        for key, row in self.rows.items():
            row.input.fill(texts.get(key, ""))
        self._filled = self.texts
        self.say({})

    def put(self, texts: Mapping[str, str]) -> None:
        """Write ``texts`` into some fields, as if typed."""
        for key, text in texts.items():
            self.rows[key].input.fill(text)
        self.post_message(self.Changed(self))

    def say(self, wrong: Mapping[str, str]) -> None:
        """Show what is wrong, by field; what belongs to none stands above the last row."""
        for key, row in self.rows.items():
            row.say(wrong.get(key, ""))
        whole = "\n".join(text for key, text in wrong.items() if key not in self.rows)
        self._whole.say("✗ " + whole if whole else "")
        self._whole.set_class(bool(whole), "-wrong")

    # Where the focus is

    def focus(self, scroll_visible: bool = True) -> Form:
        """Give the focus to the field that had it last, else to the first."""
        target = self._last or next((row.input for row in self.rows.values()), self._save)
        target.focus(scroll_visible)
        return self

    def enter(self, key: str) -> None:
        """Give the focus to one field, its caret behind the text."""
        field = self.rows[key].input
        field.focus()
        if isinstance(field, TextField):
            field.cursor_position = len(field.value)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._last = event.widget
        row = next((row for row in self.rows.values() if row.input is event.widget), None)
        self._help.say(row.field.help if row else "")

    def _move(self, step: int) -> None:
        order: list[Widget] = [*(row.input for row in self.rows.values()), self._save]
        at = order.index(self._last) if self._last in order else 0
        order[max(0, min(at + step, len(order) - 1))].focus()

    def on_key(self, event: events.Key) -> None:
        """The arrows that a field does not use itself go from field to field."""
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self._move(1 if event.key == "down" else -1)

    # What happens inside

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._move(1)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self))

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self))

    def on_save_row_pressed(self, event: SaveRow.Pressed) -> None:
        event.stop()
        self.post_message(self.Saved(self))


def _label(field: FormField) -> str:
    return clean_line(field.label) + (" *" if field.required else "")
