"""Where the lessons lead: in which order starter notes come up, and which of them the learner has come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studytui.joins.explaining import OwnWords
    from studytui.notes.note import Note
    from studytui.study import Study


@dataclass(frozen=True)
class Leading:
    """The notes that lessons name, by name: ``places`` in their order, ``ahead`` those of later lessons alone."""

    places: Mapping[str, int]
    ahead: frozenset[str]
    own: OwnWords

    def place(self, note: Note) -> int:
        """Return 0 for the learner's own notes, else the place of its lesson; notes no lesson names come last."""
        if not note.lang:
            return 0
        return min(self.places.get(name, len(self.places) + 1) for name in _names(note))

    def reached(self, note: Note) -> bool:
        """Say whether the lessons have come to a note: up to the first open one, and any that was taken up.

        A note of one's own, one that no lesson names, and one the learner wrote into is always reached.
        """
        return not note.lang or self.ahead.isdisjoint(_names(note)) or self.own.wrote(note)


def leading(study: Study) -> Leading:
    """Return where the lessons of all courses lead."""
    from studytui.joins.explaining import OwnWords

    places: dict[str, int] = {}
    here: set[str] = set()
    for enrolment in study.learning.courses.all():
        first = next(iter(enrolment.open_lessons), None)
        for lesson in enrolment.lessons:
            names = [link.casefold() for link in lesson.links]
            for name in names:
                places.setdefault(name, len(places) + 1)
            if lesson is first or enrolment.state(lesson) != "todo":
                here.update(names)
    return Leading(places, frozenset(places.keys() - here), OwnWords(study))


def _names(note: Note) -> tuple[str, str]:
    return note.title.casefold(), note.stem.casefold()
