"""What a learner follows, once it was read from feeds.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.text import clean_line

Kind = Literal["url", "rsshub", "site"]
VISIT_INTERVAL = timedelta(days=7)
"""How often a site comes due for a visit when its entry does not say ``every:``."""


@dataclass(frozen=True)
class Subscription:
    """One source that the learner follows.

    ``kind`` "url" is a feed, "rsshub" a route of an RSSHub server ("/niaogebiji/cat/103"), "site" a place
    without a feed that comes due for a visit ``every`` so often.  ``line`` and ``column`` (from 1) say where it
    stands in the file, 0 when it stands nowhere yet.
    """

    name: str
    kind: Kind
    address: str
    tags: tuple[str, ...] = ()
    enabled: bool = True
    every: timedelta | None = None
    line: int = 0
    column: int = 0

    @property
    def source(self) -> str:
        """The address as feeds.yaml spells it; choosing another RSSHub server does not change it."""
        return f"rsshub:{self.address}" if self.kind == "rsshub" else self.address

    @property
    def interval(self) -> timedelta:
        """How long after a visit a site is due again."""
        return self.every or VISIT_INTERVAL


@dataclass(frozen=True)
class Subscriptions:
    """A feeds.yaml that was read: ``items`` in the file's order, ``warnings`` as translated sentences."""

    path: Path
    rsshub: str = ""
    items: tuple[Subscription, ...] = ()
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self.items)

    def by_name(self, name: str) -> Subscription:
        """Return the subscription called ``name``, in any case if none has exactly this; raises StudyError."""
        wanted = name.strip().casefold()
        found = [item for item in self.items if item.name.casefold() == wanted]
        if found:
            return next((item for item in found if item.name == name), found[0])
        close = get_close_matches(name, [item.name for item in self.items], 1, 0.5)
        raise StudyError(
            _("{path} has no feed called “{name}”.").format(path=self.path, name=clean_line(name, 100)),
            _("Did you mean “{name}”?").format(name=close[0])
            if close
            else _("Look into the file for its name, or add it there."),
        )

    def feed_url(self, item: Subscription) -> str:
        """Return what to download for ``item``, "" for a site and for a route without an RSSHub server."""
        if item.kind == "url":
            return item.address
        if item.kind == "rsshub" and self.rsshub:
            return self.rsshub.rstrip("/") + item.address
        return ""
