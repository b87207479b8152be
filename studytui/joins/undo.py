"""Taking back the last act, whatever area it was in: events written together are one act."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.i18n import _, ngettext
from studytui.journal import Event
from studytui.study import Undoable
from studytui.text import clean_line

if TYPE_CHECKING:
    from studytui.study import Study

# What the program notes by itself: there is nothing in it that a learner did.
BOOKKEEPING = ("card.edited", "time.spent")


def undoable(study: Study, limit: int) -> list[Undoable]:
    """Return the newest ``limit`` acts of this device that still count, newest first."""
    operations = {operation.id: operation for operation in study.vault.operations()}
    acts = []
    for events in _acts(study.journal.own_events()):
        operation = next((operations[event.id] for event in events if event.id in operations), None)
        lessons = [event for event in events if event.kind == "lesson.state"]
        sentence = str(operation) if operation and not lessons else _sentence(study, lessons or events)
        acts.append(
            Undoable(
                tuple(event.id for event in events),
                events[0].moment,
                sentence,
                operation.id if operation else "",
            )
        )
        if len(acts) == limit:
            break
    return acts


def undo(study: Study) -> str:
    """Take back the newest act of this device; raises StudyError when there is none or a file changed since."""
    acts = undoable(study, 1)
    if not acts:
        raise StudyError(_("There is nothing to undo."))
    return take_back(study, acts[0])


def take_back(study: Study, act: Undoable) -> str:
    """Take back ``act`` and return the sentence about it; raises StudyError when a file has changed since."""
    if act.operation:
        study.vault.undo(act.operation)
    else:
        study.journal.undo(*act.events)
    study.library.refresh()
    return act.sentence


def _acts(events: list[Event]) -> Iterator[list[Event]]:
    """Yield the events of each act, newest act first: those of one operation, else those written at once."""
    done = [event for event in reversed(events) if event.kind not in BOOKKEEPING]
    for _key, group in groupby(done, key=lambda event: (event.data.get("op"), event.at)):
        yield list(group)


def _sentence(study: Study, events: list[Event]) -> str:
    """Say what the events did."""
    event, count = events[0], len(events)
    on = bool(event.data.get("value", True))
    if count > 1 and event.kind == "article.read":
        return ngettext("Marked {n} article read", "Marked {n} articles read", count).format(n=count)
    sentences = {
        "article.read": _("Marked “{name}” read") if on else _("Marked “{name}” unread"),
        "article.starred": _("Starred “{name}”") if on else _("Took the star from “{name}”"),
        "article.hidden": _("Hid “{name}”") if on else _("Showed “{name}” again"),
        "site.visited": _("Visited {name}"),
        "agenda.later": _("Put off {name}"),
        "agenda.skipped": _("Skipped {name} for today"),
        "article.sorted": _("Sorted out {name}"),
        "lesson.sorted": _("Sorted out {name}"),
        "lesson.state": _("Changed the state of “{name}”"),
        "card.reviewed": _("Graded the card “{name}”"),
        "card.suspended": _("Suspended the card “{name}”") if on else _("Took the card “{name}” up again"),
        "card.buried": _("Put the card “{name}” aside until tomorrow"),
        "explained": _("Explained “{name}”"),
        "act.finished": _("Finished an act"),
    }
    return sentences.get(event.kind, "{name}").format(name=_name(study, event))


def _name(study: Study, event: Event) -> str:
    named = {"lesson.state": "lesson"}.get(event.kind, "front" if event.kind.startswith("card.") else "title")
    if not event.kind.startswith("article.") or event.data.get(named):
        return clean_line(str(event.data.get(named) or event.subject or event.kind), 60)
    try:
        return clean_line(study.library.article(event.subject).heading, 60)
    except StudyError:
        return event.subject
