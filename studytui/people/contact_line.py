"""One contact: a list line in a person's note that begins with a date, as documented in docs/people.md.

    - 2026-11-22 #salon talked about bids (warm) ? what does a click cost -> send the case >7d

After the date everything is optional: ``#tags`` (the first is where it happened), text, the outcome in
brackets, ``?`` what they asked, ``->`` the next step, ``>7d`` the wait until the next contact.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from studytui.people.vocabulary import FLAGS, INTERVAL, OUTCOMES, days_of, find_word, folded, shown
from studytui.text import clean_text

LIST_LINE = re.compile(r" {0,3}[-*+][ \t]+(?P<text>\S.*)")
_DATED = re.compile(
    r"(?P<lead> {0,3}[-*+][ \t]+(?:\[\[|\*\*|__)?)"
    r"(?P<date>(?P<year>\d{4}) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})日?)"
    r"(?:\]\]|\*\*|__)?(?:(?<=日)|(?=[\s:：,，]|$))[:：,，]?[ \t]*"
    r"(?P<rest>.*)"
)
# A mark stands after a blank or, as Chinese is typed, right after a bracket.
_MARK = re.compile(r"(?:(?<=[\s)）])|^)(?:(?P<ask>[?？])|(?P<step>->|→))[ \t]*(?=\S)")
# After a blank the wait needs its unit: "1 > 2" is no wait.
_WAIT = re.compile(rf"(?:(?<=[\s)）])|^)[>＞](?: (?=\w*[^\W\d]))?{INTERVAL}(?=\s|$)", re.IGNORECASE)
_WAIT_LIKE = re.compile(r"(?:(?<=[\s)）])|^)[>＞]\d\S*")
_GROUP = re.compile(r"[(（]([^()（）]{1,60})[)）]")
_TAG_WORD = r"[#＃]([\w/-]*[^\W\d_][\w/-]*)"
_TAG = re.compile(rf"(?:(?<=\s)|^){_TAG_WORD}")
_EDGE_TAGS = re.compile(rf"^(?:{_TAG_WORD}(?:\s+|$))+|(?:\s+{_TAG_WORD})+$")


@dataclass(frozen=True)
class Contact:
    """One time you were in touch.

    ``outcome`` is "warm", "neutral", "annoyed" or "" (not said, counts as neutral).  ``question`` is what they
    asked, ``step`` what you will do next, ``wait`` the days asked for until the next contact.  ``answered`` and
    ``done`` close what earlier contacts left open, ``question_answered`` and ``step_done`` what this one did.
    ``line`` and ``end`` are 1-based lines of the file: the line itself and the last one indented below it;
    ``source`` is the line as written, without its bullet.
    """

    day: date
    text: str = ""
    tags: tuple[str, ...] = ()
    outcome: str = ""
    question: str = ""
    question_answered: bool = False
    step: str = ""
    step_done: bool = False
    wait: int | None = None
    answered: bool = False
    done: bool = False
    details: str = ""
    line: int = 0
    end: int = 0
    source: str = ""

    @property
    def channel(self) -> str:
        """Where or how it happened: the first tag, "" when there is none."""
        return self.tags[0] if self.tags else ""


class Part(NamedTuple):
    """A stretch of what follows the date: "text", "ask" or "step", with the place of its words."""

    kind: str
    start: int
    end: int


def dated(line: str) -> re.Match[str] | None:
    """Return the match of a list line that begins with a date, possible or not, None for any other line."""
    return _DATED.fullmatch(line)


def day_of(match: re.Match[str]) -> date | None:
    """Return the day of a `dated` match, None when there is no such day."""
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def parse_contact(day: date, rest: str) -> Contact:
    """Return the contact on ``day`` that ``rest`` (what follows the date) tells of; never raises."""
    words = {part.kind: rest[part.start : part.end] for part in parts(rest)}
    flags = {kind: _flags(text) for kind, text in words.items()}
    outcomes = [key for found in flags.values() for key in found if key in OUTCOMES]
    wait = _WAIT.search(rest)
    body = _EDGE_TAGS.sub("", _bare(words["text"]))
    return Contact(
        day=day,
        text=" ".join(body.split()),
        tags=tuple(dict.fromkeys(tag[1] for tag in _TAG.finditer(rest))),
        outcome=outcomes[-1] if outcomes else "",
        question=_bare(words.get("ask", "")),
        question_answered="answered" in flags.get("ask", ()),
        step=_bare(words.get("step", "")),
        step_done="done" in flags.get("step", ()),
        wait=days_of(wait) if wait else None,
        answered="answered" in flags["text"],
        done="done" in flags["text"],
    )


def parts(rest: str) -> list[Part]:
    """Return the stretches of ``rest``: the text first, then the question and the next step as they stand."""
    found, kind, start = [], "text", 0
    seen: set[str] = set()
    for mark in _MARK.finditer(rest):
        mark_kind = "ask" if mark["ask"] else "step"
        if mark_kind in seen:
            continue
        found.append(Part(kind, start, mark.start()))
        kind, start = mark_kind, mark.end()
        seen.add(kind)
    return [*found, Part(kind, start, len(rest))]


def first_mark(rest: str) -> int:
    """Return where the first tag, outcome, question, step or wait of ``rest`` begins, its end without any."""
    starts = [found.start() for pattern in (_TAG, _WAIT, _MARK) if (found := pattern.search(rest))]
    starts += [group.start() for group in _GROUP.finditer(rest) if _group_keys(group[1])]
    return min(starts, default=len(rest))


def _flags(text: str) -> list[str]:
    """Return the keys of all bracketed words that are outcomes or flags."""
    return [key for group in _GROUP.finditer(text) for key in _group_keys(group[1])]


def _group_keys(inner: str) -> list[str]:
    """Return the keys of a bracket's words, none when only one of them is ordinary text."""
    keys = [find_word(OUTCOMES | FLAGS, word) for word in re.split(r"[,，、/]", inner)]
    return keys if all(keys) else []


