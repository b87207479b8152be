"""People: who is due first, the page of each, events with questions before and people met after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from studytui.i18n import _, ngettext
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.people_rows import EVENT, PERSON, event_page, nobody, person_page, roster_rows
from studytui.tui.widgets.line_list import Column, LineList
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.prompt import AskLine
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.joins.people import Roster, TakenIn
    from studytui.people.cadence import Standing
    from studytui.people.contacts import Person
    from studytui.people.events import EventNote, Phase


class PeopleScreen(StudyScreen):
    """Two panes: people and events, and the page of the marked one."""

    SCOPE = "people"
    AREA = "people"

    def __init__(self) -> None:
        super().__init__()
        self.list = LineList([Column(1), Column(10), Column(0)], empty=nobody, row_height=2, id="people")
        self.reader = Reader(id="page")
        self.people: dict[str, tuple[Person, Standing]] = {}
        self.events: dict[str, tuple[EventNote, Phase]] = {}
        self._wanted = ""

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.list, lambda: _("People and events"), weight=4),
            Pane(self.reader, self._title, weight=5),
        )

    @property
    def panes(self) -> Panes:
        """The two panes."""
        return self.query_one(Panes)

    def _title(self) -> str:
        return _("Event") if self.event is not None else _("Person")

    @property
    def person(self) -> Person | None:
        """The marked person."""
        found = self.people.get(self.list.key)
        return found[0] if found else None

    @property
    def event(self) -> EventNote | None:
        """The marked event."""
        found = self.events.get(self.list.key)
        return found[0] if found else None

    # --- loading ------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read people and events anew; the marked line stays."""
        self.in_thread(self.study.people.roster, self._show, group="people")

    def open_subject(self, subject: str) -> None:
        """Show the person or event at the path ``subject``."""
        self._wanted = subject
        self.reload()

    def _show(self, roster: Roster) -> None:
        self.people = {PERSON + one.path: (one, standing) for one, standing in roster.people}
        self.events = {EVENT + one.path: (one, phase) for one, phase in roster.events}
        wanted, self._wanted = self._wanted, ""
        keys = (kind + wanted for kind in (PERSON, EVENT))
        select = next((key for key in keys if key in self.people or key in self.events), None)
        self.list.show_rows(roster_rows(roster), select=select)
        due = sum(standing.wants_contact for _person, standing in self.people.values())
        said = ngettext("{n} to contact", "{n} to contact", due).format(n=due) if due else ""
        self.panes.panes[0].heading.say(said)
        self._show_page()

    @on(LineList.Highlighted, "#people")
    def _show_page(self) -> None:
        person, found = self.person, self.events.get(self.list.key)
        self.panes.panes[1].heading.refresh()
        if person is not None:
            self.in_thread(lambda: person_page(self.study.people.page(person)), self._read, group="page")
        else:
            self._read(event_page(*found) if found else "")

    def _read(self, markdown: str) -> None:
        self.reader.show(markdown)

    @on(LineList.Opened, "#people")
    def _opened(self) -> None:
        self.panes.enter(1)

    def follow_link(self, target: str) -> None:
        """Go to the person or event of this title here, to any other note in its own room."""
        everything: list[tuple[str, str, str]] = [
            *((key, person.name, person.path) for key, (person, _s) in self.people.items()),
            *((key, event.title, event.path) for key, (event, _p) in self.events.items()),
        ]
        for key, name, path in everything:
            if target in (name, path.removesuffix(".md"), Path(path).stem):
                self.list.mark(key)
                return
        self.desk.open_note(target)

    # --- adding and logging -------------------------------------------------------------------------------

    def action_add(self) -> None:
        """Add somebody, or log a contact, from one line."""
        self._capture(None)

    def _capture(self, event: EventNote | None) -> None:
        names = [name for person, _standing in self.people.values() for name in person.names]
        question = (
            _("Whom did you meet at “{title}”?").format(title=event.title)
            if event
            else _("Who is it, and what did you talk about?")
        )
        self.ask(
            CaptureLine(question, self._today(), names),
            lambda line: self.in_thread(
                lambda: self.study.people.add(line, event), partial(self._added, event), group="change"
            ),
        )

    def _added(self, event: EventNote | None, answer: tuple[Person, bool]) -> None:
        person, new = answer
        sentence = _("{name} is new here.") if new else _("Logged for {name}.")
        self.notify(sentence.format(name=person.name))
        self._wanted = event.path if event else person.path
        self.reload()
        if event is not None:
            self._capture(event)

    def action_log(self) -> None:
        """Log a contact; for an event write a question before it, and note whom you met from its day on."""
        person, found = self.person, self.events.get(self.list.key)
        if person is not None:
            from studytui.tui.screens.people_forms import LogScreen

            path = person.path
            self.in_thread(
                lambda: self.study.people.page(self.study.people.find(path)),
                lambda page: self.desk.push_screen(LogScreen(page, self._today())),
                group="form",
            )
        elif found is not None:
            event, phase = found
            if phase in ("prepare", "ready"):
                self._ask_at(event)
            else:
                self._capture(event)

    def _ask_at(self, event: EventNote) -> None:
        number = len(event.questions) + 1
        prompt = AskLine(
            _("Question {n} for “{title}”").format(n=number, title=event.title),
            hint=_("Enter keeps it and asks for the next, Esc ends."),
        )

        def asked(changed: EventNote) -> None:
            self.reload()
            if len(changed.questions) < 3:
                self._ask_at(changed)

        self.ask(
            prompt,
            lambda text: self.in_thread(lambda: self.study.people.ask_at(event, text), asked, group="change"),
        )

    def action_answered(self) -> None:
        """Mark what they asked last as answered."""
        question = self.person.last_question if self.person else None
        if question is None:
            self.notify(_("No question is open here."))
        else:
            self._change(lambda: self.study.people.answered(question))

    def action_fields(self) -> None:
        """Set tie, stage and intervals of the marked person."""
        person = self.person
        if person is not None:
            from studytui.tui.screens.people_forms import FieldsScreen

            self.in_thread(
                lambda: self.study.people.page(person),
                lambda page: self.desk.push_screen(FieldsScreen(page, self.study.people.fields(person))),
                group="form",
            )

    def action_ask_question(self) -> None:
        """Write a question of one's own that this person could answer."""
        person = self.person
        if person is not None:
            self.ask(
                AskLine(_("What would you like to know from {name}?").format(name=person.name)),
                lambda text: self._change(lambda: self.study.people.add_question(text, person)),
            )

    def action_add_event(self) -> None:
        """Add an event: what, when, where."""

        def named(title: str) -> None:
            self.ask(
                AskLine(_("On which day?"), self._today().isoformat(), check=_wrong_day),
                lambda day: self.ask(
                    AskLine(_("Where?"), check=lambda _text: ""),
                    lambda place: self.in_thread(
                        lambda: self.study.people.add_event(title, date.fromisoformat(day), place),
                        self._event_added,
                        group="change",
                    ),
                ),
            )

        self.ask(AskLine(_("What is the event called?")), named)

    def _event_added(self, event: EventNote) -> None:
        self.open_subject(event.path)
        if event.phase(self._today()) == "prepare":
            self._ask_at(event)

    # --- moving about -------------------------------------------------------------------------------------

    def action_next_due(self) -> None:
        """Go to the next person to be in touch with."""
        self._go(1)

    def action_previous_due(self) -> None:
        """Go to the person before who is due."""
        self._go(-1)

    def _go(self, step: int) -> None:
        due = {key for key, (_person, standing) in self.people.items() if standing.wants_contact}
        keys, at = list(self.list.keys_shown), self.list.cursor
        ahead = keys[at + 1 :] if step > 0 else keys[:at][::-1]
        target = next((key for key in ahead if key in due), "")
        if target:
            self.list.mark(target)
        else:
            self.notify(_("Nobody more to contact that way."))

    # --- notes and files ----------------------------------------------------------------------------------

    def _path(self) -> str:
        marked = self.person or self.event
        return marked.path if marked else ""

    def action_edit(self) -> None:
        """Edit the note of the person or event."""
        if self._path():
            self.desk.edit_note(self._path())

    def action_edit_external(self) -> None:
        """Open the note in $EDITOR."""
        if self._path():
            self.desk.edit_externally(self._path())

    def action_trash(self) -> None:
        """Move the note to the trash; undo brings it back."""
        path = self._path()
        if path:
            self._change(lambda: self.study.vault.trash(path), _("Moved to the trash. u brings it back."))

    def _change(self, change: Callable[[], object], said: str = "") -> None:
        def done(_answer: Any) -> None:
            if said:
                self.notify(said)
            self.reload()

        self.in_thread(change, done, group="change")

    def action_import_file(self) -> None:
        """Add the people of a CSV or vCard file."""
        prompt = AskLine(_("Which file? CSV or vCard"), placeholder="~/contacts.vcf")
        self.ask(
            prompt,
            lambda text: self.in_thread(
                lambda: self.study.people.take_in(Path(text).expanduser()), self._taken_in, group="change"
            ),
        )

    def _taken_in(self, taken: TakenIn) -> None:
        count, left = len(taken.added), len(taken.known)
        lines = [ngettext("{n} person added.", "{n} people added.", count).format(n=count)]
        if left:
            lines.append(_("There already, and left as they are: {n}").format(n=left))
        lines += [str(item.problem) for item in taken.read.rejected[:5]]
        self.notify("\n".join(lines), timeout=12)
        self.reload()

    def action_export_file(self) -> None:
        """Write everybody into a CSV file, when asked for by name."""
        prompt = AskLine(
            _("Into which file? It will hold names and what you talked about."),
            str(Path("~/people.csv").expanduser()),
            check=lambda text: _("This file is there already.") if Path(text).expanduser().exists() else "",
        )

        def write(text: str) -> None:
            file = Path(text).expanduser()
            self.in_thread(
                lambda: file.write_bytes(self.study.people.give_out()),
                lambda _size: self.notify(_("Written to {path}.").format(path=file)),
                group="change",
            )

        self.ask(prompt, write)

    def _today(self) -> date:
        return self.study.clock.now().date()


class CaptureLine(AskLine):
    """One line about somebody, with what it is understood as below while it is typed."""

    def __init__(self, question: str, today: date, names: Sequence[str]) -> None:
        super().__init__(
            question,
            hint=_("Name, work@company #where what you talked about ? what they asked >7d"),
            placeholder=_("Rosa Chen, ads manager@TeaCo #salon talked about bids >2w"),
        )
        self.today, self.names = today, names

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what the line is understood as."""
        from studytui.people.capture import capture

        found = capture(event.value, self.today, self.names)
        told = [
            found.name,
            " @ ".join(filter(None, (found.role, found.company))),
            found.line.removeprefix("- ") if found.name else "",
        ]
        hint = self.query_one("#hint", Plain)
        hint.remove_class("-wrong")
        hint.say("  |  ".join(filter(None, told)) if event.value.strip() else self.hint)


def _wrong_day(text: str) -> str:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return _("Write year-month-day, such as 2026-12-05.")
    return ""
