"""People on a workspace: read from the notes, written through the vault as acts that can be undone.

Everything here may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.text import clean_line

if TYPE_CHECKING:
    from studytui.notes.history import Act, Change
    from studytui.notes.note import Note
    from studytui.people.cadence import Rules, Standing
    from studytui.people.capture import Captured
    from studytui.people.contacts import PendingQuestion, Person
    from studytui.people.drafts import Draft
    from studytui.people.events import EventNote, Phase
    from studytui.people.exchange import Imported
    from studytui.people.routing import Match, Question
    from studytui.study import Study

T = TypeVar("T")
Parse = Callable[[str, str, Mapping[str, Any], str], T]
_FIELDS = ("role", "company", "tie", "stage", "source", "ideal", "max")


@dataclass(frozen=True)
class PersonPage:
    """A person with all that belongs on their page: standing, the learner's questions they could answer, events."""

    person: Person
    standing: Standing
    matches: tuple[Match, ...]
    met_at: tuple[EventNote, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Roster:
    """What the People room lists: everybody by who wants attention first, the events, and what cannot be read."""

    people: tuple[tuple[Person, Standing], ...]
    events: tuple[tuple[EventNote, Phase], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class TakenIn:
    """What an import brought: the names added, those that were there already, and what the file said besides."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    read: Imported


class People:
    """The people, events and open questions of a workspace."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._lock = RLock()
        self._parsed: dict[str, tuple[str, Any]] = {}

    # --- what there is ------------------------------------------------------------------------------------

    def all(self) -> list[Person]:
        """Return everybody, by name."""
        from studytui.people.contacts import parse_person

        return sorted(self._read("person", parse_person), key=lambda person: (person.name, person.path))

    def events(self) -> list[EventNote]:
        """Return every event, past and to come, newest day first."""
        from studytui.people.events import parse_event

        return sorted(
            self._read("event", parse_event),
            key=lambda event: (event.day or date.max, event.title),
            reverse=True,
        )

    def questions(self) -> list[Question]:
        """Return the learner's own questions, open and answered."""
        from studytui.people.routing import parse_question

        return self._read("question", parse_question)

    def rules(self) -> tuple[Rules, tuple[str, ...]]:
        """Return the learner's rhythms (of the first note of kind "cadence") and what in them cannot be read."""
        from studytui.people.cadence import DEFAULTS, parse_rules

        def parse(path: str, title: str, front: Mapping[str, Any], text: str) -> tuple[Rules, list[Any]]:
            return parse_rules(path, front, text)

        found = self._read("cadence", parse)
        return (found[0][0], tuple(map(str, found[0][1]))) if found else (DEFAULTS, ())

    def roster(self) -> Roster:
        """Return what the People room lists."""
        from studytui.people.cadence import problems, roster
        from studytui.people.events import open_events

        rules, told = self.rules()
        people, events, today = self.all(), self.events(), self._today()
        waiting = open_events(events, today)
        listed = {event.path for event, _phase in waiting}
        past = [(event, event.phase(today)) for event in events if event.path not in listed]
        return Roster(
            tuple(roster(people, today, rules)),
            (*waiting, *past),
            (
                *self._unreadable(),
                *told,
                *(str(problem) for person in people for problem in problems(person, today)),
                *(str(problem) for event in events for problem in event.problems),
            ),
        )

    def due(self) -> list[tuple[Person, Standing]]:
        """Return the people to be in touch with now, who wants it most first."""
        from studytui.people.cadence import roster

        found = roster(self.all(), self._today(), self.rules()[0])
        return [(person, standing) for person, standing in found if standing.wants_contact]

    def find(self, wanted: str) -> Person:
        """Return the person with this name, alias, path or beginning of a name; raises StudyError."""
        from studytui.people.contacts import find_person

        return find_person(self.all(), wanted)

    def find_event(self, wanted: str) -> EventNote:
        """Return the event with this title, path or beginning of a title; raises StudyError."""
        events, key = self.events(), wanted.casefold().strip()
        exact = [one for one in events if key in (one.path.casefold(), one.title.casefold())]
        found = exact or [one for one in events if key and one.title.casefold().startswith(key)]
        if len(found) != 1:
            sentence = (
                _("More than one event begins with “{name}”.") if found else _("There is no event “{name}”.")
            )
            raise StudyError(
                sentence.format(name=clean_line(wanted, 80)), _("The events are listed by: studytui events")
            )
        return found[0]

    def page(self, person: Person) -> PersonPage:
        """Return what belongs on the person's page."""
        from studytui.people.cadence import problems
        from studytui.people.routing import questions_for

        names = {person.name, PurePosixPath(person.path).stem, person.path.removesuffix(".md")}
        return PersonPage(
            person,
            self.standing(person),
            tuple(questions_for(person, self.questions())),
            tuple(event for event in self.events() if any(met.note in names for met in event.met)),
            tuple(map(str, problems(person, self._today()))),
        )

    def standing(self, person: Person) -> Standing:
        """Return where a person stands today."""
        from studytui.people.cadence import standing

        return standing(person, self._today(), self.rules()[0])

    def with_contact(self, person: Person, line: str) -> Person:
        """Return the person as they would be with the contact ``line`` logged."""
        from studytui.people.contact_line import dated, day_of, parse_contact

        match = dated(line)
        day = day_of(match) if match else None
        if match is None or day is None:
            return person
        contact = replace(parse_contact(day, match["rest"]), source=line.removeprefix("- "))
        return replace(person, contacts=tuple(sorted((*person.contacts, contact), key=lambda one: one.day)))

    def named_in(self, text: str) -> list[str]:
        """Return the names of people that occur in ``text``, so that an export can warn before it carries them."""
        from studytui.people.privacy import people_named

        known = [name for person in self.all() for name in person.names]
        return people_named(text, [*known, *self._study.practice.people()])

    # --- contacts -----------------------------------------------------------------------------------------

    def capture(self, typed: str) -> Captured:
        """Return the person and the contact that one typed line tells of; writes nothing."""
        from studytui.people.capture import capture

        return capture(typed, self._today(), [name for person in self.all() for name in person.names])

    def add(self, typed: str, event: EventNote | None = None) -> tuple[Person, bool]:
        """Log what one line tells of somebody, who is made when there is nobody of this name.

        With ``event`` they are noted as met there too.  Returns the person and whether they are new; raises
        StudyError when the line names nobody.
        """
        captured = self.capture(typed)
        if not captured.name:
            raise StudyError(
                _("This line names nobody."), _("Begin with the name: Rosa Chen, ads manager@TeaCo #salon")
            )
        known = self._called(captured.name)

        def plan() -> tuple[list[Act], list[Change], str]:
            acts, change, path = self._logged(captured, known, event)
            return acts, [change, *([self._met(event, captured.name)] if event else [])], path

        return self.find(self._study.vault.carry_out(plan)), known is None

    def _logged(
        self, captured: Captured, known: Person | None, event: EventNote | None
    ) -> tuple[list[Act], Change, str]:
        """Return the journal acts, the change of the person's note and its path for a captured line."""
        from studytui.people.contacts import Person, add_contact, event_fields

        vault = self._study.vault
        if known is None:
            draft = captured.draft(self._today(), source=event.title if event else "")
            path = vault.free_path(draft.folder, draft.title)
            person, raw, after = Person(path, draft.title), None, _content(draft)
        else:
            person, path = known, known.path
            raw = self._bytes(path)
            after = add_contact(
                self._with_work(raw.decode(), known, captured).encode(), _line(captured, known)
            )
        kind = "note.contact" if known else "note.created"
        acts: list[Act] = [
            (kind, {"subject": path, "title": person.name}),
            ("contact.logged", event_fields(person, captured.contact) | {"subject": path}),
        ]
        return acts, vault.change(path, raw, after), path

    def _with_work(self, source: str, person: Person, captured: Captured) -> str:
        """Fill in role and company where the note has none yet."""
        from studytui.notes.front_edit import set_key

        for key, old, new in (
            ("role", person.role, captured.role),
            ("company", person.company, captured.company),
        ):
            if new and not old:
                source = set_key(source, key, new)
        return source

    def _met(self, event: EventNote, name: str) -> Change:
        from studytui.notes.names import link_text
        from studytui.people.events import add_met

        raw = self._bytes(event.path)
        return self._study.vault.change(event.path, raw, add_met(raw, link_text(name)))

    def line(
        self,
        typed: str,
        *,
        day: date | None = None,
        outcome: str = "",
        answered: bool = False,
        done: bool = False,
        question: str = "",
        step: str = "",
        wait: int | None = None,
    ) -> str:
        """Return the log line for a contact as it would be written; ``day`` is today unless it is given."""
        from studytui.people.contact_line import log_line

        return log_line(
            day or self._today(),
            typed,
            outcome=outcome,
            answered=answered,
            done=done,
            question=question,
            step=step,
            wait=wait,
        )

    def log(self, person: Person, line: str) -> Person:
        """Write a contact (of `line`) into the person's note and return them as they are now; raises StudyError."""
        from studytui.people.contact_line import dated, day_of, parse_contact
        from studytui.people.contacts import add_contact, event_fields

        match = dated(line)
        day = day_of(match) if match else None
        if match is None or day is None or day > self._today():
            raise StudyError(
                _("A contact is logged once it has been; {day} is still to come.").format(
                    day=match["date"] if match else line
                ),
                _("Write what you plan as the next step: -> call on Friday"),
            )
        self._study.vault.edit(
            person.path,
            lambda source: add_contact(source.encode(), line).decode(),
            kind="note.contact",
            facts={"title": person.name},
            also=[("contact.logged", event_fields(person, parse_contact(day, match["rest"])))],
        )
        return self.find(person.path)

    def answered(self, question: PendingQuestion) -> None:
        """Mark a question of theirs as answered, on its own line; raises StudyError."""
        from studytui.people.contacts import mark_answered

        self._study.vault.edit(
            question.path,
            lambda source: mark_answered(source.encode(), question).decode(),
            facts={"title": question.name},
        )

    # --- the person's own fields --------------------------------------------------------------------------

    def fields(self, person: Person) -> dict[str, str]:
        """Return the fields that a form shows, as they stand in the note."""
        from studytui.people.vocabulary import STAGES, TIES, shown

        days = {"ideal": person.ideal, "max": person.max}
        values = {
            "role": person.role,
            "company": person.company,
            "source": person.source,
            "tie": shown(TIES, person.tie),
            "stage": shown(STAGES, person.stage),
            **{key: f"{number}d" if number else "" for key, number in days.items()},
        }
        return values if person.remind else values | {"ideal": "never"}

    def wrong(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return what is wrong with typed fields, by field; empty when they can be saved."""
        from studytui.people.vocabulary import TIES, find_word, is_never, parse_days, shown

        found = {}
        tie = values.get("tie", "")
        if tie and not find_word(TIES, tie):
            ties = ", ".join(shown(TIES, key) for key in TIES)
            found["tie"] = _("“{text}” is no tie. Possible are: {ties}.").format(text=tie, ties=ties)
        for key in ("ideal", "max"):
            text = values.get(key, "")
            if text and parse_days(text) is None and not (key == "ideal" and is_never(text)):
                found[key] = _("“{text}” is no interval. Write days or weeks: 14d, 2w.").format(text=text)
        ideal, longest = parse_days(values.get("ideal", "")), parse_days(values.get("max", ""))
        if ideal and longest and longest < ideal:
            found["max"] = _("The longest interval is shorter than the ideal one.")
        return found

    def with_fields(self, person: Person, values: Mapping[str, str]) -> Person:
        """Return the person as they would be with typed fields saved; they must have nothing wrong."""
        from studytui.people.vocabulary import STAGES, TIES, find_word, is_never, parse_days

        stage = values["stage"].strip()
        return replace(
            person,
            role=values["role"].strip(),
            company=values["company"].strip(),
            source=values["source"].strip(),
            tie=find_word(TIES, values["tie"]),
            stage=find_word(STAGES, stage) or stage,
            ideal=parse_days(values["ideal"]),
            max=parse_days(values["max"]),
            remind=not is_never(values["ideal"]),
        )

    def set_fields(self, person: Person, values: Mapping[str, str]) -> Person:
        """Write typed fields into the person's note, "" emptying one; raises StudyError for what cannot be."""
        from studytui.notes.front_edit import set_key
        from studytui.people.vocabulary import STAGES, TIES, find_word, shown

        for text in self.wrong(values).values():
            raise StudyError(text, _("Nothing was changed."))
        words = {"tie": TIES, "stage": STAGES}
        old = self.fields(person)
        changed = {key: values[key].strip() for key in _FIELDS if key in values and values[key] != old[key]}

        def change(source: str) -> str:
            for key, text in changed.items():
                known = find_word(words[key], text) if key in words else ""
                source = set_key(source, key, (shown(words[key], known) if known else text) or None)
            return source

        if changed:
            self._study.vault.edit(person.path, change, facts={"title": person.name})
        return self.find(person.path)

    # --- events and questions -----------------------------------------------------------------------------

    def add_event(self, title: str, day: date | None = None, place: str = "", url: str = "") -> EventNote:
        """Write the note for an event and return it."""
        from studytui.people.events import event_draft

        draft = event_draft(clean_line(title), day, clean_line(place), url=url)
        note = self._create(draft)
        return self.find_event(note.path)

    def ask_at(self, event: EventNote, question: str) -> EventNote:
        """Write a question that the learner brings along to an event."""
        from studytui.people.events import add_question

        self._study.vault.edit(
            event.path,
            lambda source: add_question(source.encode(), question).decode(),
            facts={"title": event.title},
        )
        return self.find_event(event.path)

    def add_question(self, question: str, person: Person | None = None) -> Note:
        """Write a question of the learner's own as a note, addressed to ``person`` when given."""
        from studytui.notes.templates import create_from

        front = {"ask": person.name} if person else {}
        return create_from(self._study.vault, "question", question, front=front, into="questions")

    # --- in and out ---------------------------------------------------------------------------------------

    def take_in(self, file: Path) -> TakenIn:
        """Add the people of a CSV or vCard file as one undoable act; those known by name are left as they are."""
        from studytui.people.exchange import import_vcards
        from studytui.people.spreadsheet import import_csv
        from studytui.people.vocabulary import folded

        try:
            raw = file.read_bytes()
        except OSError as error:
            raise StudyError(
                _("Could not read {path}: {reason}.").format(path=file, reason=error.strerror),
                _("Check the name of the file."),
            ) from error
        cards = file.suffix.casefold() in (".vcf", ".vcard") or b"BEGIN:VCARD" in raw[:200].upper()
        read = (import_vcards if cards else import_csv)(raw, self._today(), name=file.name, source=file.stem)
        there = {folded(name) for person in self.all() for name in person.names}
        fresh = [draft for draft in read.drafts if folded(draft.title) not in there]
        known = [draft.title for draft in read.drafts if folded(draft.title) in there]
        if fresh:
            self._create_all(fresh, file.name)
        return TakenIn(tuple(draft.title for draft in fresh), tuple(known), read)

    def _create_all(self, drafts: Iterable[Draft], name: str) -> None:
        from studytui.notes import folder
        from studytui.notes.names import file_key, file_stem, free_name

        vault = self._study.vault
        drafts = list(drafts)

        def plan() -> tuple[list[Act], list[Change], str]:
            taken = {
                into: folder.taken_names(vault.workspace.notes / into) for into in {d.folder for d in drafts}
            }
            changes = []
            for draft in drafts:
                file = free_name(file_stem(draft.title), taken[draft.folder])
                taken[draft.folder].add(file_key(file))
                changes.append(vault.change(f"{draft.folder}/{file}", None, _content(draft)))
            return [("note.imported", {"subject": name, "title": name})], changes, name

        vault.carry_out(plan)

    def give_out(self) -> bytes:
        """Return everybody as CSV for a spreadsheet, with the byte order mark that Excel needs for Chinese."""
        from studytui.people.spreadsheet import export_csv

        return export_csv(self.all(), self._today(), self.rules()[0]).encode("utf-8-sig")

    # --- inside -------------------------------------------------------------------------------------------

    def _today(self) -> date:
        return self._study.clock.now().date()

    def _read(self, kind: str, parse: Parse[T]) -> list[T]:
        """Return the readable notes of ``kind`` parsed, each again only when it changed."""
        found = []
        with self._lock:
            for note in sorted(self._study.notes(), key=lambda note: note.path):
                if note.kind != kind or note.problem is not None:
                    continue
                known = self._parsed.get(note.path)
                if known is None or known[0] != note.digest:
                    try:
                        opened = self._study.vault.read(note.path)
                    except StudyError:  # it went between the look at the folder and now
                        continue
                    value = parse(note.path, opened.note.title, opened.note.front, opened.source)
                    known = self._parsed[note.path] = (opened.digest, value)
                found.append(known[1])
        return found

    def _unreadable(self) -> list[str]:
        """Return a sentence for each note in the folders of people and events that is left as it is."""
        notes = self._study.vault.notes()
        return [
            f"{note.path}: {note.problem}"
            for note in sorted(notes, key=lambda note: note.path)
            if note.problem is not None and note.path.partition("/")[0] in ("people", "events")
        ]

    def _called(self, name: str) -> Person | None:
        from studytui.people.vocabulary import folded

        wanted = folded(name)
        return next((one for one in self.all() if wanted in map(folded, one.names)), None)

    def _bytes(self, path: str) -> bytes:
        """Return the bytes of a note that is about to be changed; raises StudyError for one with a problem."""
        from studytui.notes.vault import untouchable

        opened = self._study.vault.read(path)
        if opened.note.problem is not None:
            raise untouchable(opened.note)
        return opened.raw

    def _create(self, draft: Draft) -> Note:
        body = draft.body.strip("\n")
        return self._study.vault.create(draft.title, body, front=draft.front, into=draft.folder)


def _content(draft: Draft) -> bytes:
    """Return the bytes of a new note."""
    from studytui.notes.front_edit import render

    return (render(draft.front) + "\n" + draft.body.strip("\n") + "\n").encode("utf-8", "replace")


def _line(captured: Captured, person: Person) -> str:
    """Return the line to log for somebody known: work that their note tells otherwise stays in the line."""
    told = [
        captured.role if captured.role != person.role and person.role else "",
        f"@{captured.company}" if captured.company != person.company and person.company else "",
    ]
    work = "".join(told)
    if not work:
        return captured.line
    bullet, day, *rest = captured.line.split(" ", 2)
    return " ".join([bullet, day, work, *rest])
