"""Seven satisfaction indicators (article 1): reputation, brand awareness, return rate, complaint rate, amount per
transaction, price sensitivity, exit rate of other people.

The article lists them without formulas and leaves open who the "other people" are.  Where the field has a usual
formula it is used here; what was not counted stays a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind, Value
from studytui.practice.report import (
    Line,
    Lines,
    Report,
    Table,
    article_says,
    claim,
    named,
    number,
    percent,
    trends,
)
from studytui.practice.tool import Context, Due, Entry, Fault, Mode, Tool, monthly_check, months

FIELDS = (
    Field("reviews", "评价数", Kind.COUNT, N_("How many people judged the product?")),
    Field("good_reviews", "好评数", Kind.COUNT, N_("How many of these judgements were good?")),
    Field("asked", "问过的人数", Kind.COUNT, N_("How many people did you ask about the brand?")),
    Field("know_brand", "知道品牌的人数", Kind.COUNT, N_("How many of them knew it?")),
    Field("buyers", "买家数", Kind.COUNT, N_("How many different people bought this month?")),
    Field("returning", "回头客", Kind.COUNT, N_("How many of them had bought before?")),
    Field("orders", "订单数", Kind.COUNT, N_("How many orders were there?")),
    Field("complaints", "投诉数", Kind.COUNT, N_("How many orders brought a complaint?")),
    Field("sales", "销售额", Kind.AMOUNT, N_("What did all orders come to?")),
    Field(
        "price_change",
        "价格变化",
        Kind.CHANGE,
        N_("By how many per cent did a price change? Fell: with a minus."),
    ),
    Field(
        "order_change", "订单变化", Kind.CHANGE, N_("By how many per cent did its orders change after that?")
    ),
    Field(
        "counted",
        "数的是谁",
        Kind.TEXT,
        N_("Other people: whom do you count? Staff, agents, group members …"),
    ),
    Field("others", "其他人员数", Kind.COUNT, N_("How many of these were there at the start of the month?")),
    Field("left", "退出人数", Kind.COUNT, N_("How many of them left?")),
)
_BY_KEY = {field.key: field for field in FIELDS}
PARTS = (
    ("good_reviews", "reviews"),
    ("know_brand", "asked"),
    ("returning", "buyers"),
    ("complaints", "orders"),
    ("left", "others"),
)
"""Pairs (part, whole): the part never exceeds the whole."""


@dataclass(frozen=True)
class Indicator:
    """One of the seven: its parts by key, its formula in words (a msgid) and whether more is better."""

    key: str
    title: str
    needs: tuple[str, str]
    formula: str
    rising: bool
    measure: Callable[[float, float], float]
    """(first of ``needs``, second of ``needs``) → value; the second is never 0."""
    is_share: bool = True


def _share(part: float, whole: float) -> float:
    return part / whole


def _sensitivity(orders: float, price: float) -> float:
    """Price elasticity of demand with its sign turned, so that 1.5 means: 1 % dearer, 1.5 % fewer orders."""
    return -orders / price


INDICATORS = (
    Indicator(
        "reputation",
        N_("Product reputation"),
        ("good_reviews", "reviews"),
        N_("good judgements ÷ all judgements"),
        True,
        _share,
    ),
    Indicator(
        "awareness",
        N_("Brand awareness"),
        ("know_brand", "asked"),
        N_("knew the brand ÷ people asked"),
        True,
        _share,
    ),
    Indicator(
        "return_rate",
        N_("Return rate"),
        ("returning", "buyers"),
        N_("had bought before ÷ buyers"),
        True,
        _share,
    ),
    Indicator(
        "complaint_rate",
        N_("Complaint rate"),
        ("complaints", "orders"),
        N_("complaints ÷ orders"),
        False,
        _share,
    ),
    Indicator(
        "amount",
        N_("Amount per transaction"),
        ("sales", "orders"),
        N_("sales ÷ orders"),
        True,
        _share,
        is_share=False,
    ),
    Indicator(
        "price_sensitivity",
        N_("Price sensitivity"),
        ("order_change", "price_change"),
        N_("fewer orders in % ÷ dearer in %"),
        False,
        _sensitivity,
        is_share=False,
    ),
    Indicator(
        "exit_rate",
        N_("Exit rate of other people"),
        ("left", "others"),
        N_("left ÷ people counted"),
        False,
        _share,
    ),
)


def month_values(entries: Sequence[Entry]) -> dict[str, Value]:
    """Return the figures of one month: what a later entry says stands, what it leaves out goes on."""
    values: dict[str, Value] = {}
    for entry in entries:
        values.update(entry.values)
    return values


def measured(indicator: Indicator, values: Mapping[str, Value]) -> float | None:
    """Return the indicator's value, None when a part was not counted or the divisor is 0."""
    first, second = (_figure(values.get(key)) for key in indicator.needs)
    return indicator.measure(first, second) if first is not None and second else None


def _figure(value: Value | None) -> float | None:
    return float(value) if isinstance(value, int | Decimal) else None


