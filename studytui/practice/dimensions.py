"""Four dimensions of customer care (article 1): select, acquire, keep, extend.

The article says that most businesses look after the first two and neglect the last two; the threshold of 30 %
for keep and extend together is studytui's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from studytui.i18n import N_, _, ngettext
from studytui.practice.fields import Field, Kind, Word
from studytui.practice.report import (
    Bar,
    Bars,
    Report,
    Table,
    article_says,
    claim,
    counted_share,
    percent,
    ratio,
    trends,
)
from studytui.practice.tool import Context, Entry, Mode, Tool, months

DIMENSIONS = (Word("select", "选择"), Word("acquire", "获取"), Word("keep", "保持"), Word("extend", "拓展"))
THRESHOLD = 0.30

FIELDS = (
    Field("action", "动作", Kind.TEXT, N_("What did you do?"), True),
    Field(
        "dimension",
        "维度",
        Kind.CHOICE,
        N_("Did it select, acquire or keep customers, or extend their value?"),
        True,
        DIMENSIONS,
    ),
    Field("times", "次数", Kind.COUNT, N_("How many times? Empty: once."), default="1"),
)


def tally(entries: Sequence[Entry]) -> dict[str, int]:
    """Return how many actions went to each dimension."""
    counts: Counter[str] = Counter()
    for entry in entries:
        times = entry.count("times")
        counts[entry.text("dimension")] += 1 if times is None else times
    return {word.key: counts[word.key] for word in DIMENSIONS}


def care_share(counts: dict[str, int]) -> float | None:
    """Return the share of keep and extend together, None without any action."""
    return ratio(counts["keep"] + counts["extend"], sum(counts.values()))


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the shares of the newest month, a warning when keep and extend fall short, and the trend."""
    if not entries:
        return Report(_("No action logged yet."), next_step=_("Sort the last thing you did for a customer."))
    table = months(entries)
    newest = list(table)[-1]
    counts = tally(table[newest])
    total = sum(counts.values())
    care = care_share(counts)
    short = care is not None and care < THRESHOLD
    return Report(
        ngettext(
            "{month}: {n} action, {share} of it keep or extend.",
            "{month}: {n} actions, {share} of them keep or extend.",
            total,
        ).format(month=newest, n=total, share=percent(care, 0)),
        (
            _shares(counts, total),
            *trends(
                _("Keep and extend together"),
                list(table),
                [care_share(tally(own)) for own in table.values()],
                lambda share: percent(share, 0),
            ),
            _latest(table[newest]),
            article_says(
                claim(_("Most businesses care for the first two and neglect the last two [claim]."))
            ),
        ),
        warnings=(_warning(care),) if short else (),
        next_step=_next_step(counts, short),
        figures={"month": newest, **counts, "total": total, "care_share": care},
    )


def _shares(counts: dict[str, int], total: int) -> Bars:
    bars = []
    for word in DIMENSIONS:
        share = ratio(counts[word.key], total)
        bars.append(Bar(word.shown(), share, counted_share(counts[word.key], share, 0)))
    return Bars(_("Shares"), tuple(bars))


def _warning(care: float | None) -> str:
    return _("Keep and extend make {share}: below 30 %, studytui's own threshold.").format(
        share=percent(care, 0)
    )


def _latest(entries: Sequence[Entry]) -> Table:
    names = {word.key: word.shown() for word in DIMENSIONS}
    return Table(
        _("What you did"),
        (_("Date"), _("Dimension"), _("Action")),
        tuple(
            (e.day.isoformat(), names[e.text("dimension")], e.text("action")) for e in reversed(entries[-10:])
        ),
    )


def _next_step(counts: dict[str, int], short: bool) -> str:
    if short and counts["keep"] <= counts["extend"]:
        return _("Do one thing for somebody who has already bought, without an offer in it.")
    if short:
        return _("Which regular customer could use more of what you do? Offer it to one.")
    rarest = min(DIMENSIONS, key=lambda word: counts[word.key])
    return _("The rarest dimension is “{dimension}”: plan one action for it.").format(
        dimension=rarest.shown()
    )


TOOL = Tool(
    id="dimensions",
    title=N_("Four dimensions of customer care"),
    rule=N_("Look after all four: select, acquire, keep, extend."),
    help=N_("Log what you do for customers and sort it. Each month shows how your work is spread."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
)
