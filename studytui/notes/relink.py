"""Edits of links: a note is renamed or moved and every link goes on leading where it led; mentions become links."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import normpath, relpath
from urllib.parse import quote

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.notes import folder, front_edit, syntax
from studytui.notes.history import Act, Change
from studytui.notes.links import Mention, Names, dead_name, note_keys, should_be_note
from studytui.notes.names import file_key, file_stem, link_text, name_key
from studytui.notes.note import Note, body_start, parse_note, splice
from studytui.notes.syntax import Link
from studytui.notes.vault import Vault, untouchable
from studytui.text import clean_line

# Other letters stay readable: no program minds them in an address.
_IN_ADDRESS = re.compile(r"""[\x00-\x20"#%<>()\[\]\\^`{|}\x7f]""")
_IN_ANGLES = re.compile(r"[\x00-\x1f#%<>\\\x7f]")
_QUOTES = str.maketrans("\"'", "＂＇")  # inside a quoted property the plain ones would end it


@dataclass(frozen=True)
class Renamed:
    """What a rename did: the note as it is now, the links rewritten, the notes that could not be touched."""

    note: Note
    links: int
    skipped: tuple[str, ...] = ()
    changed: bool = True  # whether there is anything to take back


def rename_note(vault: Vault, path: str, title: str) -> Renamed:
    """Give the note at ``path`` a new title; its file follows when it was named after the old one.

    Every link to it in every note is rewritten in the same undoable operation.
    """
    title = clean_line(title)
    if not title:
        raise StudyError(_("A note needs a title."), _("Type at least one character."))

    def aim(note: Note) -> tuple[str, str]:
        named_after = re.fullmatch(re.escape(file_stem(note.title)) + r"(?: \d+)?", note.stem)
        if not named_after and note.titled != "name":
            return note.path, title
        stem = file_stem(title)
        if file_key(stem) == file_key(note.stem):
            return _beside(note.path, stem), title
        return vault.free_path(note.folder, title), title

    return _relinked(vault, path, "note.renamed", aim)


def move_note(vault: Vault, path: str, into: str) -> Renamed:
    """Move the note at ``path`` into the folder ``into`` below notes/ ("" is notes/ itself).

    Raises StudyError for a folder whose notes could not be listed or linked.
    """
    into = folder.folder_path(into)

    def aim(note: Note) -> tuple[str, str]:
        if into == note.folder:
            return note.path, note.title
        return vault.free_path(into, note.stem, PurePosixPath(path).suffix, clean=False), note.title

    return _relinked(vault, path, "note.moved", aim)


def take_links(vault: Vault, path: str, old: str) -> Renamed:
    """Let links that say ``old`` and lead nowhere lead to the note at ``path``: its title was changed by hand.

    Links that say it as a path, ``deep/old.md``, are meant too.  Raises StudyError when ``old`` is the name of a
    note.
    """
    old = clean_line(old)

    def plan() -> tuple[list[Act], list[Change], int]:
        vault.scan()
        note = vault.read(path).note
        if note.problem is not None:
            raise untouchable(note)
        if not old or vault.graph.names.resolve(old) is not None:
            raise StudyError(
                _("There is a note “{name}”; links to it lead there.").format(name=old),
                _("Give the name that links say although no note has it."),
            )
        before = note._replace(title=old)
        changes, links, _skipped = _Relinking(vault, before, path, note.title, lost=old).changes()
        return [("note.renamed", _facts(path, note.title, old, path, links))], changes, links

    links = vault.carry_out(plan)
    return Renamed(vault.read(path).note, links, changed=links > 0)


def _facts(subject: str, title: str, old: str, origin: str, links: int) -> dict[str, str | int]:
    return {"subject": subject, "title": title, "old": old, "from": origin, "links": links}


def _beside(path: str, stem: str) -> str:
    return PurePosixPath(path).with_name(stem + PurePosixPath(path).suffix).as_posix()


def _relinked(vault: Vault, path: str, kind: str, aim: Callable[[Note], tuple[str, str]]) -> Renamed:
    def plan() -> tuple[list[Act], list[Change], tuple[str, int, list[str]]]:
        vault.scan()
        note = vault.read(path).note
        if note.problem is not None:
            raise untouchable(note)
        target, title = aim(note)
        changes, links, skipped = _Relinking(vault, note, target, title).changes()
        old, new = (note.title, title) if kind == "note.renamed" else (path, target)
        return [(kind, _facts(target, new, old, path, links))], changes, (target, links, skipped)

    before = vault.get(path)
    target, links, skipped = vault.carry_out(plan)
    note = vault.read(target).note
    return Renamed(note, links, tuple(skipped), changed=before != note or links > 0)