def _bare(text: str) -> str:
    """Return ``text`` without the bracketed outcome and flags and without the wait."""
    text = _GROUP.sub(lambda group: " " if _group_keys(group[1]) else group[0], text)
    return " ".join(_WAIT.sub(" ", text).split())


def doubts(rest: str) -> Iterator[tuple[str, str]]:
    """Yield (what is written, what was probably meant or "") for marks in ``rest`` that cannot be read."""
    for group in _GROUP.finditer(rest):
        known = [*OUTCOMES, *OUTCOMES.values(), "answered", FLAGS["answered"]]
        close = difflib.get_close_matches(folded(group[1]), known, n=1, cutoff=0.8)
        if close and not _group_keys(group[1]):
            yield group[0], f"({close[0]})"
    for like in _WAIT_LIKE.finditer(rest):
        wait = _WAIT.match(rest, like.start())
        if wait is None or days_of(wait) is None:
            yield like[0], ""


def log_line(
    day: date,
    typed: str,
    *,
    outcome: str = "",
    answered: bool = False,
    done: bool = False,
    question: str = "",
    step: str = "",
    wait: int | None = None,
    lang: str | None = None,
) -> str:
    """Return the line for a contact on ``day``: ``typed`` as it is, and what was chosen beside it.

    ``typed`` may hold any of the line's marks itself.  Outcome and flags are written in ``lang`` or the screen
    language, in front of a question, where they speak about what was open before.
    """
    chosen = [shown(OUTCOMES, outcome, lang)] if outcome else []
    chosen += [shown(FLAGS, flag, lang) for flag, on in (("answered", answered), ("done", done)) if on]
    rest = one_line(typed)
    if chosen:
        at = parts(rest)[0].end
        rest = f"{rest[:at]} ({', '.join(chosen)}) {rest[at:]}"
    marks = [f"? {question}"] if question else []
    marks += [f"-> {step}"] if step else []
    marks += [f">{wait}d"] if wait else []
    return one_line(" ".join(["-", day.isoformat(), rest, *marks]))


def one_line(text: str) -> str:
    """Return ``text`` cleaned of controls and on one line, nothing cut off."""
    return " ".join(clean_text(text).split())
