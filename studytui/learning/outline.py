"""A course outline from outside (a pasted list, a page's contents, Markdown, CSV) made into a note."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.learning import taskline
from studytui.learning.durations import parse_duration, split_duration
from studytui.learning.prose import note_lines
from studytui.text import clean_line, clean_text

_MARKDOWN_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_BULLET = re.compile(r"^[ \t>]*(?:[-*+•●▪◦‣·]|\d{1,3}[)）])[ \t]+(?:\[(?P<mark>.)\][ \t]+)?")
_CHAPTER = re.compile(
    r"^(?:module|section|chapter|part|unit|week)\s*(?:\d+|[ivx]+)\b"
    r"|^第\s*[0-9一二三四五六七八九十百]+\s*(?:章|单元|部分|模块|周|篇|阶段|板块)"
    r"|^(?:章节|模块|单元|阶段)\s*[0-9一二三四五六七八九十]+"
    r"|^[一二三四五六七八九十]+\s*、",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"^\d+\s*(?:lectures?|lessons?|videos?|items?|节课?|讲|课时|个视频|小节)(?:\b|[^A-Za-z].*)?$",
    re.IGNORECASE,
)
_BUTTONS = {"preview", "start", "play", "video", "free", "expand all", "collapse all", "试看", "试学", "播放"}
_MAJOR = re.compile(r"^\d{1,2}(?:[.、．:：]|\s)(?!\d)")
_MINOR = re.compile(r"^\d{1,2}[.-]\d{1,2}\b")
_COLUMNS = {
    "module": {"module", "section", "chapter", "unit", "part", "week", "章节", "模块", "单元", "章"},
    "lesson": {"lesson", "lecture", "title", "name", "topic", "课", "课时", "课程", "标题", "名称", "小节"},
    "duration": {"duration", "length", "time", "minutes", "min", "时长", "分钟", "时间"},
    "url": {"url", "link", "链接", "网址"},
}


@dataclass(frozen=True)
class OutlineLesson:
    """A lesson to be written; ``depth`` is its nesting, ``mark`` the checkbox mark it came with."""

    title: str
    duration: timedelta | None = None
    depth: int = 0
    mark: str = " "
    url: str = ""


@dataclass(frozen=True)
class OutlineModule:
    """A heading and its lessons; ``title`` is "" for lessons before the first heading."""

    title: str
    lessons: tuple[OutlineLesson, ...] = ()


@dataclass(frozen=True)
class Outline:
    """What an outline held; ``title`` is the course's own title where the source names it."""

    title: str
    modules: tuple[OutlineModule, ...]

    @property
    def count(self) -> int:
        """How many lessons there are."""
        return sum(len(module.lessons) for module in self.modules)


def parse_outline(text: str, form: Literal["auto", "text", "csv"] = "auto") -> Outline:
    """Return the outline in ``text``: CSV when its first row names columns, else a list or Markdown.

    One lesson a line; headings, "Module 2", "第二章", a line that ends in a colon, and lines with deeper
    lines below them become modules.  Raises StudyError when no lesson is found.
    """
    text = clean_text(text.removeprefix("\ufeff"))
    rows = _csv_rows(text) if form != "text" else None
    if form == "csv" and rows is None:
        raise StudyError(
            _("The first line of the CSV names no lesson column."),
            _("Begin with a line such as: module,lesson,duration"),
        )
    outline = _from_rows(rows) if rows is not None else _from_lines(text)
    if not outline.count:
        raise StudyError(
            _("No lesson found in this outline."), _("Write one lesson a line; begin module names with #.")
        )
    return outline


def course_note(
    outline: Outline,
    *,
    title: str = "",
    today: date,
    price: float | None = None,
    currency: str = "",
    hours: float | None = None,
    provider: str = "",
    url: str = "",
) -> str:
    """Return the text of a new course note (formats.md): front matter, then lessons as checkbox lines."""
    front: list[tuple[str, str]] = [
        ("title", _scalar(clean_line(title or outline.title or _("New course")))),
        ("kind", "course"),
        ("date", today.isoformat()),
        ("provider", _scalar(provider)),
        ("url", _scalar(url)),
        ("price", "" if price is None else f"{price:g}"),
        ("currency", _scalar(currency)),
        ("hours", "" if hours is None else f"{hours:g}"),
    ]
    lines = ["---", *(f"{key}: {value}" for key, value in front if value), "---"]
    for module in outline.modules:
        lines += ["", f"## {module.title}", ""] if module.title else [""]
        lines += [_lesson_line(lesson) for lesson in module.lessons]
    return "\n".join(lines) + "\n"