class _Relinking:
    """One rename worked out: what each name meant before, what it would mean after, what must be rewritten."""

    def __init__(self, vault: Vault, note: Note, target: str, title: str, lost: str = "") -> None:
        """``lost`` is a name that links say although no note has it; they come to lead to this one."""
        self.vault, self.old, self.target = vault, note, target
        source = (vault.raw(note.path) or b"").decode()
        titled = parse_note(source.encode(), note.path).title == title
        self.retitled = source if titled else _with_title(source, note, title)
        self.new = parse_note(self.retitled.encode(), target)
        others = [other for other in vault.notes() if other.path != note.path]
        # The note as it was called before: a title changed by hand is in the graph already.
        self.before = vault.graph.names if vault.get(note.path) == note else Names([*others, note])
        self.after = Names([*others, self.new])
        self.lost = {name_key(n) for n in (note.title, note.stem)} - {
            name_key(n) for n in (self.new.title, self.new.stem)
        }

        self.astray = name_key(dead_name(lost)) if lost else None

    def changes(self) -> tuple[list[Change], int, list[str]]:
        """Return the changes of all files, the number of links rewritten, and the notes left alone."""
        changes, links, skipped = [], 0, []
        near = self.vault.graph.linking(note_keys(self.old) | note_keys(self.new))
        if self.astray is not None:
            near |= {dead.note.path for dead in self.vault.graph.dead() if name_key(dead.name) == self.astray}
        for path in sorted(near - {self.old.path}):
            raw = self.vault.raw(path) or b""
            note = parse_note(raw, path)
            if note.problem is not None and note.problem.kind != "front":
                continue
            edited, count = self._relink(raw.decode(), note, path)
            if count and note.problem is not None:
                skipped.append(path)
            elif count:
                changes.append(self.vault.change(path, raw, edited.encode()))
                links += count
        raw = self.vault.raw(self.old.path) or b""
        edited, count = self._relink(
            self.retitled, parse_note(self.retitled.encode(), self.target), self.old.path
        )
        if self.target == self.old.path:
            changes.append(self.vault.change(self.old.path, raw, edited.encode()))
        else:
            changes.append(self.vault.change(self.target, None, edited.encode(), self.old.path))
            changes.append(self.vault.change(self.old.path, raw, None, self.target))
        return changes, links + count, skipped

    def _relink(self, source: str, note: Note, origin: str) -> tuple[str, int]:
        """Return ``source`` (of the note that lay at ``origin``) with its links mended, and how many were."""
        mended = (
            front_edit.replace_items(source, "topic", self._topics(note, origin)) if note.topics else source
        )
        links = parse_note(mended.encode(), note.path).links if mended != source else note.links
        edits = [edit for link in links if (edit := self._edit(mended, link, note.path, origin)) is not None]
        return splice(mended, edits), len(edits) + (mended != source)

    def _topics(self, note: Note, origin: str) -> dict[str, str]:
        """Return the new name of each topic in the front matter that needs one."""
        renamed = {}
        for topic in note.topics:
            was = self.before.resolve(topic, origin)
            if was is None:
                continue
            follows = was == self.old.path and name_key(topic) in self.lost
            if follows or self.after.resolve(topic, note.path) != self._now(was):
                renamed[topic] = self._name_of(self._now(was), note.path)
        return renamed

    def _edit(self, source: str, link: Link, path: str, origin: str) -> tuple[int, int, str] | None:
        """Return the edit that ``link`` needs, None when it still leads where it led under the right name."""
        was = self.before.of(link, origin)
        if was is None and link.target and self.astray == name_key(dead_name(link.target)):
            return self._rewritten(source, link, path, self.target) if should_be_note(link) else None
        if was is None or not link.target:
            return self._carried_along(source, link, path, origin)
        want = self._now(was)
        follows = was == self.old.path and name_key(link.target) in self.lost
        # Other programs know no names: a Markdown link that said where the file lies goes on saying so.
        strays = _is_place(link, origin, was) and not _is_place(link, path, want)
        if not follows and not strays and self.after.of(link, path) == want:
            return None
        return self._rewritten(source, link, path, want)

    def _carried_along(self, source: str, link: Link, path: str, origin: str) -> tuple[int, int, str] | None:
        """Keep a picture or file beside the note reachable when the note moves to another folder."""
        here, there = (str(PurePosixPath(p).parent) for p in (origin, path))
        if link.is_wiki or not link.target or link.target.startswith("/") or here == there:
            return None
        file = normpath(PurePosixPath(here).joinpath(link.target).as_posix())
        try:
            present = (self.vault.workspace.notes / file).exists()
        except (OSError, ValueError):
            return None
        slash = "/" if link.target.endswith("/") else ""
        return self._pointed(source, link, relpath(file, there) + slash) if present else None

    def _now(self, was: str) -> str:
        return self.target if was == self.old.path else was

    def _name_of(self, want: str, origin: str) -> str:
        """Return the shortest name that means the note at ``want`` once the rename is done."""
        note = self.new if want == self.target else self.vault.get(want)
        names = [note.title, link_text(note.title), note.stem] if note else []
        names.append(str(PurePosixPath(want).with_suffix("")))
        return next((name for name in names if self.after.resolve(name, origin) == want), want)

    def _rewritten(self, source: str, link: Link, origin: str, want: str) -> tuple[int, int, str]:
        written = source[link.inner : link.inner_end]
        if not link.is_wiki:
            return self._pointed(source, link, relpath(want, str(PurePosixPath(origin).parent)))
        cut = re.search(r"[#^]", written)
        heading = written[cut.start() :] if cut else ""
        name = self._wiki_name(link, want, origin)
        if link.start < body_start(source):
            name = name.translate(_QUOTES)
        inner = name + heading
        if "/" in name and "/" not in link.target and not link.label and link.kind == syntax.WIKI:
            inner += _bar(source, link.start) + (self.new.title if want == self.target else link.target)
        return link.inner, link.inner_end, inner

    def _pointed(self, source: str, link: Link, target: str) -> tuple[int, int, str]:
        """Return the edit that points a Markdown link at ``target``, its heading kept."""
        _path, sign, heading = source[link.inner : link.inner_end].partition("#")
        reserved = _IN_ANGLES if source[link.inner - 1 : link.inner] == "<" else _IN_ADDRESS
        address = reserved.sub(lambda found: quote(found[0], safe=""), target)
        return link.inner, link.inner_end, address + sign + heading

    def _wiki_name(self, link: Link, want: str, origin: str) -> str:
        """Keep the way the link was written: path for path, file name for file name, else the title."""
        note = self.new if want == self.target else self.vault.get(want)
        path = str(PurePosixPath(want).with_suffix(""))
        names = [path] if "/" in link.target else []
        if note is not None:
            by_stem = name_key(link.target) == name_key(self.old.stem) != name_key(self.old.title)
            pair = [note.stem, link_text(note.title)] if by_stem else [link_text(note.title), note.stem]
            names += [name for name in pair if not re.search(r"[\[\]#^|]", name)]
        return next((name for name in [*names, path] if self.after.resolve(name, origin) == want), want)


