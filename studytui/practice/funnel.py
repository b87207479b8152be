"""Funnel and daily decay (article 2): how a day's audience divides, and how much of it comes back tomorrow.

The article's opening day: 500 strong, 2000 medium and 5000 weak ties, of whom 300 are willing to buy, 2000
interested and 1000 averse; the rest is undecided.  Its audience of one post: 500, then 200, then 100.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind
from studytui.practice.report import (
    Bar,
    Bars,
    Line,
    Lines,
    Report,
    Table,
    Tone,
    article_says,
    claim,
    counted_share,
    percent,
    ratio,
    remark,
    trends,
)
from studytui.practice.tool import Context, Entry, Fault, Mode, Tool

TIES = ("strong", "medium", "weak")
PARTS = ("willing", "interested", "averse")

FIELDS = (
    Field("strong", "强关系", Kind.COUNT, N_("How many people with strong ties see it?"), True, (), "500"),
    Field("medium", "中关系", Kind.COUNT, N_("How many people with medium ties?"), True, (), "2000"),
    Field("weak", "弱关系", Kind.COUNT, N_("How many people with weak ties?"), True, (), "5000"),
    Field("willing", "愿意买", Kind.COUNT, N_("How many of them are willing to buy?"), True, (), "300"),
    Field(
        "interested",
        "感兴趣",
        Kind.COUNT,
        N_("How many are interested, but not yet willing?"),
        True,
        (),
        "2000",
    ),
    Field("averse", "反感", Kind.COUNT, N_("How many are put off?"), True, (), "1000"),
    Field(
        "daily",
        "每日受众",
        Kind.COUNTS,
        N_("How many saw it on day one, two, three …?"),
        default="500, 200, 100",
    ),
)
_BY_KEY = {field.key: field for field in FIELDS}


def whole(entry: Entry) -> int:
    """Return the people of a day: the three ties together."""
    return sum(entry.count(key) or 0 for key in TIES)


def undecided(entry: Entry) -> int:
    """Return the people who are neither willing nor interested nor averse."""
    return whole(entry) - sum(entry.count(key) or 0 for key in PARTS)


def kept(daily: Sequence[int]) -> list[float | None]:
    """Return the share of each day's audience that is left on the next; None after a day with nobody."""
    return [ratio(later, earlier) for earlier, later in itertools.pairwise(daily)]


def mean_factor(daily: Sequence[int]) -> float | None:
    """Return the geometric mean of the daily factors: (last / first) ** (1 / steps).

    Factors are multiplied from day to day, so only the geometric mean leads from the first number to the
    last.  None for fewer than two days or when the first day had nobody.
    """
    if len(daily) < 2 or daily[0] == 0:
        return None
    return math.pow(daily[-1] / daily[0], 1 / (len(daily) - 1))


