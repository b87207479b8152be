"""The learning area on a workspace: courses, cards, explaining, the diary, what is unsorted, the week.

Everything here may be called from any thread; the caches in ``.studytui/cache`` may be deleted at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studytui.joins.cards import Cards
from studytui.joins.courses import Courses
from studytui.joins.diary import Diary
from studytui.joins.explaining import Explaining
from studytui.joins.unsorted import Unsorted
from studytui.joins.weekly import Weekly

if TYPE_CHECKING:
    from studytui.notes.note import Note
    from studytui.study import Study


class Learning:
    """What a learner does to remember and to go on, one part each."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self.courses = Courses(study)
        self.cards = Cards(study)
        self.explaining = Explaining(study)
        self.diary = Diary(study)
        self.unsorted = Unsorted(study)
        self.weekly = Weekly(study)

    def note_about(self, subject: str) -> tuple[Note, bool]:
        """Return the note about an article (its id) or a lesson (`Enrolment.subject`), and whether it is new."""
        path, newline, title = subject.partition("\n")
        if not newline:
            return self._study.note_about(subject)
        enrolment = self.courses.find(path)
        return self.courses.note_about(enrolment, enrolment.course.lesson(title))
