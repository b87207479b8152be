"""Shell commands for people: who is due, one-line capture, the contact log, events, in and out."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studytui.cli.base import DONE, FAILED, PARTLY_DONE, Desk, StudyCommand, StudyGroup, pass_desk
from studytui.cli.output import print_json, print_line, print_problem, print_table
from studytui.errors import StudyError
from studytui.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from studytui.joins.people import People, PersonPage, TakenIn
    from studytui.people.cadence import Standing
    from studytui.people.contacts import Person
    from studytui.people.events import EventNote

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))
_OUTCOMES = ("warm", "neutral", "annoyed")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("people", cls=StudyGroup, invoke_without_command=True)
@click.option("--due", is_flag=True, help=N_("Only those it is time to be in touch with."))
@_JSON
@click.pass_context
def people(ctx: click.Context, due: bool, as_json: bool) -> int:
    """List the people, who wants attention first."""
    if ctx.invoked_subcommand is not None:
        return DONE
    found = ctx.find_object(Desk)
    assert found is not None
    return _people(found.study.people, due, as_json)


def _people(room: People, due: bool, as_json: bool) -> int:
    from studytui.people.cadence import state_label

    roster = room.roster()
    rows = [(person, one) for person, one in roster.people if one.wants_contact or not due]
    if as_json:
        print_json([person_row(person, one) for person, one in rows])
        return DONE
    empty = (
        _("Nobody is waiting to hear from you.")
        if due and roster.people
        else _("Nobody here yet. Add somebody: studytui person add 'Rosa Chen, ads manager@TeaCo #salon'")
    )
    print_table(
        (
            (
                state_label(one.state),
                one.due.isoformat() if one.due else "-",
                person.name,
                _opening(person),
            )
            for person, one in rows
        ),
        empty,
    )
    for problem in roster.problems:
        print_problem(problem)
    return DONE


def _opening(person: Person) -> str:
    """Return what to open the next contact with: their last question, else the next step."""
    if person.last_question:
        return "? " + person.last_question.text
    return "-> " + person.next_step if person.next_step else ""


def person_row(person: Person, standing: Standing) -> dict[str, Any]:
    """Return the documented JSON of one person."""
    question = person.last_question
    return {
        "path": person.path,
        "name": person.name,
        "role": person.role or None,
        "company": person.company or None,
        "tie": person.tie or None,
        "stage": person.stage or None,
        "state": standing.state,
        "last": standing.last.isoformat() if standing.last else None,
        "due": standing.due.isoformat() if standing.due else None,
        "fades_after": standing.fades_after.isoformat() if standing.fades_after else None,
        "ideal": standing.ideal,
        "max": standing.max,
        "last_question": question.text if question else None,
        "next_step": person.next_step or None,
    }


@people.command("import", help=N_("Add the people of a CSV or vCard file."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("Write what did not become a person into this file."),
)
@pass_desk
def people_import(desk: Desk, file: Path, rejected: Path | None) -> int:
    """Add the people of a file."""
    taken = desk.study.people.take_in(file)
    for line in import_lines(taken):
        print_line(line)
    lost = taken.read.rejected
    for item in lost:
        print_problem(str(item.problem))
    if lost and rejected is not None:
        _write(rejected, "\n".join(item.text for item in lost).encode() + b"\n")
        print_line(_("What was left out is in {path}.").format(path=rejected))
    if not lost:
        return DONE
    return PARTLY_DONE if taken.added else FAILED


def import_lines(taken: TakenIn) -> list[str]:
    """Return what an import brought, in sentences."""
    count = len(taken.added)
    lines = [ngettext("{n} person added.", "{n} people added.", count).format(n=count)]
    if taken.known:
        names = _(", ").join(taken.known)
        lines.append(_("There already, and left as they are: {names}").format(names=names))
    return [*lines, *(str(problem) for problem in taken.read.problems)]


@people.command("export", help=N_("Write everybody into a CSV file; it holds what people told you."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help=N_("Replace the file when it is there."))
@pass_desk
def people_export(desk: Desk, file: Path, force: bool) -> int:
    """Write everybody into a CSV file."""
    if file.exists() and not force:
        raise StudyError(
            _("{path} is there already.").format(path=file),
            _("Name another file, or replace it with --force."),
        )
    _write(file, desk.study.people.give_out())
    print_line(_("Written to {path}. It holds names and what you talked about.").format(path=file))
    return DONE


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise StudyError(
            _("Could not write {path}: {reason}.").format(path=file, reason=error.strerror),
            _("Check the folder and its permissions."),
        ) from error


@click.group("person", cls=StudyGroup, help=N_("Add somebody, log a contact, show a person."))
def person_group() -> None:
    """Hold the commands about one person."""


@person_group.command("add")
@click.argument("line", nargs=-1, required=True)
@pass_desk
def person_add(desk: Desk, line: tuple[str, ...]) -> int:
    """Add somebody, or log a contact, from one line."""
    person, new = desk.study.people.add(" ".join(line))
    sentence = _("{name} is new: {path}") if new else _("Logged for {name}: {path}")
    print_line(sentence.format(name=person.name, path=desk.study.workspace.notes / person.path))
    return DONE


@person_group.command("log")
@click.argument("name")
@click.argument("text", nargs=-1, required=True)
@click.option("--outcome", type=click.Choice(_OUTCOMES), help=N_("How it went."))
@click.option("--answered", is_flag=True, help=N_("What they asked last time is answered now."))
@click.option("--done", is_flag=True, help=N_("The last next step is done."))
@click.option("--ask", "question", metavar="TEXT", default="", help=N_("What they asked this time."))
@click.option("--next", "step", metavar="TEXT", default="", help=N_("Your next step."))
@click.option("--wait", metavar="7d", help=N_("When to be in touch again: 7d, 2w."))
@click.option("--day", type=_DAY, help=N_("The day of the contact; today when left out."))
@pass_desk
def person_log(
    desk: Desk,
    name: str,
    text: tuple[str, ...],
    outcome: str | None,
    answered: bool,
    done: bool,
    question: str,
    step: str,
    wait: str | None,
    day: datetime | None,
) -> int:
    """Log a contact."""
    room = desk.study.people
    line = room.line(
        " ".join(text),
        day=day.date() if day else None,
        outcome=outcome or "",
        answered=answered,
        done=done,
        question=question,
        step=step,
        wait=_days(wait),
    )
    person = room.log(room.find(name), line)
    print_line(_("{label}: {text}").format(label=person.name, text=_describe(room.page(person))))
    return DONE


def _days(text: str | None) -> int | None:
    from studytui.people.vocabulary import parse_days

    if text is None:
        return None
    days = parse_days(text)
    if days is None:
        raise click.UsageError(_("“{text}” is no interval. Write days or weeks: 14d, 2w.").format(text=text))
    return days


def _describe(page: PersonPage) -> str:
    from studytui.people.cadence import describe, state_label

    return _("{state}. {why}").format(state=state_label(page.standing.state), why=describe(page.standing))


@person_group.command(
    "show", help=N_("Show a person: what they asked, where you stand, what you talked about.")
)
@click.argument("name")
@_JSON
@pass_desk
def person_show(desk: Desk, name: str, as_json: bool) -> int:
    """Show a person: the open question first, then standing, questions of yours, contacts."""
    room = desk.study.people
    page = room.page(room.find(name))
    person = page.person
    if as_json:
        print_json(
            {
                **person_row(person, page.standing),
                "pending": [{"text": q.text, "asked": q.asked.isoformat()} for q in person.pending],
                "could_answer": [
                    {"question": m.question.title, "path": m.question.path, "why": list(m.reasons)}
                    for m in page.matches
                ],
                "contacts": [
                    {
                        "day": c.day.isoformat(),
                        "text": c.text,
                        "tags": list(c.tags),
                        "outcome": c.outcome or "neutral",
                    }
                    for c in person.contacts
                ],
            }
        )
        return DONE
    for line in person_lines(page):
        print_line(line)
    return DONE


def person_lines(page: PersonPage) -> list[str]:
    """Return a person's page in lines."""
    person = page.person
    work = " @ ".join(filter(None, (person.role, person.company)))
    lines = [f"{person.name}  {work}".rstrip()]
    lines += [
        _("Answer first: {question} ({day})").format(question=q.text, day=q.asked) for q in person.pending
    ]
    lines.append(_describe(page))
    if person.next_step:
        lines.append(_("Next step: {step}").format(step=person.next_step))
    lines += [
        _("Could answer: {question} ({why})").format(question=m.question.title, why=_("; ").join(m.reasons))
        for m in page.matches
    ]
    lines += [f"- {contact.source}" for contact in reversed(person.contacts)]
    return lines + [f"! {problem}" for problem in page.problems]


