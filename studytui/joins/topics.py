"""The knowledge map over all areas: what there is on each topic, what is missing next, and filing under topics."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.i18n import _, language, ngettext

if TYPE_CHECKING:
    from studytui.joins.systems import TopicPractice
    from studytui.learning.explain import Standing
    from studytui.notes.map import Filing, Place
    from studytui.notes.note import Note
    from studytui.practice.systems import System
    from studytui.study import Study

QUIET = timedelta(days=30)
CAN_EXPLAIN = 3


@dataclass(frozen=True)
class Topic:
    """What there is on one topic of the map, or a line of the map that only groups others.

    ``place`` is None for a topic that has no place in the map.  ``practised`` counts the learner's own entries in
    its practice tools, None when it has no tool; ``score`` is the best last self-score of explaining it, 1 to 5;
    ``touched`` is when the learner last wrote, reviewed or explained something there.
    """

    title: str
    note: Note | None
    place: Place | None = None
    notes: tuple[Note, ...] = ()
    cards: int = 0
    practised: int | None = None
    score: int | None = None
    touched: datetime | None = None

    @property
    def depth(self) -> int:
        """How deep it stands in the map, from 0."""
        return self.place.depth if self.place else 0

    @property
    def is_group(self) -> bool:
        """Whether it is a plain line without a link."""
        return self.place is not None and not self.place.linked

    @property
    def own_notes(self) -> tuple[Note, ...]:
        """The notes on it that the learner wrote; starter notes carry a language."""
        return tuple(note for note in self.notes if not note.lang)

    @property
    def is_empty(self) -> bool:
        """Whether the learner has put nothing there yet."""
        return not (self.own_notes or self.practised or self.score)


@dataclass(frozen=True)
class MapView:
    """The whole map at a moment: its lines from top to bottom, topics without a place, notes filed nowhere."""

    topics: tuple[Topic, ...]
    loose: tuple[Topic, ...]
    unfiled: tuple[Note, ...]


@dataclass(frozen=True)
class TopicPage:
    """Everything on one topic: what the map shows, its cards, its practice, how it is explained, what is next."""

    topic: Topic
    due: int
    learned: int
    practice: TopicPractice | None
    standings: tuple[Standing, ...]
    missing: tuple[str, ...]


class Topics:
    """The map of a workspace; may be called from any thread."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def view(self) -> MapView:
        """Return the map in the screen language with what there is on each topic."""
        from studytui.notes.map import Filing, loose_topics, topic_tree

        vault = self._study.vault
        gathered = _Gathered(self._study, Filing(vault, language()))
        places = [place for root in topic_tree(vault, language()) for place in root.walk()]
        topics = tuple(gathered.topic(place.title, place.note, place) for place in places)
        loose = tuple(gathered.topic(note.title, note) for note in loose_topics(vault, language()))
        return MapView(topics, loose, tuple(gathered.filing.unfiled()))

    def page(self, topic: Topic) -> TopicPage:
        """Return everything on ``topic`` and what is missing next."""
        study, now = self._study, self._study.clock.now()
        paths = {note.path for note in (topic.note, *topic.notes) if note is not None}
        placed = [card for card in study.learning.cards.placed() if card.note in paths]
        due = sum(
            card.state.phase != "new" and card.state.due is not None and card.state.due <= now
            for card in placed
        )
        learned = sum(card.state.reviews > 0 for card in placed)
        found = tuple(one for one in study.learning.explaining.standings() if _about(one, topic))
        system = _system(topic.note)
        practice = study.practice.of_topic(system.topic.written(language())) if system else None
        missing = tuple(_missing(topic, due, practice, now))
        return TopicPage(topic, due, learned, practice, found, missing)

    # --- filing -------------------------------------------------------------------------------------------

    def to_pick(self) -> list[tuple[Note, str]]:
        """Return the topics that a note can be filed under and what each stands below: those used last first."""
        from studytui.notes.map import loose_topics, recent_topics, topic_tree

        vault = self._study.vault
        above: dict[str, str] = {}
        notes: dict[str, Note] = {note.path: note for note in recent_topics(vault)}
        for root in topic_tree(vault, language()):
            for place in root.walk():
                for child in place.children:
                    if child.note is not None:
                        above.setdefault(child.note.path, place.title)
                if place.note is not None:
                    notes.setdefault(place.note.path, place.note)
        for note in loose_topics(vault, language()):
            notes.setdefault(note.path, note)
        return [(note, above.get(note.path, "")) for note in notes.values()]

    def last_used(self) -> str:
        """Return the path of the topic that something was filed under last, "" when there is none."""
        from studytui.notes.map import recent_topics

        return next((note.path for note in recent_topics(self._study.vault, 1)), "")

    def file(self, path: str, topic: str) -> Note:
        """File the note at ``path`` under the topic note at ``topic``; a topic gets its place in the map there."""
        from studytui.notes import map as notes_map

        vault = self._study.vault
        note = self._study.note(path)
        if note.kind != notes_map.TOPIC:
            return notes_map.file_under(vault, path, topic)
        places = [place for root in notes_map.topic_tree(vault, language()) for place in root.walk()]
        under = next((place for place in places if place.note and place.note.path == topic), None)
        if any(place.note and place.note.path == path for place in places):
            raise StudyError(
                _("“{title}” is on the map already.").format(title=note.title),
                _("Move it there with Ctrl and the arrows."),
            )
        return notes_map.add_place(vault, under.map if under else self._map(), path, under)

    def new(self, title: str, under: Place | None = None) -> Note:
        """Write a topic note and give it a place in the map, last below ``under`` or at the end."""
        from studytui.notes.map import add_place

        note = self.write(title)
        add_place(self._study.vault, under.map if under else self._map(), note.path, under)
        return note

    def write(self, title: str) -> Note:
        """Write the note of a topic, such as one that the map names already."""
        from studytui.notes.templates import create_from

        return create_from(self._study.vault, "topic", title)

    def _map(self) -> str:
        """Return the path of the map that new topics go to; the first one is written when there is none."""
        from studytui.notes.map import MAP

        maps = sorted(note.path for note in self._study.notes() if note.kind == MAP and note.problem is None)
        return maps[0] if maps else self._study.vault.create(_("Map"), front={"kind": MAP}).path


