"""How the note reads, beside the text that is being written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget

from studytui.i18n import _
from studytui.tui.screens.editor_area import Writing
from studytui.tui.widgets.panes import Heading
from studytui.tui.widgets.reader import Reader

# Beyond this many characters it would lag behind; the reader of the notes screen shows any length.
LIMIT = 200_000


class Preview(Vertical):
    """Shows the text of a `Writing` at about the place of its cursor."""

    DEFAULT_CSS: ClassVar[str] = "Preview { width: 1fr; height: 1fr; border-left: vkey $rule; }"

    def __init__(self, writing: Writing) -> None:
        super().__init__()
        self.writing = writing
        self.heading = Heading(lambda: _("Preview"))
        self.reader = Reader(id="preview", empty=lambda: _("Nothing to read yet."))

    def compose(self) -> Iterable[Widget]:
        yield self.heading
        yield self.reader

    def read(self) -> None:
        """Show the text as it is now."""
        if not self.display:
            return
        text = "\n".join(self.writing.lines[self.writing.body :])
        long = len(text) > LIMIT
        self.heading.say(_("off: this note is very long") if long else "")
        self.reader.show("" if long else text, keep_place=True)
        self.call_after_refresh(self.follow)

    def follow(self) -> None:
        """Scroll along with the cursor."""
        if self.display and self.writing.has_focus:
            wrapped = self.writing.wrapped_document
            share = wrapped.location_to_offset(self.writing.cursor_location)[1] / max(1, wrapped.height)
            line = round(share * self.reader.virtual_size.height) - self.reader.size.height // 2
            self.reader.scroll_to(y=max(0, line), animate=False, force=True)
