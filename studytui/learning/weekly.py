"""The weekly review: what the journal says of one week, and a note that is filled in from it.

The learner adds one thing: one change for next week.  It stands below a marker that no language changes, so that
the next review can ask about it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from studytui.i18n import _, ngettext
from studytui.journal import Event
from studytui.learning.acts import Tally, finished_acts, tally
from studytui.learning.goals import monday
from studytui.learning.prose import note_lines
from studytui.text import clean_line

_MARKER = "<!-- one change -->"


@dataclass(frozen=True)
class Done:
    """One line of the review: what it was about (a title, else the journal's subject) and its journal event."""

    subject: str
    title: str
    detail: str
    event: str


@dataclass(frozen=True)
class Week:
    """What was done from Monday to Sunday, by the local date of each event; every entry names its event.

    ``reviews`` counts answers to cards, ``recalled`` those that were not "again".
    """

    start: date
    read: tuple[Done, ...]
    notes: tuple[Done, ...]
    lessons: tuple[Done, ...]
    explained: tuple[Done, ...]
    people: tuple[Done, ...]
    practice: tuple[Done, ...]
    reviews: int
    recalled: int
    total: Tally

    @property
    def label(self) -> str:
        """The week by ISO 8601, such as 2026-W47; also the name of its note."""
        return week_label(self.start)


def week_label(day: date) -> str:
    """Return the ISO 8601 name of the week of ``day``, such as 2026-W47."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def week_of(events: Iterable[Event], day: date) -> Week:
    """Return the week that ``day`` is in, from events in any order."""
    start = monday(day)
    inside = [event for event in events if monday(event.moment.date()) == start]
    inside.sort(key=lambda event: event.order)
    ratings = [event.data.get("rating") for event in inside if event.kind == "card.reviewed"]
    return Week(
        start=start,
        read=_standing(inside, "article.read"),
        notes=_unique(_done(event) for event in inside if event.kind in ("note.created", "article.noted")),
        lessons=_lessons(inside),
        explained=_unique(
            _done(event, str(event.data.get("score", ""))) for event in inside if event.kind == "explained"
        ),
        people=_unique(_done(event) for event in inside if event.kind == "contact.logged"),
        practice=_unique(_done(event) for event in inside if _is_practice(event)),
        reviews=len(ratings),
        recalled=sum(rating in (2, 3, 4) for rating in ratings),
        total=tally(finished_acts(inside)),
    )


def week_note(
    week: Week, today: date, titles: Mapping[str, str], change_before: str = "", kept: str = ""
) -> str:
    """Return the text of the week's note; ``titles`` gives titles by subject where the journal has none.

    ``change_before`` is what the learner wanted to change (`change_of` last week's note), ``kept`` the answer
    to whether it worked.
    """
    lines = [
        "---",
        f"title: {week.label}",
        "kind: weekly",
        f"date: {today.isoformat()}",
        "---",
        "",
        _summary(week),
    ]
    if change_before:
        lines += [
            "",
            "## " + _("The change I wanted"),
            "",
            f"> {clean_line(change_before)}",
            "",
            clean_line(kept),
        ]
    for heading, entries in (
        (_("Read"), week.read),
        (_("Sorted out"), week.notes),
        (_("Learned"), week.lessons),
        (_("Explained"), week.explained),
        (_("People"), week.people),
        (_("Practice"), week.practice),
    ):
        lines += ["", f"## {heading}", ""]
        lines += [_line(entry, titles) for entry in entries] or [_("Nothing this week.")]
    lines += ["", "## " + _("One change for next week"), _MARKER, "", ""]
    return "\n".join(lines)


def change_of(text: str) -> str:
    """Return the change the learner wrote into a weekly note, "" when there is none."""
    lines = note_lines(text)
    if _MARKER not in lines:
        return ""
    written: list[str] = []
    for line in lines[lines.index(_MARKER) + 1 :]:
        if line.startswith("#"):
            break
        written.append(line)
    return clean_line(" ".join(written))


def _standing(events: list[Event], kind: str) -> tuple[Done, ...]:
    """Return the subjects whose last event of ``kind`` in the week set it."""
    last: dict[str, Event] = {}
    for event in events:
        if event.kind == kind:
            last.pop(event.subject, None)
            last[event.subject] = event
    return tuple(_done(event) for event in last.values() if event.data.get("value", True))


def _lessons(events: list[Event]) -> tuple[Done, ...]:
    """Return the lessons whose last state in the week is done."""
    last: dict[tuple[str, str], Event] = {}
    for event in events:
        if event.kind == "lesson.state":
            last[event.subject, str(event.data.get("lesson", ""))] = event
    return tuple(
        Done(event.subject, str(event.data.get("lesson", "")), str(event.data.get("course", "")), event.id)
        for event in last.values()
        if event.data.get("to") == "done"
    )


def _is_practice(event: Event) -> bool:
    return event.kind == "act.finished" and str(event.data.get("act", "")).startswith("practice")


def _done(event: Event, detail: str = "") -> Done:
    subject = str(event.data.get("note") or event.subject) if event.kind == "article.noted" else event.subject
    return Done(subject, str(event.data.get("title", "")), detail, event.id)


def _unique(entries: Iterable[Done]) -> tuple[Done, ...]:
    """Return the last entry about each subject, in the order in which the subjects first came up."""
    found: dict[str, Done] = {}
    for entry in entries:
        older = found.get(entry.subject)
        found[entry.subject] = (
            entry
            if entry.title or older is None
            else Done(entry.subject, older.title, entry.detail, entry.event)
        )
    return tuple(found.values())


def _line(entry: Done, titles: Mapping[str, str]) -> str:
    title = clean_line(entry.title or titles.get(entry.subject, "") or entry.subject, 200)
    # Titles of articles come from outside: they must not become tags or links of this note.
    plain = re.sub(r"([\\`*_\[\]#<>])", r"\\\1", title)
    title = f"[[{title}]]" if entry.subject.endswith(".md") and not entry.detail else plain
    return f"- {title}" + (f" ({clean_line(entry.detail)})" if entry.detail else "")


def _summary(week: Week) -> str:
    acts = ngettext("{n} act finished", "{n} acts finished", week.total.acts).format(n=week.total.acts)
    minutes = round(week.total.minutes)
    time = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    sentence = f"{acts}, {time}."
    if week.reviews:
        share = round(100 * week.recalled / week.reviews)
        cards = ngettext(
            "{n} answer to cards, remembered: {share} %.",
            "{n} answers to cards, remembered: {share} %.",
            week.reviews,
        )
        sentence += " " + cards.format(n=week.reviews, share=share)
    return sentence
