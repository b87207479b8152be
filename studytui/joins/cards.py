"""The cards in the notes with what the journal knows of them: due, graded, put aside, known again after edits."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from threading import RLock
from typing import TYPE_CHECKING, Any

from studytui.errors import StudyError
from studytui.i18n import _, language
from studytui.joins.following import FEW, Content, Stale, cache_file, follow, load, save
from studytui.joins.leading import leading
from studytui.journal import Event
from studytui.text import clean_line

if TYPE_CHECKING:
    from studytui.journal import Mark
    from studytui.learning.cards import Card
    from studytui.learning.deck import Deck
    from studytui.learning.review import Counts, Limits, Placed, Queue, Row
    from studytui.learning.schedule import CardState
    from studytui.notes.note import Note
    from studytui.study import Study

SECONDS_A_CARD = 20  # what an answer takes on the average; for telling how long a stack is


@dataclass(frozen=True)
class Shown:
    """A card as it is shown: with its id, its state, and how long each rating (1..4) would put it off."""

    id: str
    card: Card
    state: CardState
    delays: Mapping[int, timedelta]


class Cards:
    """All cards of the workspace; may be called from any thread."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._lock = RLock()
        self._deck: Deck | None = None
        self._mark: Mark | None = None
        self._made_of: object = None

    # --- what there is ------------------------------------------------------------------------------------

    def deck(self) -> Deck:
        """Return all cards of the notes, of both languages, with their schedules as of now."""
        with self._lock:
            notes, retention = self._tagged(self._study.vault.notes()), self._study.settings.retention
            growth = self._study.journal.since(self._mark)
            touched = _card_ids(growth.events)
            deck, made_of = self._deck, (notes, retention)
            if deck is None or growth.whole or self._made_of != made_of or not self._few(touched):
                deck = self._assemble(notes, retention)
            else:
                for card_id in touched:
                    deck = deck.after(card_id, self._events(card_id))
            self._deck, self._mark, self._made_of = deck, growth.mark, made_of
            return deck

    def _few(self, touched: set[str]) -> bool:
        """Say whether these cards are few and all in the deck, so that the others need no second look."""
        return self._deck is not None and len(touched) <= FEW and touched <= set(self._deck.ids)

    def _assemble(self, notes: Sequence[tuple[str, str]], retention: float) -> Deck:
        """Match the notes' cards with the journal's; edited ones are told to it, so that they stay known."""
        from studytui.learning.card_identity import KINDS
        from studytui.learning.deck import Deck, assemble
        from studytui.learning.schedule import from_plain, to_plain

        file = cache_file(self._study.workspace, "schedules")
        previous = self._deck or Deck(schedules=from_plain(load(file) or {}))
        events = self._study.library.events(*KINDS)
        deck = assemble(notes, self._read, events, previous, retention)
        if deck.schedules.states != previous.schedules.states or self._deck is None:
            save(file, to_plain(deck.schedules))
        if edits := deck.edits():
            self._study.journal.append_all(edits)
        return deck

    def _read(self, path: str) -> tuple[str, Mapping[str, Any], str]:
        try:
            opened = self._study.vault.read(path)
        except StudyError:  # it went between the look at the folder and now
            return "", {}, ""
        return opened.note.title, opened.note.front, opened.source

    def _tagged(self, notes: Sequence[Note]) -> tuple[tuple[str, str], ...]:
        """Return (path, digest) of the readable notes that are tagged for cards."""
        return tuple(
            sorted(
                (note.path, note.digest)
                for note in notes
                if note.problem is None
                and any(tag.casefold().partition("/")[0] == "flashcards" for tag in note.tags)
            )
        )

    def _events(self, card_id: str) -> list[Event]:
        from studytui.learning.card_identity import KINDS

        return self._study.library.events(*KINDS, subject=card_id)

    def placed(self) -> list[Placed]:
        """Return the cards in the screen language with their states; new ones come up in this order.

        Own notes come first, then starter notes as the lessons lead to them; those of later lessons wait.
        """
        lessons, notes = leading(self._study), self._study.notes()
        places = {note.path: lessons.place(note) for note in notes}
        ahead = {note.path for note in notes if not lessons.reached(note)}
        found = [
            replace(item, ahead=True) if item.note in ahead else item
            for item in self.deck().placed
            if item.note in places
        ]
        return sorted(found, key=lambda item: places[item.note])

    # --- what is due --------------------------------------------------------------------------------------

    @property
    def limits(self) -> Limits:
        """How many cards a day the learner wants."""
        from studytui.learning.review import Limits

        settings = self._study.settings
        return Limits(settings.day_cap, settings.day_new)

    def queue(self) -> Queue:
        """Return what to review now, in order."""
        from studytui.learning.review import queue

        return queue(self.placed(), self._study.clock.now(), self.limits)

    def next(self, after: str = "") -> tuple[str, int]:
        """Return the card to show now ("" when all is done) and how many wait, it included.

        What is due comes first, then what is being learned and comes within minutes; the card just answered
        (``after``) only when there is no other.
        """
        queue = self.queue()
        ids = queue.ids or queue.ahead
        return next((one for one in ids if one != after), ids[0] if ids else ""), len(ids)

    def counts(self) -> Counts:
        """Return the numbers of today's review at the price of what changed since the last look."""
        from studytui.learning.deck import cache_mark
        from studytui.learning.review import count

        study, now = self._study, self._study.clock.now()
        # What a course note says decides which starter cards may come up.
        courses = repr(sorted((note.path, note.digest) for note in study.notes() if note.kind == "course"))
        sign = cache_mark(self._tagged(study.notes()), courses, study.settings.retention, now)
        name = f"cards-{language()}"
        found = follow(study.workspace, study.journal, name, _unpacked, self._all_rows, self._take, sign)
        return count(list(found.values()), now, self.limits)

    def _all_rows(self) -> Content:
        from studytui.learning.review import rows

        placed = self.placed()
        found = rows(placed, self._study.clock.now())
        return _packed({item.id: row for item, row in zip(placed, found, strict=True)})

    def _take(self, content: Content, events: Sequence[Event]) -> Content:
        """Work out anew the rows of the cards that the events are about."""
        from studytui.learning.review import Placed, rows
        from studytui.learning.schedule import replay

        if any(event.kind == "lesson.state" for event in events):
            raise Stale
        touched = _card_ids(events)
        if not touched:
            return content
        known = _unpacked(content)
        if len(touched) > FEW or not touched <= known.keys():
            raise Stale
        for card_id in touched:
            state = replay(self._events(card_id), self._study.settings.retention)
            if not state.reviews:  # it may go by the schedule that its note says
                raise Stale
            row = rows([Placed(card_id, "", 0, state)], self._study.clock.now())[0]
            known[card_id] = row._replace(family=known[card_id].family)
        return _packed(known)

    # --- one card -----------------------------------------------------------------------------------------

    def shown(self, card_id: str) -> Shown:
        """Return one card for showing.  Raises StudyError when no note holds it any more."""
        from studytui.learning.schedule import preview

        deck = self.deck()
        card, state = deck.card(card_id), self.state(card_id)
        delays = preview(state, self._study.clock.now(), self._study.settings.retention)
        return Shown(card_id, card, state, delays)

    def find(self, beginning: str) -> str:
        """Return the one card id that begins so.  Raises StudyError."""
        found = [card_id for card_id in self.deck().ids if card_id.startswith(beginning)]
        if len(found) != 1 or not beginning:
            raise StudyError(
                _("There is no card {id}.").format(id=clean_line(beginning, 40)),
                _("List the cards with: studytui cards"),
            )
        return found[0]

    def state(self, card_id: str) -> CardState:
        """Return what is known of the card's learning."""
        from studytui.learning.schedule import state_of

        deck = self.deck()
        return state_of(deck.card(card_id), card_id, deck.schedules)

    def grade(self, card_id: str, rating: int, seconds: float) -> Event:
        """Record an answer: 1 again, 2 hard, 3 good, 4 easy; ``seconds`` the learner took."""
        from studytui.learning.schedule import review_fields

        fields = review_fields(self.deck().card(card_id), card_id, rating, seconds, self.state(card_id))
        return self._study.journal.append("card.reviewed", **fields)

    def suspend(self, card_id: str, value: bool = True) -> Event:
        """Take the card out of every queue, or put it back."""
        return self._record("card.suspended", card_id, value=value)

    def bury(self, card_id: str) -> Event:
        """Put the card aside until tomorrow."""
        tomorrow: date = self._study.clock.now().date() + timedelta(days=1)
        return self._record("card.buried", card_id, until=tomorrow.isoformat())

    def _record(self, kind: str, card_id: str, **facts: Any) -> Event:
        from studytui.learning.card_identity import identity_fields

        fields = identity_fields(self.deck().card(card_id), card_id)
        return self._study.journal.append(kind, **fields, **facts)

    def stands(self, event: Event) -> bool:
        """Say whether a recorded answer still counts: an undo may have taken it back."""
        return any(other.id == event.id for other in self._events(event.subject))

    # --- to and from Anki ---------------------------------------------------------------------------------

    def export(self, *, people: bool = False) -> tuple[str, int]:
        """Return the cards in the screen language as a text file for Anki, and how many there are.

        Those in notes about people and events come along only when asked for.
        """
        from studytui.learning.anki import anki_notes, export_tsv
        from studytui.notes.export import is_private

        seen = {note.path for note in self._study.notes() if people or not is_private(note)}
        deck = self.deck()
        pairs = [pair for pair in zip(deck.cards, deck.ids, strict=True) if pair[0].note in seen]
        return export_tsv(anki_notes([card for card, _id in pairs], [one for _card, one in pairs])), len(
            pairs
        )

    def take_in(self, text: str, title: str) -> tuple[list[Note], int]:
        """Write the cards of an Anki file into new notes, one a deck; return the notes and how many cards.

        ``title`` names the note of cards without a deck.  Raises StudyError naming the line at fault; then
        nothing is written.
        """
        from studytui.learning.anki import by_deck, cards_text, read_tsv

        decks = by_deck(read_tsv(text))
        if not decks:
            raise StudyError(
                _("There are no cards in this file."),
                _("Each line needs two columns: the question, a tab, the answer."),
            )
        notes = []
        for name, found in decks.items():
            tags = dict.fromkeys(tag.replace("::", "/") for note in found for tag in note.tags)
            called = name.replace("::", " · ") or title
            front = {"tags": ["flashcards", *(tag for tag in tags if tag.casefold() != "flashcards")]}
            notes.append(
                self._study.vault.create(called, "\n" + cards_text(found), front=front, into="cards")
            )
        return notes, sum(map(len, decks.values()))


