"""Templates for new notes: built in for each kind, overridden by files in notes/templates.

A template is a Markdown file with ``{{placeholders}}``; nothing in it is ever executed.  A placeholder in the
front matter becomes proper YAML, a line whose only placeholder is empty goes, an unknown one stays as written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.errors import StudyError
from studytui.i18n import N_, _, language
from studytui.notes import front_edit
from studytui.notes.folder import TEMPLATES, read_bytes
from studytui.notes.front import FrontError, find_fence, split
from studytui.notes.history import Act
from studytui.notes.note import SIZE_LIMIT, Note
from studytui.notes.vault import Vault
from studytui.text import clean_line, clean_text
from studytui.workspace import Workspace

Values = Mapping[str, str | Sequence[str]]

# name → (title, folder below notes/ for new notes)
BUILTIN: Mapping[str, tuple[str, str]] = {
    "article": (N_("Article"), ""),
    "lesson": (N_("Lesson"), ""),
    "teardown": (N_("Ad teardown"), ""),
    "person": (N_("Person"), "people"),
    "event": (N_("Event"), "events"),
    "weekly": (N_("Weekly review"), "weekly"),
    "question": (N_("Question"), ""),
    "topic": (N_("Topic"), "topics"),
}

PLACEHOLDERS: Mapping[str, str] = {
    "title": N_("the title of the new note"),
    "date": N_("today, as 2026-11-22"),
    "time": N_("now, as 21:07"),
    "week": N_("this week, as 2026-W47"),
    "tags": N_("the tags it starts with, as a list"),
    "topic": N_("the topic it is filed under"),
    "url": N_("the address of the article"),
    "source": N_("where it comes from: the feed, or who introduced you"),
    "author": N_("who wrote the article"),
    "published": N_("when the article appeared"),
    "article": N_("the article's id, by which it finds its note again"),
    "quote": N_("the passage you marked, as a quotation"),
    "course": N_("the course of the lesson"),
    "lesson": N_("the lesson"),
    "point": N_("your line: the point"),
    "words": N_("your line: in my own words"),
    "use": N_("your line: how I will use it"),
}

_PLACEHOLDER = re.compile(r"\{\{[ \t]*([a-z_]+)[ \t]*\}\}")
_PAIR = re.compile(r"([ \t]*(?:- |[^\s:#][^:\n]*:[ \t]))[ \t]*(.*?)[ \t]*")


@dataclass(frozen=True)
class Template:
    """One template: its name, its title on screen, its text, and the learner's file that it comes from."""

    name: str
    title: str
    text: str
    folder: str = ""
    file: Path | None = None


def templates(workspace: Workspace, lang: str | None = None) -> list[Template]:
    """Return every template: the built-in ones, overridden where the learner wrote one, then the learner's own."""
    own = {file.stem: file for file in _own_files(workspace)}
    found = []
    for name, (title, folder) in BUILTIN.items():
        file = own.pop(name, None) or own.pop(_(title), None)
        text = _read(file) if file else _builtin(name, lang or language())
        found.append(Template(name, _(title), text, folder, file))
    return found + [
        Template(stem, clean_line(stem), _read(file), "", file) for stem, file in sorted(own.items())
    ]


def template(workspace: Workspace, name: str, lang: str | None = None) -> Template:
    """Return the template ``name``; raises StudyError when there is none."""
    found = next((t for t in templates(workspace, lang) if name in (t.name, t.title)), None)
    if found is None:
        raise StudyError(
            _("There is no template {name}.").format(name=name),
            _("Put a file {name}.md into notes/templates, or use one of: {names}.").format(
                name=name, names=_(", ").join(BUILTIN)
            ),
        )
    return found


def moment_values(moment: datetime) -> dict[str, str]:
    """Return what the clock has to say: date, time, week."""
    year, week, _day = moment.isocalendar()
    return {"date": moment.date().isoformat(), "time": f"{moment:%H:%M}", "week": f"{year}-W{week:02}"}


def render(text: str, values: Values) -> str:
    """Return the template ``text`` with its placeholders filled; blank lines in a row become one."""
    known = {**dict.fromkeys(PLACEHOLDERS, ""), **values}
    fence = find_fence(text)
    start = fence.body if fence else 0
    head = "".join(_front_line(line, known) for line in text[:start].splitlines(keepends=True))
    body = _PLACEHOLDER.sub(lambda match: _in_body(match, known), text[start:])
    return head + re.sub(r"\n{3,}", "\n\n", body)


