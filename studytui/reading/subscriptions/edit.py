"""Edits of feeds.yaml that change only the bytes they must; comments and formatting survive.

Each edit splices text where the nodes stand, reads the result again, compares it with what it should say, looks
whether another program saved the file meanwhile, and only then renames the new file over the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.reading.subscriptions.entry import KINDS, MisshapenError, read_entry
from studytui.reading.subscriptions.feedsfile import Subscription, Subscriptions, read_bytes
from studytui.reading.subscriptions.feedstext import (
    FeedsText,
    Splice,
    append,
    cut,
    fields_of,
    flow_entry,
    insert_pair,
    read_feeds,
    replace_value,
)
from studytui.reading.subscriptions.yamltext import YamlError, parse
from studytui.text import clean_line
from studytui.workspace import STATE_DIR, locked, write_atomic

_ATTEMPTS = 3

Change = Callable[[FeedsText], tuple[list[Splice], dict[str, Any]]]
"""From the file to splices, and to what the file shall say after them."""


def add(path: Path, *new: Subscription) -> None:
    """Put ``new`` at the end of the list in one edit; raises StudyError for a name or address that is there."""
    items = [replace(item, name=clean_line(item.name, 200)) for item in new]
    for item in items:
        _check(item)

    def change(file: FeedsText) -> tuple[list[Splice], dict[str, Any]]:
        _check_unique(file.subscriptions, items)
        meaning = file.meaning()
        entries = [fields_of(item) for item in items]
        meaning["feeds"] += entries
        return (append(file, entries) if entries else []), meaning

    edit(path, change)


def remove(path: Path, name: str) -> None:
    """Take the entry called ``name`` out of the list; the comments around it stay."""

    def change(file: FeedsText) -> tuple[list[Splice], dict[str, Any]]:
        index, node = file.entry(name)
        meaning = file.meaning()
        del meaning["feeds"][index]
        return cut(file, index, node), meaning

    edit(path, change)


def rename(path: Path, name: str, new_name: str) -> None:
    """Give the entry called ``name`` another name; raises StudyError when that is taken or empty."""
    new_name = clean_line(new_name, 200)

    def change(file: FeedsText) -> tuple[list[Splice], dict[str, Any]]:
        old = file.subscriptions.by_name(name)
        new = Subscription(new_name, old.kind, old.address)
        _check(new)
        others = tuple(item for item in file.subscriptions if item is not old)
        _check_unique(Subscriptions(path, items=others), [new])
        index, node = file.entry(name)
        meaning = file.meaning()
        meaning["feeds"][index]["name"] = new_name
        return [replace_value(file, node, "name", new_name)], meaning

    edit(path, change)


def set_address(path: Path, name: str, address: str) -> None:
    """Give the entry called ``name`` another address of the same kind, as after a permanent move."""

    def change(file: FeedsText) -> tuple[list[Splice], dict[str, Any]]:
        old = file.subscriptions.by_name(name)
        new = Subscription(old.name, old.kind, address.strip().removeprefix("rsshub:"))
        _check(new)
        index, node = file.entry(name)
        key = next(key for key in KINDS if node.get(key) is not None)
        text = new.address if key == "rsshub" else new.source
        meaning = file.meaning()
        meaning["feeds"][index][key] = text
        return [replace_value(file, node, key, text)], meaning

    edit(path, change)


def set_enabled(path: Path, name: str, enabled: bool) -> None:
    """Switch the entry called ``name`` on or off."""
    word = "true" if enabled else "false"

    def change(file: FeedsText) -> tuple[list[Splice], dict[str, Any]]:
        index, node = file.entry(name)
        meaning = file.meaning()
        if file.subscriptions.items[index].enabled is enabled:
            return [], meaning
        if node.get("enabled") is None:
            splice = insert_pair(file, node, "enabled", word)
        else:
            splice = replace_value(file, node, "enabled", word)
        meaning["feeds"][index]["enabled"] = word
        return [splice], meaning

    edit(path, change)


def edit(path: Path, change: Change) -> None:
    """Apply ``change`` to the file as it is now; nothing is written unless the result says what it should."""
    target = path.resolve()
    with locked(path.parent / STATE_DIR / "feeds.lock"):
        for _attempt in range(_ATTEMPTS):
            raw = read_bytes(target)
            changed = _changed(path, raw, change)
            if changed == raw:
                return
            if read_bytes(target) == raw:
                write_atomic(target, changed)
                return
    raise StudyError(
        _("{path} is being changed by another program.").format(path=path),
        _("Nothing was written. Wait until it is done, then try again."),
    )


def _changed(path: Path, raw: bytes, change: Change) -> bytes:
    file = read_feeds(path, raw)
    splices, meaning = change(file)
    text = file.text
    for start, end, piece in sorted(splices, reverse=True):
        text = text[:start] + piece + text[end:]
    result = text.encode("utf-8")
    try:
        said = read_feeds(path, result).meaning()
    except StudyError:
        said = {}
    if said == meaning:
        return result
    raise StudyError(
        _("{path} is written in a way that this edit does not understand.").format(path=path),
        _("Nothing was written. Open the file in an editor and make the change there."),
    )


def _check(item: Subscription) -> None:
    """Hold an entry that is to be written to the rules of the file; raises StudyError."""
    try:
        node = parse(flow_entry(fields_of(item)))
        assert node is not None
        read_entry(node)
    except MisshapenError as error:
        raise StudyError(error.message, error.hint) from error
    except YamlError as error:
        raise StudyError(_(error.message).format(**error.details), _(error.hint)) from error


def _check_unique(existing: Subscriptions, new: Iterable[Subscription]) -> None:
    names = {item.name: item for item in existing}
    sources = {item.source: item for item in existing}
    for item in new:
        if item.name in names:
            raise StudyError(
                _("There is a feed called “{name}” already.").format(name=item.name),
                _("Choose another name."),
            )
        if item.source in sources:
            raise StudyError(
                _("You follow this address already, as “{name}”.").format(name=sources[item.source].name),
                _("Nothing needs to be done."),
            )
        names[item.name] = sources[item.source] = item
