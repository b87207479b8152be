"""Map: the knowledge system as a tree of topics, what there is on each, what is missing, what is filed nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.filing import file_under
from studytui.tui.screens.map_rows import (
    COLUMNS,
    INBOX,
    LOOSE,
    TOPIC,
    inbox_page,
    legend,
    map_rows,
    no_map,
    topic_page,
)
from studytui.tui.widgets.line_list import LineList
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.prompt import AskLine
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.joins.topics import MapView, Topic
    from studytui.notes.map import Place
    from studytui.notes.note import Note
    from studytui.notes.vault import Vault

# Long enough that moving through the tree gathers nothing, short enough to feel immediate.
PAUSE = 0.08


class MapScreen(StudyScreen):
    """Two panes: the tree with the inbox below it, and the page of the marked topic."""

    SCOPE = "map"
    AREA = "map"

    def __init__(self) -> None:
        super().__init__()
        self.topics = LineList(COLUMNS, empty=no_map, id="topics")
        self.reader = Reader(id="topic")
        self.by_key: dict[str, Topic] = {}
        self.inbox: dict[str, Note] = {}
        self._wanted: str | None = None
        self._first = True
        self._turn = asyncio.Lock()

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.topics, lambda: legend(self.topics.size.width), weight=3),
            Pane(self.reader, lambda: _("Topic"), weight=2),
        )

    @property
    def panes(self) -> Panes:
        """The two panes."""
        return self.query_one(Panes)

    @property
    def topic(self) -> Topic | None:
        """The marked topic, None on an unfiled note."""
        return self.by_key.get(self.topics.key)

    @property
    def note(self) -> Note | None:
        """The note of the marked line: of the topic, or the unfiled one."""
        topic = self.topic
        return topic.note if topic else self.inbox.get(self.topics.key)

    # --- showing --------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Gather the map anew; the mark stays, at first it is on the topic used last."""
        self.in_thread(self._gather, self._show, group="map")

    def _gather(self) -> tuple[MapView, str]:
        topics = self.study.topics
        return topics.view(), topics.last_used() if self._first else ""

    def _show(self, gathered: tuple[MapView, str]) -> None:
        view, last = gathered
        rows, self.by_key, self.inbox = map_rows(view)
        wanted = self._wanted or (TOPIC + last if last else None)
        self._wanted, self._first = None, False
        self.topics.show_rows(rows, select=wanted if wanted in self.by_key or wanted in self.inbox else None)
        empty = sum(topic.is_empty and not topic.is_group for topic in self.by_key.values())
        self.panes.panes[0].heading.say(_("{n} still empty").format(n=empty) if empty else "")
        self._show_page(keep_place=True)

    def open_subject(self, subject: str) -> None:
        """Mark the topic or unfiled note with this path, as soon as the map is gathered."""
        self._wanted = TOPIC + subject
        if self.topics.mark(TOPIC + subject) or self.topics.mark(INBOX + subject):
            self._wanted = None

    @on(LineList.Highlighted)
    def _marked(self) -> None:
        self._show_page()

    @on(LineList.Opened)
    def _opened(self) -> None:
        """Read the topic's page; a topic not written yet is written."""
        topic = self.topic
        if topic is not None and topic.note is None and not topic.is_group:
            self.in_thread(lambda: self.study.topics.write(topic.title), self._edit, group="write")
        else:
            self.panes.enter(1)

    def _show_page(self, *, keep_place: bool = False) -> None:
        topic, note, study = self.topic, self.note, self.study

        def page() -> str:
            text = ""
            if note is not None and note.problem is None:
                try:
                    text = study.vault.read(note.path).body
                except StudyError as error:
                    text = error.message
            if topic is not None:
                return topic_page(study.topics.page(topic), text)
            return inbox_page(note, text) if note is not None else ""

        self.in_thread(
            page,
            lambda text: self.reader.show(text, keep_place=keep_place),
            group="page",
            after=0.0 if keep_place else PAUSE,
        )

    # --- changing the tree ----------------------------------------------------------------------------------

    def _change(self, change: Callable[[Vault, Place], object]) -> None:
        """Change the line of the marked topic in the map's file; the mark goes along."""
        key = self.topics.key
        if self.topic is None or self.topic.place is None:
            self.notify(_("This line has no place on the map; f files it under a topic."))
            return

        async def job() -> None:
            # Keys may come faster than the file is written: each change finds its line where the last one left it.
            async with self._turn:
                topic = self.by_key.get(key)
                if topic is not None and topic.place is not None:
                    await asyncio.to_thread(change, self.study.vault, topic.place)
                    self._show(await asyncio.to_thread(self._gather))

        self.in_loop(job, group=f"change {id(job)}")

    def action_move_down(self) -> None:
        """Move the topic and all below it behind the next one."""
        from studytui.notes.map import move_place

        self._change(lambda vault, place: move_place(vault, place, down=True))

    def action_move_up(self) -> None:
        """Move the topic and all below it before the previous one."""
        from studytui.notes.map import move_place

        self._change(lambda vault, place: move_place(vault, place, down=False))

    def action_nest(self) -> None:
        """Put the topic under the one above it."""
        from studytui.notes.map import nest_place

        self._change(nest_place)

    def action_unnest(self) -> None:
        """Move the topic out by one level."""
        from studytui.notes.map import unnest_place

        self._change(unnest_place)

    def action_trash(self) -> None:
        """Take the topic off the map; its note stays."""
        from studytui.notes.map import remove_place

        topic = self.topic

        def remove(vault: Vault, place: Place) -> None:
            remove_place(vault, place)

        if topic is not None and topic.place is not None:
            self.notify(_("Taken off the map; the note stays. u puts it back."))
        self._change(remove)

    def action_add(self) -> None:
        """Write a new topic, last below the marked one."""
        under = self.topic.place if self.topic else None
        question = _("Title of the new topic")
        if under is not None:
            question = _("Title of the new topic below “{title}”").format(title=under.title)

        def made(note: Note) -> None:
            self._wanted = TOPIC + note.path
            self.reload()

        self.ask(
            AskLine(question),
            lambda title: self.in_thread(lambda: self.study.topics.new(title, under), made, group="write"),
        )

    # --- notes ----------------------------------------------------------------------------------------------

    def _edit(self, note: Note) -> None:
        self.desk.edit_note(note.path)

    def action_write_note(self) -> None:
        """Write a note of one's own under the marked topic."""
        topic = self.topic
        if topic is None or topic.note is None:
            self.notify(_("Mark a topic first; the note is filed under it."))
            return
        path = topic.note.path

        def write(title: str) -> Note:
            note = self.study.new_note(title)
            return self.study.topics.file(note.path, path)

        question = _("Title of your note on “{title}”").format(title=topic.title)
        self.ask(
            AskLine(question), lambda title: self.in_thread(lambda: write(title), self._edit, group="write")
        )

    def action_edit(self) -> None:
        """Edit the note of the marked line."""
        if self.note is not None:
            self._edit(self.note)

    def action_edit_external(self) -> None:
        """Open the note of the marked line in $EDITOR."""
        if self.note is not None:
            self.desk.edit_externally(self.note.path)

    def action_open_note(self) -> None:
        """Show the note of the marked line among the notes."""
        if self.note is not None:
            self.desk.open_note(self.note.path)

    def action_file_under(self) -> None:
        """File the marked note under a topic; a topic without a place gets one."""
        note, key = self.note, self.topics.key
        if note is None or not key.startswith((INBOX, LOOSE)):
            self.notify(_("This is on the map already; Ctrl and the arrows move it."))
            return
        file_under(self, note.title, lambda: note.path, self.reload)

    def action_rename(self) -> None:
        """Give the marked note another title; links to it follow."""
        from studytui.tui.screens.notes_acts import rename

        if self.note is not None:

            def renamed(note: Note) -> None:
                self._wanted = TOPIC + note.path
                self.reload()

            rename(self, self.note, renamed)
