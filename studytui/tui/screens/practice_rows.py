"""What the Practice room shows, as rows, pages and form fields: no widgets, no commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from studytui.commands import area
from studytui.i18n import _, language, sentences
from studytui.text import clean_line
from studytui.tui.widgets.form import FormField
from studytui.tui.widgets.prompt import Choice
from studytui.tui.widgets.rows import Row

if TYPE_CHECKING:
    from studytui.joins.practice import Practised
    from studytui.joins.systems import TopicPractice
    from studytui.practice.fields import Field
    from studytui.practice.record import Record
    from studytui.practice.report import Report
    from studytui.practice.systems import System
    from studytui.practice.tool import Entry, Fault, Tool

ROOM, SYSTEM = "room:", "system:"
OWN, EXAMPLES, ASKS, ELSEWHERE = "✓", "·", "!", "→"


def tool_rows(every: Mapping[str, Sequence[Practised]]) -> list[Row]:
    """Return the practice project, then the twenty-five systems with their tools, each with what is done."""
    from studytui.practice.systems import SYSTEMS

    rows = [Row("", (_("Your own project"),), "heading"), *(_row("", one) for one in every["project"])]
    titles = {1: _("Article 1: learning, customers"), 2: _("Article 2: marketing online")}
    shown = {"project"}
    for number, title in titles.items():
        rows.append(Row("", (title,), "heading"))
        for system in SYSTEMS:
            if system.article == number:
                rows += _system_rows(system, every, shown)
                shown.update(system.tools)
    legend = (
        _("{glyph} has entries of your own").format(glyph=OWN),
        _("{glyph} examples only so far").format(glyph=EXAMPLES),
        _("{glyph} asks for something").format(glyph=ASKS),
        _("{glyph} has a room of its own").format(glyph=ELSEWHERE),
    )
    return [*rows, Row("", ("",)), *(Row("", (line,), "muted") for line in legend)]


def _system_rows(system: System, every: Mapping[str, Sequence[Practised]], shown: set[str]) -> Iterator[Row]:
    """Yield a system: one row when its one tool is called like it, else its name and a row for each tool."""
    name, number = system.topic.written(language()), str(system.number)
    if not system.tools:
        yield Row(ROOM + system.key, (number, ELSEWHERE, name))
        return
    records = [one for tool in system.tools if tool not in shown for one in every[tool]]
    if len(records) == 1 and records[0].tool.name == name:
        yield _row(number, records[0])
        return
    yield Row(SYSTEM + system.key, (number, "", name))
    yield from (_row("", one) for one in records)


def _row(number: str, one: Practised) -> Row:
    asks = bool(one.due or one.record.problems)
    state = ASKS if asks else OWN if one.own else EXAMPLES
    title = one.tool.name
    if one.record.title and not one.record.lang and clean_line(one.record.title) != title:
        title = f"{title} · {clean_line(one.record.title)}"
    return Row(one.key, (number, state, title), "warning" if asks else "")


def page(one: Practised, report: Report, done: Sequence[TopicPractice]) -> str:
    """Return the page of a tool as Markdown: what it is for, what is done, what it says now."""
    tool = one.tool
    parts = [f"# {tool.name}", _plain(sentences(_(tool.rule), _(tool.help)))]
    if one.own:
        parts.append(f"**{_plain(report.summary)}**")
    else:
        parts += [sentences(_plain(_("With the examples:")), f"**{_plain(report.summary)}**")]
    parts += [f"> ! {_plain(due.text)} ({due.day.isoformat()})" for due in one.due]
    parts += [f"> ! {_plain(str(problem))}" for problem in one.record.problems]
    if report.next_step:
        parts.append(_plain(_("Next: {step}").format(step=report.next_step)))
    parts += [system_lines(found) for found in done]
    return "\n\n".join(parts)


def system_page(done: TopicPractice) -> str:
    """Return the page of a system that has a room of its own, or several tools."""
    title = done.system.topic.written(language())
    if done.system.tools:
        go = _("Its tools are listed below it; Enter opens one.")
    else:
        room = area(done.system.screen)
        go = _("Enter goes to {room} ({number}).").format(room=_(room.title), number=room.number)
    return "\n\n".join([f"# {_plain(title)}", _plain(go), system_lines(done)])


def system_lines(done: TopicPractice) -> str:
    """Return learn, practise and use of a system as a list."""
    title = done.system.topic.written(language())
    head = _("System {number} of the articles: {topic}").format(
        number=done.system.number, topic=f"[[{title}]]"
    )
    lines = [
        (_("Learn"), done.learn),
        (_("Practise"), done.practise),
        (_("Use"), done.use),
    ]
    return head + "\n\n" + "\n".join(f"- **{_plain(word)}** · {_plain(text)}" for word, text in lines)


def entry_rows(tool: Tool, record: Record) -> list[Row]:
    """Return the entries of a record, newest first; the examples last."""
    ordered = sorted(
        record.entries, key=lambda entry: (not entry.example, entry.day, entry.line), reverse=True
    )
    return [_entry_row(tool, entry) for entry in ordered]


def _entry_row(tool: Tool, entry: Entry) -> Row:
    told = tool.told(entry)
    if entry.example:
        return Row(str(entry.line), (entry.day.isoformat(), _("e.g. {entry}").format(entry=told)), "muted")
    return Row(str(entry.line), (entry.day.isoformat(), told))


def form_fields(tool: Tool, texts: Mapping[str, str]) -> list[FormField]:
    """Return the form of a tool filled with ``texts``."""
    return [replace(_form_field(field), value=texts.get(field.key, "")) for field in tool.fields]


def _form_field(field: Field) -> FormField:
    from studytui.practice.fields import Kind

    plain = FormField(field.key, field.label, help=field.question, required=field.required)
    match field.kind:
        case Kind.CHOICE | Kind.OPEN:
            words = tuple(Choice(word.written(language()), word.shown()) for word in field.words)
            return replace(plain, choices=words, own=field.kind is Kind.OPEN)
        case Kind.YES_NO:
            return replace(plain, choices=tuple(Choice(field.text(a), field.text(a)) for a in (True, False)))
        case Kind.SCORE:
            return replace(plain, choices=tuple(Choice(n, n) for n in "12345"))
        case Kind.NOTE:
            return replace(plain, own=True)
        case Kind.DAY:
            return replace(plain, help=sentences(plain.help, _("Like this: 2026-11-22")))
        case _:
            return plain


def wrong(faults: Sequence[Fault], texts: Mapping[str, str], tried: bool) -> dict[str, str]:
    """Return what to say beside each field; what was not filled in yet is no fault before one tries to save."""
    return {
        fault.field: sentences(fault.message, fault.hint)
        for fault in reversed(faults)
        if tried or fault.field not in texts or texts[fault.field].strip()
    }


def _plain(text: str) -> str:
    """Escape what Markdown would take for formatting."""
    return "".join("\\" + c if c in r"\`*_{}[]()#+-.!<>|~" else c for c in clean_line(text, 2000))


def no_tools() -> str:
    return _(
        "The practice tools.\nEnter opens one.\nFor example the funnel: change a number, watch the bars."
    )


def no_entries() -> str:
    return _("No entries yet.\nCtrl+S keeps what the form says.\nEvery entry is a line of history.")
