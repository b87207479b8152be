"""Textual's text area made fit for Chinese prose of a megabyte; its private names (checked against 8.2.8) stay here.

Textual wraps at blanks only, asks for the height and the whole text once for every line it paints, and paints a
paragraph as a whole for each of its rows: 100 ms a key in a note of a megabyte, against 10 ms here.
"""

from __future__ import annotations

from itertools import pairwise

from textual.document._document import Document, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.widgets import TextArea

from studytui.tui.widgets.soft_wrap import TAB, soft_breaks


class Prose(WrappedDocument):
    """A document wrapped by the rules of Chinese typesetting."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Wrap every line at ``width`` cells, none for 0."""
        del tab_width
        self._width, self._tab_width = width, TAB
        self._wrap_offsets = [soft_breaks(line, width) for line in self.document.lines]
        self._line_index_to_offsets, self._offset_to_line_info = [], []
        self._number_rows(0)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Wrap the lines of an edit anew, and number the rows below when there are more or fewer of them."""
        last_old, last_new = len(self._wrap_offsets) - 1, self.document.line_count - 1
        top = min(start[0], old_end[0], last_old, last_new)
        old_bottom = min(max(start[0], old_end[0]), last_old)
        new_bottom = min(max(start[0], new_end[0]), last_new)
        fresh = [soft_breaks(line, self._width) for line in self.document.lines[top : new_bottom + 1]]
        before = [len(offsets) for offsets in self._wrap_offsets[top : old_bottom + 1]]
        self._wrap_offsets[top : old_bottom + 1] = fresh
        if [len(offsets) for offsets in fresh] != before:
            self._number_rows(top)

    def _number_rows(self, top: int) -> None:
        """Give every line from ``top`` on its rows."""
        row = self._line_index_to_offsets[top][0] if top < len(self._line_index_to_offsets) else 0
        del self._line_index_to_offsets[top:], self._offset_to_line_info[row:]
        for index in range(top, len(self._wrap_offsets)):
            count = len(self._wrap_offsets[index]) + 1
            self._line_index_to_offsets.append(list(range(row, row + count)))
            self._offset_to_line_info.extend([(index, section) for section in range(count)])
            row += count

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self._offset_to_line_info)

    def get_sections(self, line_index: int) -> list[str]:
        """Return the rows of a line."""
        line = self.document[line_index]
        assert isinstance(line, str)
        return [line[start:end] for start, end in pairwise([0, *self._wrap_offsets[line_index], len(line)])]

    def row(self, y: int) -> tuple[int, int, int] | None:
        """Return (line, start, end) of the text on the row ``y``, None below the last."""
        if not 0 <= y < len(self._offset_to_line_info):
            return None
        index, section = self._offset_to_line_info[y]
        edges = [0, *self._wrap_offsets[index], len(self.document.get_line(index))]
        return index, edges[section], edges[section + 1]


class LongTextArea(TextArea):
    """A text area over `Prose`; a subclass paints the rows itself."""

    wrapped_document: Prose

    def _set_document(self, text: str, language: str | None) -> None:
        """Make the document, its wrapping and its navigator; languages are not for prose."""
        del language
        self._highlight_query = None
        self.document = Document(text)
        self.wrapped_document = Prose(self.document)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def _build_highlight_map(self) -> None:
        """There is no syntax tree to ask after each edit."""

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """An opening bracket without its twin would be searched for through the whole text at each move."""
        del bracket, search_from
        return None
