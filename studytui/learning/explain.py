"""Something to say (article 1): explaining a topic against the clock, scored by oneself, backed by own notes.

Topics come from notes of ``kind: topic`` and the ``explain:`` list of any note, questions also from notes of
``kind: question``.  Nobody scores above 2 without a note of their own as evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.journal import Event
from studytui.learning.front import texts
from studytui.learning.similarity import numbers, plain, ratio
from studytui.text import clean_line

LENGTHS = (60, 180)  # seconds of the timer
LEAST, MOST = 1, 5
MOST_WITHOUT_NOTE = 2
CAN_EXPLAIN = 3
HALF_LIFE = 60.0  # days after which a score counts half, since what is not said is forgotten
NEVER_TRIED = 1.5  # between "could not" (1) and "with gaps" (2)
_SURE = 0.8


@dataclass(frozen=True)
class Prompt:
    """Something to explain: a topic as a whole (``question`` "") or one question about it.

    ``note`` is the path of the note it comes from, ``topic`` the title it belongs to.
    """

    note: str
    topic: str
    question: str = ""

    @property
    def text(self) -> str:
        """What the learner is asked to explain."""
        return self.question or self.topic


@dataclass(frozen=True)
class Written:
    """What explaining needs to know of a note: what it belongs to, and whether the learner wrote it.

    ``own`` is False for starter notes (those with ``lang``); ``topics`` are the titles of ``topic`` in its front
    matter, ``links`` the titles it links to.
    """

    path: str
    title: str
    kind: str = ""
    topics: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    own: bool = True


@dataclass(frozen=True)
class Attempt:
    """One explanation: ``score`` 1..5 as it counts, ``seconds`` spoken of the timer's ``limit``."""

    event: str
    moment: datetime
    score: int
    seconds: float
    limit: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How well a prompt can be explained; ``strength`` 0..5 is the last score, fading with a half-life of 60 days."""

    prompt: Prompt
    attempts: tuple[Attempt, ...]
    strength: float

    @property
    def last(self) -> Attempt | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None


def prompts(path: str, title: str, kind: str, front: Mapping[str, Any]) -> list[Prompt]:
    """Return what one note gives to explain: its topic, its ``explain:`` list, itself when it is a question."""
    topic = unlinked(str(front.get("topic") or "")) or title
    if kind == "question":
        return [Prompt(path, topic if front.get("topic") else "", clean_line(title))]
    found = [Prompt(path, title)] if kind == "topic" else []
    listed = front.get("explain")
    asked = texts(listed) if isinstance(listed, list | tuple) else texts([listed])
    return found + [Prompt(path, title, clean_line(question)) for question in dict.fromkeys(asked)]


def unlinked(text: str) -> str:
    """Return the title inside ``[[title|label]]``, or the text itself."""
    return clean_line(text.strip().removeprefix("[[").removesuffix("]]").split("|")[0].split("#")[0])


def evidence(prompt: Prompt, notes: Iterable[Written]) -> list[str]:
    """Return the paths of the learner's own notes on the prompt's topic.

    Those filed under it, those that link to it, and the topic's note when the learner wrote it; a note that only
    asks the question proves nothing.
    """
    wanted = plain(prompt.topic)
    return [
        note.path
        for note in notes
        if note.own
        and note.kind != "question"
        and wanted
        and wanted in {plain(title) for title in (note.title, *note.topics, *note.links)}
    ]


def counted_score(score: int, evidence: Sequence[str]) -> int:
    """Return the score as it counts: at most 2 without a note as evidence.  Raises StudyError outside 1..5."""
    if not LEAST <= score <= MOST:
        raise StudyError(
            _("{score} is not a score.").format(score=score),
            _("Give 1 (could not) to 5 (fluently, with example)."),
        )
    return score if evidence else min(score, MOST_WITHOUT_NOTE)


def explained_fields(
    prompt: Prompt, score: int, seconds: float, limit: int, evidence: Sequence[str]
) -> dict[str, Any]:
    """Return what an ``explained`` event holds; ``claimed`` keeps the score that was given when less counts."""
    return {
        "subject": prompt.text,
        "topic": prompt.topic,
        "note": prompt.note,
        "score": counted_score(score, evidence),
        "claimed": score,
        "seconds": round(seconds, 1),
        "limit": limit,
        "evidence": list(evidence),
    }


def standings(found: Iterable[Prompt], events: Iterable[Event], now: datetime) -> list[Standing]:
    """Return where each prompt stands by its ``explained`` events, weakest first.

    What was tried today comes last.  Of equally weak ones those tried longest ago come first, then the order
    given.  A question that was reworded in its note keeps its history.
    """
    listed = list(found)
    history = _histories(listed, events)
    result = [
        Standing(prompt, tuple(history[at]), _strength(history[at], now)) for at, prompt in enumerate(listed)
    ]
    return sorted(result, key=lambda item: _weakness(item, now))


def remaining(started: datetime, now: datetime, limit: int) -> float:
    """Return how many seconds of the timer are left, never below 0; a clock set back gives no more than ``limit``."""
    return min(float(limit), max(0.0, limit - (now - started).total_seconds()))


def one_page(standing: Iterable[Standing], titles: Mapping[str, str]) -> str:
    """Return a page in Markdown of what can be explained (3 or better) with its evidence, best first.

    ``titles`` gives the title of a note by its path, so that evidence becomes links.
    """
    able = [item for item in standing if item.last is not None and item.last.score >= CAN_EXPLAIN]
    lines = ["# " + _("What I can explain"), ""]
    for item in sorted(able, key=lambda item: (-item.strength, item.prompt.text)):
        if item.last is None:
            continue
        proof = ", ".join(f"[[{titles[path]}]]" for path in item.last.evidence if path in titles)
        score = _("{score} of 5, {day}").format(
            score=item.last.score, day=item.last.moment.date().isoformat()
        )
        lines.append(f"- **{item.prompt.text}** ({score})" + (f": {proof}" if proof else ""))
    if not able:
        lines.append(_("Nothing yet: explain a topic and link a note of your own to it."))
    return "\n".join(lines) + "\n"


def _histories(listed: Sequence[Prompt], events: Iterable[Event]) -> list[list[Attempt]]:
    exact: dict[str, int] = {}
    for at, prompt in enumerate(listed):
        exact.setdefault(plain(prompt.text), at)
    history: list[list[Attempt]] = [[] for _prompt in listed]
    for event in sorted(events, key=lambda event: event.order):
        attempt = _attempt(event)
        if attempt is not None:
            same = exact.get(plain(event.subject))
            place = _reworded(listed, event) if same is None else same
            if place is not None:
                history[place].append(attempt)
    return history


def _attempt(event: Event) -> Attempt | None:
    data = event.data
    score, seconds, limit = data.get("score"), data.get("seconds"), data.get("limit")
    if event.kind != "explained" or not isinstance(score, int) or not LEAST <= score <= MOST:
        return None
    proof = data.get("evidence")
    return Attempt(
        event.id,
        event.moment,
        score,
        float(seconds) if isinstance(seconds, int | float) else 0.0,
        limit if isinstance(limit, int) else LENGTHS[0],
        tuple(str(path) for path in proof) if isinstance(proof, list) else (),
    )


def _reworded(listed: Sequence[Prompt], event: Event) -> int | None:
    """Return the one prompt of the same note that reads much like the event's, None when none surely does."""
    old = event.subject
    scores = [
        (ratio(plain(prompt.text), plain(old), _SURE), at)
        for at, prompt in enumerate(listed)
        if prompt.note == event.data.get("note") and numbers(prompt.text) == numbers(old)
    ]
    likely = [item for item in scores if item[0] >= _SURE]
    return likely[0][1] if len(likely) == 1 else None


def _strength(attempts: Sequence[Attempt], now: datetime) -> float:
    if not attempts:
        return NEVER_TRIED
    days = max(0.0, (now - attempts[-1].moment).total_seconds() / 86_400)
    return float(attempts[-1].score * 0.5 ** (days / HALF_LIFE))


def _weakness(item: Standing, now: datetime) -> tuple[bool, float, float]:
    last = item.last
    if last is None:
        return (False, item.strength, 0.0)
    today = last.moment.astimezone(now.tzinfo).date() == now.date()
    return (today, item.strength, last.moment.timestamp())