def check(entry: Entry, before: Sequence[Entry]) -> Iterable[Fault]:
    """Refuse a part that exceeds its whole, and a price that did not change but is said to have had an effect."""
    for part, whole in PARTS:
        few, many = entry.count(part), entry.count(whole)
        if few is not None and many is not None and few > many:
            yield Fault(
                part,
                _("“{part}” ({few}) exceeds “{whole}” ({many}).").format(
                    part=_BY_KEY[part].shown(), few=few, whole=_BY_KEY[whole].shown(), many=many
                ),
                _("A part cannot be more than the whole: check both numbers."),
            )
    if entry.amount("price_change") == 0 and entry.amount("order_change") is not None:
        yield Fault(
            "price_change",
            _("“{field}” is 0, so no change of orders can come from it.").format(
                field=_BY_KEY["price_change"].shown()
            ),
            _("Leave both fields empty until a price changes."),
        )


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the newest month's scorecard, gaps included, and each indicator over the months."""
    if not entries:
        return Report(_("Nothing measured yet."), next_step=_("Count this month's orders and complaints."))
    table = {label: month_values(found) for label, found in months(entries).items()}
    newest = list(table)[-1]
    values = {i.key: measured(i, table[newest]) for i in INDICATORS}
    gaps = [indicator for indicator in INDICATORS if values[indicator.key] is None]
    series = {i.key: tuple(measured(i, month) for month in table.values()) for i in INDICATORS}
    return Report(
        _("{month}: {measured} of 7 measured, {gaps} gaps.").format(
            month=newest, measured=7 - len(gaps), gaps=len(gaps)
        ),
        (
            Table(
                _("Scorecard"),
                (_("Indicator"), _("Measured"), _("Better"), _("Compared with before"), _("Formula")),
                tuple(_row(i, series[i.key], table[newest]) for i in INDICATORS),
                frozenset({1}),
            ),
            *(
                trend
                for i in INDICATORS
                for trend in trends(_(i.title), list(table), series[i.key], partial(_shown, i))
            ),
            _claims(),
        ),
        next_step=_next_step(gaps, series),
        figures={"month": newest, **values, "gaps": [indicator.key for indicator in gaps]},
    )


def _row(
    indicator: Indicator, series: Sequence[float | None], values: Mapping[str, Value]
) -> tuple[str, ...]:
    better = _("higher") if indicator.rising else _("lower")
    return (
        _(indicator.title),
        _shown(indicator, series[-1]),
        better,
        _direction(indicator, series),
        _why_gap(indicator, values) if series[-1] is None else _(indicator.formula),
    )


def _shown(indicator: Indicator, value: float | None) -> str:
    return percent(value) if indicator.is_share else number(value)


def _why_gap(indicator: Indicator, values: Mapping[str, Value]) -> str:
    lacking = [_BY_KEY[key].shown() for key in indicator.needs if values.get(key) is None]
    if lacking:
        return _("gap: {fields} not counted").format(fields=named(lacking))
    return _("gap: {field} is 0").format(field=_BY_KEY[indicator.needs[1]].shown())


def _direction(indicator: Indicator, series: Sequence[float | None]) -> str:
    """Return in words how the newest value stands to the one measured before it."""
    match progress(indicator, series):
        case None:
            return ""
        case 0:
            return _("unchanged")
        case 1:
            return _("better")
        case _:
            return _("worse")


def progress(indicator: Indicator, series: Sequence[float | None]) -> int | None:
    """Return 1 when the newest value is better than the one before, -1 worse, 0 equal, None unknown."""
    known = [value for value in series if value is not None]
    if not series or series[-1] is None or len(known) < 2:
        return None
    if known[-1] == known[-2]:
        return 0
    return 1 if (known[-1] > known[-2]) == indicator.rising else -1


def _claims() -> Lines:
    return article_says(
        claim(_("A very satisfied customer is 6 times as willing to buy as a satisfied one [claim].")),
        claim(_("Five percentage points more satisfaction double the profit [claim].")),
        Line(_("It names no study, so believe your own figures first.")),
    )


def _next_step(gaps: Sequence[Indicator], series: Mapping[str, Sequence[float | None]]) -> str:
    worse = [i for i in INDICATORS if progress(i, series[i.key]) == -1]
    if worse:
        return _("“{indicator}” got worse: ask three customers what happened.").format(
            indicator=_(worse[0].title)
        )
    if gaps:
        return _("Fill one gap: {indicator}.").format(indicator=_(gaps[0].title))
    return _("All seven are measured. Come back next month for the trend.")


def due(entries: Sequence[Entry], today: date) -> Iterable[Due]:
    """Ask for the scorecard once a month."""
    return monthly_check(entries, today, _("The satisfaction scorecard of this month"))


TOOL = Tool(
    id="satisfaction",
    title=N_("Seven satisfaction indicators"),
    rule=N_("Satisfaction is read from seven indicators; each trade measures them its own way."),
    help=N_("Enter what you counted this month and leave the rest empty: a gap is better than a guess."),
    mode=Mode.MONTHLY,
    fields=FIELDS,
    compute=compute,
    check=check,
    due=due,
)
