"""The editor: one note as text, how it reads beside it, and nothing lost whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import count
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
from studytui.tui.screens.editor_keep import GONE, Keeper
from studytui.tui.screens.editor_links import LinkMenu
from studytui.tui.screens.editor_preview import Preview
from studytui.tui.screens.editor_text import BOLD, ITALIC, first_line, headings, word_count
from studytui.tui.widgets.panes import THREE_FROM, Heading
from studytui.tui.widgets.prompt import Choice, Pick, Picked

if TYPE_CHECKING:
    from studytui.notes.drafts import Draft
    from studytui.notes.vault import Saved

DRAFT_SECONDS = 3.0
# The counts and the preview follow when the typing pauses.
PAUSE = 0.3


class EditorScreen(StudyScreen):
    """One note, being written."""

    SCOPE = "editor"
    AREA = "notes"
    DEFAULT_CSS: ClassVar[str] = """
    EditorScreen {
        layers: default menu;
        #text { width: 1fr; height: 1fr; }
    }
    """

    def __init__(self, path: str, line: int = 0) -> None:
        """Open the note at ``path``, at ``line`` of the file (from 1) or where its text begins."""
        super().__init__()
        self.first_path, self.line = path, line
        self.changed = False
        self.preview_wanted: bool | None = None
        self.writing = Writing(id="writing")
        self.preview = Preview(self.writing)
        self.menu = LinkMenu(self.writing, lambda: self.path)
        self.find = FindBar(self.writing)
        self.heading = Heading(lambda: self.file.title)
        self._numbers = count()
        self._pause: Timer | None = None
        self._counted = ""

    @cached_property
    def file(self) -> Keeper:
        """The file behind the text."""
        return Keeper(self.study, self.first_path)

    @property
    def path(self) -> str:
        """The path of the note below notes/; after a conflict that of our own version."""
        return self.file.path if "file" in self.__dict__ else self.first_path

    def body(self) -> Iterable[Widget]:
        yield Horizontal(
            Vertical(self.heading, self.writing, self.find, id="text"),
            self.preview,
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

    # --- opening --------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Open the note at first; later look whether another program changed it."""
        self.in_loop(self._open if self.file.text is None else self._look_outside, group="open")

    async def _open(self) -> None:
        try:
            opened = await self.file.open()
        except StudyError as error:
            self.desk.report(error)
            self.desk.pop_screen()
            return
        self._show(opened.text)
        lines, body = self.writing.lines, self.writing.body
        self.writing.move_cursor((self.line - 1, 0) if self.line else first_line(lines, body), center=True)
        draft, other = await self.file.left()
        if other:
            self.notify(_("Another window has unsaved work on this note."), severity="warning")
        if draft is not None:
            self._offer(draft)

    def _show(self, text: str) -> None:
        self.writing.load_text(text)
        self.writing.note_context(text)
        self.writing.ready = True
        self._settled()

    def _offer(self, draft: Draft) -> None:
        """Ask what to do with what a crash left; Esc leaves the draft for the next time."""
        moment = draft.at.astimezone().strftime("%m-%d %H:%M")
        question = _("This note has unsaved text from {moment}.").format(moment=moment)
        choices = [
            Choice("draft", _("Go on with the unsaved text")),
            Choice("throw", _("Throw the unsaved text away")),
        ]

        def chosen(picked: Picked) -> None:
            wanted = picked.key == "draft"
            if wanted:
                self.writing.select_all()
                self.writing.type_text(draft.text)
            text = self.writing.text
            self.in_loop(lambda: self.file.settle(draft, text, wanted=wanted), group="draft")

        self.ask(Pick(question, choices), chosen)

    # --- while it is written ----------------------------------------------------------------------------------

    @on(Writing.Changed)
    def _typed(self) -> None:
        if self.file.text is None:
            return
        text = self.writing.text
        self.changed = self.file.differs(text)
        self.writing.note_context(text)
        self._say()
        self.menu.text_changed()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE * (1 + len(text) // 100_000), self._settled)

    @on(Writing.SelectionChanged)
    def _moved(self) -> None:
        self.menu.cursor_moved()
        self.preview.follow()

    def _settled(self) -> None:
        """Count and show anew what was typed."""
        self._counted = _counts("\n".join(self.writing.lines[self.writing.body :]))
        self._say()
        self.preview.read()

    def _say(self) -> None:
        state = _("saved")
        if self.file.elsewhere:
            state = _("changed elsewhere")
        elif self.changed:
            state = _("not saved")
        self.heading.say(f"{state} · {self._counted}" if self._counted else state)

    def _tick(self) -> None:
        """Every few seconds: keep a draft, and look whether another program changed the file."""
        if self.file.text is not None and self.is_current:
            self.keep_draft()
            self.in_loop(self._look_outside, group="outside")

    def keep_draft(self) -> None:
        """Keep what is not saved yet, so that a crash costs seconds at most."""
        text = self.writing.text
        self.in_loop(lambda: self.file.keep(text), group="draft")

    async def _look_outside(self) -> None:
        """Notice what another program did to the file: take it over, or tell when that would lose something."""
        before = self.file.elsewhere
        opened = await self.file.look()
        if opened is not None and not self.changed:
            place = self.writing.cursor_location
            self.file.take(opened)
            self._show(opened.text)
            self.writing.move_cursor(place)
            self.notify(_("Another program changed this note; this is its new text."))
        elif self.file.elsewhere != before:
            said = _("Another program changed this note. Saving keeps your version beside it.")
            if self.file.elsewhere == GONE:
                said = _("Another program removed this note. Saving writes it again.")
            self.notify(said, severity="warning", timeout=12)
            self._say()

    # --- saving ---------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Save the note."""
        self._after_saving(lambda: None)

    def action_close(self) -> None:
        """Close what is open inside; else save the note and go back."""
        if self.find.display:
            self.find.close()
        elif not self.query_one("#text").display:
            self.action_preview()
        else:
            self._after_saving(self._leave)

    def action_edit_external(self) -> None:
        """Save, and open the file in $EDITOR."""
        self._after_saving(lambda: self.desk.edit_externally(self.path))

    def _leave(self) -> None:
        if self.is_current:
            self.desk.pop_screen()

    def _after_saving(self, then: Callable[[], object]) -> None:
        """Save in a group of its own, so that no other save cancels this one; then go on."""

        async def job() -> None:
            before = self.file.title
            saved = await self.file.save(self.writing.text)
            left = 0
            if saved is not None:
                self._saved(saved)
                if saved.conflict is None and before not in ("", saved.note.title):
                    left = await asyncio.to_thread(self._left_behind, before)
            if left:
                self._offer_links(before, left, then)
            else:
                then()

        self.in_loop(job, group=f"save {next(self._numbers)}")

    def _saved(self, saved: Saved) -> None:
        self.changed = self.file.differs(self.writing.text)
        self.desk.upkeep.soon()
        if saved.conflict is not None:
            self.notify(
                _(
                    "Another program changed “{title}” meanwhile. Its version stays; yours is kept beside it "
                    "in {path}, which you are writing now."
                ).format(title=clean_line(saved.note.title, 80), path=saved.conflict),
                severity="warning",
                timeout=20,
            )
        self._say()

    def _left_behind(self, old: str) -> int:
        from studytui.notes.names import name_key

        return sum(name_key(one.name) == name_key(old) for one in self.study.vault.graph.dead())

    def _offer_links(self, old: str, left: int, then: Callable[[], object]) -> None:
        """After a title was changed by hand: offer to take the links along that still say the old one."""
        path, vault = self.path, self.study.vault

        def take() -> int:
            from studytui.notes.relink import take_links

            return take_links(vault, path, old).links

        def told(links: int) -> None:
            said = ngettext("{n} link follows.", "{n} links follow.", links)
            self.notify(said.format(n=links))
            then()

        def chosen(picked: Picked) -> None:
            if picked.key == "take":
                self.in_thread(take, told, group="write")
            else:
                then()

        said = ngettext("{n} link still says “{old}”.", "{n} links still say “{old}”.", left)
        choices = [
            Choice("take", _("Let them say “{title}”").format(title=clean_line(self.file.title, 60))),
            Choice("leave", _("Leave them as they are")),
        ]
        self.ask(Pick(said.format(n=left, old=clean_line(old, 60)), choices), chosen)

    def unsaved(self) -> str:
        if not self.changed:
            return ""
        return _("“{title}” is not saved yet. Leave? You will be offered what you wrote next time.").format(
            title=clean_line(self.file.title, 60)
        )

    def on_unmount(self) -> None:
        """Keep what would be lost when the program is left without saving."""
        if self.changed:
            self.file.keep_now(self.writing.text)

    # --- commands -------------------------------------------------------------------------------------------

    def action_link(self) -> None:
        """Begin a link to another note; what is selected becomes its text."""
        self.menu.begin()

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
        self.preview_wanted = not self.preview.display
        self._arrange()
        self.preview.read()

    def on_resize(self, event: events.Resize) -> None:
        del event
        self._arrange()
        self.preview.read()

    def _arrange(self) -> None:
        wide = self.size.width >= THREE_FROM
        shown = wide if self.preview_wanted is None else self.preview_wanted
        self.preview.display = shown
        self.query_one("#text").display = wide or not shown
        if not self.find.display:
            (self.writing if wide or not shown else self.preview.reader).focus()


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
