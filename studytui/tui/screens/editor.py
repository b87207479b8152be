"""The editor: one note as text, how it reads beside it, and nothing lost whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from studytui.errors import StudyError
from studytui.i18n import _, ngettext
from studytui.text import clean_line
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.editor_area import Writing
from studytui.tui.screens.editor_find import FindBar
from studytui.tui.screens.editor_links import NEW, Fitting, LinkMenu, fitting
from studytui.tui.screens.editor_text import BOLD, ITALIC, first_line, headings, link_begun, word_count
from studytui.tui.widgets.line_list import LineList
from studytui.tui.widgets.panes import THREE_FROM, Heading
from studytui.tui.widgets.prompt import Choice, Pick, Picked
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.notes.drafts import Draft, Drafts
    from studytui.notes.note import NoteFile
    from studytui.notes.vault import Saved

DRAFT_SECONDS = 3.0
# The counts and the preview follow when the typing pauses.
PAUSE = 0.3
# Beyond this many characters the preview would lag behind; the reader of the notes screen shows any length.
PREVIEW_LIMIT = 200_000


class EditorScreen(StudyScreen):
    """One note, being written."""

    SCOPE = "editor"
    AREA = "notes"
    DEFAULT_CSS: ClassVar[str] = """
    EditorScreen {
        layers: default menu;
        #text, #read { width: 1fr; height: 1fr; }
        #read { border-left: vkey $rule; }
    }
    """

    def __init__(self, path: str, line: int = 0) -> None:
        """Open the note at ``path``, at ``line`` of the file (from 1) or where its text begins."""
        super().__init__()
        self.path = path
        self.line = line
        self.title_shown = ""
        self.base = ""
        self.saved_text: str | None = None
        self.changed = False
        self.elsewhere = ""
        self.preview_wanted: bool | None = None
        self.writing = Writing(id="writing")
        self.preview = Reader(id="preview", empty=lambda: _("Nothing to read yet."))
        self.menu = LinkMenu()
        self.find = FindBar(self.writing)
        self.heading = Heading(lambda: self.title_shown)
        self.preview_heading = Heading(lambda: _("Preview"))
        self._saving = asyncio.Lock()
        self._numbers = count()
        self._pause: Timer | None = None
        self._drafted: str | None = None
        self._counted = ""
        self._seen: tuple[int, int] | None = None
        self._closed_link: tuple[int, int] | None = None
        self._label = ""

    def body(self) -> Iterable[Widget]:
        yield Horizontal(
            Vertical(self.heading, self.writing, self.find, id="text"),
            Vertical(self.preview_heading, self.preview, id="read"),
        )
        yield self.menu

    def on_mount(self) -> None:
        self.writing.menu_key = self.menu.take_key
        self.writing.focus()
        self.set_interval(DRAFT_SECONDS, self._tick)
        self._arrange()

    def under_way(self) -> tuple[str, str] | None:
        """Writing is time spent on the note."""
        return "note", self.path

    @property
    def drafts(self) -> Drafts:
        """The drafts of this workspace."""
        from studytui.notes.drafts import Drafts

        return Drafts(self.study.workspace)

    # --- opening --------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Open the note at first; later look whether another program changed it."""
        self.in_loop(self._open if self.saved_text is None else self._look_outside, group="open")

    async def _open(self) -> None:
        drafts = self.drafts
        try:
            opened = await asyncio.to_thread(lambda: self.study.vault.read(self.path))
        except StudyError as error:
            self.desk.report(error)
            self.desk.pop_screen()
            return
        self._take(opened, first=True)
        draft, other = await asyncio.to_thread(
            lambda: (drafts.left(self.path), drafts.edited_elsewhere(self.path))
        )
        if other:
            self.notify(_("Another window has unsaved work on this note."), severity="warning")
        if draft is not None and draft.text != opened.text:
            self._offer(draft)
        elif draft is not None:
            await asyncio.to_thread(drafts.throw_away, draft)

    def _take(self, opened: NoteFile, *, first: bool) -> None:
        """Show the note as it is on the disk now."""
        place = self.writing.cursor_location
        self.base, self.saved_text, self.elsewhere = opened.digest, opened.text, ""
        self.title_shown = opened.note.title
        self.writing.load_text(opened.text)
        self.writing.note_context(opened.text)
        if first:
            place = (self.line - 1, 0) if self.line else first_line(self.writing.lines, self.writing.body)
        self.writing.move_cursor(place, center=first)
        self._settled()

    def _offer(self, draft: Draft) -> None:
        """Ask what to do with what a crash left; Esc leaves the draft for the next time."""
        moment = draft.at.astimezone().strftime("%m-%d %H:%M")
        question = _("This note has unsaved text from {moment}.").format(moment=moment)
        choices = [
            Choice("draft", _("Go on with the unsaved text")),
            Choice("throw", _("Throw the unsaved text away")),
        ]
        self.ask(Pick(question, choices), lambda picked: self._drafted_or_not(picked, draft))

    def _drafted_or_not(self, picked: Picked, draft: Draft) -> None:
        if picked.key == "draft":
            self.base = draft.base
            self.writing.select_all()
            self.writing.type_text(draft.text)
        drafts = self.drafts
        self.in_thread(lambda: drafts.throw_away(draft), lambda _done: self.keep_draft(), group="throw")

    # --- while it is written ----------------------------------------------------------------------------------

    @on(Writing.Changed)
    def _typed(self) -> None:
        if self.saved_text is None:
            return
        text = self.writing.text
        self.changed = text != self.saved_text
        self.writing.note_context(text)
        self._say()
        self._complete()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE * (1 + len(text) // 100_000), self._settled)

    @on(Writing.SelectionChanged)
    def _moved(self) -> None:
        if self.menu.is_open and link_begun(self.writing.before_cursor) is None:
            self.menu.close()
        self._follow()

    def _settled(self) -> None:
        """Count and show anew what was typed."""
        self._say(counted=True)
        self._read()

    def _say(self, *, counted: bool = False) -> None:
        state = _("changed elsewhere") if self.elsewhere else _("not saved") if self.changed else _("saved")
        if counted:
            self._counted = _counts("\n".join(self.writing.lines[self.writing.body :]))
        self.heading.say(f"{state} · {self._counted}" if self._counted else state)

    def _tick(self) -> None:
        """Every few seconds: keep a draft, and look whether another program changed the file."""
        if self.saved_text is not None and self.is_current:
            self.keep_draft()
            self.in_loop(self._look_outside, group="outside")

    def keep_draft(self) -> None:
        """Keep what is not saved yet, in a thread, so that a crash costs seconds at most."""
        text = self.writing.text
        if self.changed and text != self._drafted:
            self._drafted = text
            drafts, path, base, now = self.drafts, self.path, self.base, self.study.clock.now()
            self.in_thread(lambda: drafts.keep(path, text, base, now), group="draft")

    async def _look_outside(self) -> None:
        """Notice what another program did to the file: take it over, or tell when that would lose something."""
        async with self._saving:
            path, file = self.path, self.study.workspace.notes / self.path
            looks = await asyncio.to_thread(_signature, file)
            if looks is not None and looks == self._seen:
                return
            self._seen = looks
            try:
                opened = await asyncio.to_thread(lambda: self.study.vault.read(path))
            except StudyError:
                self._warn("gone", _("Another program removed this note. Saving writes it again."))
                return
            if opened.digest == self.base:
                return
            if not self.changed:
                self._take(opened, first=False)
                self.notify(_("Another program changed this note; this is its new text."))
                return
        said = _("Another program changed this note. Saving keeps your version beside it.")
        self._warn(opened.digest, said)

    def _warn(self, what: str, sentence: str) -> None:
        if self.elsewhere != what:
            self.elsewhere = what
            self.notify(sentence, severity="warning", timeout=12)
            self._say()

    # --- saving ---------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Save the note."""
        self.in_loop(self._save, group=f"save {next(self._numbers)}")

    def action_close(self) -> None:
        """Close what is open inside; else save the note and go back."""
        if self.find.display:
            self.find.close()
        elif not self.query_one("#text").display:
            self.action_preview()
        else:
            self.in_loop(self._save_and_close, group=f"save {next(self._numbers)}")

    async def _save_and_close(self) -> None:
        await self._save()
        if self.is_current:
            self.desk.pop_screen()

    async def _save(self) -> None:
        """Save one after the other, so that none takes another for a stranger's change."""
        async with self._saving:
            if not self.changed or self.saved_text is None:
                return
            text, path, base = self.writing.text, self.path, self.base
            saved = await asyncio.to_thread(lambda: self.study.vault.save(path, text, base))
            await asyncio.to_thread(lambda: self.drafts.drop(path))
            self._take_saved(saved, text)

    def _take_saved(self, saved: Saved, text: str) -> None:
        self.saved_text, self.elsewhere, self._drafted = text, "", None
        self.changed = self.writing.text != text
        self.base = saved.note.digest
        self.title_shown = saved.note.title
        if saved.conflict is not None:
            self.path = saved.conflict
            kept = self.study.vault.get(saved.conflict)
            self.base = kept.digest if kept else ""
            self.notify(
                _(
                    "Another program changed “{title}” meanwhile. Its version stays; yours is kept beside it "
                    "in {path}, which you are writing now."
                ).format(title=clean_line(saved.note.title, 80), path=saved.conflict),
                severity="warning",
                timeout=20,
            )
        self._say()

    def unsaved(self) -> str:
        if not self.changed:
            return ""
        return _("“{title}” is not saved yet. Leave? You will be offered what you wrote next time.").format(
            title=clean_line(self.title_shown, 60)
        )

    def on_unmount(self) -> None:
        """Keep what would be lost when the program is left without saving."""
        if self.changed:
            self.drafts.keep(self.path, self.writing.text, self.base, self.study.clock.now())

    def action_edit_external(self) -> None:
        """Save, and open the file in $EDITOR."""

        async def go() -> None:
            await self._save()
            self.desk.edit_externally(self.path)

        self.in_loop(go, group=f"save {next(self._numbers)}")

    # --- links ----------------------------------------------------------------------------------------------

    def action_link(self) -> None:
        """Begin a link to another note; what is selected becomes its text."""
        label = self.writing.selected_text
        if "\n" in label or "]" in label:
            return
        self._label, self._closed_link = label, None
        self.writing.type_text("[[" + label)

    def _complete(self) -> None:
        """Offer the notes that fit what was typed after ``[[``."""
        typed = link_begun(self.writing.before_cursor)
        row, column = self.writing.cursor_location
        if typed is None:
            self.menu.close()
            self._closed_link, self._label = None, ""
            return
        if self._closed_link == (row, column - len(typed)):
            return

        def find() -> list[Fitting]:
            return fitting(typed, [note for note in self.study.notes() if note.path != self.path])

        def offer(found: list[Fitting]) -> None:
            if link_begun(self.writing.before_cursor) == typed:
                self.menu.offer(typed, found, self.writing.cursor_screen_offset, self.size)

        self.in_thread(find, offer, group="complete")

    @on(LineList.Opened, "#link-menu")
    def _chosen(self, event: LineList.Opened) -> None:
        """Write the link to the chosen note."""
        from studytui.notes.map import name_for
        from studytui.notes.names import link_text

        typed = link_begun(self.writing.before_cursor) or ""
        path, origin = event.key, self.path
        if path == NEW:
            self._write_link(link_text(typed))
        else:
            self.in_thread(lambda: name_for(self.study.vault, path, origin), self._write_link, group="name")

    def _write_link(self, name: str) -> None:
        typed, (row, column) = link_begun(self.writing.before_cursor), self.writing.cursor_location
        if typed is not None:
            label = f"|{self._label}" if self._label and self._label != name else ""
            closed = 2 * self.writing.lines[row].startswith("]]", column)
            self.writing.move_cursor((row, column - len(typed)))
            self.writing.move_cursor((row, column + closed), select=True)
            self.writing.type_text(f"{name}{label}]]")
        self.menu.close()

    # --- commands -------------------------------------------------------------------------------------------

    def action_find(self) -> None:
        """Find a word in this note."""
        self.find.open()

    def action_bold(self) -> None:
        """Make what is selected bold, or take that away."""
        self.writing.toggle(BOLD)

    def action_italic(self) -> None:
        """Make what is selected italic, or take that away."""
        self.writing.toggle(ITALIC)

    def action_select_all(self) -> None:
        """Select the whole text."""
        self.writing.select_all()

    def action_insert_date(self) -> None:
        """Write today's date."""
        self.writing.type_text(self.study.clock.now().date().isoformat())

    def action_headings(self) -> None:
        """Pick a heading and go there."""
        found = headings(self.writing.lines, self.writing.body)
        if not found:
            self.notify(_("This note has no headings; a line that begins with ## is one."))
            return
        choices = [Choice(str(one.line), "#" * one.level + " " + one.text) for one in found]
        self.ask(Pick(_("Go to which heading?"), choices), lambda picked: self.writing.go(int(picked.key)))

    def action_next_heading(self) -> None:
        """Go to the next heading."""
        self._go_heading(1)

    def action_previous_heading(self) -> None:
        """Go to the heading before."""
        self._go_heading(-1)

    def _go_heading(self, step: int) -> None:
        here = self.writing.cursor_location[0]
        lines = [one.line for one in headings(self.writing.lines, self.writing.body)]
        ahead = [line for line in lines if (line - here) * step > 0]
        if ahead:
            self.writing.go(ahead[0] if step > 0 else ahead[-1])

    # --- preview --------------------------------------------------------------------------------------------

    def action_preview(self) -> None:
        """Show how the note reads, or no longer: beside the text on a wide screen, else in its place."""
        self.preview_wanted = not self.query_one("#read").display
        self._arrange()
        self._read()

    def on_resize(self, event: events.Resize) -> None:
        del event
        self._arrange()
        self._read()

    def _arrange(self) -> None:
        wide = self.size.width >= THREE_FROM
        shown = wide if self.preview_wanted is None else self.preview_wanted
        self.query_one("#read").display = shown
        self.query_one("#text").display = wide or not shown
        if not self.find.display:
            (self.writing if wide or not shown else self.preview).focus()

    def _read(self) -> None:
        """Show the text as it reads, at about the place of the cursor."""
        if self.saved_text is None or not self.query_one("#read").display:
            return
        text = "\n".join(self.writing.lines[self.writing.body :])
        long = len(text) > PREVIEW_LIMIT
        self.preview_heading.say(_("off: this note is very long") if long else "")
        self.preview.show("" if long else text, keep_place=True)
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Scroll the preview along with the cursor."""
        if self.query_one("#read").display and self.query_one("#text").display:
            below = self.writing.wrapped_document.location_to_offset(self.writing.cursor_location)[1]
            share = below / max(1, self.writing.wrapped_document.height)
            line = round(share * self.preview.virtual_size.height) - self.preview.size.height // 2
            self.preview.scroll_to(y=max(0, line), animate=False, force=True)

    @on(Reader.LinkOpened)
    def _link_opened(self, event: Reader.LinkOpened) -> None:
        if event.link.kind == "url":
            self.app.open_url(event.link.target)
        else:
            self.desk.open_note(event.link.target)


def _signature(file: Path) -> tuple[int, int] | None:
    """Return what tells two states of a file apart without reading it, None when it is gone."""
    try:
        found = file.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _counts(text: str) -> str:
    """Return how much there is: Chinese characters and words."""
    han, words = word_count(text)
    if not han:
        return ngettext("{n} word", "{n} words", words).format(n=words)
    return (
        _("{han} characters, {n} words").format(han=han, n=words)
        if words
        else _("{han} characters").format(han=han)
    )
