"""Knowing a card again after its text was edited, moved or written in another syntax.

The journal's ``card.*`` events carry the text a card had, so that they alone are enough to find it again after
every cache was deleted.  A card that is not surely one of the known ones is new: a lost schedule costs a few
reviews, a schedule taken from another card teaches the wrong thing.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from studytui.journal import Event
from studytui.learning.cards import Card
from studytui.learning.similarity import bigrams, is_touched_up, likeness, numbers, plain

KINDS = ("card.reviewed", "card.edited", "card.suspended", "card.buried")
_TEXT_LIMIT = 4000
_CANDIDATES, _RAREST = 8, 30
_MARGIN = 0.02


@dataclass(frozen=True)
class Known:
    """A card that the journal knows, with the text and the note it had when it was last mentioned."""

    id: str
    face: str
    front: str
    answer: str
    note: str


@dataclass(frozen=True)
class Matching:
    """``ids`` are the cards' ids in their order; ``edited`` the indices of known cards whose text has changed.

    ``lost`` are known cards that no note holds at present; their schedules wait for them.
    """

    ids: tuple[str, ...]
    edited: tuple[int, ...]
    lost: tuple[Known, ...]


def identity_fields(card: Card, card_id: str) -> dict[str, Any]:
    """Return what every ``card.*`` event says of its card, so that the card can be known again."""
    return {
        "subject": card_id,
        "face": card.face,
        "front": card.front[:_TEXT_LIMIT],
        "answer": card.answer[:_TEXT_LIMIT],
        "note": card.note,
    }


def known_cards(events: Iterable[Event], known: Mapping[str, Known] | None = None) -> dict[str, Known]:
    """Return the cards that ``card.*`` events (oldest first) mention, by id, added to those already ``known``."""
    found = dict(known or {})
    for event in events:
        if event.kind in KINDS and isinstance(event.data.get("front"), str):
            face, front, answer, note = (
                str(event.data.get(name, "")) for name in ("face", "front", "answer", "note")
            )
            found[event.subject] = Known(event.subject, face, front, answer, note)
    return found


def match_cards(known: Iterable[Known], cards: Sequence[Card]) -> Matching:
    """Return the ids of ``cards``: those of the known cards they are, new ones for the others.

    Order of trust: the same text, the same letters and digits, then likeness of question and answer.
    """
    old = [_Text(item, item.face, item.front, item.answer, item.note) for item in known]
    new = [_Text(card, card.face, card.front, card.answer, card.note) for card in cards]
    pairs: dict[int, _Text] = {}
    rest_old, rest_new = old, list(enumerate(new))
    for key in (_same_text, _same_letters):
        found = _pair_equal(rest_old, rest_new, key)
        pairs |= found
        taken = {id(text) for text in found.values()}
        rest_old = [text for text in rest_old if id(text) not in taken]
        rest_new = [(index, text) for index, text in rest_new if index not in found]
    if rest_old and rest_new:
        pairs |= _pair_alike(rest_old, rest_new, _Judge(old, new))
    ids = _ids(
        new, {index: text.source.id for index, text in pairs.items()}, {text.source.id for text in old}
    )
    edited = tuple(index for index, text in sorted(pairs.items()) if not _is_unchanged(text, new[index]))
    matched = {id(text) for text in pairs.values()}
    return Matching(tuple(ids), edited, tuple(text.source for text in old if id(text) not in matched))


class _Text:
    """The text of a known or a current card with its reduced forms, worked out once and only when asked for."""

    __slots__ = ("_answer", "_front", "answer", "face", "front", "note", "source")

    def __init__(self, source: Any, face: str, front: str, answer: str, note: str) -> None:
        self.source, self.face, self.front, self.answer, self.note = source, face, front, answer, note
        self._front: str | None = None
        self._answer: str | None = None

    @property
    def plain_front(self) -> str:
        if self._front is None:
            self._front = plain(self.front)
        return self._front

    @property
    def plain_answer(self) -> str:
        if self._answer is None:
            self._answer = plain(self.answer)
        return self._answer


def _same_text(text: _Text) -> Hashable:
    return (text.face, text.front[:_TEXT_LIMIT], text.answer[:_TEXT_LIMIT])


def _same_letters(text: _Text) -> Hashable:
    return (text.face, text.plain_front, text.plain_answer)


def _is_unchanged(old: _Text, new: _Text) -> bool:
    return _same_text(old) == _same_text(new) and old.note == new.note


def _pair_equal(
    old: Sequence[_Text], new: Sequence[tuple[int, _Text]], key: Callable[[_Text], Hashable]
) -> dict[int, _Text]:
    """Pair texts with equal keys; of several, those in the same note first, then in order."""
    waiting: dict[Hashable, list[_Text]] = defaultdict(list)
    for text in old:
        waiting[key(text)].append(text)
    pairs: dict[int, _Text] = {}
    for same_note in (True, False):
        for index, text in new:
            same = waiting.get(key(text))
            if not same or index in pairs:
                continue
            found = next((item for item in same if not same_note or item.note == text.note), None)
            if found is not None:
                same.remove(found)
                pairs[index] = found
    return pairs


def _pair_alike(old: Sequence[_Text], new: Sequence[tuple[int, _Text]], judge: _Judge) -> dict[int, _Text]:
    """Pair what is left by likeness, best first; where two answers are about as good, none is taken."""
    find = _candidates(old)
    scores = [
        (score, index, item)
        for index, text in new
        for item in find(text)
        if (score := judge.score(item, text)) is not None
    ]
    by_card: dict[int, list[tuple[float, int]]] = defaultdict(list)
    by_known: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for score, index, item in scores:
        by_card[index].append((score, id(item)))
        by_known[id(item)].append((score, index))
    pairs: dict[int, _Text] = {}
    taken: set[int] = set()
    for score, index, item in sorted(scores, key=lambda found: (-found[0], found[1])):
        if index in pairs or id(item) in taken:
            continue
        rivals = [other for other, rival in by_card[index] if rival != id(item) and rival not in taken]
        rivals += [other for other, rival in by_known[id(item)] if rival != index and rival not in pairs]
        if all(other <= score - _MARGIN for other in rivals):
            pairs[index] = item
            taken.add(id(item))
    return pairs


def _candidates(old: Sequence[_Text]) -> Callable[[_Text], list[_Text]]:
    """Return a function that finds the known texts that share most of a text's rarest pairs of characters."""
    postings: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(old):
        for pair in bigrams(text.plain_front + "\n" + text.plain_answer):
            postings[pair].append(position)

    def find(text: _Text) -> list[_Text]:
        held = [
            postings[pair]
            for pair in bigrams(text.plain_front + "\n" + text.plain_answer)
            if pair in postings
        ]
        shared: Counter[int] = Counter()
        for holders in sorted(held, key=len)[:_RAREST]:
            shared.update(holders)
        best = shared.most_common(_CANDIDATES)
        return [old[position] for position, hits in best if hits * 2 >= best[0][1]]

    return find


