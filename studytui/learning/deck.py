"""All cards of the notes with their ids and schedules: what the review screen and the command line work on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.journal import Event
from studytui.learning.card_identity import Known, identity_fields, match_cards
from studytui.learning.cards import Card, parse_cards
from studytui.learning.review import Limits, Placed, Queue, Row, place, queue, rows
from studytui.learning.schedule import RETENTION, Schedules, refresh, update

Read = Callable[[str], tuple[str, Mapping[str, Any], str]]


@dataclass(frozen=True)
class Deck:
    """The cards in the order of their notes, ``ids`` beside them; ``lost`` are known cards that no note holds."""

    cards: tuple[Card, ...] = ()
    ids: tuple[str, ...] = ()
    schedules: Schedules = field(default_factory=Schedules)
    lost: tuple[Known, ...] = ()
    edited: tuple[int, ...] = ()
    parsed: Mapping[str, tuple[str, tuple[Card, ...]]] = field(default_factory=dict)

    @cached_property
    def placed(self) -> list[Placed]:
        """The cards with their states."""
        return place(self.cards, self.ids, self.schedules)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {card_id: at for at, card_id in enumerate(self.ids)}

    def card(self, card_id: str) -> Card:
        """Return the card of an id.  Raises StudyError when no note holds it."""
        at = self._places.get(card_id)
        if at is None:
            raise StudyError(
                _("There is no card {id}.").format(id=card_id),
                _("Its note was changed or removed. List the cards with: studytui cards"),
            )
        return self.cards[at]

    def queue(self, now: datetime, limits: Limits | None = None) -> Queue:
        """Return what to review at ``now`` (aware, in the learner's zone)."""
        return queue(self.placed, now, limits)

    def rows(self, now: datetime) -> list[Row]:
        """Return the numbers from which `review.count` counts; to be cached under `cache_mark`."""
        return rows(self.placed, now)

    def edits(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the ``card.edited`` events that tell the journal how known cards read and where they are now.

        Appending them when there are any keeps a card known through any number of small edits.
        """
        return [("card.edited", identity_fields(self.cards[at], self.ids[at])) for at in self.edited]

    def after(self, card_id: str, events: Iterable[Event]) -> Deck:
        """Return the deck with one card replayed from all its events: after a review, and after an undo."""
        return replace(self, schedules=update(self.schedules, card_id, events))


def assemble(
    notes: Iterable[tuple[str, str]],
    read: Read,
    events: Iterable[Event],
    previous: Deck | None = None,
    retention: float = RETENTION,
) -> Deck:
    """Return the deck of ``notes``, (path, digest) of each note that is tagged ``flashcards``.

    ``read`` gives (title, front matter, whole text) by path and is asked only for notes that changed since
    ``previous``; ``events`` are all ``card.*`` events that count.
    """
    before = previous or Deck()
    parsed: dict[str, tuple[str, tuple[Card, ...]]] = {}
    for path, digest in notes:
        known = before.parsed.get(path)
        if known is None or known[0] != digest:
            known = (digest, tuple(parse_cards(path, *read(path))))
        parsed[path] = known
    cards = tuple(card for path in sorted(parsed) for card in parsed[path][1])
    schedules = refresh(before.schedules, events, retention)
    matching = match_cards(schedules.known.values(), cards)
    return Deck(cards, matching.ids, schedules, matching.lost, matching.edited, parsed)


def cache_mark(notes: Iterable[tuple[str, str]], journal: str, retention: float, now: datetime) -> str:
    """Return a mark under which rows may be cached: it changes with the notes, the journal, and the zone.

    ``journal`` is any text that changes with the events, such as their number and the last id.
    """
    content = repr((sorted(notes), journal, retention, now.utcoffset()))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