def format_duration(duration: timedelta) -> str:
    """Return ``duration`` as written behind a lesson: ``20min``, ``1h 5min`` or, with seconds, ``(5:30)``."""
    seconds = round(duration.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    if seconds % 60:
        clock = f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
        return f"({clock})"
    return " ".join(part for part in (f"{hours}h" * bool(hours), f"{minutes}min" * bool(minutes)) if part)


def _lesson_line(lesson: OutlineLesson) -> str:
    title = f"[{lesson.title}]({lesson.url})" if lesson.url else lesson.title
    length = f" {format_duration(lesson.duration)}" if lesson.duration else ""
    # A title that is nothing but a block id (^1) would not be read as one.
    title = f"\\{title}" if title.startswith("^") else title
    return f"{'  ' * lesson.depth}- [{lesson.mark}] {title}{length}"


def _scalar(text: str) -> str:
    """Return ``text`` as a YAML scalar: plain where that is safe, else a double-quoted (JSON) string."""
    text = clean_line(text)
    return (
        text
        if re.fullmatch(r"(?:[^\W\d_][\w./-]*)(?: [\w./-]+)*", text) and text.lower() not in _NOT_TEXT
        else (json.dumps(text, ensure_ascii=False) if text else "")
    )


_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off"}


@dataclass(frozen=True)
class _Line:
    """A line of a pasted outline: its indentation in columns and what it says."""

    indent: int
    text: str
    heading: int = 0
    mark: str = ""
    bullet: bool = False


def _from_lines(text: str) -> Outline:
    lines = [line for source in note_lines(text) if (line := _read_line(source)) is not None]
    title, lines = _course_title(lines)
    headed = any(line.heading for line in lines)
    numbered = any(_MINOR.match(line.text) for line in lines)
    modules: list[OutlineModule] = []
    lessons: list[OutlineLesson] = []
    name, base = "", 0
    for position, line in enumerate(lines):
        below = lines[position + 1] if position + 1 < len(lines) else None
        if _is_module(line, below, headed, numbered):
            modules.append(OutlineModule(name, tuple(lessons)))
            name, lessons, base = line.text.rstrip(":：").strip(), [], below.indent if below else 0
        elif not _attach(line.text, lessons):
            rest, duration = split_duration(line.text)
            depth = min(max(0, (line.indent - base + 1) // 2), lessons[-1].depth + 1 if lessons else 0)
            lessons.append(OutlineLesson(clean_line(rest or line.text), duration, depth, line.mark or " "))
    modules.append(OutlineModule(name, tuple(lessons)))
    return Outline(title, _lessons_at_least(modules))


def _read_line(source: str) -> _Line | None:
    if not source.strip():
        return None
    if heading := _MARKDOWN_HEADING.match(source):
        return _Line(0, clean_line(heading[2]), len(heading[1])) if heading[2] else None
    bullet = _BULLET.match(source)
    text = clean_line(source[bullet.end() :] if bullet else source, 300)
    if not text or text.casefold() in _BUTTONS or _SUMMARY.match(text) or set(text) <= set("-*_= "):
        return None
    return _Line(taskline.columns(source), text, 0, (bullet and bullet["mark"]) or "", bullet is not None)


def _course_title(lines: list[_Line]) -> tuple[str, list[_Line]]:
    """Take the first line as the course's title when it alone is a heading of its level above others."""
    levels = [line.heading for line in lines if line.heading]
    if levels and lines[0].heading and levels.count(lines[0].heading) == 1 and len(levels) > 1:
        return lines[0].text, lines[1:]
    return "", lines


def _is_module(line: _Line, below: _Line | None, headed: bool, numbered: bool) -> bool:
    if line.heading:
        return True
    if headed or line.mark:
        return False
    if _CHAPTER.match(line.text) or (numbered and _MAJOR.match(line.text) and not line.indent):
        return True
    if split_duration(line.text)[1] is not None or parse_duration(line.text) is not None:
        return False
    deeper = below is not None and below.indent > line.indent and not below.mark
    return line.text.endswith((":", "：")) or (line.indent == 0 and deeper)


def _attach(text: str, lessons: list[OutlineLesson]) -> bool:
    """Give a line that is nothing but a duration to the lesson above it, as course pages set them."""
    duration = parse_duration(text)
    if duration is None or not lessons or lessons[-1].duration is not None:
        return False
    lessons[-1] = replace(lessons[-1], duration=duration)
    return True


def _lessons_at_least(modules: list[OutlineModule]) -> tuple[OutlineModule, ...]:
    """Drop empty modules; when all are empty their titles were the lessons (a book's list of chapters)."""
    full = tuple(module for module in modules if module.lessons)
    if full:
        return full
    return (OutlineModule("", tuple(OutlineLesson(module.title) for module in modules if module.title)),)


def _csv_rows(text: str) -> list[dict[str, str]] | None:
    """Return the rows by our column names, None when the first line does not name a lesson column."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.strip("\n")), delimiter=delimiter)
    try:
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        return None
    names = [_column(cell) for cell in rows[0]] if rows else []
    if "lesson" not in names:
        return None
    return [
        {name: clean_line(cell, 300) for name, cell in zip(names, row, strict=False) if name}
        for row in rows[1:]
    ]


def _column(cell: str) -> str:
    folded = re.sub(r"[\s(（].*", "", cell.strip()).casefold()
    return next((name for name, words in _COLUMNS.items() if folded in words), "")


def _from_rows(rows: list[dict[str, str]]) -> Outline:
    modules: list[tuple[str, list[OutlineLesson]]] = []
    for row in rows:
        name = row.get("module", "") or (modules[-1][0] if modules else "")
        if not modules or modules[-1][0] != name:
            modules.append((name, []))
        if row.get("lesson"):
            length = row.get("duration", "")
            duration = (
                timedelta(minutes=float(length)) if re.fullmatch(r"\d{1,4}(?:\.\d+)?", length) else None
            )
            duration = duration or parse_duration(length)
            modules[-1][1].append(OutlineLesson(row["lesson"], duration, url=row.get("url", "")))
    return Outline("", tuple(OutlineModule(name, tuple(lessons)) for name, lessons in modules if lessons))
