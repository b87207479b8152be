"""Notes: the list, one note as it reads, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input

from studytui.errors import StudyError
from studytui.i18n import _, ngettext
from studytui.notes.cache import listing
from studytui.notes.links import asked_path
from studytui.tui.screens import notes_acts
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.filing import file_under
from studytui.tui.screens.notes_around import PAUSE, About, Around
from studytui.tui.screens.notes_rows import (
    ALL,
    DEAD,
    listed,
    no_notes,
    note_page,
    note_row,
    problem_page,
    view_choices,
    view_title,
)
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.prompt import Pick, Picked
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.notes.cache import Listing
    from studytui.notes.note import Note


class NotesScreen(StudyScreen):
    """Three panes: the notes, one note, what links to it, names it or is missing."""

    SCOPE = "notes"
    AREA = "notes"
    # Without a name the first widget gets the focus: the filter, hidden but hungry for the first keys.
    AUTO_FOCUS = "#notes"
    DEFAULT_CSS: ClassVar[str] = """
    NotesScreen #filter { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.filter = Input(placeholder=_("Part of a title, pinyin, or #tag"), id="filter")
        self.notes = LineList(
            [Column(1), Column(5, shown_from=36), Column(0)], empty=self._nothing, id="notes"
        )
        self.reader = Reader(id="note")
        self.about = Around()
        self.view = ALL
        self.found = listing(())
        self.note: Note | None = None
        self.trail: list[str] = []
        self._wanted = ""
        self._to_mark = ""
        self._listed_for = ("", "")

    def body(self) -> Iterable[Widget]:
        yield self.filter
        yield Panes(
            Pane(self.notes, lambda: view_title(self.view), weight=3),
            Pane(self.reader, lambda: _("Note"), weight=4),
            Pane(self.about, lambda: _("Around it"), weight=3),
        )

    @property
    def panes(self) -> Panes:
        """The three panes."""
        return self.query_one(Panes)

    # --- the list -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Show list and note as they are now; the marks stay where they are, or go where the note went."""
        note = self.note
        if note is None:
            self._list()
            return

        def find() -> Note | None:
            now = self.study.vault.get(note.path)
            if now is not None and now.path == note.path:
                return now
            return next((one for one in self.study.notes() if one.digest == note.digest), None)

        def found(now: Note | None) -> None:
            if now is None or now.path != note.path:
                self.note, self._to_mark = now, now.path if now else ""
            self._list()
            if now is not None:
                self._show(now.path, keep_place=True)

        self.in_thread(find, found, group="reload")

    def _list(self, among: Collection[str] | None = None, pause: float = 0.0) -> None:
        view, typed = self.view, self.filter.value

        def show(found: Listing) -> None:
            self._listed_for = (view, typed)
            self._listed(found)

        self.in_thread(lambda: listed(self.study, view, typed, among), show, group="list", after=pause)

    def _nothing(self) -> str:
        return (
            no_notes()
            if self.view == ALL and not self.filter.value
            else _("Nothing fits. Esc shows all notes.")
        )

    def _listed(self, found: Listing) -> None:
        def rows(start: int, stop: int) -> list[Row]:
            return [note_row(note) for note in found[start:stop]]

        self.found = found
        best = found.paths[0] if found and self.filter.value and self.filter.has_focus else None
        self.notes.show(found.paths, rows, select=self._to_mark or best)
        self._to_mark = ""
        self.panes.panes[0].heading.say(" ".join(filter(None, (self.filter.value, str(len(found))))))
        if self.note is None and self.notes.key and not self._wanted:
            self._show(self.notes.key)

    @on(LineList.Highlighted, "#notes")
    def _marked(self, event: LineList.Highlighted) -> None:
        if event.key and not (self.note and self.note.path == event.key) and self.panes.active == 0:
            self.trail.clear()
            self._show(event.key)

    @on(LineList.Opened, "#notes")
    def _opened(self, event: LineList.Opened) -> None:
        self._show(event.key)
        self.panes.enter(1)

    @on(Input.Changed, "#filter")
    def _narrowed(self) -> None:
        """What fitted a shorter text is all that can fit a longer one."""
        view, before = self._listed_for
        longer = view == self.view and before and self.filter.value.startswith(before)
        self._list(set(self.found.paths) if longer else None, PAUSE)

    @on(Input.Submitted, "#filter")
    def _to_the_list(self) -> None:
        self.panes.enter(0)

    def on_key(self, event: events.Key) -> None:
        """From the filter, Down goes to the list."""
        if event.key == "down" and self.filter.has_focus:
            event.stop()
            self.panes.enter(0)

    def step_back(self) -> bool:
        """Back along the links, then pane by pane, then out of the filter and the view."""
        if self.filter.has_focus or (self.panes.active == 0 and (self.filter.value or self.view != ALL)):
            self.filter.value, self.view = "", ALL
            self.filter.display = False
            self.panes.enter(0)
            self._list()
            return True
        if self.trail and self.panes.active > 0:
            self._show(self.trail.pop())
            return True
        return super().step_back()

    # --- one note -------------------------------------------------------------------------------------------

    def open_subject(self, subject: str) -> None:
        """Show the note with this path, title or alias, from its ``#heading`` on; offer to write a missing one."""
        self._follow(subject)

    def _follow(self, name: str, origin: str = "") -> None:
        """Show what ``name`` leads to from the note at ``origin``."""
        self._wanted = name
        cut = re.search(r"[#^]", name)
        target, part = (name[: cut.start()], name[cut.start() :].removeprefix("#")) if cut else (name, "")

        def find() -> tuple[str | None, str]:
            names = self.study.vault.graph.names
            whole = names.resolve(name, origin)
            return (whole, "") if whole or not cut else (names.resolve(target, origin), part)

        def shown(found: tuple[str | None, str]) -> None:
            path, place = found
            self._wanted = ""
            if path is not None:
                self._go(path, place)
            elif target.strip():
                self._offer(asked_path(target.strip(), origin))

        self.in_thread(find, shown, group="open")

    def _offer(self, path: str) -> None:
        notes_acts.missing(self, path, self._edit_new, lambda note: self._go(note.path))

    def _go(self, path: str, part: str = "") -> None:
        """Show a note from its heading ``part`` on, remembering where one came from."""
        if self.note is not None and self.note.path != path and self.panes.active > 0:
            self.trail.append(self.note.path)
        self.panes.enter(1)
        self.notes.mark(path)
        self._show(path, part)

    def _show(self, path: str, part: str = "", *, keep_place: bool = False) -> None:
        study = self.study

        def read() -> tuple[Note, str] | None:
            try:
                note = study.note(path)
                return note, note_page(study.vault.read(path))
            except StudyError:
                flawed = study.vault.get(path)
                if flawed is not None and flawed.problem is not None:
                    return flawed, problem_page(flawed)
                if keep_place:
                    return None  # It is just being moved or taken back; what did that shows where it went.
                raise

        def show(answer: tuple[Note, str] | None) -> None:
            if answer is None:
                return
            note, page = answer
            same = self.note is not None and self.note.path == note.path
            self.note = note
            self.reader.show(page, part=part, keep_place=keep_place and same)
            if not same:
                self.about.tell(About())
            self.about.look(path)

        self.in_thread(read, show, group="note")

    @on(LineList.Opened, "#about")
    def _around_opened(self, event: LineList.Opened) -> None:
        path, missing = self.about.chosen(event.key)
        if missing:
            self._offer(missing)
        else:
            self._go(path)

    def follow_link(self, target: str) -> None:
        """Show the note here that a link in the note in front leads to."""
        self._follow(target, self.note.path if self.note else "")

    # --- commands -------------------------------------------------------------------------------------------

    def _with_note(self, act: Callable[[Note], object]) -> None:
        """Do something with the note in front; without one there is nothing to do."""
        listed = self.panes.active == 0 and self.notes.key in self.found.paths
        note = self.found[self.found.paths.index(self.notes.key)] if listed else self.note
        if note is not None:
            act(note)

    def _edit_new(self, note: Note) -> None:
        self._to_mark = note.path
        self._show(note.path)
        self.desk.edit_note(note.path)

    def action_add(self) -> None:
        """Start a new note."""
        notes_acts.new_note(self, self._edit_new)

    def action_edit(self) -> None:
        """Edit this note."""
        self._with_note(lambda note: self.desk.edit_note(note.path))

    def action_edit_external(self) -> None:
        """Open the file in $EDITOR."""
        self._with_note(lambda note: self.desk.edit_externally(note.path))

    def action_filter(self) -> None:
        """Narrow the list while typing."""
        self.filter.display = True
        self.filter.focus()

    def action_show_view(self) -> None:
        """Choose which notes the list shows."""

        def chosen(picked: Picked) -> None:
            if picked.key == DEAD:
                notes_acts.mend_link(self, self._edit_new, lambda note: self._go(note.path))
                return
            self.view = picked.key
            self.panes.enter(0)
            self._list()

        self.in_thread(
            lambda: view_choices(self.study),
            lambda choices: self.ask(Pick(_("Show which notes?"), choices), chosen),
            group="views",
        )

    def action_by_tag(self) -> None:
        """Show the notes with a tag."""

        def chosen(tag: str) -> None:
            self.filter.value = f"#{tag}"
            self.filter.display = True
            self.panes.enter(0)

        notes_acts.pick_tag(self, _("Show the notes with which tag?"), chosen)

    def action_tags(self) -> None:
        """Give the note a tag, or take one away."""
        self._with_note(lambda note: notes_acts.change_tags(self, note, self.reload))

    def action_rename_tag(self) -> None:
        """Rename a tag in every note."""
        notes_acts.rename_tag(self, self.reload)

    def action_file_under(self) -> None:
        """File the note under a topic."""
        self._with_note(lambda note: file_under(self, note.title, lambda: note.path, self.reload))

    def action_link_mention(self) -> None:
        """Turn the marked mention into a link."""
        mention, note = self.about.mention, self.note
        if mention is None or note is None:
            self.notify(_("No other note names this one without a link."))
            return

        def link() -> Note:
            from studytui.notes.relink import link_mention

            return link_mention(self.study.vault, note.path, mention)

        def told(linked: Note) -> None:
            self.notify(_("Linked in “{title}”. u takes it back.").format(title=linked.title))
            self.reload()

        self.in_thread(link, told, group="write")

    def action_rename(self) -> None:
        """Give the note another title."""
        self._with_note(lambda note: notes_acts.rename(self, note, self._elsewhere))

    def action_move(self) -> None:
        """Put the note into another folder."""
        self._with_note(lambda note: notes_acts.move(self, note, self._elsewhere))

    def _elsewhere(self, note: Note) -> None:
        self.note, self._to_mark = note, note.path
        self.reload()

    def action_trash(self) -> None:
        """Move the note to the trash."""
        self._with_note(self._trash)

    def _trash(self, note: Note) -> None:
        def work() -> int:
            links = len(self.study.vault.graph.backlinks(note.path))
            self.study.vault.trash(note.path)
            return links

        def told(links: int) -> None:
            said = _("“{title}” is in the trash. u brings it back.").format(title=note.title)
            if links:
                more = ngettext("{n} link leads nowhere now.", "{n} links lead nowhere now.", links)
                said += " " + more.format(n=links)
            self.notify(said)
            self.note = None
            self.panes.enter(0)
            self._list()

        self.in_thread(work, told, group="write")

    def action_restore(self) -> None:
        """Bring a note back from the trash."""
        notes_acts.restore(self, lambda note: self.open_subject(note.path))

    def action_undo_list(self) -> None:
        """Pick one of the last acts and take it back."""
        notes_acts.take_back(self, self.reload)

    def action_open_browser(self) -> None:
        """Open the page that the note is about."""

        def show(note: Note) -> None:
            if note.url:
                self.app.open_url(note.url)
            else:
                self.notify(_("This note names no page; “url:” in its front matter does."))

        self._with_note(show)