class _Judge:
    """Decides whether two texts are one card, knowing which questions and answers only one card has."""

    def __init__(self, old: Sequence[_Text], new: Sequence[_Text]) -> None:
        self.fronts = _shared(old, lambda text: text.plain_front) | _shared(
            new, lambda text: text.plain_front
        )
        self.answers = _shared(old, lambda text: text.plain_answer) | _shared(
            new, lambda text: text.plain_answer
        )

    def score(self, old: _Text, new: _Text) -> float | None:
        """Return how surely two texts are one card (0..2.1), None when they may well be two.

        One side may be written anew while the other stays and is that card's alone; else the changes must be
        corrections.  A number that changes on one side needs the other to stay; on both it is another card.
        """
        if old.face != new.face:
            return None
        other_front = numbers(old.front) != numbers(new.front)
        other_answer = numbers(old.answer) != numbers(new.answer)
        if other_front and other_answer:
            return None
        here = old.note == new.note
        front = likeness(old.plain_front, new.plain_front)
        answer = likeness(old.plain_answer, new.plain_answer)
        own_front = old.plain_front not in self.fronts and new.plain_front not in self.fronts
        own_answer = old.plain_answer not in self.answers and new.plain_answer not in self.answers
        if front == 1.0:
            alike = here or own_front or is_touched_up(old.plain_answer, new.plain_answer)
        elif answer == 1.0:
            alike = (own_answer and front >= (0.8 if other_front else 0.5)) or (
                not other_front and is_touched_up(old.plain_front, new.plain_front)
            )
        elif other_front or other_answer or min(front, answer) < 0.5:
            alike = False
        else:
            alike = is_touched_up(old.plain_front, new.plain_front) and (
                own_front or is_touched_up(old.plain_answer, new.plain_answer)
            )
        return front + answer + (0.1 if here else 0.0) if alike else None


def _shared(texts: Sequence[_Text], side: Callable[[_Text], str]) -> set[str]:
    """Return the questions (or answers) that several cards have."""
    return {words for words, times in Counter(map(side, texts)).items() if times > 1}


def _ids(new: Sequence[_Text], found: Mapping[int, str], used: set[str]) -> list[str]:
    """Return the ids in order; a new card's id is a hash of its text, salted when that id is taken."""
    taken = set(used)
    ids = []
    for index, text in enumerate(new):
        ids.append(
            found.get(index) or next(fresh for salt in count() if (fresh := _hash(text, salt)) not in taken)
        )
        taken.add(ids[-1])
    return ids


def _hash(text: _Text, salt: int) -> str:
    content = "\n".join((text.face, text.plain_front, text.plain_answer, str(salt)))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:12]
