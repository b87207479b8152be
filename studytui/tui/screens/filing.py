"""Filing under a topic, the same from every screen: two keys for the topic used last."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studytui.i18n import _
from studytui.tui.screens.base import StudyScreen
from studytui.tui.widgets.prompt import Choice, Pick, Picked

if TYPE_CHECKING:
    from studytui.notes.note import Note


def file_under(
    screen: StudyScreen, title: str, find_note: Callable[[], str], then: Callable[[], object]
) -> None:
    """Ask for a topic and file the note whose path ``find_note`` returns (in a thread) under it."""
    study = screen.study

    def file(picked: Picked) -> str:
        path = find_note()
        topic = picked.key or study.topics.new(picked.text).path
        study.topics.file(path, topic)
        return study.note(topic).title

    def told(topic: str) -> None:
        screen.notify(_("Filed under “{topic}”. u takes it back.").format(topic=topic))
        then()

    def ask(topics: list[tuple[Note, str]]) -> None:
        choices = [Choice(note.path, note.title, above, also=note.aliases) for note, above in topics]
        prompt = Pick(
            _("File “{title}” under which topic?").format(title=title),
            choices,
            new=lambda typed: _("New topic: {title}").format(title=typed),
            hint=_("Enter takes the marked one, the topic used last comes first; Esc goes back."),
        )
        screen.ask(prompt, lambda picked: screen.in_thread(lambda: file(picked), told, group="file"))

    screen.in_thread(study.topics.to_pick, ask, group="topics")
