"""What waits in the areas that hang on notes, journal and day alone, remembered from one look to the next.

Gathering it imports half of the program; the next start on the same day needs none of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from studytui.agenda import Due
from studytui.i18n import language
from studytui.joins.following import Content, Stale, follow
from studytui.journal import Event

if TYPE_CHECKING:
    from studytui.study import Study

# Events that change nothing here: what they are about is gathered anew at each look.
_APART = ("article.", "card.", "agenda.", "site.", "feed.", "time.", "explained", "act.")


def remembered(study: Study, now: datetime, gather: Callable[[], Iterable[Due]]) -> list[Due]:
    """Return what ``gather`` yields, without asking it when notes, journal, day and language are as before.

    Raises StudyError when ``gather`` does; nothing is remembered then.
    """

    def anew() -> Content:
        return {"due": [asdict(due) for due in gather()]}

    content = follow(study.workspace, study.journal, f"today-{language()}", anew, _take, _sign(study, now))
    return [Due(**fields) for fields in content["due"]]


def _take(content: Content, events: Sequence[Event]) -> Content:
    if all(event.kind.startswith(_APART) for event in events):
        return content
    raise Stale


def _sign(study: Study, now: datetime) -> str:
    """Return what changes with any note, at midnight, and with the learner's zone."""
    notes = sorted((note.path, note.digest, note.size, str(note.problem or "")) for note in study.notes())
    content = repr((notes, now.date(), now.utcoffset()))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
