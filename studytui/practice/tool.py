"""What a tool is, what an entry is, and the list of all tools, each loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from studytui.errors import StudyError
from studytui.i18n import _, language
from studytui.practice.fields import FIGURES, Field, FieldError, Value, find_word, folded, nearest
from studytui.practice.report import Line, Lines, Report, Tone

TOOL_IDS = (
    "project",
    "stages",
    "portrait",
    "dimensions",
    "satisfaction",
    "sources",
    "follow-up",
    "deal-summary",
    "angel-devil",
    "referral",
    "routes",
    "ties",
    "funnel",
    "misconceptions",
    "ledger",
    "win-win-win",
    "value",
    "confidence",
    "soft-article",
)
"""Every tool in the order of the articles; ``follow-up`` lives in the module follow_up, and so on."""


class Mode(StrEnum):
    """Which entries of a record count."""

    SHEET = "sheet"
    """The newest entry is the state; the earlier ones are its history."""
    LOG = "log"
    """All entries together are the state."""
    MONTHLY = "monthly"
    """A sheet for each month: what was counted in one month says nothing about the next."""


@dataclass(frozen=True)
class Entry:
    """One dated entry of a practice record; a key that is not in ``values`` is a gap.

    ``line`` is the 1-based line of the entry in its file, ``lines`` that of each field; 0 when not in a file.
    ``example`` entries show how a tool works and stop counting as soon as there is one of the learner's own.
    """

    day: date
    values: Mapping[str, Value]
    example: bool = False
    note: str = ""
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return the text of a field, "" for a gap."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def count(self, key: str) -> int | None:
        """Return the whole number of a field, None for a gap."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def amount(self, key: str) -> Decimal | None:
        """Return the exact number of a field, None for a gap."""
        value = self.values.get(key)
        return value if isinstance(value, Decimal) else None

    def yes(self, key: str) -> bool | None:
        """Return the answer of a yes-or-no field, None for a gap."""
        value = self.values.get(key)
        return value if isinstance(value, bool) else None

    def day_of(self, key: str) -> date | None:
        """Return the date of a field, None for a gap."""
        value = self.values.get(key)
        return value if isinstance(value, date) else None

    def counts(self, key: str) -> tuple[int, ...]:
        """Return the row of numbers of a field, empty for a gap."""
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()


@dataclass(frozen=True)
class Fault:
    """What is wrong with an entry and what to do; ``field`` is the key at fault, "" for the whole entry."""

    field: str
    message: str
    hint: str


@dataclass(frozen=True)
class Due:
    """Something a record asks for on a day: a self-check, a trial to close, a next step."""

    day: date
    text: str


def no_text(title: str) -> str | None:
    """Know no note; the reader that tools have when nobody gives them one."""
    return None


@dataclass(frozen=True)
class Context:
    """What a tool may know of the world: the date, and the text of a note by its title (None: none such)."""

    today: date
    read_note: Callable[[str], str | None] = no_text


def _nothing_wrong(entry: Entry, before: Sequence[Entry]) -> Iterable[Fault]:
    return ()


def _nothing_due(entries: Sequence[Entry], today: date) -> Iterable[Due]:
    return ()


