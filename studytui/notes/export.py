"""Out and in: the whole system or one topic as one Markdown file, talking points, and folders brought in.

Notes about people and events stay at home unless they are asked for, and links to them lose their names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.notes import folder, syntax
from studytui.notes.history import Act, Change
from studytui.notes.links import MEDIA
from studytui.notes.map import MAP, TOPIC, Filing, Place, topic_tree
from studytui.notes.names import file_key, free_name
from studytui.notes.note import SIZE_LIMIT, Note, body_start, shown, splice
from studytui.notes.syntax import Link
from studytui.notes.vault import Vault
from studytui.privacy import is_about_people
from studytui.text import clean_line, safe_url

_BATCH_FILES, _BATCH_BYTES = 2_000, 64_000_000


def is_private(note: Note) -> bool:
    """Say whether ``note`` is about people: it enters no export unless asked for."""
    return is_about_people(note.path, note.kind, str(note.front.get("tool", "")))


@dataclass(frozen=True)
class Chapter:
    """One heading of an export: a topic or group at ``depth`` (from 0), its own note, what is filed under it."""

    title: str
    depth: int
    note: Note | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Selection:
    """What goes out, in the order of the map: every note once, under the first topic that has it."""

    title: str
    chapters: tuple[Chapter, ...]

    @property
    def notes(self) -> list[Note]:
        """Every note that goes out, in order."""
        return [n for c in self.chapters for n in ((c.note,) if c.note else ()) + c.notes]


def select(
    vault: Vault, topic: str | None = None, *, lang: str | None = None, people: bool = False
) -> Selection:
    """Choose what goes out: one topic (a path) with all below it, or the whole system in the map's order."""
    filing = Filing(vault, lang)
    used: set[str] = set()

    def fresh(notes: Iterable[Note]) -> tuple[Note, ...]:
        found = [
            n for n in notes if n.problem is None and n.path not in used and (people or not is_private(n))
        ]
        used.update(note.path for note in found)
        return tuple(found)

    def chapters(place: Place, depth: int) -> list[Chapter]:
        own = fresh([place.note]) if place.note else ()
        filed = fresh(filing.notes(place.note.path)) if place.note else ()
        below = [chapter for child in place.children for chapter in chapters(child, depth + 1)]
        return [Chapter(place.title, depth, own[0] if own else None, filed), *below]

    places = topic_tree(vault, lang)
    if topic is not None:
        note = vault.read(topic).note
        place = next((p for root in places for p in root.walk() if p.note and p.note.path == topic), None)
        found = chapters(place or Place(note.title, "", 0, 0, True, note), 0)
        return Selection(note.title, tuple(found))
    found = [chapter for place in places for chapter in chapters(place, 0)]
    rest = [note for note in vault.notes(lang) if note.kind != MAP]
    for note in rest:
        if note.kind == TOPIC and (own := fresh([note])):
            found.append(Chapter(note.title, 0, own[0], fresh(filing.notes(note.path))))
    left = fresh(rest)
    if left:
        found.append(Chapter(_("More notes"), 0, None, left))
    return Selection(_("My knowledge"), tuple(found))


class Rewriter:
    """Turns a note's links into links inside an export; ``targets`` gives each note that goes out its address."""

    def __init__(self, vault: Vault, targets: Mapping[str, str], people: bool) -> None:
        self._vault, self._targets, self._people = vault, targets, people

    def body(self, note: Note) -> str:
        """Return the text below the front matter: links rewritten, a first heading that is the title dropped."""
        opened = self._vault.read(note.path)
        source, start = opened.source, body_start(opened.source)
        title = syntax.title_span(syntax.mask(source), start)
        leads = title is not None and not source[start : title[0]].strip(" \t\r\n#")
        if title is not None and leads and clean_line(source[slice(*title)]) == note.title:
            start = (source.find("\n", title[1]) + 1) or len(source)
        edits, behind = [], start
        for link in opened.note.links:
            if link.start >= behind:  # a picture may be another link's label
                edits.append((link.start, link.end, self._link(note, link, source)))
                behind = link.end
        return shown(splice(source, edits)[start:]).strip("\n") + "\n"

    def _link(self, note: Note, link: Link, source: str) -> str:
        target = self._vault.graph.names.of(link, note.path)
        found = self._vault.get(target) if target else None
        if found is not None and is_private(found) and not self._people:
            return _("(not shared)")
        label = link.label or (found.title if found and not link.heading else "") or _plain_target(link)
        if target in self._targets and target is not None:
            anchor = slug(link.heading.lstrip("#^")) if link.heading.startswith("#") else ""
            address = self._targets[target]
            address = address.partition("#")[0] + f"#{anchor}" if anchor else address
            return f"[{escape_markdown(label) if link.is_wiki else label}](<{address}>)"
        if link.is_wiki or found is not None or link.target.lower().endswith(folder.ENDINGS):
            return escape_markdown(label) if link.is_wiki else label
        return source[link.start : link.end]


