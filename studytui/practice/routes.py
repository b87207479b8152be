"""Routes A and B (article 2): product → traffic → deal, or traffic → product → deal.

The article calls neither better; which suits you shows in trials with logged numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind, Word
from studytui.practice.report import (
    Bar,
    Bars,
    Line,
    Report,
    Table,
    article_says,
    number,
    percent,
    ratio,
    remark,
)
from studytui.practice.tool import Context, Due, Entry, Fault, Mode, Tool, newest_by

ROUTES = (Word("A", "A"), Word("B", "B"))

FIELDS = (
    Field("trial", "试验", Kind.TEXT, N_("A name for the trial: what, where."), True),
    Field("route", "路线", Kind.CHOICE, N_("A: product first. B: people first."), True, ROUTES),
    Field("until", "截止日期", Kind.DAY, N_("On which day do you close it?")),
    Field("visitors", "流量", Kind.COUNT, N_("How many people saw it? Leave it empty until you can count.")),
    Field("deals", "成交数", Kind.COUNT, N_("How many bought?")),
    Field("hours", "工时", Kind.AMOUNT, N_("How many hours went into it?")),
    Field(
        "logged_in", "数据出处", Kind.TEXT, N_("Where are the numbers logged? Shop statistics, order book …")
    ),
)
_BY_KEY = {field.key: field for field in FIELDS}
FIGURES = ("visitors", "deals", "hours")
_Z95 = 1.959964


@dataclass(frozen=True)
class Side:
    """The closed trials of one route together."""

    trials: int
    visitors: int
    deals: int
    hours: Decimal | None

    @property
    def rate(self) -> float | None:
        """Deals per visitor."""
        return ratio(self.deals, self.visitors)


def wilson(deals: int, visitors: int) -> tuple[float, float] | None:
    """Return the 95 % score interval of a rate (Wilson 1927), None without visitors."""
    if not visitors:
        return None
    share, z2 = deals / visitors, _Z95 * _Z95
    middle = share + z2 / (2 * visitors)
    spread = _Z95 * math.sqrt(share * (1 - share) / visitors + z2 / (4 * visitors * visitors))
    scale = 1 + z2 / visitors
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def closed(entry: Entry) -> bool:
    """Say whether a trial has its two counts."""
    return entry.count("visitors") is not None and entry.count("deals") is not None


def side(entries: Iterable[Entry], route: str) -> Side:
    """Return the sums of one route's closed trials; hours only when every trial logged them."""
    own = [entry for entry in entries if entry.text("route") == route and closed(entry)]
    hours = [hours for entry in own if (hours := entry.amount("hours")) is not None]
    return Side(
        len(own),
        sum(entry.count("visitors") or 0 for entry in own),
        sum(entry.count("deals") or 0 for entry in own),
        sum(hours, Decimal()) if own and len(hours) == len(own) else None,
    )


