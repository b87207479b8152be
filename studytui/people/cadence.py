"""When to be in touch again (article 1): too often annoys, too long is forgotten.

Two numbers bound the rhythm, the ideal and the longest interval, both in days from the last *logged* contact.
The article asks to judge a rhythm for each customer and names no numbers; the defaults below are studytui's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from studytui.i18n import N_, _
from studytui.people.contact_line import Contact
from studytui.people.contacts import Person
from studytui.people.note_text import Problem, front_line, note_lines
from studytui.people.vocabulary import STAGES, STATES, TIES, find_word, folded, parse_days, shown

State = Literal["fading", "due", "right", "too early", "new", "off"]
"""In the order in which they want attention; "new" has no contact yet, "off" wants no reminder."""

_ORDER = tuple(STATES)


@dataclass(frozen=True)
class Rhythm:
    """The ideal and the longest interval between two contacts, in days; ``max`` is never below ``ideal``."""

    ideal: int
    max: int


@dataclass(frozen=True)
class Rules:
    """Rhythms by tag, by stage, by tie, and for everybody else; keys are folded words and the known keys."""

    tags: Mapping[str, Rhythm] = field(default_factory=dict)
    stages: Mapping[str, Rhythm] = field(default_factory=dict)
    ties: Mapping[str, Rhythm] = field(default_factory=dict)
    everybody: Rhythm = Rhythm(30, 90)


# Close to a deal questions go cold within days; later the other end grows: what annoys is being called without
# need.  Weak ties forget first, strong ones last.
DEFAULTS = Rules(
    stages={
        "imagined": Rhythm(21, 60),
        "expected": Rhythm(4, 10),
        "first-purchase": Rhythm(7, 21),
        "repeat": Rhythm(21, 40),
        "long-term": Rhythm(30, 60),
        "advocate": Rhythm(30, 60),
        "strategic": Rhythm(21, 45),
        "partner": Rhythm(14, 30),
    },
    ties={"strong": Rhythm(45, 120), "medium": Rhythm(30, 90), "weak": Rhythm(21, 60)},
)


@dataclass(frozen=True)
class Standing:
    """Where one person stands on a day.

    ``due`` is ``last`` + ``ideal`` days, and the state is "fading" on every day after ``fades_after``; all are
    None before the first contact and when no reminder is wanted.  ``ideal`` is the interval that counts now,
    ``origin`` says where it comes from: "wait" (the last contact's ``>7d``), "earlier" (the date from an earlier
    contact still holds), "person", "tag", "stage", "tie" or "everybody"; ``word`` is the tag, stage or tie.
    ``lateness`` is the time since ``due`` in ideal intervals, negative before it.
    """

    state: State
    ideal: int
    max: int
    origin: str
    word: str = ""
    last: date | None = None
    due: date | None = None
    fades_after: date | None = None
    outcome: str = ""
    lateness: float = 0.0

    @property
    def wants_contact(self) -> bool:
        """Whether today's queue should hold this person."""
        return self.state in ("due", "fading")


def rhythm(person: Person, rules: Rules = DEFAULTS) -> tuple[Rhythm, str, str]:
    """Return the person's rhythm, where it comes from, and the tag, stage or tie that gave it.

    The person's own numbers come before a rule for a tag, that before the stage, the tie, and everybody's.
    """
    base, origin, word = _rule(person, rules)
    if person.ideal is None and person.max is None:
        return base, origin, word
    ideal = person.ideal or min(base.ideal, person.max or base.ideal)
    longest = person.max or (base.max if base.max > ideal else 2 * ideal)
    return Rhythm(ideal, max(ideal, longest)), "person", ""


def _rule(person: Person, rules: Rules) -> tuple[Rhythm, str, str]:
    for tag in person.tags:
        if found := rules.tags.get(folded(tag)):
            return found, "tag", tag
    stage = person.stage if person.stage in STAGES else folded(person.stage)
    if found := rules.stages.get(stage):
        return found, "stage", person.stage
    if found := rules.ties.get(person.tie):
        return found, "tie", person.tie
    return rules.everybody, "everybody", ""


