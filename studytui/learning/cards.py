"""Cards in notes, by the syntax of the Obsidian Spaced Repetition plugin (formats.md, "Cards").

In notes tagged ``#flashcards``: ``question::answer`` on a line, ``question:::answer`` both ways, ``?`` or ``??``
alone between front and back, ``==word==`` to fill in.  A blank line ends a card.  Code, comments and quotations
hold no cards; a ``::`` inside the answer of a longer card is text, as in the plugin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from studytui.learning.front import day, texts
from studytui.learning.prose import line_kinds, mask_code, note_lines
from studytui.text import clean_line, clean_text

Face = Literal["forward", "backward", "cloze"]
BLANK = "[...]"

_HEADING = re.compile(r"^ {0,3}(?P<level>#{1,6})[ \t]+(?P<title>.*?)(?:[ \t]+#+)?[ \t]*$")
_TAG = re.compile(r"(?:^|(?<=\s))#(?P<tag>flashcards(?:/[\w/-]+)?)(?![\w/#-])", re.IGNORECASE)
_INLINE = re.compile(r"(?<!:)(?P<mark>:{2,3})(?!:)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[.\][ \t]+)?")
_BLOCK_ID = re.compile(r"[ \t]\^[A-Za-z0-9-]+[ \t]*$")
_CLOZE = re.compile(
    r"(?<!=)==(?=[^\s=])(?P<word>.+?)(?<=[^\s=])==(?!=)(?:\^\[(?P<hint>[^\]\n]+)\])?(?:\[\^(?P<group>\d+)\])?"
)
_SCHEDULE = re.compile(r"<!--SR:(?P<parts>[^>]*)-->")
_DUE = re.compile(r"(?P<due>\d{4}-\d{2}-\d{2}),(?P<interval>\d+(?:\.\d+)?),(?P<ease>\d+)")
_NEVER_REVIEWED = date(2000, 1, 1)  # what the plugin writes for a sibling that has no schedule yet
_LAST_YEAR, _LONGEST, _EASIEST = 2199, 36_500.0, 10_000


@dataclass(frozen=True)
class Schedule:
    """What an ``<!--SR:-->`` comment says: due day, interval in days, ease in per cent."""

    due: date
    interval: float
    ease: int

    @classmethod
    def believed(cls, due: str, interval: float | str, ease: float | str) -> Schedule | None:
        """Return the schedule these values give; None when no plugin would write them, so that the card is new."""
        falls = day(due)
        if falls is None or falls <= _NEVER_REVIEWED or falls.year > _LAST_YEAR:
            return None
        try:
            days, per_cent = float(interval), float(ease)
        except ValueError:
            return None
        possible = 0 <= days <= _LONGEST and 0 <= per_cent <= _EASIEST
        return cls(falls, days, int(per_cent)) if possible else None


@dataclass(frozen=True)
class Card:
    """One question with its answer, both Markdown.

    ``answer`` is what is asked for; of a cloze card ``back`` is the whole sentence.  ``line`` and ``end`` are the
    1-based first and last line in the file; cards of one text (siblings) share them.  ``heading`` is the nearest
    heading above, ``cloze`` the whole text of a cloze card in Anki's notation.
    """

    note: str
    title: str
    face: Face
    front: str
    answer: str
    back: str
    line: int
    end: int
    heading: str = ""
    decks: tuple[str, ...] = ()
    schedule: Schedule | None = None
    cloze: str = ""

    @property
    def family(self) -> tuple[str, int]:
        """What siblings have in common: the place of the text they come from."""
        return (self.note, self.line)


def decks(front: Mapping[str, Any], text: str) -> tuple[str, ...]:
    """Return the ``flashcards`` tags of a note, by front matter ``tags`` or in its body; () when it has no cards."""
    found = [tag.lstrip("#") for tag in texts(front.get("tags"))]
    named = [tag for tag in found if tag.casefold().split("/")[0] == "flashcards"]
    if "#flashcards" in text.casefold():
        lines = note_lines(text)
        for line, kind in zip(lines, line_kinds(lines), strict=True):
            if kind == "prose":
                named += [match["tag"] for match in _TAG.finditer(mask_code(line))]
    return tuple(dict.fromkeys(tag.casefold() for tag in named))


def parse_cards(path: str, title: str, front: Mapping[str, Any], text: str) -> list[Card]:
    """Return the cards of one note in the order of its lines; [] when the note is not tagged for cards.

    ``text`` is the whole note with its front matter, so that lines are lines of the file.
    """
    tagged = decks(front, text)
    if not tagged:
        return []
    return [
        replace(card, note=path, title=title, decks=tagged)
        for heading, block in _blocks(note_lines(text))
        for card in _cards(block, heading)
    ]


@dataclass(frozen=True)
class _Line:
    """A line of a block; ``opaque`` lines (code, quotation) are text only."""

    index: int
    text: str
    opaque: bool


def _blocks(lines: list[str]) -> Iterator[tuple[str, list[_Line]]]:
    """Yield (heading above, lines) of every run of lines without a blank line or heading between them."""
    heading = ""
    block: list[_Line] = []
    for index, (line, kind) in enumerate(zip(lines, line_kinds(lines), strict=True)):
        title = _HEADING.match(line) if kind == "prose" else None
        if kind in ("front", "blank") or title:
            if block:
                yield heading, block
            block = []
            heading = clean_line(title["title"]) if title else heading
        elif kind != "comment":
            block.append(_Line(index, line, kind == "code" or line.lstrip().startswith(">")))
    if block:
        yield heading, block


def _cards(block: Sequence[_Line], heading: str) -> Iterator[Card]:
    """Yield the cards of one block."""
    pending: list[_Line] = []
    for position, line in enumerate(block):
        mark = line.text.strip()
        if not line.opaque and mark in ("?", "??") and _says_something(pending):
            yield from _long_cards(pending, block[position + 1 :], mark == "??", heading)
            return
        inline = None if line.opaque else _INLINE.search(mask_code(line.text))
        if inline is None:
            pending.append(line)
            continue
        yield from _cloze_cards(pending, heading)
        pending = []
        below = block[position + 1].text if position + 1 < len(block) else ""
        yield from _inline_cards(line, inline, below, heading)
    yield from _cloze_cards(pending, heading)


def _inline_cards(line: _Line, mark: re.Match[str], below: str, heading: str) -> Iterator[Card]:
    front = _side(_BULLET.sub("", line.text[: mark.start()]))
    back = _side(line.text[mark.end() :])
    comment = line.text + (below if below.lstrip().startswith("<!--SR:") else "")
    span = (line.index + 1, line.index + 1)
    yield from _two_sided(front, back, mark["mark"] == ":::", span, heading, _schedules(comment))


def _long_cards(above: Sequence[_Line], below: Sequence[_Line], both: bool, heading: str) -> Iterator[Card]:
    front, back = _joined(above), _joined(below)
    end = max((line.index for line in below if _side(line.text)), default=above[-1].index) + 1
    schedules = _schedules("\n".join(line.text for line in below))
    yield from _two_sided(front, back, both, (above[0].index + 1, end), heading, schedules)


def _two_sided(
    front: str, back: str, both: bool, span: tuple[int, int], heading: str, schedules: list[Schedule | None]
) -> Iterator[Card]:
    if not front or not back:
        return
    schedules = [*schedules, None, None]
    yield Card("", "", "forward", front, back, back, *span, heading, (), schedules[0])
    if both:
        yield Card("", "", "backward", back, front, front, *span, heading, (), schedules[1])


def _cloze_cards(lines: Sequence[_Line], heading: str) -> Iterator[Card]:
    """Yield a card for each ``==word==`` of a block, or for each group when all of them are numbered ``[^1]``."""
    masked = "\n".join("" if line.opaque else mask_code(line.text) for line in lines)
    if "==" not in masked:
        return
    schedules = _schedules("\n".join(line.text for line in lines))
    lines = [line for line in lines if not _SCHEDULE.fullmatch(line.text.strip())]
    text = "\n".join(line.text for line in lines)
    masked = "\n".join(" " * len(line.text) if line.opaque else mask_code(line.text) for line in lines)
    words = [match for match in _CLOZE.finditer(masked) if "\n" not in match["word"]]
    if not words:
        return
    numbered = all(word["group"] for word in words)
    groups: dict[str, list[re.Match[str]]] = {}
    for position, word in enumerate(words):
        groups.setdefault(word["group"] if numbered else str(position), []).append(word)
    schedules += [None] * len(groups)
    span = (lines[0].index + 1, lines[-1].index + 1)
    back = _side(_filled(text, words, (), numbered))
    anki = _side(_numbered(text, words, list(groups.values()), numbered))
    for schedule, asked in zip(schedules, groups.values(), strict=False):
        answer = " … ".join(_side(text[word.start("word") : word.end("word")]) for word in asked)
        front = _side(_filled(text, words, asked, numbered))
        yield Card("", "", "cloze", front, answer, back, *span, heading, (), schedule, anki)


def _filled(text: str, words: Sequence[re.Match[str]], asked: Sequence[re.Match[str]], numbered: bool) -> str:
    """Return ``text`` with the ``asked`` words blanked out (or their hints shown) and the others unmarked."""
    for word in reversed(words):
        shown = text[word.start("word") : word.end("word")]
        if word in asked:
            shown = f"[{word['hint']}]" if word["hint"] else BLANK
        text = text[: word.start()] + shown + text[_end(word, numbered) :]
    return text


def _numbered(
    text: str, words: Sequence[re.Match[str]], groups: Sequence[Sequence[re.Match[str]]], numbered: bool
) -> str:
    """Return ``text`` with its words as ``{{c1::word::hint}}``, numbered by card."""
    number = {word.start(): place for place, group in enumerate(groups, 1) for word in group}
    for word in reversed(words):
        hint = f"::{word['hint']}" if word["hint"] else ""
        shown = f"{{{{c{number[word.start()]}::{text[word.start('word') : word.end('word')]}{hint}}}}}"
        text = text[: word.start()] + shown + text[_end(word, numbered) :]
    return text


def _end(word: re.Match[str], numbered: bool) -> int:
    """Return where a cloze ends; a ``[^1]`` behind it is its group only when all have one, else a footnote."""
    return word.end() if numbered else max(word.end("word") + 2, word.end("hint") + 1)


def _schedules(text: str) -> list[Schedule | None]:
    """Return the schedules of ``<!--SR:!due,interval,ease!…-->`` in ``text``, one a sibling."""
    return [
        Schedule.believed(part["due"], part["interval"], part["ease"])
        for comment in _SCHEDULE.finditer(text)
        for part in _DUE.finditer(comment["parts"])
    ]


def _joined(lines: Sequence[_Line]) -> str:
    return _side("\n".join(line.text for line in lines))


def _side(text: str) -> str:
    """Return one side of a card for showing: without schedule comments, deck tags, block ids and outer blanks."""
    text = _TAG.sub("", _SCHEDULE.sub("", text))
    lines = (_BLOCK_ID.sub("", line).rstrip() for line in clean_text(text).split("\n"))
    return "\n".join(lines).strip()


def _says_something(lines: Sequence[_Line]) -> bool:
    return any(_side(line.text) for line in lines)