def check(entry: Entry, before: Sequence[Entry]) -> Iterable[Fault]:
    """Refuse parts that exceed the whole, naming which, and an audience that starts with nobody."""
    total = whole(entry)
    for key in PARTS:
        part = entry.count(key) or 0
        if part > total:
            yield Fault(
                key,
                _("“{part}” is {number}, more than all {whole} people together.").format(
                    part=_BY_KEY[key].shown(), number=part, whole=total
                ),
                _("Lower it, or raise the number of people."),
            )
            return
    if undecided(entry) < 0:
        names = [f"{_BY_KEY[key].shown()} {entry.count(key)}" for key in PARTS]
        yield Fault(
            max(PARTS, key=lambda key: entry.count(key) or 0),
            _("{parts} make {sum}: {excess} more than all {whole} people.").format(
                parts=" + ".join(names), sum=total - undecided(entry), excess=-undecided(entry), whole=total
            ),
            _("Count each person once, in the group that fits best."),
        )
    daily = entry.counts("daily")
    if daily and daily[0] == 0:
        yield Fault(
            "daily",
            _("“{field}” starts with 0: nobody can be lost.").format(field=_BY_KEY["daily"].shown()),
            _("Begin with the first day on which somebody saw it."),
        )


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the shares of the newest day, its daily decay, and how the willing share went on."""
    if not entries:
        return Report(_("No day counted yet."), next_step=_("Enter how many people saw your offer."))
    entry = entries[-1]
    total = whole(entry)
    groups = {**{key: entry.count(key) or 0 for key in PARTS}, "undecided": undecided(entry)}
    shares = {key: ratio(count, total) for key, count in groups.items()}
    factor = mean_factor(entry.counts("daily"))
    return Report(
        _("{total} people: {willing} are willing to buy, {undecided} have not decided.").format(
            total=total, willing=percent(shares["willing"]), undecided=percent(shares["undecided"])
        ),
        (
            _bars(groups, shares),
            _origins(entry, total),
            *_decay(entry.counts("daily"), factor),
            *trends(
                _("Share of the willing"),
                [entry.day.isoformat() for entry in entries],
                [ratio(entry.count("willing"), whole(entry)) for entry in entries],
                percent,
            ),
            article_says(
                Line(_("The numbers it starts with are made up; counting is the lesson.")),
                claim(_("The undecided are also the easiest to lose [claim].")),
            ),
        ),
        next_step=_next_step(groups),
        figures={
            "total": total,
            **groups,
            **{f"{key}_share": share for key, share in shares.items()},
            "daily": list(entry.counts("daily")),
            "kept": kept(entry.counts("daily")),
            "mean_factor": factor,
        },
    )


def _bars(groups: dict[str, int], shares: dict[str, float | None]) -> Bars:
    labels = {key: _BY_KEY[key].label for key in PARTS} | {"undecided": _("Undecided")}
    tones = {"averse": Tone.WARN}
    return Bars(
        _("How they divide"),
        tuple(
            Bar(labels[key], shares[key], counted_share(count, shares[key]), tones.get(key, Tone.PLAIN))
            for key, count in groups.items()
        ),
    )


def _origins(entry: Entry, total: int) -> Table:
    rows = [(_BY_KEY[key].label, entry.count(key) or 0) for key in TIES]
    return Table(
        _("Where they come from"),
        (_("Tie"), _("Number of people"), _("Share of all")),
        tuple((label, str(people), percent(ratio(people, total))) for label, people in rows),
        frozenset({1, 2}),
    )


def _decay(daily: tuple[int, ...], factor: float | None) -> list[Lines | Bars]:
    """Return one bar a day with the share kept, and the mean factor with what it leads to."""
    if len(daily) < 2:
        gap = Line(_("Count at least two days to see how many come back."), Tone.GAP)
        return [Lines(_("Daily decay"), (gap,))]
    bars = [Bar(_("Day {n}").format(n=1), ratio(daily[0], max(daily)), str(daily[0]))]
    for day, share in enumerate(kept(daily), 2):
        people = daily[day - 1]
        text = _("{people}, kept {share}").format(people=people, share=percent(share, 0))
        bars.append(Bar(_("Day {n}").format(n=day), ratio(people, max(daily)), text))
    blocks: list[Lines | Bars] = [Bars(_("Daily decay"), tuple(bars))]
    if factor is not None:
        ahead = _("Mean factor {factor}: if it goes on so, about {people} on day {n}.")
        people = round(daily[-1] * factor)
        blocks.append(remark(ahead.format(factor=f"{factor:.3f}", people=people, n=len(daily) + 1)))
    return blocks


def _next_step(groups: dict[str, int]) -> str:
    if groups["averse"] > groups["willing"] + groups["interested"]:
        return _(
            "More people are put off than won: show the product less often before you reach more people."
        )
    if groups["undecided"] == max(groups.values()):
        return _("Work for the undecided: they are the most, and they are not against you.")
    if groups["interested"] > groups["willing"]:
        return _("Ask three of the interested what still keeps them from buying.")
    return _("Look after the willing, then reach new people.")


TOOL = Tool(
    id="funnel",
    title=N_("Funnel"),
    rule=N_("Count who is willing, interested, averse and undecided, and how many come back each day."),
    help=N_("Change one number and watch the bars. Save a day to keep it; earlier days make the trend."),
    mode=Mode.SHEET,
    fields=FIELDS,
    compute=compute,
    check=check,
)
