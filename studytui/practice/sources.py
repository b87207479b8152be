"""Sources of customers (article 1): build your own list and write down how each person came.

The article's ways: free sign-ups on the web, places where such people meet, the sites of peers and of the trade,
and referrals by existing customers.  Heads alone say little, so each source is set against the stages reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studytui.i18n import N_, _, ngettext
from studytui.practice.fields import Field, Kind, Word, find_word, folded
from studytui.practice.report import Bar, Bars, Report, Table, named, percent, ratio, remark
from studytui.practice.stages import ORDER, STAGES, stage_name
from studytui.practice.tool import Context, Entry, Mode, Tool, newest_by

SOURCES = (
    Word("sign-up", "网上注册"),
    Word("place", "特定场合"),
    Word("peer-site", "同行或行业网站"),
    Word("referral", "转介绍"),
    Word("unknown", "不详"),
)

FIELDS = (
    Field("person", "客户", Kind.TEXT, N_("Who is it? A name, or a group such as “climbing hall”."), True),
    Field(
        "source",
        "来源",
        Kind.OPEN,
        N_("How did they come to you? A word of your own is fine."),
        True,
        SOURCES,
    ),
    Field("stage", "阶段", Kind.CHOICE, N_("Which stage have they reached?"), True, STAGES, "imagined"),
    Field("people", "人数", Kind.COUNT, N_("How many people? Empty: one."), default="1"),
)
BUYERS_FROM = ORDER.index("repeat")


def table(entries: Sequence[Entry]) -> dict[str, dict[str, int]]:
    """Return people by source and stage; the newest entry of a person counts, sources in order of size."""
    found: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for entry in newest_by(entries, "person").values():
        people = entry.count("people")
        name = names.setdefault(folded(entry.text("source")), entry.text("source"))
        row = found.setdefault(name, dict.fromkeys(ORDER, 0))
        row[entry.text("stage")] += 1 if people is None else people
    return dict(sorted(found.items(), key=lambda item: -sum(item[1].values())))


def source_name(key: str) -> str:
    """Return a source's name in the screen language; a word of the learner's own stays as it is."""
    word = find_word(SOURCES, key)
    return word.shown() if word else key


def loyal(row: Mapping[str, int]) -> int:
    """Return the people of a row who reached repeat or a later stage."""
    return sum(row[key] for key in ORDER[BUYERS_FROM:])


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the table of sources and stages, and which source brings people who come back."""
    rows = table(entries)
    people = sum(sum(row.values()) for row in rows.values())
    if not people:
        return Report(_("No customer listed yet."), next_step=_("Enter one person and how they came to you."))
    return Report(
        ngettext(
            "{n} person; {loyal} at repeat or beyond.", "{n} people; {loyal} at repeat or beyond.", people
        ).format(n=people, loyal=sum(loyal(row) for row in rows.values())),
        (
            _stages(rows),
            remark(named([f"{n} {stage_name(key)}" for n, key in enumerate(ORDER, 1)])),
            _who_comes_back(rows),
            remark(_("A source with few people can still be the best one.")),
        ),
        warnings=_warnings(rows),
        next_step=_next_step(rows),
        figures={"people": people, "table": rows, "loyal": {name: loyal(row) for name, row in rows.items()}},
    )


def _stages(rows: Mapping[str, Mapping[str, int]]) -> Table:
    return Table(
        _("Sources and stages"),
        (_("Source"), *(str(number) for number in range(1, len(ORDER) + 1)), _("All together")),
        tuple(
            (source_name(name), *(str(row[key] or "·") for key in ORDER), str(sum(row.values())))
            for name, row in rows.items()
        ),
        frozenset(range(1, len(ORDER) + 2)),
    )


def _who_comes_back(rows: Mapping[str, Mapping[str, int]]) -> Bars:
    most = max(sum(row.values()) for row in rows.values())
    bars = []
    for name, row in rows.items():
        back, people = loyal(row), sum(row.values())
        share = percent(ratio(back, people), 0)
        text = _("{loyal} of {n} ({share})").format(loyal=back, n=people, share=share)
        bars.append(Bar(source_name(name), ratio(back, most), text))
    return Bars(_("Who comes back"), tuple(bars))


def _warnings(rows: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    if next(iter(rows)) == "unknown":
        return (
            _("“{source}” is the largest source: ask the next customer how they found you.").format(
                source=source_name("unknown")
            ),
        )
    return ()


def _next_step(rows: Mapping[str, Mapping[str, int]]) -> str:
    known = {name: row for name, row in rows.items() if name != "unknown" and loyal(row)}
    if not known:
        return _("Nobody has come back yet: stay in touch with those you have before you look for more.")
    best = max(known, key=lambda name: (loyal(known[name]) / sum(known[name].values()), loyal(known[name])))
    return _("“{source}” brings the people who come back: spend more time there.").format(
        source=source_name(best)
    )


TOOL = Tool(
    id="sources",
    title=N_("Sources of customers"),
    rule=N_("Write down by which way each customer came, so that what worked can be done again."),
    help=N_(
        "Each entry is one customer or group with source and stage. A new entry for the same name replaces the old."
    ),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
)
