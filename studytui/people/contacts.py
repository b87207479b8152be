"""A person: a note of ``kind: person`` with the contacts as dated list lines in its body.

The lines in the note decide when somebody is due; the journal's ``contact.logged`` only remembers that the
learner did something.  So a line added, changed or deleted by hand counts as it stands.  docs/people.md has
the form of the note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import N_, _, language
from studytui.people import contact_line
from studytui.people.contact_line import Contact, parse_contact
from studytui.people.note_text import (
    ASK,
    LOG,
    WORK,
    Problem,
    append_to_section,
    front_line,
    insert_lines,
    items,
    note_lines,
    prose,
    section_lines,
    words_under,
)
from studytui.people.vocabulary import (
    FLAGS,
    STAGES,
    TIES,
    find_word,
    folded,
    is_never,
    parse_days,
    shown,
    text_of,
    texts,
)


@dataclass(frozen=True)
class PendingQuestion:
    """A question of theirs that is still open: comes first at the next contact, with "answered?"."""

    path: str
    name: str
    text: str
    asked: date
    line: int


@dataclass(frozen=True)
class Person:
    """Somebody you know, as their note tells.

    ``role`` is a short title, ``work`` what the note says under "What they do".  ``tie`` is "strong", "medium",
    "weak" or ""; ``stage`` one of the eight keys, a word of the learner's own or "".  ``ideal`` and ``max`` are the
    person's own intervals in days, None when the note gives none; ``remind`` is False when it says
    ``ideal: never``.  ``asks`` are the learner's own questions to them; ``contacts`` are in the order of their days.
    """

    path: str
    name: str
    role: str = ""
    work: str = ""
    company: str = ""
    tie: str = ""
    stage: str = ""
    source: str = ""
    ideal: int | None = None
    max: int | None = None
    remind: bool = True
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    problems: tuple[Problem, ...] = ()
    front: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)

    @property
    def last(self) -> Contact | None:
        """The contact with the latest day, None before the first."""
        return self.contacts[-1] if self.contacts else None

    @property
    def pending(self) -> tuple[PendingQuestion, ...]:
        """Their questions that are still open, the newest first; an ``(answered)`` closes all before it."""
        found: list[PendingQuestion] = []
        for contact in self.contacts:
            if contact.answered:
                found = []
            if contact.question and not contact.question_answered:
                found.append(
                    PendingQuestion(self.path, self.name, contact.question, contact.day, contact.line)
                )
        return tuple(reversed(found))

    @property
    def last_question(self) -> PendingQuestion | None:
        """The newest question that is still open."""
        return next(iter(self.pending), None)

    @property
    def next_step(self) -> str:
        """The newest next step that no ``(done)`` closed, "" when there is none."""
        for contact in reversed(self.contacts):
            if contact.step:
                return "" if contact.step_done else contact.step
            if contact.done:
                break
        return ""


def parse_person(path: str, title: str, front: Mapping[str, Any], text: str) -> Person:
    """Return the person of one note; never raises, what cannot be read is in ``problems``.

    ``text`` is the whole note with its front matter, so that lines are lines of the file; ``front`` is that
    front matter as a mapping.
    """
    lines = note_lines(text)
    body = prose(lines)
    contacts, problems = _contacts(path, lines)
    problems = [*_front_problems(path, lines, front), *problems]
    stage = text_of(front.get("stage"))
    return Person(
        path=path,
        name=title,
        role=text_of(front.get("role")),
        work=" ".join(words_under(body, WORK)),
        company=text_of(front.get("company")),
        tie=find_word(TIES, text_of(front.get("tie"))),
        stage=find_word(STAGES, stage) or stage,
        source=text_of(front.get("source")),
        ideal=parse_days(front.get("ideal")),
        max=parse_days(front.get("max")),
        remind=not is_never(front.get("ideal")),
        tags=texts(front.get("tags", front.get("tag")), r"[,，、;；\s]+"),
        aliases=texts(front.get("aliases", front.get("alias"))),
        asks=tuple(item for _line, item in items(body, ASK) if item),
        contacts=tuple(
            sorted(contacts[:: -1 if _newest_first(contacts) else 1], key=lambda contact: contact.day)
        ),
        problems=tuple(problems),
        front=front,
    )


def add_contact(raw: bytes, line: str, lang: str | None = None) -> bytes:
    """Return the note's bytes with ``line`` (of `log_line`) added to the contact log; no other byte changes.

    It goes where the log goes on: below the last contact, above the first where the newest stand first, else
    under the log's heading, which is added at the end when there is none.  Raises StudyError when it would not
    be read as a contact there.
    """
    source = raw.decode("utf-8", "surrogateescape")
    old, _problems = _contacts("", note_lines(source))
    if old:
        edited = insert_lines(source, old[0].line - 1 if _newest_first(old) else old[-1].end, [line])
    else:
        edited = append_to_section(source, LOG, [line], lang or language())
    now, _problems = _contacts("", note_lines(edited))
    if len(now) != len(old) + 1:
        raise StudyError(
            _("The contact cannot be added: the place where it belongs is not read as text."),
            _("Close the code block or the comment that is still open in the note, then try again."),
        )
    return edited.encode("utf-8", "surrogateescape")


def mark_answered(raw: bytes, question: PendingQuestion, lang: str | None = None) -> bytes:
    """Return the note's bytes with ``question`` marked as answered on its own line.

    Raises StudyError when that line changed meanwhile.
    """
    source = raw.decode("utf-8", "surrogateescape")
    lines = source.split("\n")
    line = lines[question.line - 1].removesuffix("\r") if question.line <= len(lines) else ""
    match = contact_line.dated(line)
    ask = [part for part in contact_line.parts(match["rest"]) if part.kind == "ask"] if match else []
    if not match or not ask or parse_contact(question.asked, match["rest"]).question != question.text:
        raise StudyError(
            _("The question “{question}” is not at {path}:{line} any more.").format(
                question=question.text, path=question.path, line=question.line
            ),
            _("The note was changed elsewhere. Open the person again and repeat."),
        )
    start, end = match.start("rest") + ask[0].start, match.start("rest") + ask[0].end
    at = start + len(line[start:end].rstrip())
    mark = f" ({shown(FLAGS, 'answered', lang)})"
    lines[question.line - 1] = line[:at] + mark + lines[question.line - 1][at:]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def event_fields(person: Person, contact: Contact) -> dict[str, Any]:
    """Return what a ``contact.logged`` event holds besides its time."""
    return {
        "subject": person.path,
        "name": person.name,
        "day": contact.day.isoformat(),
        "outcome": contact.outcome or "neutral",
        "text": contact.text,
    }


def find_person(people: Iterable[Person], wanted: str) -> Person:
    """Return the person named ``wanted``: name, alias or path, else the beginning of a name.

    Raises StudyError when none or several fit.
    """
    listed = list(people)
    name = folded(wanted)
    exact = [p for p in listed if name and (p.path == wanted or name in map(folded, p.names))]
    found = exact or [p for p in listed if name and any(folded(n).startswith(name) for n in p.names)]
    if len(found) == 1:
        return found[0]
    if found:
        raise StudyError(
            _("“{name}” fits several people: {paths}.").format(
                name=wanted, paths=", ".join(person.path for person in found)
            ),
            _("Give the whole name, or the note's path."),
        )
    raise StudyError(
        _("There is nobody called “{name}”.").format(name=wanted),
        _("See who is there with: studytui people"),
    )


def _contacts(path: str, lines: list[str]) -> tuple[list[Contact], list[Problem]]:
    """Return the contacts in the order of the file; those under the log's heading, else all of the note."""
    body = prose(lines)
    section = section_lines(body, LOG)
    contacts: list[Contact] = []
    problems: list[Problem] = []
    for index, line in section[1] if section else body:
        if contacts and index < contacts[-1].end:
            continue
        match = contact_line.dated(line)
        day = contact_line.day_of(match) if match else None
        if match is not None and day is not None:
            contacts.append(_contact(lines, index, day, match["rest"]))
            problems.extend(_line_problems(path, index + 1, match["rest"]))
        elif match is not None:
            problems.append(Problem(path, index + 1, _NO_DAY, _DATE_FIRST, match["date"]))
        elif section and contact_line.LIST_LINE.fullmatch(line):
            problems.append(Problem(path, index + 1, _UNDATED, _DATE_FIRST, line.strip()))
    return contacts, problems