class _Gathered:
    """What all topics share, asked of each area once."""

    def __init__(self, study: Study, filing: Filing) -> None:
        self.filing = filing
        self._cards: Counter[str] = Counter()
        self._touched: dict[str, datetime] = {
            note.path: note.updated for note in study.notes() if not note.lang
        }
        for card in study.learning.cards.placed():
            self._cards[card.note] += 1
            self._touch(card.note, card.state.reviewed)
        self._practised = {
            tool: sum(record.own for record in records) for tool, records in study.practice.all().items()
        }
        self._scores: dict[str, int] = defaultdict(int)
        for standing in study.learning.explaining.standings():
            if standing.last is not None:
                best = max(self._scores[standing.prompt.note], standing.last.score)
                self._scores[standing.prompt.note] = best
                self._touch(standing.prompt.note, standing.last.moment)

    def _touch(self, path: str, moment: datetime | None) -> None:
        if moment is not None:
            self._touched[path] = max(moment, self._touched.get(path, moment))

    def _last(self, note: Note) -> datetime | None:
        """Return when the learner last did something with a note; starter notes were not written by anybody here."""
        done = self._touched.get(note.path)
        return done if note.lang else max(note.updated, done or note.updated)

    def topic(self, title: str, note: Note | None, place: Place | None = None) -> Topic:
        """Return what there is on one topic."""
        if note is None:
            return Topic(title, None, place)
        notes = tuple(self.filing.notes(note.path))
        paths = [note.path, *(one.path for one in notes)]
        system = _system(note)
        practised = (
            sum(self._practised.get(tool, 0) for tool in system.tools) if system and system.tools else None
        )
        return Topic(
            title,
            note,
            place,
            notes,
            sum(self._cards[path] for path in paths),
            practised,
            max(self._scores[path] for path in paths) or None,
            max((moment for one in (note, *notes) if (moment := self._last(one))), default=None),
        )


def _system(note: Note | None) -> System | None:
    from studytui.practice.systems import system, system_of_topic

    return (system(str(note.front.get("system") or "")) or system_of_topic(note.title)) if note else None


def _about(standing: Standing, topic: Topic) -> bool:
    return topic.note is not None and standing.prompt.note in {
        note.path for note in (topic.note, *topic.notes)
    }


def _missing(topic: Topic, due: int, practice: TopicPractice | None, now: datetime) -> list[str]:
    """Return what would bring the topic on, the nearest first."""
    if topic.note is None:
        return [_("Write down what it is: Enter.")]
    found = []
    if not topic.own_notes:
        found.append(_("A note of your own: w writes one here."))
    if not topic.cards:
        found.append(_("A card: a line “question::answer” in a note with the tag #flashcards."))
    if due:
        found.append(
            ngettext("{n} card is due: 5, Review.", "{n} cards are due: 5, Review.", due).format(n=due)
        )
    untried = [record.tool.name for record in practice.records if not record.own] if practice else []
    if untried:
        found.append(_("Practise it on your own project: 7, {tools}.").format(tools=", ".join(untried)))
    if topic.score is None:
        found.append(_("Explain it aloud once: 5, Explain."))
    elif topic.score < CAN_EXPLAIN:
        found.append(_("Explain it again until it flows (last time {score} of 5).").format(score=topic.score))
    if topic.touched is not None and now - topic.touched > QUIET and not topic.is_empty:
        days = (now - topic.touched).days
        found.append(_("Nothing has happened here for {n} days.").format(n=days))
    return found