@dataclass(frozen=True)
class Tool:
    """One tool: its words (msgids), its fields, and three pure functions over entries.

    ``compute`` makes the report of the entries that count, oldest first; ``check`` names what is wrong with
    an entry given those before it; ``due`` says what the record asks for and when.
    """

    id: str
    title: str
    rule: str
    help: str
    mode: Mode
    fields: tuple[Field, ...]
    compute: Callable[[Sequence[Entry], Context], Report]
    check: Callable[[Entry, Sequence[Entry]], Iterable[Fault]] = _nothing_wrong
    due: Callable[[Sequence[Entry], date], Iterable[Due]] = _nothing_due

    @property
    def name(self) -> str:
        """The title in the screen language."""
        return _(self.title)

    def field(self, key: str) -> Field:
        """Return the field ``key``."""
        return next(field for field in self.fields if field.key == key)

    def told(self, entry: Entry) -> str:
        """Return an entry in one line: its values in the order of the fields."""
        shown = (field.text(entry.values.get(field.key)) for field in self.fields)
        return " · ".join(" ".join(text.split()) for text in shown if text)

    def read(self, texts: Mapping[str, str | Sequence[str]]) -> tuple[dict[str, Value], list[Fault]]:
        """Return the values of ``texts`` by key, and a fault for each that is unknown, unreadable or missing.

        ``texts`` are what was typed, by the name of the field in either language.
        """
        values: dict[str, Value] = {}
        words = {name: find_word(self.fields, name) for name in texts}
        typed = {word.key: texts[name] for name, word in words.items() if word}
        faults = [unknown(name, self.fields) for name, word in words.items() if word is None]
        for field_ in self.fields:
            try:
                value = field_.read(typed.get(field_.key, ""))
            except FieldError as bad:
                faults.append(Fault(field_.key, bad.message, bad.hint))
                continue
            if value is not None:
                values[field_.key] = value
            elif field_.required:
                faults.append(missing(field_))
        return values, faults

    def typed(self, texts: Mapping[str, str]) -> tuple[dict[str, Value], list[Fault]]:
        """Return what a form says as `read` does, and a fault when it says nothing at all."""
        values, faults = self.read(texts)
        nothing = Fault("", _("Nothing is filled in yet."), _("Fill in at least one field, then save."))
        return values, faults if values or faults else [nothing]

    def draft(self, entries: Sequence[Entry], today: date) -> dict[str, str]:
        """Return what a form starts with: a sheet goes on from its newest entry, a log and a new month start anew.

        Of an example only the figures are taken over, never somebody else's words.
        """
        newest = counted(entries)[-1:] if self.mode is not Mode.LOG else []
        if not newest or (
            self.mode is Mode.MONTHLY and (newest[0].example or month(newest[0].day) != month(today))
        ):
            return {f.key: f.default for f in self.fields}
        kept = [f for f in self.fields if not newest[0].example or f.kind in FIGURES]
        return {f.key: "" for f in self.fields} | {f.key: f.text(newest[0].values.get(f.key)) for f in kept}

    def of_example(
        self, entries: Sequence[Entry], texts: Mapping[str, str], today: date
    ) -> tuple[Field, ...]:
        """Return the fields of a new form whose figures are still those of an example."""
        if self.mode is Mode.LOG or any(not entry.example for entry in entries):
            return ()
        taken = self.draft(entries, today)
        return tuple(f for f in self.fields if taken[f.key] and texts.get(f.key, "").strip() == taken[f.key])

    def preview(
        self,
        entries: Sequence[Entry],
        texts: Mapping[str, str],
        context: Context,
        instead: Entry | None = None,
    ) -> tuple[Report, list[Fault]]:
        """Return the report as it would be with ``texts`` saved (see `filled`), and what is wrong with them."""
        wanted, faults = self.filled(entries, texts, context.today, instead)
        return self.report(wanted, context), faults

    def filled(
        self,
        entries: Sequence[Entry],
        texts: Mapping[str, str],
        today: date,
        instead: Entry | None = None,
    ) -> tuple[list[Entry], list[Fault]]:
        """Return ``entries`` with ``texts`` as one more, or in place of ``instead``, and what is wrong with them.

        As long as something is wrong the entries stay as they are.
        """
        values, faults = self.typed(texts)
        if instead is None:
            again = self.amended(entries, today)
            others = [entry for entry in entries if entry is not again]
            # A form is about now, so it comes after every entry, even one dated ahead.
            new = Entry(max([today, *(e.day for e in entries)]), values)
            wanted, before = [*others, new], counted([*others, new])[:-1]
        else:
            new = replace(instead, values=values)
            wanted = [new if entry is instead else entry for entry in entries]
            kept = counted([entry for entry in wanted if entry.example == instead.example])
            before = kept[: next(n for n, entry in enumerate(kept) if entry is new)]
        faults = faults or list(self.check(new, before))
        return (list(entries) if faults else wanted), faults

    def amended(self, entries: Sequence[Entry], today: date) -> Entry | None:
        """Return the entry that saving a sheet again today brings up to date, None when a new one is due."""
        own = [entry for entry in entries if not entry.example and entry.day == today]
        return own[-1] if own and self.mode is not Mode.LOG else None

    def report(self, entries: Sequence[Entry], context: Context) -> Report:
        """Return the report of those of ``entries`` that count, saying so when they are examples."""
        report = self.compute(counted(entries), context)
        if not only_examples(entries):
            return report
        example = Line(_("These are example entries; they stop counting with your first own one."), Tone.GAP)
        return replace(report, blocks=(Lines("", (example,)), *report.blocks))


