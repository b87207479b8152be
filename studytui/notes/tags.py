"""Tags: which are in use, nested by "/", and changing them in front matter and running text alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.notes import front_edit, syntax
from studytui.notes.front import split
from studytui.notes.history import Act, Change
from studytui.notes.names import name_key
from studytui.notes.note import FRONT, Note, body_start, front_tags, parse_note, splice, with_tag
from studytui.notes.vault import Vault

_NAME = re.compile(r"[\w-]+(?:/[\w-]+)*")


@dataclass(frozen=True)
class TagCount:
    """One tag or parent of tags: notes that carry just it, and notes that carry it or one below it."""

    name: str
    own: int
    total: int

    @property
    def depth(self) -> int:
        """How many parents it has."""
        return self.name.count("/")


def tag_counts(notes: Iterable[Note]) -> list[TagCount]:
    """Return every tag and every parent, parents before children; spellings that differ in case are one."""
    own: Counter[str] = Counter()
    total: Counter[str] = Counter()
    spelling: dict[str, Counter[str]] = {}
    for note in notes:
        for tag in {name_key(tag): tag for tag in note.tags}.values():
            own[name_key(tag)] += 1
        for branch in {name_key(branch): branch for tag in note.tags for branch in _branches(tag)}.values():
            total[name_key(branch)] += 1
            spelling.setdefault(name_key(branch), Counter())[branch] += 1
    names = {
        key: max(found.items(), key=lambda item: (item[1], item[0]))[0] for key, found in spelling.items()
    }
    return [
        TagCount(names[key], own[key], total[key]) for key in sorted(total, key=lambda key: key.split("/"))
    ]


def clean_tag(name: str) -> str:
    """Return ``name`` as a tag without its sign; raises StudyError when no tag can be called so."""
    tag = name.strip().lstrip("#＃").strip("/")
    if not _NAME.fullmatch(tag) or tag.replace("/", "").isdigit():
        raise StudyError(
            _("“{name}” cannot be a tag.").format(name=name.strip()),
            _("Use letters, digits, - and _, with / between levels, and at least one letter."),
        )
    return tag


def add_tag(vault: Vault, path: str, name: str) -> Note:
    """Give the note at ``path`` a tag in its front matter; no other byte changes."""
    tag = clean_tag(name)
    if any(name_key(tag) == name_key(old) for old in vault.read(path).note.tags):
        return vault.read(path).note
    return vault.edit(path, lambda source: with_tag(source, tag), kind="note.tagged", facts={"tag": tag})


def remove_tag(vault: Vault, path: str, name: str) -> Note:
    """Take a tag from the note at ``path``, in its front matter and in its text."""
    key = name_key(clean_tag(name))
    return vault.edit(path, lambda source: _without(source, key), kind="note.tagged", facts={"tag": name})


def rename_tag(vault: Vault, old: str, new: str) -> int:
    """Rename the tag ``old`` and those below it in all notes, as one undoable operation; return how many changed.

    Notes that are listed with a problem are left as they are.
    """
    before, after = clean_tag(old), clean_tag(new)

    def plan() -> tuple[list[Act], list[Change], int]:
        changes = []
        for note in vault.notes():
            if note.problem is None and any(_renamed(tag, before, after) != tag for tag in note.tags):
                raw = vault.raw(note.path) or b""
                changes.append(
                    vault.change(note.path, raw, _with_renamed(raw.decode(), before, after).encode())
                )
        facts = {"subject": before, "title": after, "old": before}
        return [("note.retagged", facts)], changes, len(changes)

    return vault.carry_out(plan)


def _branches(tag: str) -> list[str]:
    parts = tag.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def _renamed(tag: str, old: str, new: str) -> str:
    """Return ``tag`` after renaming ``old``: itself, the new name, or the new name with its lower levels."""
    depth = old.count("/") + 1
    head, rest = tag.split("/")[:depth], tag.split("/")[depth:]
    return "/".join([new, *rest]) if name_key("/".join(head)) == name_key(old) else tag


def _with_renamed(source: str, old: str, new: str) -> str:
    note = parse_note(source.encode(), "")
    links = list(note.links)
    masked = syntax.mask(source)
    inline = syntax.find_tags(masked, body_start(source), links)
    edits = [
        (t.start, t.end, _renamed(t.name, old, new)) for t in inline if _renamed(t.name, old, new) != t.name
    ]
    edited = splice(source, edits)
    return edited if note.problem and note.problem.kind == FRONT else _front_renamed(edited, old, new)


def _front_renamed(source: str, old: str, new: str) -> str:
    front = split(source)[0]
    for key in ("tags", "tag"):
        value = front.get(key)
        if isinstance(value, str):
            tags = front_tags({"tags": value})
            renamed = [_renamed(tag, old, new) for tag in tags]
            if renamed != tags:
                kept: str | list[str] = renamed[0] if len(renamed) == 1 else list(dict.fromkeys(renamed))
                source = front_edit.set_key(source, key, kept)
        elif isinstance(value, list):
            names = {item: _renamed_item(item, old, new) for item in value if isinstance(item, str)}
            source = front_edit.replace_items(source, key, names)
    return source


def _renamed_item(item: str, old: str, new: str) -> str:
    """Rename an item of a list, keeping a sign that the learner wrote in front of it."""
    bare = item.lstrip("#＃")
    return item[: len(item) - len(bare)] + _renamed(bare, old, new)


def _without(source: str, key: str) -> str:
    note = parse_note(source.encode(), "")
    inline = syntax.find_tags(syntax.mask(source), body_start(source), list(note.links))
    edits = []
    for tag in inline:
        if name_key(tag.name) == key:
            start = tag.start - 1
            blank = (
                start > 0
                and source[start - 1] == " "
                and source[tag.end : tag.end + 1] in ("", " ", "\r", "\n")
            )
            edits.append((start - blank, tag.end, ""))
    source = splice(source, edits)
    value = split(source)[0]
    for name in ("tags", "tag"):
        for item in front_tags({"tags": value.get(name)}):
            if name_key(item) == key:
                source = _front_without(source, name, item)
    return source


def _front_without(source: str, key: str, tag: str) -> str:
    value = split(source)[0].get(key)
    if isinstance(value, list):
        written = next(
            (item for item in value if isinstance(item, str) and item.lstrip("#＃").rstrip("/") == tag), tag
        )
        return front_edit.remove_item(source, key, written)
    return front_edit.set_key(
        source, key, [name for name in front_tags({"tags": value}) if name != tag] or None
    )
