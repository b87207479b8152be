"""Forms about one person: logging a contact, and tie, stage and intervals; their page beside it follows along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from studytui.i18n import _
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.people_rows import person_page
from studytui.tui.widgets.form import Form, FormField
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.prompt import Choice, Confirm
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.joins.people import PersonPage

PAGE, FORM = range(2)
_PAUSE = 0.04


class PersonForm(StudyScreen):
    """A person's page, and a form beside it whose effect the page shows while it is filled in."""

    SCOPE = "person_form"
    AREA = "people"

    def __init__(self, page: PersonPage, fields: Sequence[FormField], title: str) -> None:
        super().__init__()
        self.page, self.title_text = page, title
        self.reader = Reader(id="page")
        self.form = Form(fields, lambda: _("Save  Ctrl+S"), id="form")

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.reader, lambda: self.page.person.name, weight=5),
            Pane(self.form, lambda: self.title_text, weight=5),
        )

    def on_mount(self) -> None:
        self.reader.show(person_page(self.page))
        self.query_one(Panes).enter(FORM)

    # What a form writes itself

    def wrong(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return what is wrong with the form, by field."""
        raise NotImplementedError

    def effect(self, texts: Mapping[str, str]) -> str:
        """Return the page as it would be with the form saved; may be called from any thread."""
        raise NotImplementedError

    def keep(self, texts: Mapping[str, str]) -> object:
        """Save the form; may be called from any thread."""
        raise NotImplementedError

    # What they share

    @on(Form.Changed)
    def _follow(self) -> None:
        texts = self.form.texts
        said = self.wrong(texts)
        self.form.say({key: text for key, text in said.items() if texts.get(key, "").strip()})
        if said:
            return
        self.in_thread(
            lambda: self.effect(texts),
            lambda page: self.reader.show(page, keep_place=True),
            group="preview",
            after=_PAUSE,
        )

    @on(Form.Saved)
    def action_save(self) -> None:
        """Keep what the form says and go back."""
        texts = self.form.texts
        said = self.wrong(texts)
        self.form.say(said)
        if said:
            self.form.enter(next(iter(said)))
            return
        self.in_thread(lambda: self.keep(texts), self._kept, group="save")

    def _kept(self, _answer: object) -> None:
        self.notify(_("Saved. u takes it back."))
        self.desk.pop_screen()

    def unsaved(self) -> str:
        """Return the question to ask before the form is thrown away."""
        if not self.form.changed:
            return ""
        return _("What you filled in about {name} is not saved. Leave it?").format(name=self.page.person.name)

    def step_back(self) -> bool:
        """Leave at once; a form that is not saved is asked about."""
        question = self.unsaved()
        if question:
            self.ask(Confirm(question, _("Yes, leave it")), lambda _yes: self.desk.pop_screen())
        return bool(question)


class LogScreen(PersonForm):
    """Log a contact: what they asked last comes first."""

    def __init__(self, page: PersonPage, today: date) -> None:
        super().__init__(page, log_fields(page, today), _("Log a contact"))
        self.today = today

    def wrong(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return what is wrong with the form, by field."""
        from studytui.people.vocabulary import parse_days

        found = {}
        told = ("text", "question", "step", "answered", "done")
        if not any(texts.get(key, "").strip() for key in told):
            found["text"] = _("Write a word or two, so that you know next time.")
        if texts["wait"].strip() and parse_days(texts["wait"]) is None:
            found["wait"] = _("“{text}” is no interval. Write days or weeks: 14d, 2w.").format(
                text=texts["wait"]
            )
        day = _day(texts["day"])
        if day is None:
            found["day"] = _("Write year-month-day, such as 2026-12-05.")
        elif day > self.today:
            found["day"] = _("This day is still to come; a plan belongs into “Next step”.")
        return found

    def _line(self, texts: Mapping[str, str]) -> str:
        from studytui.people.vocabulary import parse_days

        return self.study.people.line(
            texts["text"],
            day=_day(texts["day"]),
            outcome=texts["outcome"],
            answered=texts.get("answered") == "yes",
            done=texts.get("done") == "yes",
            question=texts["question"].strip(),
            step=texts["step"].strip(),
            wait=parse_days(texts["wait"]),
        )

    def effect(self, texts: Mapping[str, str]) -> str:
        """Return the page with the line about to be written, and what follows from it."""
        people, line = self.study.people, self._line(texts)
        person = people.with_contact(self.page.person, line)
        return person_page(replace(self.page, person=person, standing=people.standing(person)), line)

    def keep(self, texts: Mapping[str, str]) -> object:
        """Write the contact into the note."""
        return self.study.people.log(self.page.person, self._line(texts))


def log_fields(page: PersonPage, today: date) -> list[FormField]:
    """Return the form for a contact: what is open from last time first."""
    from studytui.people.vocabulary import OUTCOMES, shown

    person = page.person
    answers = (Choice("yes", _("yes")), Choice("no", _("not yet")))
    outcomes = tuple(Choice(key, shown(OUTCOMES, key)) for key in OUTCOMES)
    fields = []
    if person.last_question is not None:
        asked = _("They asked: “{question}” Have you answered it?").format(question=person.last_question.text)
        fields.append(FormField("answered", _("Answered?"), help=asked, choices=answers))
    fields.append(
        FormField("text", _("Talked about"), help=_("A few words; #salon says where or how it was."))
    )
    fields.append(
        FormField(
            "outcome", _("How it went"), help=_("Warm comes sooner again, annoyed later."), choices=outcomes
        )
    )
    if person.next_step:
        step = _("You wanted to: “{step}” Is it done?").format(step=person.next_step)
        fields.append(FormField("done", _("Step done?"), help=step, choices=answers))
    return [
        *fields,
        FormField("question", _("They asked"), help=_("What they asked and you still owe them.")),
        FormField("step", _("Next step"), help=_("What you will do next.")),
        FormField("wait", _("Again in"), help=_("7d, 2w … Empty: by this person's rhythm.")),
        FormField("day", _("Day"), today.isoformat(), help=_("The day of the contact.")),
    ]


class FieldsScreen(PersonForm):
    """Tie, stage, source and the two intervals of a person."""

    def __init__(self, page: PersonPage, values: Mapping[str, str]) -> None:
        super().__init__(page, person_fields(values), _("Tie, stage, intervals"))

    def wrong(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return what is wrong with the form, by field."""
        return self.study.people.wrong(texts)

    def effect(self, texts: Mapping[str, str]) -> str:
        """Return the page with the day that follows from the intervals."""
        people = self.study.people
        person = people.with_fields(self.page.person, texts)
        return person_page(replace(self.page, person=person, standing=people.standing(person)))

    def keep(self, texts: Mapping[str, str]) -> object:
        """Write the fields into the note."""
        return self.study.people.set_fields(self.page.person, texts)


def person_fields(values: Mapping[str, str]) -> list[FormField]:
    """Return the form for a person's own fields, filled with ``values``."""
    from studytui.people.vocabulary import STAGES, TIES, shown

    def words(table: Mapping[str, str]) -> tuple[Choice, ...]:
        return tuple(Choice(shown(table, key), shown(table, key)) for key in table)

    ideal = _("When to be in touch again: 14d, 2w; never for no reminder. Empty: by stage and tie.")
    return [
        FormField("tie", _("Tie"), values["tie"], _("How close are you?"), words(TIES)),
        FormField("stage", _("Stage"), values["stage"], _("Which customer stage?"), words(STAGES), own=True),
        FormField("ideal", _("Ideal"), values["ideal"], ideal),
        FormField("max", _("Longest"), values["max"], _("After how long do they forget you?")),
        FormField("role", _("Role"), values["role"], _("What do they do?")),
        FormField("company", _("Company"), values["company"], _("Where?")),
        FormField("source", _("Met through"), values["source"], _("How did you meet?")),
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
