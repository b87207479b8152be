"""The knowledge map: topics in a tree, what is filed under each, and what is filed nowhere yet.

The tree is the nested list in every note of ``kind: map``.  A note is filed under a topic when its front matter
says ``topic:``, when it links to the topic, or when the topic links to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.notes import front_edit, outline, syntax
from studytui.notes.front import split
from studytui.notes.names import link_text
from studytui.notes.note import Note
from studytui.notes.vault import Vault

MAP, TOPIC = "map", "topic"
# These have rooms of their own; they never wait to be filed.
_OWN_ROOM = frozenset((MAP, TOPIC, "course", "person", "event", "practice", "weekly"))
_OWN_FOLDER = frozenset(("courses", "people", "events", "practice", "weekly"))


@dataclass(frozen=True)
class Place:
    """One line of the map: a topic, or a group when there is no link on it.

    ``note`` is the topic's note, None for a group or for a topic not written yet.  ``map`` and ``line`` (from 0)
    say where it stands; ``depth`` counts from 0.
    """

    title: str
    map: str
    line: int
    depth: int
    linked: bool
    note: Note | None
    children: tuple[Place, ...] = ()

    def walk(self) -> Iterator[Place]:
        """Yield this place and all below it, from top to bottom."""
        yield self
        for child in self.children:
            yield from child.walk()


def topic_tree(vault: Vault, lang: str | None = None) -> list[Place]:
    """Return the top places of the map or maps; ``lang`` leaves out the starter map of the other language."""
    maps = sorted((note for note in vault.notes(lang) if note.kind == MAP), key=lambda note: note.path)
    return [
        _place(vault, note.path, entry, 0)
        for note in maps
        if note.problem is None
        for entry in outline.parse(vault.read(note.path).source)
    ]


def loose_topics(vault: Vault, lang: str | None = None) -> list[Note]:
    """Return the topic notes that have no place in the map, by title."""
    placed = {place.note.path for root in topic_tree(vault) for place in root.walk() if place.note}
    loose = (note for note in vault.notes(lang) if note.kind == TOPIC and note.path not in placed)
    return sorted(loose, key=lambda note: note.title)


class Filing:
    """What is filed where, worked out once for all topics at a moment."""

    def __init__(self, vault: Vault, lang: str | None = None) -> None:
        graph, notes = vault.graph, vault.notes()
        self._notes = {note.path: note for note in notes}
        self._lang = lang
        self._under: dict[str, dict[str, None]] = {n.path: {} for n in notes if n.kind == TOPIC}
        self._placed = {p.note.path for root in topic_tree(vault) for p in root.walk() if p.note}
        for path in self._placed:
            self._under.setdefault(path, {})
        self._filed: set[str] = set()
        for note in notes:
            targets = [graph.names.resolve(topic, note.path) for topic in note.topics]
            self._filed |= {note.path} if any(targets) else set()
            for target in [*targets, *(graph.names.of(link, note.path) for link in note.links)]:
                if target is not None and target != note.path:
                    self._join(note.path, target)

    def notes(self, topic: str) -> list[Note]:
        """Return the notes filed under the topic note at the path ``topic``, last changed first."""
        found = [self._notes[path] for path in self._under.get(topic, ()) if self._shown(self._notes[path])]
        return sorted(found, key=lambda note: (-note.modified, note.path))

    def touched(self, topic: str) -> Note | None:
        """Return the note last changed among the topic and what is filed under it."""
        found = [*self.notes(topic), *([self._notes[topic]] if topic in self._notes else [])]
        return max(found, key=lambda note: note.modified, default=None)

    def unfiled(self) -> list[Note]:
        """Return the notes filed nowhere: the inbox, last changed first."""
        notes = (note for note in self._notes.values() if self._shown(note) and not self._is_filed(note))
        return sorted(notes, key=lambda note: (-note.modified, note.path))

    def _join(self, one: str, other: str) -> None:
        """Remember a connection between a topic and a note, whichever of the two it stands in."""
        for topic, path in ((one, other), (other, one)):
            if topic in self._under and path not in self._under and self._notes[path].kind != MAP:
                self._under[topic][path] = None
                self._filed.add(path)

    def _is_filed(self, note: Note) -> bool:
        own_room = note.kind in _OWN_ROOM or note.path.partition("/")[0] in _OWN_FOLDER
        return own_room or note.path in self._filed or note.path in self._placed

    def _shown(self, note: Note) -> bool:
        return self._lang is None or note.lang in ("", self._lang)


def file_under(vault: Vault, path: str, topic: str) -> Note:
    """File the note at ``path`` under the topic note at ``topic`` by its front matter; other bytes stay."""
    name = name_for(vault, topic, path)
    note = vault.read(path).note
    if any(vault.graph.names.resolve(old, path) == topic for old in note.topics):
        return note
    facts = {"title": vault.read(topic).note.title, "old": note.title, "topic": topic}
    return vault.edit(path, lambda source: _with_topic(source, name), kind="note.filed", facts=facts)


def recent_topics(vault: Vault, limit: int = 9) -> list[Note]:
    """Return the topics that notes were filed under most recently, so that the last is two keys away."""
    used = (op.facts.get("topic") for op in vault.operations() if op.kind == "note.filed")
    notes = (vault.get(path) for path in dict.fromkeys(used) if isinstance(path, str))
    return [note for note in notes if note is not None][:limit]


def add_place(vault: Vault, map_path: str, topic: str, under: Place | None = None) -> Note:
    """Give the topic note at the path ``topic`` a place in the map, last below ``under`` or at the end."""
    name = name_for(vault, topic, map_path)
    line = under.line if under else None
    return _edited(vault, map_path, under, lambda source: outline.add(source, f"[[{name}]]", line), name)


def move_place(vault: Vault, place: Place, down: bool) -> Note:
    """Move a place and all below it behind its next sibling, or before the previous one."""
    return _edited(vault, place.map, place, lambda source: outline.move(source, place.line, down))


def nest_place(vault: Vault, place: Place) -> Note:
    """Put a place and all below it under the one above it."""
    return _edited(vault, place.map, place, lambda source: outline.nest(source, place.line))


def unnest_place(vault: Vault, place: Place) -> Note:
    """Move a place and all below it out to the level of its parent."""
    return _edited(vault, place.map, place, lambda source: outline.unnest(source, place.line))


def remove_place(vault: Vault, place: Place) -> Note:
    """Take a place out of the map; the note stays, and what was below the place moves up."""
    return _edited(vault, place.map, place, lambda source: outline.remove(source, place.line))


def _place(vault: Vault, path: str, entry: outline.Entry, depth: int) -> Place:
    links = syntax.find_links(entry.text)
    target = vault.graph.names.of(links[0], path) if links else None
    note = vault.get(target) if target else None
    written = (links[0].label or links[0].target) if links else entry.text
    children = tuple(_place(vault, path, child, depth + 1) for child in entry.children)
    return Place(note.title if note else written, path, entry.line, depth, bool(links), note, children)


def _edited(
    vault: Vault, path: str, place: Place | None, change: Callable[[str], str], title: str = ""
) -> Note:
    """Edit the map, unless the line that is meant says something else by now."""

    def guarded(source: str) -> str:
        if place is not None:
            entry = outline.find(outline.parse(source), place.line)
            if entry is None or _place(vault, path, entry, 0).title != place.title:
                raise StudyError(
                    _("The map has changed meanwhile."), _("Open the map again and repeat the last step.")
                )
        return change(source)

    shown = title or (place.title if place else "")
    return vault.edit(path, guarded, kind="note.mapped", facts={"title": shown})


def name_for(vault: Vault, topic: str, origin: str) -> str:
    """Return the name that means the note at ``topic`` when it is written in the note at ``origin``."""
    note = vault.read(topic).note
    names = [link_text(note.title), note.stem, topic.removesuffix(".md")]
    return next((name for name in names if vault.graph.names.resolve(name, origin) == topic), topic)


def _with_topic(source: str, name: str) -> str:
    value = split(source)[0].get("topic")
    return front_edit.add_item(source, "topic", name) if value else front_edit.set_key(source, "topic", name)
