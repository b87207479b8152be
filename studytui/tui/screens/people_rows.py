"""What the People room shows, as rows and pages: no widgets, no commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studytui.i18n import _
from studytui.text import clean_line
from studytui.tui.widgets.rows import Row

if TYPE_CHECKING:
    from studytui.joins.people import PersonPage, Roster
    from studytui.people.cadence import Standing
    from studytui.people.contact_line import Contact
    from studytui.people.contacts import Person
    from studytui.people.events import EventNote, Phase

PERSON, EVENT = "person:", "event:"
# A state is told by its glyph and its word; the colour only repeats it.
GLYPHS = {"fading": "!", "due": "●", "right": "○", "too early": "·", "new": "+", "off": "-"}
LOOKS = {"fading": "bad", "due": "warning", "right": "good", "new": "strong", "off": "muted"}
_EVENT_GLYPHS = {"ask": "!", "prepare": "●", "ready": "○", "done": "·", "undated": "?"}
_EVENT_LOOKS = {"ask": "warning", "prepare": "warning", "done": "muted"}


def roster_rows(roster: Roster) -> list[Row]:
    """Return everybody, who wants attention first, then the events, then what cannot be read."""
    rows = [_person_row(person, standing) for person, standing in roster.people]
    if roster.events:
        rows.append(Row("", (_("Events"),), "heading"))
        rows += [_event_row(event, phase) for event, phase in roster.events]
    if roster.problems:
        rows.append(Row("", (_("To mend"),), "heading"))
        rows += [Row("", (problem,), "warning") for problem in roster.problems]
    return rows


def _person_row(person: Person, standing: Standing) -> Row:
    from studytui.people.cadence import state_label

    state = standing.state
    cells = (GLYPHS[state], state_label(state), person.name)
    return Row(PERSON + person.path, cells, LOOKS.get(state, ""), detail=opening(person) or work(person))


def opening(person: Person) -> str:
    """Return what to open the next contact with: their last question, else the next step."""
    if person.last_question is not None:
        return "? " + person.last_question.text
    return "→ " + person.next_step if person.next_step else ""


def work(person: Person) -> str:
    """Return role and company."""
    return " @ ".join(filter(None, (person.role, person.company)))


def _event_row(event: EventNote, phase: Phase) -> Row:
    from studytui.people.events import phase_label

    day = event.day.isoformat() if event.day else ""
    detail = " · ".join(filter(None, (phase_label(phase), event.place)))
    look = _EVENT_LOOKS.get(phase, "")
    return Row(EVENT + event.path, (_EVENT_GLYPHS[phase], day, event.title), look, detail=detail)


def person_page(page: PersonPage, planned: str = "") -> str:
    """Return a person's page as Markdown, their open question on top; ``planned`` is a line about to be written."""
    return "\n\n".join(_person_parts(page, planned)) + "\n"


def _person_parts(page: PersonPage, planned: str) -> Iterator[str]:
    from studytui.people.cadence import describe, state_label

    person, standing = page.person, page.standing
    yield f"# {plain(person.name)}"
    for number, question in enumerate(person.pending):
        if number == 0:
            yield "## " + _("Answer first")
        asked = _("asked {day}").format(day=question.asked.isoformat())
        yield f"> **{plain(question.text)}** – {plain(asked)}"
    state = f"{GLYPHS[standing.state]} {state_label(standing.state)}"
    yield f"**{plain(state)}** – {plain(describe(standing))}"
    if planned:
        yield f"{plain(_('This line will be written:'))}\n\n> {plain(planned)}"
    if person.next_step:
        yield plain(_("Next step: {step}").format(step=person.next_step))
    if facts := _facts(person):
        yield plain(facts)
    if page.matches:
        yield "## " + _("Your questions they could answer")
        yield "\n".join(f"- [[{m.question.title}]] – {plain(_('; ').join(m.reasons))}" for m in page.matches)
    if person.asks:
        yield "## " + _("What I could ask them")
        yield "\n".join(f"- {plain(ask)}" for ask in person.asks)
    yield "## " + _("Contacts")
    yield "\n".join(map(_contact, reversed(person.contacts))) or plain(_("None yet; c logs the first."))
    if page.met_at:
        yield "## " + _("Met at")
        yield "\n".join(f"- [[{event.title}]]" for event in page.met_at)
    if page.problems:
        yield "## " + _("To mend")
        yield "\n".join(f"- {plain(problem)}" for problem in page.problems)


def _facts(person: Person) -> str:
    from studytui.people.vocabulary import STAGES, TIES, shown

    facts = [work(person)]
    if person.tie:
        facts.append(_("tie: {word}").format(word=shown(TIES, person.tie)))
    if person.stage:
        facts.append(_("stage: {word}").format(word=shown(STAGES, person.stage)))
    if person.source:
        facts.append(_("met through: {word}").format(word=person.source))
    return " · ".join([*filter(None, facts), *(f"#{tag}" for tag in person.tags)])


def _contact(contact: Contact) -> str:
    """Return a contact as a list line: the day, then what was written."""
    day, rest = contact.day.isoformat(), contact.source
    told = rest.removeprefix(day).lstrip(" :：") or _("(nothing written)")
    lines = [f"- **{day}** {plain(told)}"]
    return "\n".join([*lines, *(f"  {plain(line)}" for line in contact.details.split("\n") if line)])


def event_page(event: EventNote, phase: Phase) -> str:
    """Return an event's page as Markdown: what it asks for, the questions, whom you met."""
    from studytui.people.events import QUESTIONS_WANTED, phase_label

    when = event.day.isoformat() if event.day else _("no date yet")
    parts = [f"# {plain(event.title)}", plain(" · ".join(filter(None, (when, event.place))))]
    if event.url:
        parts.append(f"<{event.url}>")
    parts.append(f"**{plain(f'{_EVENT_GLYPHS[phase]} {phase_label(phase)}')}**")
    if phase == "prepare":
        parts.append(plain(_("c writes down a question; three make a good evening.")))
    if phase == "ask":
        parts.append(plain(_("c notes one person after the other; each becomes a page here.")))
    parts.append("## " + _("Questions I bring along"))
    asked = [*event.questions, *[""] * (QUESTIONS_WANTED - len(event.questions))]
    parts.append("\n".join(f"{n}. {plain(question) or '…'}" for n, question in enumerate(asked, 1)))
    parts.append("## " + _("Whom I met"))
    met = [f"- [[{one.note}]]" if one.note else f"- {plain(one.text)}" for one in event.met]
    parts.append("\n".join(met) or plain(_("Nobody noted yet.")))
    parts += [f"- ! {plain(str(problem))}" for problem in event.problems]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Escape what Markdown would take for formatting."""
    return "".join("\\" + c if c in r"\`*_{}[]()#+-.!<>|~" else c for c in clean_line(text, 4000))


def nobody() -> str:
    return _(
        "People who do the job: whom you met, what they asked, when to be in touch again.\n"
        "a adds somebody from one line.\n"
        "For example: Rosa Chen, ads manager@TeaCo #salon talked about bids >2w"
    )
