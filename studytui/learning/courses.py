"""A course: a note of ``kind: course`` whose checkbox lines are lessons and whose headings are modules.

Form of the note: formats.md, "Courses".  Everything here is a function of the note's text; the journal comes
in only in `studytui.learning.reconcile`.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.learning import taskline
from studytui.learning.durations import split_duration
from studytui.learning.front import day, money, number
from studytui.learning.prose import note_lines, prose_lines
from studytui.learning.taskline import State, TaskLine
from studytui.text import clean_line, safe_url

_HEADING = re.compile(r"^ {0,3}(?P<level>#{1,6})[ \t]+(?P<title>.*?)(?:[ \t]+#+)?[ \t]*$")
_MARKDOWN_LINK = re.compile(r"!?\[(?P<label>[^\[\]]*)\]\((?P<url>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_WIKILINK = re.compile(r"\[\[(?P<target>[^\[\]|#^]+)(?:[#^][^\[\]|]*)?(?:\|(?P<label>[^\[\]]*))?\]\]")
_EDGE_TAGS = re.compile(r"^(?:#[^\s#]+\s+)+|(?:\s+#[^\s#]+)+$")
_ASKS = re.compile(r"^(?:[-*+]\s+)?(?P<question>.*[?？])\s*$")


@dataclass(frozen=True)
class Lesson:
    """One checkbox line of a course.

    ``line`` and ``end`` are 1-based file lines: the checkbox line and the last line of its indented text.
    ``number`` counts lessons of the same title in the same module from 1, so that (module, title, number) is
    unique.  ``source`` is the line itself, by which an edit makes sure that it hits the right one.
    """

    title: str
    state: State
    module: str
    line: int
    end: int
    source: str
    number: int = 1
    depth: int = 0
    parent: int | None = None
    duration: timedelta | None = None
    started: date | None = None
    finished: date | None = None
    skipped: date | None = None
    due: date | None = None
    url: str = ""
    text: str = ""

    @property
    def key(self) -> str:
        """Name of the lesson within its course, as it stands in this version of the note."""
        return f"{self.module}\n{self.title}\n{self.number}"

    @property
    def links(self) -> tuple[str, ...]:
        """Targets of the wikilinks on the lesson's line and in its text: the notes that belong to it."""
        found = _WIKILINK.finditer(f"{self.source}\n{self.text}")
        return tuple(dict.fromkeys(link["target"].strip() for link in found))

    @property
    def questions(self) -> tuple[str, ...]:
        """Lines of the lesson's text that end in a question mark: what the learner still wants to know."""
        asked = (_ASKS.match(line.strip()) for line in self.text.split("\n"))
        return tuple(match["question"].strip() for match in asked if match)


@dataclass(frozen=True)
class Module:
    """A heading with the lessons under it; ``title`` is "" for lessons before the first heading."""

    title: str
    line: int
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Course:
    """A course note.

    ``price`` is in ``currency`` (ISO code, or as written), ``hours`` are planned hours of study.
    """

    path: str
    title: str
    modules: tuple[Module, ...]
    price: float | None = None
    currency: str = ""
    hours: float | None = None
    provider: str = ""
    url: str = ""
    bought: date | None = None
    front: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The journal's subject for this course: its path relative to ``notes/``."""
        return self.path

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in the order of the note."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    def lesson(self, wanted: str) -> Lesson:
        """Return the lesson named by its title, the beginning of its title, or its number in the course.

        Raises StudyError when none or several fit.
        """
        found = self._named(wanted.strip())
        if len(found) == 1:
            return found[0]
        if found:
            places = ", ".join(str(lesson.line) for lesson in found)
            raise StudyError(
                _("“{name}” fits several lessons of {course}: lines {lines}.").format(
                    name=wanted, course=self.title, lines=places
                ),
                _("Give the whole title, or the lesson's number in the course."),
            )
        raise StudyError(
            _("{course} has no lesson “{name}”.").format(course=self.title, name=wanted),
            _("Give a lesson's title or its number, from 1 to {count}.").format(count=len(self.lessons)),
        )

    def _named(self, wanted: str) -> list[Lesson]:
        folded = wanted.casefold()
        exact = [lesson for lesson in self.lessons if lesson.title.casefold() == folded]
        if exact or not folded:
            return exact
        if wanted.isdecimal() and 1 <= int(wanted) <= len(self.lessons):
            return [self.lessons[int(wanted) - 1]]
        begun = [lesson for lesson in self.lessons if lesson.title.casefold().startswith(folded)]
        return begun or [lesson for lesson in self.lessons if folded in lesson.title.casefold()]


def parse_course(path: str, title: str, front: Mapping[str, Any], text: str) -> Course:
    """Return the course of one note.

    ``text`` is the whole note with its front matter, so that lines are lines of the file; ``front`` is that
    front matter as a mapping.
    """
    lines = note_lines(text)
    price, currency = money(front.get("price"), front.get("currency"))
    return Course(
        path=path,
        title=title,
        modules=tuple(_modules(lines)),
        price=price,
        currency=currency,
        hours=number(front.get("hours")),
        provider=clean_line(str(front.get("provider") or "")),
        url=safe_url(str(front.get("url") or "")),
        bought=day(front.get("bought") or front.get("date")),
        front=front,
    )


def set_state(raw: bytes, lesson: Lesson, state: State, today: date) -> bytes:
    """Return the note's bytes with ``lesson`` in ``state``; only bytes of its line change (formats.md).

    Raises StudyError when the line is no longer there, because the note was changed outside meanwhile.
    """
    return _change_line(raw, lesson, lambda line: taskline.with_state(line, state, today))


def set_due(raw: bytes, lesson: Lesson, due: date | None) -> bytes:
    """Return the note's bytes with the due date of ``lesson`` set, or taken away with None; see `set_state`."""
    return _change_line(raw, lesson, lambda line: taskline.with_due(line, due))


