"""What need not be worked out again at the next start: what waits by the day, and what feeds.yaml says.

Gathering the one imports half of the program, reading the other a YAML parser; an unchanged workspace opens
without either.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.agenda import Due
from studytui.i18n import language
from studytui.joins.following import Content, Stale, cache_file, follow, load, save
from studytui.journal import Event
from studytui.workspace import Workspace, digest

if TYPE_CHECKING:
    from studytui.reading.subscriptions.subscription import Subscriptions
    from studytui.study import Study

# Events that change nothing here: what they are about is gathered anew at each look.
_APART = ("article.", "card.", "agenda.", "site.", "feed.", "time.", "explained", "act.")


def remembered(study: Study, now: datetime, gather: Callable[[], Iterable[Due]]) -> list[Due]:
    """Return what ``gather`` yields, without asking it when notes, journal, day and language are as before.

    Raises StudyError when ``gather`` does; nothing is remembered then.
    """

    def anew() -> Content:
        return {"due": [asdict(due) for due in gather()]}

    name = f"today-{language()}"
    return follow(study.workspace, study.journal, name, _dues, anew, _take, _sign(study, now))


def _dues(content: Content) -> list[Due]:
    return [Due(**fields) for fields in content["due"]]


def _take(content: Content, events: Sequence[Event]) -> Content:
    if all(event.kind.startswith(_APART) for event in events):
        return content
    raise Stale


def _sign(study: Study, now: datetime) -> str:
    """Return what changes with any note, at midnight, and with the learner's zone."""
    notes = sorted((note.path, note.digest, note.size, str(note.problem or "")) for note in study.notes())
    content = repr((notes, now.date(), now.utcoffset()))
    return digest(content.encode("utf-8", "surrogatepass"))


def subscriptions(workspace: Workspace) -> Subscriptions:
    """Return what feeds.yaml says, parsed only when a byte of it changed.  Raises StudyError."""
    file, path = cache_file(workspace, "feeds"), workspace.feeds_file
    kept = load(file)
    if kept is not None:
        with contextlib.suppress(OSError, KeyError, TypeError, ValueError):
            if kept["sign"] == _sign_of(path, path.read_bytes()):
                return _from_plain(path, kept)
    from studytui.reading.subscriptions.feedsfile import parse_subscriptions, read_bytes

    raw = read_bytes(path)
    found = parse_subscriptions(path, raw)
    save(file, {"sign": _sign_of(path, raw), **_to_plain(found)})
    return found


def _sign_of(path: Path, raw: bytes) -> list[str]:
    """Return what a parsed feeds.yaml hangs on: its bytes, and the words of its warnings."""
    return [str(path), digest(raw), language()]


def _to_plain(found: Subscriptions) -> Content:
    items = [
        {**vars(item), "every": item.every.total_seconds() if item.every else None} for item in found.items
    ]
    return {"rsshub": found.rsshub, "items": items, "warnings": found.warnings}


def _from_plain(path: Path, kept: Content) -> Subscriptions:
    from studytui.reading.subscriptions.subscription import Subscription, Subscriptions

    items = [
        Subscription(
            **{
                **item,
                "tags": tuple(item["tags"]),
                "every": timedelta(seconds=item["every"]) if item["every"] else None,
            }
        )
        for item in kept["items"]
    ]
    return Subscriptions(path, kept["rsshub"], tuple(items), tuple(kept["warnings"]))
