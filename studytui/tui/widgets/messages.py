"""What the program says in passing: lines of their own above the keys, so that they never lie on the work."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

# Of the lines of a screen, every so many may be a message; two always may.
_SHARE, _LEAST = 4, 2
_MARK = {"information": " ", "warning": " ! ", "error": " ! "}
# Seconds for which a complaint stays whatever is pressed: a key that was on its way has not read it.
SEEN_AFTER = 1.0


class Said(NamedTuple):
    """One message: plain text, Textual's word for how bad it is, and when it was said (monotonic seconds)."""

    text: str
    severity: str
    at: float

    @property
    def complaint(self) -> bool:
        """Whether it waits for a key: something did not work."""
        return self.severity != "information"

    def seen(self) -> bool:
        """Say whether a key pressed now was pressed by someone who has seen it."""
        return monotonic() - self.at >= SEEN_AFTER


class Messages(Widget):
    """The newest messages, the newest last, docked above the bottom line; not there when there is none."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"messages--{severity}" for severity in _MARK}
    DEFAULT_CSS = """
    Messages {
        dock: bottom;
        margin-bottom: 1;
        height: 1;
        background: $cursor-blurred;
        & > .messages--information { color: $foreground; }
        & > .messages--warning { color: $warn; text-style: bold; }
        & > .messages--error { color: $bad; text-style: bold; }
    }
    """

    def __init__(self, said: Sequence[Said]) -> None:
        super().__init__()
        self.said = said
        self._lines: list[tuple[str, str]] = []

    def show(self, said: Sequence[Said]) -> None:
        """Show ``said`` instead, in as many lines as they need and there is room for."""
        self.said = said
        self._lay_out()

    def on_mount(self) -> None:
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        size = self.screen.size
        self._lines = told(self.said, size.width, max(_LEAST, size.height // _SHARE))
        self.styles.height = max(1, len(self._lines))
        self.display = bool(self._lines)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        text, severity = self._lines[y] if y < len(self._lines) else ("", "information")
        style = self.get_component_rich_style(f"messages--{severity}")
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)


def told(said: Sequence[Said], width: int, room: int) -> list[tuple[str, str]]:
    """Return at most ``room`` lines of ``width`` cells with their severity: the newest whole if it can be."""
    from studytui.tui.widgets.line_break import wrap  # its many characters take a while to load

    lines: list[tuple[str, str]] = []
    for one in reversed(said):
        mark, left = _MARK[one.severity], room - len(lines)
        wrapped = [
            part for text in one.text.split("\n") for part in wrap(text, max(8, width - len(mark) - 1))
        ]
        if not left:
            break
        if len(wrapped) > left:
            wrapped[left - 1 :] = [wrapped[left - 1][:-1] + "…"]
        own = [
            ((" " * len(mark) if number else mark) + part, one.severity)
            for number, part in enumerate(wrapped)
        ]
        lines[:0] = own
    return lines
