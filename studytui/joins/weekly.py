"""The weekly review: a note filled in from the journal, with last week's change asked first."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.text import clean_line

if TYPE_CHECKING:
    from studytui.learning.weekly import Week
    from studytui.notes.note import Note
    from studytui.study import Study

FOLDER = "weekly"


class Weekly:
    """The reviews of the weeks; may be called from any thread."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def week(self) -> Week:
        """Return what the journal says of this week."""
        from studytui.learning.goals import monday
        from studytui.learning.weekly import week_of

        today = self._study.clock.now().date()
        # Fourteen hours east of Greenwich a day begins that much earlier.
        begin = datetime.combine(monday(today), time(), UTC) - timedelta(hours=14)
        return week_of(self._study.library.events(since=begin), today)

    def note(self) -> Note | None:
        """Return this week's note, None when it is not written yet."""
        from studytui.learning.weekly import week_label

        label = week_label(self._study.clock.now().date())
        return next((note for note in self._written() if note.title == label), None)

    def wanted_change(self) -> str:
        """Return the change that the learner wanted in the last review before this week's, "" when none."""
        from studytui.learning.weekly import change_of, week_label

        label = week_label(self._study.clock.now().date())
        before = sorted((note for note in self._written() if note.title < label), key=lambda note: note.title)
        if not before:
            return ""
        try:
            return change_of(self._study.vault.read(before[-1].path).text)
        except StudyError:
            return ""

    def _written(self) -> list[Note]:
        return [note for note in self._study.vault.notes() if note.kind == "weekly" and not note.problem]

    def write(self, *, kept: str = "", change: str = "") -> tuple[Note, bool]:
        """Write this week's note, unless there is one, and return it and whether it was written just now.

        ``kept`` says what became of the change wanted before, ``change`` is the one for next week.
        """
        from studytui.learning.weekly import week_note

        known = self.note()
        if known is not None:
            return known, False
        week = self.week()
        today = self._study.clock.now().date()
        text = week_note(week, today, self.titles(week), self.wanted_change(), kept)
        wanted = clean_line(change).lstrip("# ")
        if wanted:
            text = text.rstrip("\n") + f"\n\n{wanted}\n"
        return self._study.vault.create(week.label, text=text, into=FOLDER), True

    def titles(self, week: Week) -> dict[str, str]:
        """Return titles by the subjects of the week's events."""
        titles = {note.path: note.title for note in self._study.vault.notes()}
        read = self._study.library.summaries([entry.subject for entry in week.read])
        return titles | {article.id: article.heading for article in read}