def _plain_target(link: Link) -> str:
    name = link.target.rpartition("/")[2] or link.heading.lstrip("#^")
    return f"{name} › {link.heading.lstrip('#^')}" if link.heading and link.target else name


def escape_markdown(text: str) -> str:
    """Return ``text`` on one line with every sign escaped that Markdown would act on there."""
    return re.sub(r"([\\`*_\[\]<>&~|$])|\A([#+=-])", r"\\\1\2", clean_line(text))


def slug(heading: str) -> str:
    """Return the anchor that GitHub and most converters give a heading."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\- ]", "", clean_line(heading).lower()))


def export_markdown(
    vault: Vault, topic: str | None = None, *, lang: str | None = None, people: bool = False
) -> str:
    """Return the selection as one Markdown text: contents first, then the chapters, links leading inside."""
    selection = select(vault, topic, lang=lang, people=people)
    anchors = _anchors(selection)
    rewriter = Rewriter(vault, anchors, people)
    parts = [f"# {escape_markdown(selection.title)}\n", *_contents(selection, anchors)]
    for chapter in selection.chapters:
        level = min(6, chapter.depth + 2)
        parts.append(f"\n{'#' * level} {escape_markdown(chapter.title)}\n")
        if chapter.note:
            parts.append("\n" + shift_headings(rewriter.body(chapter.note), level))
        for note in chapter.notes:
            deeper = min(6, level + 1)
            head = f"\n{'#' * deeper} {escape_markdown(note.title)}\n"
            parts += [head, _origin(note), "\n" + shift_headings(rewriter.body(note), deeper)]
    return re.sub(r"\n{3,}", "\n\n", "".join(parts)).rstrip("\n") + "\n"


def _anchors(selection: Selection) -> dict[str, str]:
    """Give every note the anchor of its heading; a title that comes again gets -1, -2 … as converters do."""
    anchors: dict[str, str] = {}
    times: dict[str, int] = {slug(selection.title): 1}
    for chapter in selection.chapters:
        titles = [(chapter.note, chapter.title), *((note, note.title) for note in chapter.notes)]
        for note, title in titles:
            name = slug(title)
            count = times.get(name, 0)
            times[name] = count + 1
            if note is not None:
                anchors.setdefault(note.path, f"#{name}-{count}" if count else f"#{name}")
    return anchors


def _contents(selection: Selection, anchors: Mapping[str, str]) -> list[str]:
    lines = ["\n"]
    for chapter in selection.chapters:
        label = escape_markdown(chapter.title)
        linked = f"[{label}](<{anchors[chapter.note.path]}>)" if chapter.note else label
        lines.append(f"{'  ' * chapter.depth}- {linked}\n")
    return lines


def _origin(note: Note) -> str:
    facts = [note.date, clean_line(note.source), f"<{safe_url(note.url)}>" if safe_url(note.url) else ""]
    line = " · ".join(fact if fact.startswith("<") else escape_markdown(fact) for fact in facts if fact)
    return f"\n{line}\n" if line else ""


def shift_headings(body: str, level: int) -> str:
    """Return ``body`` with its headings as they stand below a title of ``level``, none deeper than six."""
    headings = syntax.find_headings(syntax.mask(body))
    edits = [(h.start, h.start + h.indent + h.level, "#" * min(6, h.level + level - 1)) for h in headings]
    return splice(body, edits)


def talking_points(
    vault: Vault, topic: str | None = None, *, lang: str | None = None, people: bool = False
) -> str:
    """Return one page a topic to speak from: what it is, my points with their notes, questions to expect."""
    selection = select(vault, topic, lang=lang, people=people)
    rewriter = Rewriter(vault, {}, people)
    pages = [_page(chapter, rewriter) for chapter in selection.chapters if chapter.note]
    return "\n---\n\n".join(page for page in pages if page)


def _page(chapter: Chapter, rewriter: Rewriter) -> str:
    note = chapter.note
    if note is None:
        return ""
    sections = _sections(rewriter.body(note))
    lines = [f"# {escape_markdown(chapter.title)}\n"]
    lead = next((text for text in (_first_paragraph(s) for s in sections.values()) if text), "")
    if lead:
        lines.append(f"{lead}\n")
    example = _section(sections, "example", "例")
    if example:
        lines.append(_bold(_("An example")) + f" {_first_paragraph(example)}\n")
    own = [n for n in chapter.notes if n.kind != "course"]  # what somebody else teaches is no point of mine
    points = [f"- {escape_markdown(n.title)}: {_point(rewriter.body(n))}".rstrip(": ") for n in own]
    if points:
        lines.append(_bold(_("What I can show")) + "\n\n" + "\n".join(points) + "\n")
    questions = note.front.get("explain")
    asked = questions if isinstance(questions, list) else [questions] if questions else []
    if asked:
        listed = "\n".join(f"- {escape_markdown(str(question))}" for question in asked)
        lines.append(_bold(_("Questions to expect")) + f"\n\n{listed}\n")
    return "\n".join(lines)


def _bold(text: str) -> str:
    return f"**{text}**"


def _sections(body: str) -> dict[str, str]:
    """Return the text under each heading, "" for what stands before the first."""
    headings = syntax.find_headings(syntax.mask(body))
    starts = [0, *(h.start for h in headings)]
    ends = [*(h.start for h in headings), len(body)]
    names = ["", *(h.text for h in headings)]
    texts = (re.sub(r"\A {0,3}#[^\n]*\n", "", body[a:b]) for a, b in zip(starts, ends, strict=True))
    return dict(zip(names, texts, strict=True))


def _section(sections: Mapping[str, str], *signs: str) -> str:
    return next((text for name, text in sections.items() if any(sign in name.lower() for sign in signs)), "")


def _first_paragraph(text: str) -> str:
    for block in re.split(r"\n[ \t]*\n", text.strip()):
        if (
            block.strip()
            and not re.match(r"\s*(?:[-*+>|#`~]|\d+[.)]\s|<!--|\?\s*$)", block)
            and "::" not in block
        ):
            return clean_line(block, 600)
    return ""


def _point(body: str) -> str:
    """Return what a note says in a line: its section on the point, else its first paragraph."""
    sections = _sections(body)
    wanted = _section(sections, "point", "要点") or _section(sections, "own words", "自己的话")
    return _first_paragraph(wanted) or _first_paragraph("\n\n".join(sections.values()))


# --- in -------------------------------------------------------------------------------------------------------


@dataclass
class Imported:
    """What came in: new paths, paths given another name, files that were there already, files left out and why."""

    added: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def import_folder(vault: Vault, source: Path, into: str = "") -> Imported:
    """Copy the notes, pictures and papers of a folder such as an Obsidian vault below notes/``into``.

    Nothing is overwritten and the folder is only read: a different file of the same name comes in as "name 2".
    Hidden folders and symbolic links are left out.  Undoable in steps of at most 2,000 files.
    """
    if not source.is_dir():
        raise StudyError(
            _("{path} is not a folder.").format(path=source), _("Give the folder that holds the notes.")
        )
    here = vault.workspace.notes.resolve()
    if source.resolve() == here or here in source.resolve().parents or source.resolve() in here.parents:
        raise StudyError(
            _("{path} and this workspace lie inside each other.").format(path=source),
            _("Give a folder outside the workspace."),
        )
    outcome = Imported()
    taken: dict[str, set[str]] = {}
    batch: list[Change] = []
    size = 0
    for file, path in _files(source, outcome):
        content = _content(file, path, outcome)
        if content is None:
            continue
        change = _incoming(vault, f"{into}/{path}" if into else path, content, outcome, taken)
        if change is not None:
            batch.append(change)
            size += len(content)
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            _bring_in(vault, source, batch)
            batch, size = [], 0
    _bring_in(vault, source, batch)
    return outcome


def _bring_in(vault: Vault, source: Path, batch: list[Change]) -> None:
    acts: list[Act] = [("note.imported", {"subject": source.name, "title": source.name})]
    if batch:
        vault.carry_out(lambda: (acts, batch, None))


def _files(source: Path, outcome: Imported) -> Iterator[tuple[Path, str]]:
    wanted = (*folder.ENDINGS, *(f".{ending}" for ending in MEDIA))
    for base, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            file = Path(base, name)
            path = file.relative_to(source).as_posix()
            if file.is_symlink():
                outcome.left_out.append((path, _("symbolic link")))
            elif not file.is_file() or not name.lower().endswith(wanted):
                outcome.left_out.append((path, _("not a note")))
            else:
                yield file, path


def _content(file: Path, path: str, outcome: Imported) -> bytes | None:
    try:
        path.encode()
        if file.stat().st_size > SIZE_LIMIT:
            outcome.left_out.append((path, _("larger than 10 MB")))
            return None
        return folder.read_bytes(file)
    except UnicodeEncodeError:
        outcome.left_out.append((path.encode("utf-8", "replace").decode(), _("file name is not valid UTF-8")))
    except OSError as error:
        outcome.left_out.append((path, error.strerror or str(error)))
    return None


def _incoming(
    vault: Vault, path: str, content: bytes, outcome: Imported, taken: dict[str, set[str]]
) -> Change | None:
    """Return the change that brings ``content`` in at ``path`` or beside it; None when it is there already."""
    if vault.raw(path) == content:
        outcome.same.append(path)
        return None
    parent = str(PurePosixPath(path).parent)
    names = taken.setdefault(parent, folder.taken_names(vault.workspace.notes / parent))
    name = free_name(PurePosixPath(path).stem, names, PurePosixPath(path).suffix)
    names.add(file_key(name))
    target = name if parent == "." else f"{parent}/{name}"
    outcome.added.append(target)
    if target != path:
        outcome.renamed.append((path, target))
    return vault.change(target, None, content)
