"""Follow-up (article 1): log every contact, answer the question of last time first, give a plan of use for free,
train a little, speak to the person who decides, and agree on the next step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from studytui.i18n import N_, _, ngettext
from studytui.practice.fields import Field, Kind, Word, folded
from studytui.practice.report import Line, Lines, Report, Table, Tone, article_says, claim
from studytui.practice.tool import Context, Due, Entry, Fault, Mode, Tool

CONTACTS = (
    Word("message", "消息"),
    Word("call", "电话"),
    Word("visit", "拜访"),
    Word("event", "活动"),
    Word("plan", "方案"),
    Word("training", "培训"),
)

FIELDS = (
    Field("person", "客户", Kind.TEXT, N_("Whom were you in touch with?"), True),
    Field(
        "contact",
        "方式",
        Kind.CHOICE,
        N_("How? A free plan and a training count as contacts too."),
        True,
        CONTACTS,
    ),
    Field("answer", "回答", Kind.TEXT, N_("What did you answer to the question of last time?")),
    Field("question", "问题", Kind.TEXT, N_("What did they ask this time that is still open?")),
    Field("decider", "能拍板", Kind.YES_NO, N_("Did you speak to the person who decides?")),
    Field("next", "下一步", Kind.TEXT, N_("What is the next step?")),
    Field("next_date", "下一步日期", Kind.DAY, N_("On which day?")),
)


@dataclass(frozen=True)
class Thread:
    """All that happened with one person: the open question, the steps done, the next one."""

    person: str
    contacts: int
    last: date
    question: str
    """The last question, "" when it was answered."""
    asked: date | None
    kinds: frozenset[str]
    decider: bool
    next_step: str
    next_date: date | None


def threads(entries: Sequence[Entry]) -> list[Thread]:
    """Return one thread a person: open questions first, then by the day of the next step."""
    by_person: dict[str, list[Entry]] = {}
    for entry in entries:
        by_person.setdefault(folded(entry.text("person")), []).append(entry)
    found = [_thread(own) for own in by_person.values()]
    return sorted(found, key=lambda t: (not t.question, t.next_date or date.max, t.last))


def _thread(entries: Sequence[Entry]) -> Thread:
    question, asked = "", None
    for entry in entries:
        # An answer closes what was open before; a question in the same entry is a new one.
        if entry.text("answer"):
            question, asked = "", None
        if entry.text("question"):
            question, asked = entry.text("question"), entry.day
    newest = entries[-1]
    return Thread(
        newest.text("person"),
        len(entries),
        newest.day,
        question,
        asked,
        frozenset(entry.text("contact") for entry in entries),
        any(entry.yes("decider") for entry in entries),
        newest.text("next"),
        newest.day_of("next_date"),
    )


def check(entry: Entry, before: Sequence[Entry]) -> Iterable[Fault]:
    """Refuse a day without a step, and a next step in the past of its own contact."""
    day = entry.day_of("next_date")
    if day is not None and not entry.text("next"):
        yield Fault(
            "next_date",
            _("There is a day for the next step, but no step."),
            _("Write what you will do on that day."),
        )
    elif day is not None and day < entry.day:
        yield Fault(
            "next_date",
            _("The next step ({next}) lies before the contact itself ({day}).").format(
                next=day, day=entry.day
            ),
            _("Check both dates."),
        )


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the open questions first, then the next steps, then what each thread still lacks."""
    found = threads(entries)
    if not found:
        return Report(_("No contact logged yet."), next_step=_("Log the last talk you had with a customer."))
    open_questions = [thread for thread in found if thread.question]
    overdue = [t for t in found if t.next_date is not None and t.next_date < context.today]
    return Report(
        ngettext(
            "{n} person; open questions: {open}.", "{n} people; open questions: {open}.", len(found)
        ).format(n=len(found), open=len(open_questions)),
        (
            Lines(
                _("Answer first"),
                tuple(_question(thread) for thread in open_questions)
                or (Line(_("No question is open."), Tone.GOOD),),
            ),
            _plans(found),
            _steps(found),
            _latest(entries),
            article_says(
                claim(
                    _(
                        "Two thirds of the customers who leave do so because they felt too little care [claim]."
                    )
                ),
                Line(_("Customers ask what it does for them, not how much you did.")),
            ),
        ),
        warnings=tuple(
            _("{person}: the next step was planned for {day}.").format(person=t.person, day=t.next_date)
            for t in overdue
        ),
        next_step=_next_step(found),
        figures={"people": len(found), "open_questions": len(open_questions), "overdue": len(overdue)},
    )


def _question(thread: Thread) -> Line:
    return Line(
        _("{person}: “{question}” ({day})").format(
            person=thread.person, question=thread.question, day=thread.asked
        ),
        Tone.WARN,
    )


def _plans(found: Sequence[Thread]) -> Table:
    return Table(
        _("Next steps"),
        (_("Date"), _("Who"), _("Next step")),
        tuple((t.next_date.isoformat() if t.next_date else "–", t.person, t.next_step or "–") for t in found),
    )


def _steps(found: Sequence[Thread]) -> Table:
    """Return which of the article's steps each person has had: second contact, free plan, training, decider."""
    return Table(
        _("Steps of care"),
        (_("Who"), _("Times in touch"), _("Free plan"), _("Training"), _("Decider")),
        tuple(
            (
                t.person,
                str(t.contacts),
                _tick("plan" in t.kinds),
                _tick("training" in t.kinds),
                _tick(t.decider),
            )
            for t in found
        ),
        frozenset({1}),
    )


def _tick(done: bool) -> str:
    return _("yes") if done else "–"


def _latest(entries: Sequence[Entry]) -> Table:
    names = {word.key: word.shown() for word in CONTACTS}
    return Table(
        _("Latest contacts"),
        (_("Date"), _("Who"), _("Contact by"), _("Answer"), _("Question")),
        tuple(
            (
                e.day.isoformat(),
                e.text("person"),
                names[e.text("contact")],
                e.text("answer"),
                e.text("question"),
            )
            for e in reversed(entries[-8:])
        ),
    )


def _next_step(found: Sequence[Thread]) -> str:
    first = found[0]
    if first.question:
        return _("Find the answer for {person}, and open with it.").format(person=first.person)
    if first.next_step:
        return _("{person}: {step}").format(person=first.person, step=first.next_step)
    return _("Agree on a next step with {person}.").format(person=first.person)


def due(entries: Sequence[Entry], today: date) -> Iterable[Due]:
    """Ask for each person's next step on its day."""
    for thread in threads(entries):
        if thread.next_date is not None:
            yield Due(
                thread.next_date, _("{person}: {step}").format(person=thread.person, step=thread.next_step)
            )


TOOL = Tool(
    id="follow-up",
    title=N_("Follow-up log"),
    rule=N_("Answer what was asked last time before you talk about anything else."),
    help=N_("One entry a contact. Put the open question in “question”; the next entry's “answer” closes it."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
    check=check,
    due=due,
)
