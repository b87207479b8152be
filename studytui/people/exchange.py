"""People from other programs, as drafts of notes; vCard here, CSV in `studytui.people.spreadsheet`.

What has no place of its own in a person's note goes into its body as a list; what cannot become a person is
handed back with its line number and its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from studytui.i18n import N_
from studytui.people import vcard
from studytui.people.contact_line import dated, day_of, one_line
from studytui.people.drafts import Draft, person_draft
from studytui.people.note_text import Problem
from studytui.people.vocabulary import STAGES, TIES, find_word, is_never, parse_days, texts

NO_NAME = N_("There is no name, so nobody was made of it.")
ADD_NAME = N_("Add a name and import it again.")
MOVED = N_("“{detail}” does not fit “{other}” and went into the note's text.")
MEND = N_("Correct it in the note.")
_LEFT_OUT = N_("A picture, sound or key ({detail}) was left out.")
_EXPORT_AGAIN = N_("Export the contact again, or add the person by hand.")


@dataclass(frozen=True)
class Rejected:
    """A row or card that is no person: where it begins, why, and its text as it was."""

    problem: Problem
    text: str


@dataclass(frozen=True)
class Imported:
    """What a file of people became.

    ``problems`` tell of values that moved into the body because their own field cannot hold them.
    """

    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()
    rejected: tuple[Rejected, ...] = ()


def to_draft(
    fields: Mapping[str, str], details: Sequence[str], today: date, source: str, lang: str | None
) -> tuple[Draft, list[tuple[str, str]]]:
    """Return the note for a person with these field values, and (field, value) of what did not fit its field."""
    values: dict[str, Any] = {"source": source or None}
    odd: list[tuple[str, str]] = []
    log: list[str] = []
    body = list(details)
    for key, value in fields.items():
        if key == "name":
            continue
        if key == "contacts":
            log, loose = _log(value)
            body += loose
        elif (read := _read(key, value)) is None:
            odd.append((key, one_line(value)))
            body.append(f"{key}: {one_line(value)}")
        else:
            values[key] = read
    name = one_line(fields["name"])
    return person_draft(name, today, values=values, log=log, details=body, lang=lang), odd


def _read(key: str, value: str) -> Any:
    """Return the front matter value of one field, None when the field cannot hold it."""
    if key == "tie":
        return find_word(TIES, value) or None
    if key == "stage":
        return find_word(STAGES, value) or one_line(value)
    if key in ("ideal", "max"):
        return "never" if key == "ideal" and is_never(value) else parse_days(value)
    if key in ("tags", "aliases"):
        return list(texts(value))
    return one_line(value)


def _log(cell: str) -> tuple[list[str], list[str]]:
    """Return the contact lines in a cell with what is indented below them, and the lines that are none."""
    log, loose = list[str](), list[str]()
    for written in cell.splitlines():
        line = one_line(written)
        match = dated(line if line.startswith("- ") else f"- {line}")
        if match and day_of(match):
            log.append(match[0])
        elif line and log and written.startswith(" "):
            log.append(f"  {line}")
        elif line:
            loose.append(line)
    return log, loose


def import_vcards(
    raw: bytes, today: date, name: str = "people.vcf", source: str = "", lang: str | None = None
) -> Imported:
    """Return the people in a vCard file of version 2.1, 3.0 or 4.0; pictures and sounds are left out and told."""
    drafts, problems, rejected = list[Draft](), list[Problem](), list[Rejected]()
    for card in vcard.parse_vcards(raw):
        if card.fault or not one_line(card.fields.get("name", "")):
            hint = _EXPORT_AGAIN if card.fault else ADD_NAME
            problem = Problem(name, card.line, card.fault or NO_NAME, hint)
            rejected.append(Rejected(problem, card.text))
            continue
        draft, odd = to_draft(card.fields, card.details, today, source, lang)
        drafts.append(draft)
        problems += [Problem(name, card.line, MOVED, MEND, value, key) for key, value in odd]
        problems += [Problem(name, line, _LEFT_OUT, "", kind) for line, kind in card.left_out]
    return Imported(tuple(drafts), tuple(problems), tuple(rejected))
