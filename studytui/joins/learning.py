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
    from studytui.study import Study


class Learning:
    """What a learner does to remember and to go on, one part each."""

    def __init__(self, study: Study) -> None:
        self.courses = Courses(study)
        self.cards = Cards(study)
        self.explaining = Explaining(study)
        self.diary = Diary(study)
        self.unsorted = Unsorted(study)
        self.weekly = Weekly(study)