def _packed(found: Mapping[str, Row]) -> Content:
    """Return rows as JSON that thousands of cards are written and read in a few milliseconds with."""
    numbers = array("d", chain.from_iterable(found.values())).tobytes()
    return {"ids": " ".join(found), "rows": b64encode(numbers).decode()}


def _unpacked(content: Content) -> dict[str, Row]:
    """Return the rows that `_packed` wrote.  Raises ValueError and the like when somebody else did."""
    from studytui.learning.review import Row

    numbers = array("d", b64decode(content["rows"]))
    width = len(Row._fields)
    ids = content["ids"].split()
    if len(numbers) != len(ids) * width:
        raise ValueError
    return {card_id: Row(*numbers[at * width : at * width + width]) for at, card_id in enumerate(ids)}  # type: ignore[arg-type]


def _card_ids(events: Sequence[Event]) -> set[str]:
    """Return the cards that the events are about."""
    from studytui.learning.card_identity import KINDS

    return {event.subject for event in events if event.kind in KINDS}


def in_words(delay: timedelta) -> str:
    """Return how long a card would wait: "<1 min", "10 min", "3 d", "2.5 mo", "1.2 y"."""
    minutes, days = delay.total_seconds() / 60, delay.total_seconds() / 86_400
    if minutes < 1:
        return _("<1 min")
    if minutes < 60:
        return _("{n} min").format(n=round(minutes))
    if days < 1:
        return _("{n} h").format(n=round(minutes / 60))
    if days < 30:
        return _("{n} d").format(n=round(days))
    if days < 365:
        return _("{n} mo").format(n=f"{days / 30.4:.1f}")
    return _("{n} y").format(n=f"{days / 365.25:.1f}")


def standing(state: CardState, now: datetime) -> str:
    """Return in a word where a card stands: new, being learned, learned, suspended, buried."""
    if state.suspended:
        return _("suspended")
    if state.buried_until is not None and state.buried_until > now.date():
        return _("put aside")
    return {
        "new": _("not learned yet"),
        "learning": _("being learned"),
        "relearning": _("being learned again"),
        "review": _("learned"),
    }[state.phase]
