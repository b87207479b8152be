"""Learn · practise · use: what is done of one of the articles' systems, over all areas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studytui.commands import area
from studytui.i18n import _, language, ngettext

if TYPE_CHECKING:
    from studytui.joins.practice import Practised
    from studytui.practice.systems import System
    from studytui.study import Study


@dataclass(frozen=True)
class TopicPractice:
    """What is done of one system: lessons, cards, records of its tools, the learner's own words, explaining.

    ``score`` is the last self-score of explaining the topic, 1 to 5, None before the first.  ``elsewhere`` says
    in a sentence what there is of a system that has a room of its own instead of tools.
    """

    system: System
    lessons: int
    lessons_done: int
    cards: int
    cards_learned: int
    records: tuple[Practised, ...]
    own_notes: int
    score: int | None
    elsewhere: str = ""

    @property
    def learn(self) -> str:
        """What is done to learn it, in a sentence."""
        return _("lessons done {done} of {all}, cards learned {known} of {cards}").format(
            done=self.lessons_done, all=self.lessons, known=self.cards_learned, cards=self.cards
        )

    @property
    def practise(self) -> str:
        """What is done to practise it, in a sentence."""
        return self.elsewhere or _("; ").join(map(practised, self.records))

    @property
    def use(self) -> str:
        """What the learner has to show for it, in a sentence."""
        notes = ngettext("{n} note of your own", "{n} notes of your own", self.own_notes).format(
            n=self.own_notes
        )
        if self.score is None:
            return _("{notes}, not explained yet").format(notes=notes)
        return _("{notes}, explained {score} of 5").format(notes=notes, score=self.score)


def practised(one: Practised) -> str:
    """Return what there is of one record: "Funnel: 3 entries of your own, the last on 2026-11-22"."""
    if not one.own:
        return _("{tool}: examples only so far").format(tool=one.tool.name)
    return ngettext(
        "{tool}: {n} entry of your own, the last on {day}",
        "{tool}: {n} entries of your own, the last on {day}",
        one.own,
    ).format(tool=one.tool.name, n=one.own, day=one.last)


def done(study: Study, system: System) -> TopicPractice:
    """Return what is done of ``system``, whose topic note is taken in the screen language."""
    title = system.topic.written(language())
    note = study.vault.get(title)
    path = note.path if note else ""
    lessons = [
        course.state(lesson)
        for course in study.learning.courses.all()
        for lesson in course.lessons
        if title in lesson.links
    ]
    cards = [item.state for item in study.learning.cards.placed() if item.note == path]
    own, score = _explaining(study, path)
    return TopicPractice(
        system,
        len(lessons),
        lessons.count("done"),
        len(cards),
        sum(state.phase == "review" for state in cards),
        tuple(study.practice.of_system(system)),
        own,
        score,
        "" if system.tools else _elsewhere(study, system),
    )


def _explaining(study: Study, path: str) -> tuple[int, int | None]:
    """Return the number of the learner's own notes on the topic note at ``path``, and its last score."""
    explaining = study.learning.explaining
    standing = next(
        (one for one in explaining.standings() if one.prompt.note == path and not one.prompt.question), None
    )
    if standing is None:
        return 0, None
    return len(explaining.evidence(standing.prompt)), standing.last.score if standing.last else None


def _elsewhere(study: Study, system: System) -> str:
    """Return what there is of a system in its own room."""
    count = _COUNTS[system.key](study)
    room = _(area(system.screen).title)
    return _("in the room {room}: {what}").format(room=room, what=count)


def _people(study: Study) -> str:
    people, events = len(study.people.all()), len(study.people.events())
    return _("people {people}, events {events}").format(people=people, events=events)


def _questions(study: Study) -> str:
    found = study.people.questions()
    waiting = sum(question.is_open for question in found)
    return _("questions open {open}, answered {answered}").format(open=waiting, answered=len(found) - waiting)


def _sites(study: Study) -> str:
    return _("sources followed {n}").format(n=sum(item.enabled for item in study.subscriptions()))


def _courses(study: Study) -> str:
    paid = [course for course in study.learning.courses.all() if course.course.price]
    return _("paid courses {n}").format(n=len(paid))


def _days(study: Study) -> str:
    active = sum(acts > 0 for acts, _minutes in study.learning.diary.days().values())
    return _("days with something done {n}").format(n=active)


def _unsorted(study: Study) -> str:
    return _("still to sort out {n}").format(n=len(study.learning.unsorted.all()))


def _topics(study: Study) -> str:
    own = [note for note in study.notes() if note.kind == "topic" and not note.lang]
    return _("topics of your own {n}").format(n=len(own))


def _explained(study: Study) -> str:
    return _("explained {n} times").format(n=len(study.library.events("explained")))


def _cadence(study: Study) -> str:
    waiting: Sequence[object] = study.people.due()
    return _("people {people}, to contact now {due}").format(people=len(study.people.all()), due=len(waiting))


_COUNTS: dict[str, Callable[[Study], str]] = {
    "practitioners": _people,
    "job-news": _questions,
    "sites": _sites,
    "paid-courses": _courses,
    "persistence": _days,
    "sorting": _unsorted,
    "knowledge-system": _topics,
    "explain": _explained,
    "cadence": _cadence,
    "windows": _days,
}