def add_text(raw: bytes, lesson: Lesson, text: str) -> bytes:
    """Return the note's bytes with the lines of ``text`` indented below ``lesson``, after what is there.

    This is where the three lines asked for after a lesson go, and the learner's questions.
    """
    lines = raw.split(b"\n")
    index = locate(lines, lesson)
    ending = b"\r" if lines[index].endswith(b"\r") else b""
    indent = re.match(rb"[ \t>]*", lines[index])
    margin = (indent[0] if indent else b"") + b"  "
    fresh = [margin + line.strip().encode() + ending for line in text.split("\n") if line.strip()]
    after = index + lesson.end - lesson.line + 1
    if after == len(lines):  # the note has no final newline: the lesson's last line needs one now
        lines[-1] += ending
        fresh[-1:] = [line.removesuffix(b"\r") for line in fresh[-1:]]
    lines[after:after] = fresh
    return b"\n".join(lines)


def link_note(raw: bytes, lesson: Lesson, target: str) -> bytes:
    """Return the note's bytes with ``[[target]]`` under ``lesson``, unchanged when it is linked already."""
    linked = {name.casefold() for name in lesson.links}
    return raw if target.casefold() in linked else add_text(raw, lesson, f"[[{target}]]")


def locate(lines: list[bytes], lesson: Lesson) -> int:
    """Return the 0-based index of the line of ``lesson``: where it was, else the one line equal to it."""
    source = lesson.source.encode("utf-8", "surrogateescape")
    found = [index for index, line in enumerate(lines) if line.removesuffix(b"\r") == source]
    if lesson.line - 1 in found:
        return lesson.line - 1
    if len(found) == 1:
        return found[0]
    raise StudyError(
        _("The lesson “{title}” is not at line {line} any more.").format(
            title=lesson.title, line=lesson.line
        ),
        _("The note was changed elsewhere. Open the course again and repeat."),
    )


def event_fields(course: Course, lesson: Lesson, before: State, after: State) -> dict[str, Any]:
    """Return what a ``lesson.state`` event holds: enough to know the lesson again after outside edits."""
    return {
        "subject": course.key,
        "course": course.title,
        "lesson": lesson.title,
        "module": lesson.module,
        "number": lesson.number,
        "line": lesson.line,
        "from": before,
        "to": after,
    }


def _change_line(raw: bytes, lesson: Lesson, change: Callable[[str], str]) -> bytes:
    lines = raw.split(b"\n")
    index = locate(lines, lesson)
    lines[index] = change(lines[index].decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return b"\n".join(lines)


def _modules(lines: list[str]) -> list[Module]:
    modules: list[Module] = []
    title, line, lessons = "", 1, list[Lesson]()
    above: list[tuple[int, Lesson]] = []
    counts: Counter[tuple[str, str]] = Counter()
    marked = _marked(lines)
    for position, (index, found) in enumerate(marked):
        if isinstance(found, str):
            modules.append(Module(title, line, tuple(lessons)))
            title, line, lessons, above = found, index + 1, [], []
            continue
        above = [(indent, lesson) for indent, lesson in above if indent < found.indent]
        stop = marked[position + 1][0] if position + 1 < len(marked) else len(lines)
        parent = above[-1][1] if above else None
        lesson = _lesson(lines[:stop], index, found, title, counts, parent)
        lessons.append(lesson)
        above.append((found.indent, lesson))
    modules.append(Module(title, line, tuple(lessons)))
    return [module for module in modules if module.lessons]


def _marked(lines: list[str]) -> list[tuple[int, TaskLine | str]]:
    """Return (0-based index, heading's title or task) for every line of the body that is one."""
    found: list[tuple[int, TaskLine | str]] = []
    for index, line in prose_lines(lines):
        if heading := _HEADING.match(line):
            found.append((index, clean_line(heading["title"])))
        elif (task := taskline.parse_task(line)) is not None:
            found.append((index, task))
    return found


def _lesson(
    lines: list[str],
    index: int,
    task: TaskLine,
    module: str,
    counts: Counter[tuple[str, str]],
    parent: Lesson | None,
) -> Lesson:
    rest, duration = split_duration(_EDGE_TAGS.sub("", task.text))
    title = _plain(rest) or clean_line(task.text)
    counts[module, title] += 1
    link = _MARKDOWN_LINK.search(rest)
    return Lesson(
        title=title,
        state=task.state,
        module=module,
        line=index + 1,
        end=(end := _text_end(lines, index, task.indent)),
        source=lines[index],
        number=counts[module, title],
        depth=0 if parent is None else parent.depth + 1,
        parent=None if parent is None else parent.line,
        duration=duration,
        started=task.day(taskline.START),
        finished=task.day(taskline.DONE),
        skipped=task.day(taskline.CANCELLED),
        due=task.day(taskline.DUE),
        url=safe_url(link["url"]) if link else "",
        text=textwrap.dedent("\n".join(lines[index + 1 : end])).strip(),
    )


def _text_end(lines: list[str], index: int, indent: int) -> int:
    """Return the 1-based line on which the text indented below the lesson at ``index`` ends."""
    end = index + 1
    for below, line in enumerate(lines[index + 1 :], index + 2):
        if not line.strip():
            continue
        if taskline.columns(line) <= indent:
            break
        end = below
    return end


def _plain(text: str) -> str:
    """Return a lesson's description as shown: links by their labels, emphasis marks dropped."""
    text = _MARKDOWN_LINK.sub(lambda link: link["label"] or link["url"], text)
    text = _WIKILINK.sub(lambda link: link["label"] or link["target"], text)
    text = re.sub(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    return clean_line(text)
