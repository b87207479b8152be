"""Shell commands for practice: the tools, what each holds, and what it says about given numbers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from studytui.cli.base import DONE, FAILED, Desk, StudyGroup, pass_desk
from studytui.cli.output import print_json, print_line, print_problem, print_table
from studytui.errors import StudyError
from studytui.i18n import N_, _, language

if TYPE_CHECKING:
    from studytui.joins.practice import Practised
    from studytui.practice.fields import Field
    from studytui.practice.record import Record
    from studytui.practice.report import Report
    from studytui.practice.tool import Entry, Fault, Tool

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))
_RECORD = click.option("--record", metavar="PATH", help=N_("Which note, when a tool has several."))


@click.group("practice", cls=StudyGroup, help=N_("Small tools for your own project."))
def practice() -> None:
    """Hold the commands about the practice tools."""


@practice.command("list")
@_JSON
@pass_desk
def practice_list(desk: Desk, as_json: bool) -> int:
    """List the tools, the system each belongs to, and what is done."""
    found = [one for records in desk.study.practice.all().values() for one in records]
    if as_json:
        print_json([practised_row(one) for one in found])
        return DONE
    print_table(
        ((one.tool.id, _numbers(one.tool), _state(one), one.tool.name) for one in found),
        _("There are no tools."),
    )
    return DONE


def practised_row(one: Practised) -> dict[str, Any]:
    """Return the documented JSON of one record of a tool."""
    from studytui.practice.systems import systems_of_tool

    return {
        "tool": one.tool.id,
        "title": one.tool.name,
        "systems": [system.number for system in systems_of_tool(one.tool.id)],
        "path": one.record.path,
        "own_entries": one.own,
        "last": one.last.isoformat() if one.last else None,
        "due": [{"day": due.day.isoformat(), "text": due.text} for due in one.due],
        "problems": [str(problem) for problem in one.record.problems],
    }


def _numbers(tool: Tool) -> str:
    from studytui.practice.systems import systems_of_tool

    return ", ".join(str(system.number) for system in systems_of_tool(tool.id)) or "-"


def _state(one: Practised) -> str:
    if one.record.problems:
        return _("to mend")
    if one.due:
        return _("due now")
    return one.last.isoformat() if one.last else _("examples")


@practice.command("show")
@click.argument("tool")
@_RECORD
@_JSON
@pass_desk
def practice_show(desk: Desk, tool: str, record: str | None, as_json: bool) -> int:
    """Show a tool: its rule, its fields, and the entries of its record."""
    held = desk.study.practice.record(tool, record)
    found = held.usable()
    if as_json:
        print_json(
            {
                "tool": found.id,
                "title": found.name,
                "rule": _(found.rule),
                "help": _(found.help),
                "mode": found.mode.value,
                "path": held.path,
                "fields": [field_row(field) for field in found.fields],
                "entries": [entry_row(found, entry) for entry in held.entries],
                "problems": [str(problem) for problem in held.problems],
            }
        )
        return DONE
    for line in _shown(found, held):
        print_line(line)
    _tell_problems(held)
    return DONE


def _shown(found: Tool, held: Record) -> Iterator[str]:
    yield f"{found.name} ({held.path})"
    yield _(found.rule)
    yield _(found.help)
    yield ""
    for field in found.fields:
        words = _(", ").join(word.written(language()) for word in field.words)
        asked = field.question + (f" ({words})" if words else "")
        need = _(" (required)") if field.required else ""
        yield f"{field.written(language())}{need}: {asked}"
    yield ""
    for entry in held.entries:
        example = _(" (example)") if entry.example else ""
        yield f"- {entry.day.isoformat()}{example}  {found.told(entry)}"


def field_row(field: Field) -> dict[str, Any]:
    """Return the documented JSON of one field."""
    return {
        "name": field.key,
        "name_zh": field.zh,
        "kind": field.kind.value,
        "required": field.required,
        "question": field.question,
        "words": [word.key for word in field.words],
    }


def entry_row(found: Tool, entry: Entry) -> dict[str, Any]:
    """Return the documented JSON of one entry; values are texts as they would be typed."""
    return {
        "date": entry.day.isoformat(),
        "example": entry.example,
        "line": entry.line,
        "values": {f.key: f.text(entry.values[f.key]) for f in found.fields if f.key in entry.values},
        **({"note": entry.note} if entry.note else {}),
    }


@practice.command("run", help=N_("Say what a tool makes of its record, or of the values given with --set."))
@click.argument("tool")
@click.option(
    "--set", "typed", multiple=True, metavar="FIELD=VALUE", help=N_("A value of the form; may be repeated.")
)
@click.option("--save", is_flag=True, help=N_("Keep the values as an entry of today."))
@click.option("--note", is_flag=True, help=N_("Write the result into a note."))
@_RECORD
@_JSON
@pass_desk
def practice_run(
    desk: Desk, tool: str, typed: tuple[str, ...], save: bool, note: bool, record: str | None, as_json: bool
) -> int:
    """Say what a tool makes of its record, or of the values given with --set."""
    room = desk.study.practice
    held = room.record(tool, record)
    found = held.usable()
    if save and not typed:
        raise click.UsageError(_("--save needs at least one --set FIELD=VALUE."))
    faults: Sequence[Fault] = ()
    if typed:
        texts = _texts(found, held, typed, desk, save)
        if save:
            held = room.save(held, texts)
            report = room.report(held)
        else:
            preview = room.preview(held, texts)
            report, faults = preview.report, preview.faults
    else:
        report = room.report(held)
    _print(found, held, report, faults, as_json)
    if note and not faults:
        written, _made = room.write_note(held, report)
        click.echo(desk.study.workspace.notes / written.path, err=as_json)
    return FAILED if faults else DONE


def _texts(found: Tool, held: Record, typed: Sequence[str], desk: Desk, save: bool) -> dict[str, str]:
    """Return the form with the typed values in it: a sheet goes on from what it said last.

    The figures of an example are there to try things out, and are never kept as somebody's own.
    """
    from studytui.practice.fields import find_word

    today = desk.clock.now().date()
    texts = found.draft(held.entries, today)
    taken = {field.key for field in found.of_example(held.entries, texts, today)}
    texts |= dict.fromkeys(taken, "") if save else {}
    for pair in typed:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(_("Write --set FIELD=VALUE; “{text}” has no =.").format(text=pair))
        field = find_word(found.fields, name)
        texts[field.key if field else name.strip()] = value
    lacking = [field for field in found.fields if field.required and not texts.get(field.key, "").strip()]
    if taken & {field.key for field in lacking}:
        names = _(", ").join(field.written(language()) for field in lacking)
        raise StudyError(
            _("Nothing of your own yet for: {fields}.").format(fields=names),
            _("The example's figures are not kept as yours; give these with --set too."),
        )
    return texts


def _print(found: Tool, held: Record, report: Report, faults: Sequence[Fault], as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "tool": found.id,
                "path": held.path,
                **report.to_json(),
                "problems": [str(problem) for problem in held.problems],
                "faults": [{"field": f.field, "message": f.message, "hint": f.hint} for f in faults],
            }
        )
        return
    if not faults:
        for line in report_lines(report):
            click.echo(line)
    for fault in faults:
        print_problem(fault.message, fault.hint)


def report_lines(report: Report) -> list[str]:
    """Return a report as lines for the terminal that is there."""
    from studytui.practice.render import render

    width = min(100, max(40, shutil.get_terminal_size((80, 24)).columns))
    return [row.text for row in render(report, width)]


def _tell_problems(held: Record) -> None:
    for problem in held.problems:
        print_problem(f"{problem.path}:{problem.line}: {problem.message}", problem.hint)


COMMANDS = (practice,)
