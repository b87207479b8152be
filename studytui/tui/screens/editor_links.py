"""Completing ``[[``: which notes fit what was typed, and the small list under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.geometry import Offset, Size

from studytui.i18n import _
from studytui.tui.fuzzy import score
from studytui.tui.widgets.line_list import Column, LineList, Row

if TYPE_CHECKING:
    from studytui.notes.note import Note

MOST = 8
NEW = "+"


class Fitting(NamedTuple):
    """One note that fits: its path, its title, and the alias that fitted better than the title, else ""."""

    path: str
    title: str
    alias: str = ""


def fitting(typed: str, notes: Sequence[Note], limit: int = MOST) -> list[Fitting]:
    """Return the notes whose title or alias fits ``typed``, best first, last changed first among equals."""
    if not typed.strip():
        return [Fitting(note.path, note.title) for note in notes[:limit]]
    ranked: list[tuple[float, int, Fitting]] = []
    for number, note in enumerate(notes):
        best, alias = score(typed, note.title), ""
        for other in note.aliases:
            rank = score(typed, other)
            if rank > best:
                best, alias = rank, other
        if best:
            ranked.append((-best, number, Fitting(note.path, note.title, alias)))
    return [found for _rank, _number, found in sorted(ranked)[:limit]]


class LinkMenu(LineList):
    """The notes that fit, shown at the cursor; the field keeps the focus and hands over a few keys."""

    can_focus = False
    DEFAULT_CSS: ClassVar[str] = """
    LinkMenu {
        layer: menu;
        position: absolute;
        display: none;
        width: 44;
        background: $panel;
        & > .line-list--cursor { background: $cursor; color: $cursor-text; }
    }
    """

    def __init__(self) -> None:
        super().__init__([Column(0)], id="link-menu")

    @property
    def is_open(self) -> bool:
        """Say whether it is shown."""
        return bool(self.display)

    def offer(self, typed: str, found: Sequence[Fitting], at: Offset, room: Size) -> None:
        """Show what fits ``typed`` under the cell ``at`` (over it near the bottom) of a screen of ``room`` cells."""
        rows = [Row(one.path, (one.title + (f" · {one.alias}" if one.alias else ""),)) for one in found]
        name = typed.strip()
        if name and name not in {one.title for one in found}:
            rows.append(Row(NEW, (_("New note: {title}").format(title=name),), "muted"))
        self.show_rows(rows)
        self.move_to(0)
        self.display = bool(rows)
        width = min(44, room.width)
        below = at.y + 1 + len(rows) < room.height - 1
        self.styles.width, self.styles.height = width, max(1, len(rows))
        self.styles.offset = (
            max(0, min(at.x, room.width - width)),
            at.y + 1 if below else max(1, at.y - len(rows)),
        )

    def close(self) -> None:
        """Hide it."""
        self.display = False

    def take_key(self, key: str) -> bool:
        """Move with the arrows, or open with Enter and Tab; say whether the key was used."""
        moves = {"up": "cursor_up", "down": "cursor_down", "enter": "open", "tab": "open", "escape": ""}
        if not self.is_open or key not in moves:
            return False
        if key == "escape":
            self.close()
        else:
            getattr(self, f"action_{moves[key]}")()
        return True