def _newest_first(contacts: Sequence[Contact]) -> bool:
    """Say whether a log grows upward, as some people keep it."""
    return bool(contacts) and contacts[0].day > contacts[-1].day


def _contact(lines: list[str], index: int, day: date, rest: str) -> Contact:
    """Return the contact of one line; lines indented below it belong to it, also after a blank one."""
    margin = len(lines[index]) - len(lines[index].lstrip(" ")) + 2
    end = index + 1
    for below in range(index + 1, len(lines)):
        if lines[below].strip():
            if not lines[below].expandtabs(4).startswith(" " * margin):
                break
            end = below + 1
    details = "\n".join(text for line in lines[index + 1 : end] if (text := line.strip()))
    listed = contact_line.LIST_LINE.fullmatch(lines[index])
    source = listed["text"] if listed else ""
    return replace(parse_contact(day, rest), details=details, line=index + 1, end=end, source=source)


def _line_problems(path: str, line: int, rest: str) -> Iterator[Problem]:
    for written, meant in contact_line.doubts(rest):
        if meant:
            yield Problem(path, line, _ODD_WORD, _DID_YOU_MEAN, written, meant)
        else:
            yield Problem(path, line, _ODD_WAIT, _WRITE_WAIT, written)


def _front_problems(path: str, lines: list[str], front: Mapping[str, Any]) -> Iterator[Problem]:
    tie = text_of(front.get("tie"))
    if tie and not find_word(TIES, tie):
        yield Problem(path, front_line(lines, "tie"), _ODD_TIE, _TIE_WORDS, tie)
    for key in ("ideal", "max"):
        value = front.get(key)
        if value not in (None, "") and parse_days(value) is None and not is_never(value):
            yield Problem(path, front_line(lines, key), _ODD_INTERVAL, _WRITE_INTERVAL, str(value), key)
    ideal, longest = parse_days(front.get("ideal")), parse_days(front.get("max"))
    if ideal and longest and longest < ideal:
        yield Problem(path, front_line(lines, "max"), _MAX_SHORT, _MAX_LONGER, str(longest), str(ideal))


_UNDATED = N_("“{detail}” does not begin with a date, so it does not count as a contact.")
_NO_DAY = N_("There is no day {detail}, so this contact does not count.")
_DATE_FIRST = N_("Begin the line with a day, such as: - 2026-11-22")
_ODD_WORD = N_("“{detail}” is no outcome, so it is read as plain text.")
_DID_YOU_MEAN = N_("Did you mean {other}?")
_ODD_WAIT = N_("“{detail}” is no interval, so it is read as plain text.")
_WRITE_WAIT = N_("Write days, weeks or months, ten years at most, such as >7d or >2w.")
_ODD_TIE = N_("“{detail}” is no tie.")
_TIE_WORDS = N_("Write tie: strong, medium or weak.")
_ODD_INTERVAL = N_("“{other}: {detail}” is no interval, so the usual one counts.")
_WRITE_INTERVAL = N_("Write a number of days, such as 14, 14d or 2w; or never.")
_MAX_SHORT = N_("The longest interval ({detail} days) is shorter than the ideal one ({other} days).")
_MAX_LONGER = N_("Make max longer than ideal; until then the ideal one counts for both.")