@person_group.command("set", help=N_("Set tie, stage, source or intervals; '' empties one."))
@click.argument("name")
@click.option("--tie", help=N_("strong, medium or weak."))
@click.option("--stage", help=N_("One of the eight stages, or a word of your own."))
@click.option("--source", help=N_("How you met."))
@click.option("--role", help=N_("What they do."))
@click.option("--company", help=N_("Where they work."))
@click.option("--ideal", help=N_("The ideal interval: 14d, 2w; never for no reminder."))
@click.option("--max", help=N_("The longest interval."))
@pass_desk
def person_set(desk: Desk, /, name: str, **values: str | None) -> int:
    """Set fields of a person."""
    given = {key: value for key, value in values.items() if value is not None}
    if not given:
        raise click.UsageError(_("Name at least one field, such as --ideal 14d."))
    room = desk.study.people
    person = room.find(name)
    person = room.set_fields(person, room.fields(person) | given)
    print_line(_("{label}: {text}").format(label=person.name, text=_describe(room.page(person))))
    return DONE


@person_group.command("ask", help=N_("Write down a question of yours that they could answer."))
@click.argument("name")
@click.argument("question", nargs=-1, required=True)
@pass_desk
def person_ask(desk: Desk, name: str, question: tuple[str, ...]) -> int:
    """Write a question of the learner's own as a note addressed to a person."""
    room = desk.study.people
    note = room.add_question(" ".join(question), room.find(name))
    click.echo(desk.study.workspace.notes / note.path)
    return DONE