def create_from(
    vault: Vault,
    name: str,
    title: str,
    values: Values | None = None,
    *,
    front: Mapping[str, object] | None = None,
    body: str = "",
    into: str | None = None,
    lang: str | None = None,
    also: Callable[[str], Sequence[Act]] = lambda path: (),
) -> Note:
    """Write a new note from the template ``name`` and return it.

    ``front`` are keys that the note must have even when the learner's template leaves them out, such as the
    article's id.  ``body`` is what the learner wrote already: it stands where the template wants
    the own words, else at the end.  Raises StudyError when the template's front matter cannot be read.
    """
    chosen = template(vault.workspace, name, lang)
    filled = {**moment_values(vault.journal.clock.now()), **(values or {}), "title": clean_line(title)}
    placed = body.strip() and any(match[1] == "words" for match in _PLACEHOLDER.finditer(chosen.text))
    text = render(chosen.text, {**filled, "words": body} if placed else filled)
    try:
        present = split(text)[0]
    except FrontError as error:
        place = chosen.file.name if chosen.file else chosen.name
        raise StudyError(
            _("The template {name} has front matter that cannot be read (line {line}): {detail}.").format(
                name=place, line=error.line, detail=_(error.detail)
            ),
            _("Mend the file in notes/templates, or remove it to have the built-in one back."),
        ) from error
    for key, value in (front or {}).items():
        if key not in present and value not in (None, "", []):
            text = front_edit.set_key(text, key, value)
    if split(text)[0].get("title") != clean_line(title) and clean_line(title):
        text = front_edit.set_key(text, "title", clean_line(title))
    if body.strip() and not placed:
        text = f"{text.rstrip()}\n\n{body.strip()}\n"
    return vault.create(title, text=text, into=chosen.folder if into is None else into, also=also)


def _own_files(workspace: Workspace) -> list[Path]:
    folder = workspace.notes / TEMPLATES
    if folder.is_symlink() or not folder.is_dir():
        return []
    files = (file for file in folder.glob("*.md") if not file.name.startswith("."))
    return [f for f in files if f.is_file() and not f.is_symlink() and f.stat().st_size <= SIZE_LIMIT]


def _read(file: Path) -> str:
    try:
        return read_bytes(file).decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(
            _("The template {name} cannot be read.").format(name=file.name),
            _("Save it as UTF-8 text, or remove it to have the built-in one back."),
        ) from error


def _builtin(name: str, lang: str) -> str:
    folder = Path(__file__).parent / "builtin"
    chosen = folder / lang / f"{name}.md"
    return (chosen if chosen.is_file() else folder / "en" / f"{name}.md").read_text("utf-8")


def _front_line(line: str, values: Values) -> str:
    """Fill one line of front matter so that it stays YAML; a line left without its value goes."""
    if not _PLACEHOLDER.search(line):
        return line
    pair = _PAIR.fullmatch(line.rstrip("\n"))
    if pair is None:
        return _PLACEHOLDER.sub(lambda match: _one_line(match, values), line)
    key, written = pair.groups()
    whole = _PLACEHOLDER.fullmatch(written)
    if whole is not None and whole[1] in values:
        value = values[whole[1]]
        if not value:
            return ""
        shown = value if isinstance(value, str) else [clean_line(item) for item in value]
        return key + front_edit.render_value(clean_line(shown) if isinstance(shown, str) else shown) + "\n"
    if written.startswith("["):
        return key + _PLACEHOLDER.sub(lambda match: _in_list(match, values), written) + "\n"
    if written.startswith('"'):
        return key + _PLACEHOLDER.sub(lambda match: _in_quotes(match, values), written) + "\n"
    if written.startswith("'"):
        return key + _PLACEHOLDER.sub(lambda m: _one_line(m, values).replace("'", "''"), written) + "\n"
    return key + front_edit.render_scalar(_PLACEHOLDER.sub(lambda m: _one_line(m, values), written)) + "\n"


def _one_line(match: re.Match[str], values: Values) -> str:
    value = values.get(match[1])
    if value is None:
        return match[0]
    return clean_line(value if isinstance(value, str) else ", ".join(value))


def _in_quotes(match: re.Match[str], values: Values) -> str:
    return json.dumps(_one_line(match, values), ensure_ascii=False)[1:-1]


def _in_list(match: re.Match[str], values: Values) -> str:
    value = values.get(match[1])
    if value is None:
        return match[0]
    items = [value] if isinstance(value, str) else value
    return ", ".join(front_edit.render_scalar(clean_line(item), flow=True) for item in items)


def _in_body(match: re.Match[str], values: Values) -> str:
    value = values.get(match[1])
    if value is None:
        return match[0]
    text = clean_text(value if isinstance(value, str) else ", ".join(value)).strip()
    if match[1] == "quote" and text:
        return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    return text
