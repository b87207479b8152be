"""One line of the Obsidian Tasks plugin: reading its fields, and writing a state the way Tasks writes it.

Grammar after the plugin's DefaultTaskSerializer: fields stand at the end of the line and are read backwards,
tags may stand between them, a block id (`` ^abc``) stays last.  The marks ``>`` (again) and ``-`` (skipped)
are those of its status collection for the Minimal theme ("forwarded", of type TODO, and "canceled").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

State = Literal["todo", "doing", "done", "skipped", "again"]

STATES: Final[tuple[State, ...]] = ("todo", "doing", "done", "skipped", "again")
MARKS: Final[dict[State, str]] = {"todo": " ", "doing": "/", "done": "x", "skipped": "-", "again": ">"}
_STATE_OF: Final[dict[str, State]] = {mark: state for state, mark in MARKS.items()} | {"X": "done"}
_NEXT: Final[dict[State, State]] = {
    "todo": "doing",
    "doing": "done",
    "done": "todo",
    "skipped": "todo",
    "again": "doing",
}

CREATED, START, SCHEDULED, DUE, CANCELLED, DONE = "➕", "🛫", "⏳", "📅", "❌", "✅"
_WRITTEN_ORDER = (CREATED, START, SCHEDULED, DUE, CANCELLED, DONE)
_TWINS = {"⌛": SCHEDULED, "📆": DUE, "🗓": DUE}
_DATED: Final[dict[State, str]] = {"doing": START, "done": DONE, "skipped": CANCELLED}

_TASK = re.compile(
    r"^(?P<lead>\ufeff?(?P<indent>[ \t>]*)(?:[-*+]|\d{1,9}[.)])[ \t]+\[)(?P<mark>[^\r\n])\](?=[ \t])"
    r"(?P<text>.*?)(?P<block>[ \t]\^[A-Za-z0-9-]+)?(?P<tail>\s*)$",
    re.DOTALL,
)
_DATE_FIELD = re.compile(r"\s*(?P<sign>[🛫➕⏳⌛📅📆🗓✅❌⏰])\ufe0f? *(?P<value>\d{4}-\d{2}-\d{2})$")
_OTHER_FIELD = re.compile(
    r"\s*(?:[🔺⏫🔼🔽⏬]\ufe0f?|🔁 ?[a-zA-Z0-9, !]+|🏁\ufe0f? *[a-zA-Z]+|🆔 *[A-Za-z0-9_-]+"
    r"|⛔\ufe0f? *[A-Za-z0-9_-]+(?: *, *[A-Za-z0-9_-]+)*|(?:^|(?<=\s))#[^\s!@#$%^&*(),.?\":{}|<>]+)$"
)


@dataclass(frozen=True)
class Field:
    """A dated field: its canonical sign, its date, and its place in the line with the blank before it."""

    sign: str
    day: date
    start: int
    end: int


@dataclass(frozen=True)
class TaskLine:
    """A line with a checkbox; offsets are into the line as given."""

    indent: int
    mark: str
    text: str
    fields: tuple[Field, ...]
    mark_at: int
    fields_end: int

    @property
    def state(self) -> State:
        """The state that the mark stands for; marks of other themes are still to do, as Tasks sees them."""
        return _STATE_OF.get(self.mark, "todo")

    def day(self, sign: str) -> date | None:
        """Return the date behind ``sign``, None when the line has none."""
        return next((field.day for field in self.fields if field.sign == sign), None)


def parse_task(line: str) -> TaskLine | None:
    """Return the task of one line (without its line end), None when it has no checkbox or no text."""
    match = _TASK.match(line)
    if match is None or not match["text"].strip():
        return None
    text, offset = match["text"], match.start("text")
    fields: list[Field] = []
    end = len(text)
    while True:
        head = text[:end]
        if found := _DATE_FIELD.search(head):
            day = _day(found["value"])
            if day is None:
                break
            sign = _TWINS.get(found["sign"], found["sign"])
            fields.append(Field(sign, day, offset + found.start(), offset + found.end()))
        else:
            found = _OTHER_FIELD.search(head)
        if not found or found.start() == found.end():
            break
        end = found.start()
    return TaskLine(
        indent=columns(match["indent"]),
        mark=match["mark"],
        text=text[:end].strip(),
        fields=tuple(reversed(fields)),
        mark_at=match.end("lead"),
        fields_end=offset + len(text),
    )


def next_state(state: State) -> State:
    """Return the state one key press further: to do, under way, done, to do; again and skipped re-enter."""
    return _NEXT[state]


def with_state(line: str, state: State, today: date) -> str:
    """Return ``line`` with its mark and dates changed to ``state``; all other characters stay.

    As Tasks does, done writes ✅ and skipped ❌, and leaving them takes that date away.  Under way writes 🛫
    once (formats.md); back to to do takes a 🛫 away that is not in the future, because it told of this start.
    A line already in ``state``, or without a checkbox, comes back as it was.
    """
    task = parse_task(line)
    if task is None or task.state == state:
        return line
    line = line[: task.mark_at] + MARKS[state] + line[task.mark_at + 1 :]
    for field in reversed(task.fields):
        if _outlived(field, state, today):
            line = line[: field.start] + line[field.end :]
    sign = _DATED.get(state)
    kept = parse_task(line)
    return (
        line
        if sign is None or kept is None or kept.day(sign) is not None
        else _dated(line, kept, sign, today)
    )


def with_due(line: str, due: date | None) -> str:
    """Return ``line`` with its due date 📅 set, changed or (None) taken away; all other characters stay."""
    task = parse_task(line)
    if task is None or task.day(DUE) == due:
        return line
    for field in reversed(task.fields):
        if field.sign == DUE:
            line = line[: field.start] + line[field.end :]
    kept = parse_task(line)
    return line if due is None or kept is None else _dated(line, kept, DUE, due)


def _dated(line: str, task: TaskLine, sign: str, day: date) -> str:
    """Return ``line`` with a date put where Tasks would write it: after the fields that come before it."""
    at = next((field.start for field in task.fields if _rank(field.sign) > _rank(sign)), task.fields_end)
    return f"{line[:at]} {sign} {day.isoformat()}{line[at:]}"


def _outlived(field: Field, state: State, today: date) -> bool:
    if field.sign == START:
        return state == "todo" and field.day <= today
    return (field.sign == DONE and state != "done") or (field.sign == CANCELLED and state != "skipped")


def _rank(sign: str) -> int:
    return _WRITTEN_ORDER.index(sign) if sign in _WRITTEN_ORDER else -1


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def columns(line: str) -> int:
    """Return the width of a line's indentation; a tab goes to the next multiple of four (CommonMark)."""
    width = 0
    for character in line:
        if character == "\t":
            width += 4 - width % 4
        elif character in " >":
            width += 1
        else:
            break
    return width
