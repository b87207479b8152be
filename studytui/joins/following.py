"""Caches that follow the journal: one JSON file each, brought up to date at the price of what is new.

They lie in ``.studytui/cache`` and may be deleted, damaged or foreign at any time: then they are made anew.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from studytui import __version__
from studytui.journal import Event, Journal
from studytui.workspace import Workspace

T = TypeVar("T")
Content = dict[str, Any]
# What goes wrong when a cache holds something that we did not write.
_FOREIGN = (KeyError, IndexError, TypeError, ValueError, AttributeError)
# Beyond this many things to look up one by one, looking at everything once is quicker.
FEW = 60


class Stale(Exception):  # noqa: N818 - nothing went wrong, the cache has to be made anew
    """Raised while taking events in: this content cannot be brought up to date."""


def follow(
    workspace: Workspace,
    journal: Journal,
    name: str,
    read: Callable[[Content], T],
    anew: Callable[[], Content],
    take: Callable[[Content, Sequence[Event]], Content],
    sign: str = "",
) -> T:
    """Return what the cache ``name`` holds, as of now and by way of ``read(content)``.

    ``take(content, events)`` brings the content up to date with the events that are new, undone or back again;
    it may raise `Stale`.  ``anew()`` makes it from everything, also when ``read`` or ``take`` stumble over what
    somebody else wrote.  ``sign`` is what else the content depends on.
    """
    file = cache_file(workspace, name)
    kept = load(file) or {}
    known = kept.get("content") if kept.get("sign") == sign else None
    try:
        growth = journal.since(None if known is None else kept["mark"])
    except _FOREIGN:
        growth = journal.since(None)
    if known is not None and not growth.whole:
        with contextlib.suppress(Stale, *_FOREIGN):
            content = take(known, growth.events) if growth.events else known
            found = read(content)
            if growth.events:
                save(file, {"sign": sign, "mark": growth.mark, "content": content})
            return found
    content = anew()
    save(file, {"sign": sign, "mark": growth.mark, "content": content})
    return read(content)


def cache_file(workspace: Workspace, name: str) -> Path:
    """Return where the cache ``name`` lies."""
    return workspace.state / "cache" / f"{name}.json"


def load(file: Path) -> Content | None:
    """Return what `save` wrote with this version of the program, else None."""
    try:
        kept = json.loads(file.read_bytes())
        return kept if kept["made by"] == __version__ else None
    except (OSError, RecursionError, *_FOREIGN):
        return None


def save(file: Path, content: Content) -> None:
    """Write a cache file; a failure is no loss."""
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(4)}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"made by": __version__, **content}, ensure_ascii=False), "utf-8")
        temporary.replace(file)
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            temporary.unlink()
