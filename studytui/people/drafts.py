"""Notes to be created: what a new person's note holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from studytui.i18n import language
from studytui.people.note_text import ASK, LOG
from studytui.people.vocabulary import STAGES, TIES, shown

FOLDER = "people"


@dataclass(frozen=True)
class Draft:
    """A note to be created: its title, front matter, body and folder below notes/."""

    title: str
    front: Mapping[str, Any]
    body: str
    folder: str = FOLDER


def person_draft(
    name: str,
    today: date,
    *,
    values: Mapping[str, Any] | None = None,
    log: Sequence[str] = (),
    details: Sequence[str] = (),
    lang: str | None = None,
) -> Draft:
    """Return the note for a new person, made on ``today``, with ``log`` lines and ``details`` as a list.

    The fields that the learner may want to fill in stand there empty.  ``values`` are front matter values,
    ``tie`` and ``stage`` by their keys.
    """
    lang = lang or language()
    given = dict(values or {})
    if "tie" in given:
        given["tie"] = shown(TIES, str(given["tie"]), lang)
    if "stage" in given:
        given["stage"] = shown(STAGES, str(given["stage"]), lang)
    empty = dict.fromkeys(("role", "company", "tie", "stage", "source", "ideal", "max"))
    front = {"title": name, "kind": "person", "date": today.isoformat(), **empty, **given}
    # A backslash keeps text from outside from opening a code block or a comment.
    about = [*(re.sub(r"^(?=[`~<])", r"\\", line) for line in details)]
    about = [*(f"- {line}" for line in about), ""] if about else []
    body = ["", *about, f"## {ASK.title(lang)}", "", f"## {LOG.title(lang)}", "", *log]
    return Draft(name, front, "\n".join(body).rstrip("\n") + "\n")
