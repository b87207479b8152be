"""An event where you meet people (article 1: salons, forums): three questions before, whom you met after.

A note of ``kind: event`` with ``date`` and ``place`` in its front matter and two lists in its body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from studytui.errors import StudyError
from studytui.i18n import N_, _, language
from studytui.people.contact_line import one_line
from studytui.people.drafts import Draft
from studytui.people.note_text import (
    Problem,
    Section,
    append_to_section,
    front_line,
    insert_lines,
    items,
    note_lines,
    prose,
)
from studytui.people.vocabulary import text_of

FOLDER = "events"
QUESTIONS_WANTED = 3
QUESTIONS = Section(
    "Three questions I bring along", "带去的三个问题", ("questions", "questions to ask", "问题", "三个问题")
)
MET = Section("Whom I met", "认识了谁", ("people", "people I met", "认识的人"))
HOME = Section("What I take home", "带回了什么")

Phase = Literal["prepare", "ready", "ask", "done", "undated"]

_WIKILINK = re.compile(r"\[\[(?P<target>[^\[\]|#^]+)(?:[#^][^\[\]|]*)?(?:\|(?P<label>[^\[\]]*))?\]\]")


@dataclass(frozen=True)
class Met:
    """One line of the people met: the linked note, "" when the line has no link, and the text as shown."""

    note: str
    text: str
    line: int


@dataclass(frozen=True)
class EventNote:
    """An event, past or to come; ``day`` is None while the note gives no date that exists."""

    path: str
    title: str
    day: date | None = None
    place: str = ""
    url: str = ""
    questions: tuple[str, ...] = ()
    met: tuple[Met, ...] = ()
    problems: tuple[Problem, ...] = ()
    front: Mapping[str, Any] = field(default_factory=dict)

    def phase(self, today: date) -> Phase:
        """Return what the event asks for: "prepare" wants questions, "ask" wants to know whom you met.

        From the day itself on it can be told whom you met; before that, fewer than three questions are too few.
        """
        if self.day is None:
            return "undated"
        if today < self.day:
            return "prepare" if len(self.questions) < QUESTIONS_WANTED else "ready"
        return "done" if self.met else "ask"


def parse_event(path: str, title: str, front: Mapping[str, Any], text: str) -> EventNote:
    """Return the event of one note; never raises, what cannot be read is in ``problems``.

    ``text`` is the whole note with its front matter, as in `studytui.people.contacts.parse_person`.
    """
    lines = note_lines(text)
    body = prose(lines)
    written = text_of(front.get("date"))
    day = _day(written)
    problems = (Problem(path, front_line(lines, "date"), _ODD_DATE, _WRITE_DATE, written),)
    return EventNote(
        path=path,
        title=title,
        day=day,
        place=text_of(front.get("place")),
        url=text_of(front.get("url")),
        questions=tuple(item for _line, item in items(body, QUESTIONS) if item),
        met=tuple(_met(line, item) for line, item in items(body, MET) if item),
        problems=problems if written and day is None else (),
        front=front,
    )


def add_question(raw: bytes, question: str, lang: str | None = None) -> bytes:
    """Return the note's bytes with ``question`` under "Three questions …", in the first empty line there."""
    return _add(raw, QUESTIONS, one_line(question), lang or language(), numbered=True)


def add_met(raw: bytes, link: str, lang: str | None = None) -> bytes:
    """Return the note's bytes with ``[[link]]`` under "Whom I met"; unchanged when it is there already.

    ``link`` is the person's title in the form that a link can hold.
    """
    body = prose(note_lines(raw.decode("utf-8", "surrogateescape")))
    if any(_met(line, item).note == link for line, item in items(body, MET)):
        return raw
    return _add(raw, MET, f"[[{link}]]", lang or language(), numbered=False)


def event_draft(
    title: str,
    day: date | None,
    place: str = "",
    questions: Sequence[str] = (),
    url: str = "",
    lang: str | None = None,
) -> Draft:
    """Return the note for a new event, with three numbered lines for questions, filled or empty."""
    lang = lang or language()
    front = {
        "title": title,
        "kind": "event",
        "date": day.isoformat() if day else None,
        "place": place or None,
    }
    asked = [one_line(question) for question in questions]
    asked += [""] * (QUESTIONS_WANTED - len(asked))
    numbered = [f"{number}. {question}".rstrip() for number, question in enumerate(asked, 1)]
    headings = [f"## {section.title(lang)}" for section in (QUESTIONS, MET, HOME)]
    body = ["", headings[0], "", *numbered, "", headings[1], "", headings[2], ""]
    return Draft(title, front | ({"url": url} if url else {}), "\n".join(body), FOLDER)


def open_events(events: Iterable[EventNote], today: date) -> list[tuple[EventNote, Phase]]:
    """Return the events that are to come or ask for something: those to tell about first, then by day."""
    found = [(event, event.phase(today)) for event in events]
    waiting = [(event, phase) for event, phase in found if phase != "done"]
    return sorted(waiting, key=lambda item: (item[1] != "ask", item[0].day or date.max, item[0].title))


def phase_label(phase: Phase) -> str:
    """Return what an event asks for, in the screen language."""
    return {
        "prepare": _("write three questions"),
        "ready": _("questions ready"),
        "ask": _("whom did you meet?"),
        "done": _("all noted"),
        "undated": _("no date yet"),
    }[phase]


def _met(line: int, item: str) -> Met:
    link = _WIKILINK.search(item)
    shown = _WIKILINK.sub(lambda found: found["label"] or found["target"], item)
    return Met(link["target"].strip() if link else "", " ".join(shown.split()), line)


def _add(raw: bytes, section: Section, text: str, lang: str, *, numbered: bool) -> bytes:
    if not text:
        return raw
    source = raw.decode("utf-8", "surrogateescape")
    listed = items(prose(note_lines(source)), section)
    empty = next((line for line, item in listed if not item), None)
    if empty is not None:
        lines = source.split("\n")
        line = lines[empty - 1].removesuffix("\r")
        lines[empty - 1] = f"{line.rstrip()} {text}{lines[empty - 1][len(line) :]}"
        edited = "\n".join(lines)
    else:
        fresh = f"{len(listed) + 1}. {text}" if numbered else f"- {text}"
        edited = (
            insert_lines(source, listed[-1][0], [fresh])
            if listed
            else append_to_section(source, section, [fresh], lang)
        )
    now = [item for _line, item in items(prose(note_lines(edited)), section) if item]
    if len(now) != sum(bool(item) for _line, item in listed) + 1:
        raise StudyError(
            _("“{text}” cannot be added: the place where it belongs is not read as text.").format(text=text),
            _("Close the code block or the comment that is still open in the note, then try again."),
        )
    return edited.encode("utf-8", "surrogateescape")


def _day(written: str) -> date | None:
    numbers = re.findall(r"\d+", written)
    try:
        return date(*map(int, numbers[:3])) if len(numbers) >= 3 else None
    except (ValueError, OverflowError):
        return None


_ODD_DATE = N_("“{detail}” is no day.")
_WRITE_DATE = N_("Write date: 2026-12-05 between the two --- lines at the top.")