def adjusted(base: Rhythm, outcome: str) -> int:
    """Return the interval after a contact that went so: a quarter sooner when warm, half longer when annoyed.

    Never below one day, never beyond the longest interval.
    """
    if outcome == "warm":
        return max(1, base.ideal - base.ideal // 4)
    if outcome == "annoyed":
        return max(base.ideal, min(base.max, (3 * base.ideal + 1) // 2))
    return base.ideal


def due_date(contacts: Iterable[Contact], base: Rhythm) -> date | None:
    """Return when the next contact is due after ``contacts`` (in order of their days), None before the first.

    A contact never brings the next one nearer: being in touch early, or a warm talk while a longer wait runs,
    leaves the later date.  Only a wait that the learner writes down (``>7d``) does, as it is a decision.
    """
    due: date | None = None
    for contact in contacts:
        if contact.wait is not None:
            due = contact.day + timedelta(contact.wait)
        else:
            own = contact.day + timedelta(adjusted(base, contact.outcome))
            due = own if due is None else max(due, own)
    return due


def standing(person: Person, today: date, rules: Rules = DEFAULTS) -> Standing:
    """Return where ``person`` stands on ``today``; contacts in the future do not count yet."""
    base, origin, word = rhythm(person, rules)
    logged = [contact for contact in person.contacts if contact.day <= today]
    due = due_date(logged, base)
    if due is None or not person.remind:
        last_day = logged[-1].day if logged else None
        return Standing("new" if person.remind else "off", base.ideal, base.max, origin, word, last_day)
    last = logged[-1]
    ideal = (due - last.day).days
    longest = max(ideal, base.max)
    fades_after = last.day + timedelta(longest)
    if last.wait is not None:
        origin, word = "wait", ""
    elif ideal != adjusted(base, last.outcome):
        origin, word = "earlier", ""
    return Standing(
        state=_state(today, due, ideal, fades_after),
        ideal=ideal,
        max=longest,
        origin=origin,
        word=word,
        last=last.day,
        due=due,
        fades_after=fades_after,
        outcome=last.outcome or "neutral",
        lateness=(today - due).days / ideal,
    )


def _state(today: date, due: date, ideal: int, fades_after: date) -> State:
    if today > fades_after:
        return "fading"
    if today >= due:
        return "due"
    # In the last quarter before the day a contact does no harm; on the day of a contact it is always too early.
    lead = min(max(1, ideal // 4), ideal - 1)
    return "right" if today >= due - timedelta(lead) else "too early"


def roster(people: Iterable[Person], today: date, rules: Rules = DEFAULTS) -> list[tuple[Person, Standing]]:
    """Return everybody with their standing: what wants attention first, then the latest in their own pace."""
    found = [(person, standing(person, today, rules)) for person in people]
    return sorted(found, key=lambda item: (_ORDER.index(item[1].state), -item[1].lateness, item[0].name))


def problems(person: Person, today: date) -> list[Problem]:
    """Return what in the person's note needs mending, contacts dated after ``today`` included."""
    ahead = (contact for contact in person.contacts if contact.day > today)
    return [
        *person.problems,
        *(Problem(person.path, c.line, _AHEAD, _CHECK_DAY, c.day.isoformat()) for c in ahead),
    ]


def state_label(state: State, lang: str | None = None) -> str:
    """Return the state's name in ``lang`` or the screen language."""
    return shown(STATES, state, lang)


def describe(found: Standing) -> str:
    """Return in one sentence why somebody is due when they are."""
    if found.state == "off":
        return _("No reminder: the note says ideal: never.")
    if found.last is None or found.due is None:
        return _("No contact logged yet; the first one starts the rhythm.")
    return _("Last contact {last}, due {due}, fading after {fades}: {reason}.").format(
        last=found.last, due=found.due, fades=found.fades_after, reason=_reason(found)
    )


def _reason(found: Standing) -> str:
    reasons = {
        "wait": _("{ideal} days, as you wrote"),
        "earlier": _("the date set by an earlier contact still holds"),
        "person": _("{ideal} days, this person's own interval"),
        "tag": _("{ideal} days, from the tag {word}"),
        "stage": _("{ideal} days, from the stage {word}"),
        "tie": _("{ideal} days, from the tie {word}"),
        "everybody": _("{ideal} days, as for everybody"),
    }
    words = {"stage": shown(STAGES, found.word), "tie": shown(TIES, found.word)}
    text = reasons[found.origin].format(ideal=found.ideal, word=words.get(found.origin, found.word))
    if found.origin in ("wait", "earlier"):
        return text
    if found.outcome == "annoyed":
        return _("{reason}, longer because they were annoyed").format(reason=text)
    return (
        _("{reason}, sooner because they were warm").format(reason=text) if found.outcome == "warm" else text
    )


# --- the learner's own rules --------------------------------------------------------------------------------


def parse_rules(path: str, front: Mapping[str, Any], text: str) -> tuple[Rules, list[Problem]]:
    """Return the rules in a note of ``kind: cadence``, and what in it could not be read.

    Its front matter holds ``tags:``, ``stages:`` and ``ties:`` with lines such as ``mentor: 30d 90d`` (ideal and
    longest; the longest alone defaults to twice the ideal), and ``everybody: 30d 90d``.  What it leaves out keeps
    the defaults.
    """
    lines = note_lines(text)
    found_problems: list[Problem] = []

    def read(key: str, value: object) -> Rhythm | None:
        found = _rhythm(value)
        if found is None:
            found_problems.append(
                Problem(path, _line_of(lines, key), _ODD_RHYTHM, _WRITE_RHYTHM, f"{key}: {value}")
            )
        return found

    def table(name: str, words: Mapping[str, str]) -> dict[str, Rhythm]:
        given = front.get(name)
        if given is not None and not isinstance(given, Mapping):
            found_problems.append(Problem(path, front_line(lines, name), _ODD_TABLE, _WRITE_TABLE, name))
        pairs = given.items() if isinstance(given, Mapping) else ()
        found = (
            (find_word(words, str(k)) or folded(str(k).lstrip("#＃")), read(str(k), v)) for k, v in pairs
        )
        return {key: value for key, value in found if value is not None}

    everybody = read("everybody", front["everybody"]) if front.get("everybody") else None
    rules = Rules(
        tags={**DEFAULTS.tags, **table("tags", {})},
        stages={**DEFAULTS.stages, **table("stages", STAGES)},
        ties={**DEFAULTS.ties, **table("ties", TIES)},
        everybody=everybody or DEFAULTS.everybody,
    )
    return rules, found_problems


def _rhythm(value: object) -> Rhythm | None:
    """Return the rhythm of ``30d 90d``, ``30 / 90``, ``[30, 90]`` or ``30d`` alone."""
    parts = value if isinstance(value, list) else str(value).replace("/", " ").replace(",", " ").split()
    days = [parse_days(part) for part in parts]
    if not 1 <= len(days) <= 2 or days[0] is None or days[-1] is None or days[-1] < days[0]:
        return None
    return Rhythm(days[0], days[1] if len(days) == 2 and days[1] else 2 * days[0])


def _line_of(lines: list[str], key: str) -> int:
    found = (number for number, line in enumerate(lines, 1) if line.strip(" '\"").startswith(key))
    return next(found, 1)


_AHEAD = N_("The contact on {detail} lies in the future, so it does not count yet.")
_CHECK_DAY = N_("Check the day; a plan belongs behind an arrow: -> call on Friday")
_ODD_RHYTHM = N_("“{detail}” is no rhythm, so the usual one counts.")
_WRITE_RHYTHM = N_("Write the ideal and the longest interval, such as 30d 90d.")
_ODD_TABLE = N_("“{detail}” holds no list of rhythms.")
_WRITE_TABLE = N_("Write one indented line for each word below it, such as: mentor: 30d 90d")
