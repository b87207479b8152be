"""Angel and devil (article 1): what a customer gains inside your service, and which toil or risk waits outside.

A line without evidence is unproven and not to be said; the article's aim is the customer who knows only your
brand, not the frightened one.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind, Word
from studytui.practice.report import Bar, Bars, Line, Lines, Report, Table, Tone, ratio
from studytui.practice.tool import Context, Entry, Mode, Tool

SIDES = (Word("angel", "天使"), Word("devil", "魔鬼"))

FIELDS = (
    Field("side", "哪一栏", Kind.CHOICE, N_("Angel (gain inside) or devil (risk outside)?"), True, SIDES),
    Field("line", "内容", Kind.TEXT, N_("One sentence that you could say to a customer."), True),
    Field("evidence", "证据", Kind.TEXT, N_("What proves it? A log, an offer, a witness. Empty: unproven.")),
)


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the two columns side by side, with every unproven line marked."""
    if not entries:
        return Report(_("The sheet is empty."), next_step=_("Write one thing a customer gains with you."))
    sides = {side.key: [e for e in entries if e.text("side") == side.key] for side in SIDES}
    unproven = [entry for entry in entries if not entry.text("evidence")]
    return Report(
        _("Angel lines: {angel}, devil lines: {devil}, unproven: {unproven}.").format(
            angel=len(sides["angel"]), devil=len(sides["devil"]), unproven=len(unproven)
        ),
        (_columns(sides), _proof(sides), Lines(_("Evidence"), tuple(_evidence(entry) for entry in entries))),
        warnings=tuple(_warnings(sides)),
        next_step=_next_step(unproven),
        figures={
            "angel": len(sides["angel"]),
            "devil": len(sides["devil"]),
            "unproven": len(unproven),
        },
    )


def _columns(sides: Mapping[str, list[Entry]]) -> Table:
    rows = itertools.zip_longest(sides["angel"], sides["devil"])
    return Table(
        _("Side by side"),
        (_("Angel: with us"), _("Devil: without us")),
        tuple((_cell(angel), _cell(devil)) for angel, devil in rows),
    )


def _proof(sides: Mapping[str, list[Entry]]) -> Bars:
    bars = []
    for side in SIDES:
        proven, lines = _proven(sides[side.key]), len(sides[side.key])
        bars.append(Bar(side.shown(), ratio(proven, lines), f"{proven}/{lines}"))
    return Bars(_("Proven lines"), tuple(bars))


def _evidence(entry: Entry) -> Line:
    line, evidence = entry.text("line"), entry.text("evidence")
    if evidence:
        return Line(_("{line} – {evidence}").format(line=line, evidence=evidence))
    return Line(_("{line} – unproven").format(line=line), Tone.GAP)


def _proven(entries: Sequence[Entry]) -> int:
    return sum(1 for entry in entries if entry.text("evidence"))


def _cell(entry: Entry | None) -> str:
    if entry is None:
        return ""
    return (
        entry.text("line")
        if entry.text("evidence")
        else _("{line} (unproven)").format(line=entry.text("line"))
    )


def _warnings(sides: Mapping[str, list[Entry]]) -> list[str]:
    found = [
        _("Do not say this without proof: “{line}”").format(line=entry.text("line"))
        for entry in sides["devil"]
        if not entry.text("evidence")
    ]
    if len(sides["devil"]) > len(sides["angel"]):
        found.append(_("More devil than angel: improve the service before you talk about it."))
    return found


def _next_step(unproven: Sequence[Entry]) -> str:
    if unproven:
        return _("Find proof for “{line}”, or strike it out.").format(line=unproven[0].text("line"))
    return _("Show the sheet to one customer and ask which line matters to them.")


TOOL = Tool(
    id="angel-devil",
    title=N_("Angel-and-devil sheet"),
    rule=N_("Show what a customer gains with you and what it costs without you, and prove every line."),
    help=N_("Each entry is one line of one column. Without evidence it stays unproven."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
)