@click.command("events", cls=StudyCommand, help=N_("List the events: those that ask for something first."))
@_JSON
@pass_desk
def events(desk: Desk, as_json: bool) -> int:
    """List the events."""
    from studytui.people.events import phase_label

    found = desk.study.people.roster().events
    if as_json:
        print_json([event_row(event, phase) for event, phase in found])
        return DONE
    print_table(
        (
            (phase_label(phase), event.day.isoformat() if event.day else "-", event.title, event.place)
            for event, phase in found
        ),
        _("No events yet. Add one: studytui event add 'Salon' --date 2026-12-05"),
    )
    return DONE


def event_row(event: EventNote, phase: str) -> dict[str, Any]:
    """Return the documented JSON of one event."""
    return {
        "path": event.path,
        "title": event.title,
        "date": event.day.isoformat() if event.day else None,
        "place": event.place or None,
        "phase": phase,
        "questions": list(event.questions),
        "met": [met.text for met in event.met],
    }


@click.group("event", cls=StudyGroup, help=N_("Add an event, prepare questions, say whom you met."))
def event_group() -> None:
    """Hold the commands about one event."""


@event_group.command("add")
@click.argument("title")
@click.option("--date", "day", type=_DAY, help=N_("The day of the event."))
@click.option("--place", default="", help=N_("Where it is."))
@click.option("--url", default="", help=N_("Its page."))
@pass_desk
def event_add(desk: Desk, title: str, day: datetime | None, place: str, url: str) -> int:
    """Add an event."""
    when: date | None = day.date() if day else None
    event = desk.study.people.add_event(title, when, place, url)
    click.echo(desk.study.workspace.notes / event.path)
    return DONE


@event_group.command("ask", help=N_("Write down a question to bring along."))
@click.argument("event")
@click.argument("question", nargs=-1, required=True)
@pass_desk
def event_ask(desk: Desk, event: str, question: tuple[str, ...]) -> int:
    """Write down a question to bring along."""
    room = desk.study.people
    changed = room.ask_at(room.find_event(event), " ".join(question))
    for number, asked in enumerate(changed.questions, 1):
        print_line(f"{number}. {asked}")
    return DONE


@event_group.command("met", help=N_("Say whom you met there, in one line."))
@click.argument("event")
@click.argument("line", nargs=-1, required=True)
@pass_desk
def event_met(desk: Desk, event: str, line: tuple[str, ...]) -> int:
    """Say whom you met at an event."""
    room = desk.study.people
    person, new = room.add(" ".join(line), room.find_event(event))
    sentence = _("{name} is new: {path}") if new else _("Logged for {name}: {path}")
    print_line(sentence.format(name=person.name, path=desk.study.workspace.notes / person.path))
    return DONE


COMMANDS = (people, person_group, events, event_group)