def check(entry: Entry, before: Sequence[Entry]) -> Iterable[Fault]:
    """Refuse more deals than visitors, and figures that are logged nowhere."""
    visitors, deals = entry.count("visitors"), entry.count("deals")
    if visitors is not None and deals is not None and deals > visitors:
        yield Fault(
            "deals",
            _("“{part}” ({few}) exceeds “{whole}” ({many}).").format(
                part=_BY_KEY["deals"].shown(), few=deals, whole=_BY_KEY["visitors"].shown(), many=visitors
            ),
            _("A part cannot be more than the whole: check both numbers."),
        )
    if any(key in entry.values for key in FIGURES) and not entry.text("logged_in"):
        yield Fault(
            "logged_in",
            _("“{trial}” has figures, but nothing says where they are logged.").format(
                trial=entry.text("trial")
            ),
            _("Name the place where you read them. A guess does not go in."),
        )


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the two routes side by side, their trials, and how far chance alone could explain the difference."""
    newest = list(newest_by(entries, "trial").values())
    if not newest:
        return Report(_("No trial yet."), next_step=_("Start one small trial of either route."))
    a, b = (side(newest, word.key) for word in ROUTES)
    return Report(
        _("Route A {a}, route B {b} of the visitors bought.").format(
            a=percent(a.rate, 2), b=percent(b.rate, 2)
        ),
        (
            _comparison(a, b),
            _rates(a, b),
            _trials(newest),
            remark(_verdict(a, b)),
            article_says(Line(_("It calls neither route better: the one that suits you is."))),
        ),
        warnings=tuple(_overdue(newest, context.today)),
        next_step=_next_step(a, b),
        figures={
            "a": _figures(a),
            "b": _figures(b),
            "running": sum(not closed(entry) for entry in newest),
        },
    )


def _figures(s: Side) -> dict[str, object]:
    return {"trials": s.trials, "visitors": s.visitors, "deals": s.deals, "rate": s.rate, "hours": s.hours}


def _overdue(newest: Sequence[Entry], today: date) -> Iterable[str]:
    for due_ in due(newest, today):
        if due_.day < today:
            yield _("{what}: its day was {day}.").format(what=due_.text, day=due_.day)


def _rates(a: Side, b: Side) -> Bars:
    best = max(a.rate or 0, b.rate or 0)
    return Bars(
        _("Deals per visitor"),
        tuple(
            Bar(word.shown(), ratio(s.rate, best), percent(s.rate, 2))
            for word, s in zip(ROUTES, (a, b), strict=True)
        ),
    )


def _comparison(a: Side, b: Side) -> Table:
    return Table(
        _("Side by side"),
        ("", _("A: product → traffic → deal"), _("B: traffic → product → deal")),
        (
            (_("Trials closed"), str(a.trials), str(b.trials)),
            (_("Visitors"), str(a.visitors), str(b.visitors)),
            (_("Deals"), str(a.deals), str(b.deals)),
            (_("Deals per visitor"), percent(a.rate, 2), percent(b.rate, 2)),
            (_("Likely range (95 %)"), _range(a), _range(b)),
            (_("Hours"), number(a.hours), number(b.hours)),
            (_("Deals per hour"), number(ratio(a.deals, a.hours)), number(ratio(b.deals, b.hours))),
        ),
        frozenset({1, 2}),
    )


def _range(s: Side) -> str:
    limits = wilson(s.deals, s.visitors)
    return f"{percent(limits[0])} … {percent(limits[1])}" if limits else "–"


def _trials(newest: Sequence[Entry]) -> Table:
    names = {word.key: word.shown() for word in ROUTES}
    return Table(
        _("Trials"),
        (_("Trial"), _("Route"), _("Visitors"), _("Deals"), _("Rate"), _("Logged in")),
        tuple(
            (
                e.text("trial"),
                names[e.text("route")],
                number(e.count("visitors")),
                number(e.count("deals")),
                percent(ratio(e.count("deals"), e.count("visitors")), 2),
                e.text("logged_in") or "–",
            )
            for e in newest
        ),
        frozenset({2, 3, 4}),
    )


def _verdict(a: Side, b: Side) -> str:
    """Return what the numbers allow to be said; overlapping ranges allow nothing yet."""
    if not a.trials or not b.trials:
        return _("One route has no closed trial yet, so there is nothing to compare.")
    if a.trials == 1 or b.trials == 1:
        return _("One trial proves little: log another one of each.")
    range_a, range_b = wilson(a.deals, a.visitors), wilson(b.deals, b.visitors)
    if range_a is None or range_b is None or (range_a[0] <= range_b[1] and range_b[0] <= range_a[1]):
        return _("The likely ranges overlap: chance alone could explain the difference.")
    better = ROUTES[0] if range_a[0] > range_b[1] else ROUTES[1]
    return _("Route {route} sold to a larger share of its visitors so far.").format(route=better.shown())


def _next_step(a: Side, b: Side) -> str:
    if a.trials <= b.trials:
        return _("Log the next small trial of route A, with the same columns.")
    return _("Log the next small trial of route B, with the same columns.")


def due(entries: Sequence[Entry], today: date) -> Iterable[Due]:
    """Ask for the numbers of a running trial on its closing day."""
    for entry in newest_by(entries, "trial").values():
        end = entry.day_of("until")
        if end is not None and not closed(entry):
            yield Due(end, _("Close the trial “{trial}”").format(trial=entry.text("trial")))


TOOL = Tool(
    id="routes",
    title=N_("Routes A/B trials"),
    rule=N_("Product first or people first: try both, and compare logged numbers only."),
    help=N_("Each entry is the newest state of one trial. Numbers need the place where they are logged."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
    check=check,
    due=due,
)