def unknown(name: str, fields: Sequence[Field]) -> Fault:
    """Return the fault of a name that is no field, with the one that was probably meant."""
    meant = nearest([word for field_ in fields for word in (field_.key, field_.zh)], name)
    known = _(", ").join(field_.written(language()) for field_ in fields)
    return Fault(
        name,
        _("There is no field “{name}”; it is not read.").format(name=name),
        _("Did you mean {meant}? Possible are: {known}.").format(meant=meant, known=known)
        if meant
        else _("Possible are: {known}.").format(known=known),
    )


def missing(field_: Field) -> Fault:
    """Return the fault of a required field that is empty."""
    return Fault(
        field_.key,
        _("“{field}” is missing.").format(field=field_.shown()),
        field_.question or _("Fill it in."),
    )


def counted(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that count, oldest first: one's own, or the examples while there are none."""
    own = [entry for entry in entries if not entry.example]
    return sorted(own or entries, key=lambda entry: entry.day)


def only_examples(entries: Sequence[Entry]) -> bool:
    """Say whether all there is are examples."""
    return bool(entries) and all(entry.example for entry in entries)


def newest_by(entries: Sequence[Entry], key: str) -> dict[str, Entry]:
    """Return the last entry for each text of ``key`` (compared folded), in order of first appearance."""
    newest: dict[str, Entry] = {}
    for entry in entries:
        newest[folded(entry.text(key))] = entry
    return newest


def month(day: date) -> str:
    """Return the month of a day as "2026-11"."""
    return f"{day.year:04}-{day.month:02}"


def months(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the entries by month, every month from the first to the last, those without an entry empty."""
    if not entries:
        return {}
    first, last = entries[0].day, entries[-1].day
    count = (last.year - first.year) * 12 + last.month - first.month
    numbers = (first.year * 12 + first.month - 1 + step for step in range(count + 1))
    table: dict[str, list[Entry]] = {f"{n // 12:04}-{n % 12 + 1:02}": [] for n in numbers}
    for entry in entries:
        table[month(entry.day)].append(entry)
    return table


def monthly_check(entries: Sequence[Entry], today: date, text: str) -> list[Due]:
    """Return what is due of a monthly check: this month's, once there was a first one and unless it was made."""
    started = [entry for entry in entries if not entry.example]
    done = any(month(entry.day) == month(today) for entry in started)
    return [Due(today.replace(day=1), text)] if started and not done else []


def tool(identifier: str) -> Tool:
    """Return the tool with this id; raises StudyError, naming the nearest id, when there is none."""
    if identifier not in TOOL_IDS:
        meant = nearest(TOOL_IDS, identifier)
        raise StudyError(
            _("There is no tool “{name}”.").format(name=identifier),
            _("Did you mean {meant}? The tools are: {known}.").format(meant=meant, known=", ".join(TOOL_IDS))
            if meant
            else _("The tools are: {known}.").format(known=", ".join(TOOL_IDS)),
        )
    module = importlib.import_module(f"studytui.practice.{identifier.replace('-', '_')}")
    found: Tool = module.TOOL
    return found


def tools() -> tuple[Tool, ...]:
    """Return all tools in the order of the articles."""
    return tuple(tool(identifier) for identifier in TOOL_IDS)
