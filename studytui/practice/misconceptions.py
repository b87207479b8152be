"""Seven misconceptions (article 2): a monthly self-check in which an answer without evidence is unproven.

Pushing taken for marketing; stuck on which product; stuck on which industry; the person behind the product left
out; flooding; traffic without talking; quality taken for unimportant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind
from studytui.practice.report import (
    Bar,
    Bars,
    Line,
    Report,
    Table,
    Tone,
    Trend,
    article_says,
    claim,
    number,
    ratio,
    trends,
)
from studytui.practice.tool import Context, Due, Entry, Mode, Tool, monthly_check, months


@dataclass(frozen=True)
class Misconception:
    """One of the seven, with its title and the question of the self-check (msgids)."""

    key: str
    zh: str
    title: str
    question: str


SEVEN = (
    Misconception(
        "pushing",
        "推销当营销",
        N_("Pushing taken for marketing"),
        N_("Did you talk people into buying before you knew what they need?"),
    ),
    Misconception(
        "product",
        "纠结产品",
        N_("Stuck on which product"),
        N_("Did you wait because you could not settle on a product?"),
    ),
    Misconception(
        "industry",
        "纠结行业",
        N_("Stuck on which industry"),
        N_("Did you wait because you could not settle on an industry?"),
    ),
    Misconception(
        "person",
        "不见其人",
        N_("The person left out"),
        N_("Could people see only the product, and nobody behind it?"),
    ),
    Misconception(
        "flooding",
        "刷屏",
        N_("Flooding"),
        N_("Did you post the product again and again and hope that it sells?"),
    ),
    Misconception(
        "traffic",
        "只要流量",
        N_("Traffic without talking"),
        N_("Did you look for more visitors and leave questions unanswered?"),
    ),
    Misconception(
        "quality",
        "不管好坏",
        N_("Quality taken for unimportant"),
        N_("Did you polish the wrapping and leave a known fault in the product?"),
    ),
)
FIELDS = tuple(
    field
    for m in SEVEN
    for field in (
        Field(m.key, m.zh, Kind.YES_NO, m.question),
        Field(
            f"{m.key}_evidence", f"{m.zh}的证据", Kind.TEXT, N_("What shows it? A count, a log, a message.")
        ),
    )
)


class Verdict(StrEnum):
    """What a self-check says about one misconception."""

    CAUGHT = "caught"
    CLEAR = "clear"
    UNPROVEN = "unproven"
    OPEN = "open"
    """Not answered."""


def verdict(entry: Entry, misconception: Misconception) -> Verdict:
    """Return what ``entry`` says: without evidence neither a yes nor a no counts."""
    answer = entry.yes(misconception.key)
    if answer is None:
        return Verdict.OPEN
    if not entry.text(f"{misconception.key}_evidence"):
        return Verdict.UNPROVEN
    return Verdict.CAUGHT if answer else Verdict.CLEAR


def count(entry: Entry, wanted: Verdict) -> int:
    """Return how many of the seven have this verdict."""
    return sum(verdict(entry, misconception) is wanted for misconception in SEVEN)


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the newest self-check line by line, and what was proven over the months."""
    if not entries:
        return Report(_("No self-check yet."), next_step=_("Answer the first of the seven, with evidence."))
    entry = entries[-1]
    tally = {kind: count(entry, kind) for kind in Verdict}
    return Report(
        _("{day}: {clear} not caught, {caught} caught, {unproven} unproven, {open} unanswered.").format(
            day=entry.day, **{kind.value: n for kind, n in tally.items()}
        ),
        (
            Table(
                _("Self-check"),
                ("", _("Misconception"), _("Answer"), _("Evidence")),
                tuple(_row(entry, position, m) for position, m in enumerate(SEVEN, 1)),
            ),
            _verdicts(tally),
            *_trend(entries),
            article_says(
                claim(_("Flooding is the deadliest of the seven [claim]; some exposure helps a deal.")),
                Line(_("Pushing starts from the firm, marketing from the customer.")),
            ),
        ),
        warnings=tuple(
            _("Caught: {title}. {evidence}").format(
                title=_(m.title), evidence=entry.text(f"{m.key}_evidence")
            )
            for m in SEVEN
            if verdict(entry, m) is Verdict.CAUGHT
        ),
        next_step=_next_step(entry),
        figures={
            **{m.key: verdict(entry, m).value for m in SEVEN},
            "count": {kind.value: n for kind, n in tally.items()},
        },
    )


_TONES = {
    Verdict.CAUGHT: Tone.WARN,
    Verdict.CLEAR: Tone.GOOD,
    Verdict.UNPROVEN: Tone.GAP,
    Verdict.OPEN: Tone.GAP,
}


def _verdicts(tally: Mapping[Verdict, int]) -> Bars:
    return Bars(
        _("Verdicts"),
        tuple(
            Bar(_verdict_name(kind), ratio(n, len(SEVEN)), str(n), _TONES[kind]) for kind, n in tally.items()
        ),
    )


def _trend(entries: Sequence[Entry]) -> tuple[Trend, ...]:
    """Return how many of the seven were clear with evidence, month by month, by each month's last check."""
    table = months(entries)
    clear = [float(count(own[-1], Verdict.CLEAR)) if own else None for own in table.values()]
    return trends(_("Not caught, with evidence"), list(table), clear, number)


def _verdict_name(kind: Verdict) -> str:
    names = {
        Verdict.CAUGHT: _("caught"),
        Verdict.CLEAR: _("not caught"),
        Verdict.UNPROVEN: _("unproven"),
        Verdict.OPEN: _("unanswered"),
    }
    return names[kind]


def _row(entry: Entry, position: int, misconception: Misconception) -> tuple[str, ...]:
    evidence = entry.text(f"{misconception.key}_evidence")
    return (
        str(position),
        _(misconception.title),
        _verdict_name(verdict(entry, misconception)),
        evidence or "–",
    )


def _next_step(entry: Entry) -> str:
    for m in SEVEN:
        if verdict(entry, m) is Verdict.CAUGHT:
            return _("Change one thing this month: {title}.").format(title=_(m.title))
    for m in SEVEN:
        if verdict(entry, m) is Verdict.UNPROVEN:
            return _("Find evidence: {title}.").format(title=_(m.title))
    for m in SEVEN:
        if verdict(entry, m) is Verdict.OPEN:
            return _("Answer the next one: {title}.").format(title=_(m.title))
    return _("None of the seven, with evidence. See you next month.")


def due(entries: Sequence[Entry], today: date) -> Sequence[Due]:
    """Ask for the self-check once a month."""
    return monthly_check(entries, today, _("The misconceptions self-check of this month"))


TOOL = Tool(
    id="misconceptions",
    title=N_("Misconceptions self-check"),
    rule=N_("Seven beliefs feel like work and keep you from it; only evidence says whether one is yours."),
    help=N_("Answer yes or no once a month, each with evidence. Without it the answer counts as unproven."),
    mode=Mode.MONTHLY,
    fields=FIELDS,
    compute=compute,
    due=due,
)
