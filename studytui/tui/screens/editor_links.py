"""Completing ``[[``: which notes and headings fit what was typed, and the small list under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.widgets.text_area import Selection

from studytui.i18n import _
from studytui.text import clean_line, safe_url
from studytui.tui.fuzzy import score
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.editor_area import Writing
from studytui.tui.screens.editor_text import Heading, headings, link_begun, linked
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


def fitting(typed: str, notes: Sequence[Note]) -> list[Fitting]:
    """Return the notes whose title or alias fits ``typed``, best first, last changed first among equals."""
    if not typed.strip():
        return [Fitting(note.path, note.title) for note in notes]
    ranked: list[tuple[float, int, Fitting]] = []
    for number, note in enumerate(notes):
        best, alias = score(typed, note.title), ""
        for other in note.aliases:
            rank = score(typed, other)
            if rank > best:
                best, alias = rank, other
        if best:
            ranked.append((-best, number, Fitting(note.path, note.title, alias)))
    return [found for _rank, _number, found in sorted(ranked)]


def fitting_headings(typed: str, found: Sequence[Heading]) -> list[Heading]:
    """Return the headings that fit ``typed``, best first, in the order of the text without it."""
    ranked = [(-score(typed, one.text) if typed.strip() else -1, place) for place, one in enumerate(found)]
    return [found[place] for rank, place in sorted(ranked) if rank]


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

    def __init__(self, writing: Writing, path: Callable[[], str]) -> None:
        """``path`` returns where the links are written: a note is not offered to itself."""
        super().__init__([Column(0)], id="link-menu")
        self.writing = writing
        self._path = path
        self._label = ""
        self._dismissed: tuple[int, int] | None = None
        self._fitted: tuple[str, set[str]] = ("", set())

    @property
    def is_open(self) -> bool:
        """Say whether it is shown."""
        return bool(self.display)

    @property
    def typed(self) -> str | None:
        """What has been typed of a link, None when no link is open at the cursor."""
        return link_begun(self.writing.before_cursor)

    def begin(self) -> None:
        """Begin a link; what is selected becomes its text."""
        label = self.writing.selected_text
        if "\n" not in label and "]" not in label:
            self._label, self._dismissed = label, None
            self.writing.type_text("[[" + label)

    def text_changed(self) -> None:
        """Offer the notes that fit what was typed after ``[[``, behind a # the headings of that note."""
        typed, screen = self.typed, self.screen
        assert isinstance(screen, StudyScreen)
        if typed is None:
            self.close()
            self._dismissed, self._label = None, ""
        elif self._begins_at(typed) != self._dismissed and "#" in typed:
            self._find_headings(screen, typed)
        elif self._begins_at(typed) != self._dismissed:
            path, study, (before, fitted) = self._path(), screen.study, self._fitted
            # What fitted a shorter text is all that can fit a longer one.
            among = fitted if before and typed.startswith(before) else None

            def find() -> list[Fitting]:
                notes = [note for note in study.notes() if note.path != path]
                return fitting(typed, [note for note in notes if among is None or note.path in among])

            screen.in_thread(find, lambda found: self._offer(typed, found), group="complete")

    def _find_headings(self, screen: StudyScreen, typed: str) -> None:
        name, _sign, part = typed.partition("#")
        origin, vault, own = self._path(), screen.study.vault, list(self.writing.lines)

        def find() -> list[Heading]:
            path = vault.graph.names.resolve(name.strip(), origin)
            if path is None:
                return []
            lines = own if path == origin else vault.read(path).body.split("\n")
            return fitting_headings(part, headings(lines))

        screen.in_thread(find, lambda found: self._offer_headings(typed, found), group="complete")

    def _offer_headings(self, typed: str, found: Sequence[Heading]) -> None:
        if self.typed == typed:
            self._list([Row(one.text, ("#" * one.level + " " + one.text,)) for one in found[:MOST]])

    def cursor_moved(self) -> None:
        """Close when the cursor has left the link."""
        if self.is_open and self.typed is None:
            self.close()

    def close(self) -> None:
        """Hide it."""
        self.display = False

    def take_key(self, key: str) -> bool:
        """Move with the arrows, take with Enter and Tab, close with Esc; say whether the key was used."""
        moves = {"up": "cursor_up", "down": "cursor_down", "enter": "open", "tab": "open"}
        if not self.is_open:
            return False
        if key == "escape":
            self._dismissed = self._begins_at(self.typed or "")
            self.close()
        elif key in moves:
            getattr(self, f"action_{moves[key]}")()
        return key == "escape" or key in moves

    def _begins_at(self, typed: str) -> tuple[int, int]:
        row, column = self.writing.cursor_location
        return row, column - len(typed)

    def _offer(self, typed: str, found: Sequence[Fitting]) -> None:
        """Show the notes that fit ``typed``."""
        if self.typed != typed:
            return
        self._fitted = (typed, {one.path for one in found})
        found = found[:MOST]
        rows = [Row(one.path, (one.title + (f" · {one.alias}" if one.alias else ""),)) for one in found]
        name = typed.strip()
        if safe_url(name):
            rows = [Row(NEW, (_("Link to {address}").format(address=name),))]
        elif name and name not in {one.title for one in found}:
            rows.append(Row(NEW, (_("New note: {title}").format(title=name),), "muted"))
        self._list(rows)

    def _list(self, rows: Sequence[Row]) -> None:
        """Show ``rows`` below the cursor, above it near the bottom of the screen."""
        self.show_rows(rows)
        self.move_to(0)
        self.display = bool(rows)
        at, room = self.writing.cursor_screen_offset, self.screen.size
        width = min(44, room.width)
        fits_below = at.y + 1 + len(rows) < room.height - 1
        self.styles.width, self.styles.height = width, max(1, len(rows))
        top = at.y + 1 if fits_below else max(1, at.y - len(rows))
        self.styles.offset = (max(0, min(at.x, room.width - width)), top)

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Write the link to the chosen note."""
        event.stop()
        from studytui.notes.map import name_for
        from studytui.notes.names import link_text

        screen, path, origin = self.screen, event.key, self._path()
        assert isinstance(screen, StudyScreen)
        vault = screen.study.vault
        typed = (self.typed or "").strip()
        if "#" in typed:
            # What would end the link's name has no place in the name of a heading either.
            heading = clean_line(path.translate(str.maketrans("[]|#^", "     ")))
            self._write_name(f"{typed.partition('#')[0]}#{heading}")
        elif path == NEW and safe_url(typed):
            self._write(linked(self._label, typed) if self._label else f"<{typed}>")
        elif path == NEW:
            self._write_name(link_text(typed))
        else:
            screen.in_thread(lambda: name_for(vault, path, origin), self._write_name, group="name")

    def _write_name(self, name: str) -> None:
        label = f"|{self._label}" if self._label and self._label != name else ""
        self._write(f"[[{name}{label}]]")

    def _write(self, link: str) -> None:
        """Put the whole link in the place of what was begun."""
        typed, (row, column) = self.typed, self.writing.cursor_location
        if typed is not None:
            closed = 2 * self.writing.lines[row].startswith("]]", column)
            self.writing.selection = Selection((row, column - len(typed) - 2), (row, column + closed))
            self.writing.type_text(link)
        self.close()
