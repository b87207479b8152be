"""The question after a lesson: three lines in one's own words, or later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from textual.widget import Widget
from textual.widgets import Input

from studytui.i18n import _
from studytui.text import clean_line
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.prompt import Prompt


class Lines(NamedTuple):
    """What the learner wrote: the point, the same in own words, and what to do with it."""

    point: str
    words: str
    use: str


class ThreeLines(Prompt[Lines]):
    """Ask for three lines; Enter goes from line to line, Esc means later."""

    DEFAULT_CSS: ClassVar[str] = """
    ThreeLines {
        .label { color: $muted; }
        Input { margin-bottom: 1; }
    }
    """

    def __init__(self, lesson: str) -> None:
        question = _("“{lesson}” is done. Three lines, while it is fresh:").format(
            lesson=clean_line(lesson, 60)
        )
        super().__init__(question, _("Enter goes on, after the third line it is kept as a note. Esc: later."))

    def fields(self) -> Iterable[Widget]:
        labels = (_("The point"), _("In my own words"), _("How I will use it"))
        helps = (
            _("What it says, in one sentence"),
            _("As you would tell a friend"),
            _("What you will do with it, and when"),
        )
        for name, label, placeholder in zip(Lines._fields, labels, helps, strict=True):
            yield Plain(label, classes="label")
            yield Input(id=name, placeholder=placeholder)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        fields = [self.query_one(f"#{name}", Input) for name in Lines._fields]
        at = fields.index(event.input)
        if at + 1 < len(fields):
            fields[at + 1].focus()
            return
        lines = Lines(*(clean_line(field.value, 2000) for field in fields))
        if any(lines):
            self.dismiss(lines)
        else:
            hint = self.query_one("#hint", Plain)
            hint.add_class("-wrong")
            hint.say(_("Write one line at least, or press Esc for later."))
            fields[0].focus()