def _is_place(link: Link, origin: str, path: str) -> bool:
    """Say whether the Markdown ``link`` in the note at ``origin`` is the way to the file at ``path``."""
    place = normpath(PurePosixPath(origin).parent.joinpath(link.target).as_posix())
    return not link.is_wiki and path in (place, f"{place}.md")


def _with_title(source: str, note: Note, title: str) -> str:
    """Return ``source`` with its title changed where it stands: front matter or first heading."""
    if note.titled == "front":
        return front_edit.set_key(source, "title", title)
    if note.titled == "heading":
        span = syntax.title_span(syntax.mask(source), body_start(source))
        return source[: span[0]] + title + source[span[1] :] if span else source
    return source


def _bar(source: str, at: int) -> str:
    """Return the bar between target and label: inside a table it is escaped."""
    return "\\|" if source[source.rfind("\n", 0, at) + 1 : at + 1].lstrip().startswith("|") else "|"


def link_mention(vault: Vault, path: str, mention: Mention) -> Note:
    """Turn a mention of the note at ``path`` into a link; no other byte of that note changes.

    Raises StudyError when the text has changed since the mention was found.
    """

    def change(source: str) -> str:
        if source[mention.start : mention.end] != mention.text:
            raise StudyError(
                _("{path} has changed since this mention was found.").format(path=mention.note.path),
                _("Open the list of mentions again."),
            )
        return splice(source, [(mention.start, mention.end, _as_link(vault, path, mention, source))])

    title = vault.read(path).note.title
    return vault.edit(mention.note.path, change, kind="note.linked", facts={"title": title, "to": path})


def _as_link(vault: Vault, path: str, mention: Mention, source: str) -> str:
    resolve = vault.graph.names.resolve
    if link_text(mention.text) == mention.text and resolve(mention.text, mention.note.path) == path:
        return f"[[{mention.text}]]"
    note = vault.read(path).note
    names = [link_text(note.title), note.stem, str(PurePosixPath(path).with_suffix(""))]
    name = next((name for name in names if resolve(name, mention.note.path) == path), path)
    return f"[[{name}{_bar(source, mention.start)}{mention.text}]]"
