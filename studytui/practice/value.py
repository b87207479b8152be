"""Value sheet (article 2): what is good about the product, whom and which trades it suits, which trades it touches,
and what it is worth beyond its plain use; with the proof that an ordinary seller needs.
"""

from __future__ import annotations

from collections.abc import Sequence

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind
from studytui.practice.report import Bar, Bars, Line, Lines, Report, Tone, labelled, ratio
from studytui.practice.tool import Context, Entry, Mode, Tool

FIELDS = (
    Field("product", "产品", Kind.TEXT, N_("Which product?"), True),
    Field("good", "好处", Kind.TEXT, N_("What is good about it?")),
    Field("people", "适合的人", Kind.TEXT, N_("Whom does it suit?")),
    Field("trades", "适合的行业", Kind.TEXT, N_("Which trades does it suit?")),
    Field("links", "可联系的行业", Kind.TEXT, N_("Which other trades could it go together with?")),
    Field("beyond", "本身之外的价值", Kind.TEXT, N_("What is it worth beyond its plain use?")),
    Field("proof", "证据", Kind.TEXT, N_("What proves it: quality, service, a test, a reaction?")),
)
ASKED = FIELDS[1:]


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the sheet with its gaps, and what it said before."""
    if not entries:
        return Report(_("The sheet is empty."), next_step=_("Name your product and one good thing about it."))
    entry = entries[-1]
    gaps = [field for field in ASKED if not entry.text(field.key)]
    return Report(
        _("{product}: {filled} of {all} lines filled.").format(
            product=entry.text("product"), filled=len(ASKED) - len(gaps), all=len(ASKED)
        ),
        (
            Lines(_("Value sheet"), tuple(line for field in ASKED for line in _line(field, entry))),
            Bars(
                _("How full the sheet is"),
                (
                    Bar(
                        _("Lines filled"),
                        ratio(len(ASKED) - len(gaps), len(ASKED)),
                        f"{len(ASKED) - len(gaps)}/{len(ASKED)}",
                    ),
                ),
            ),
            *_changes(entries),
        ),
        warnings=(_("Nothing proves it yet: quality, service and use are what you can show."),)
        if not entry.text("proof")
        else (),
        next_step=gaps[0].question if gaps else _("Ask a buyer which of these lines surprised them."),
        figures={"filled": len(ASKED) - len(gaps), "gaps": [field.key for field in gaps]},
    )


def _line(field: Field, entry: Entry) -> tuple[Line, ...]:
    text = entry.text(field.key)
    if text:
        return (Line(labelled(field.label, text)),)
    return (Line(_("{field}: still empty").format(field=field.label), Tone.GAP),)


def _changes(entries: Sequence[Entry]) -> list[Lines]:
    """Return what the entry before said otherwise."""
    if len(entries) < 2:
        return []
    old, new = entries[-2:]
    lines = [
        Line(_("{field}, on {day}: {text}").format(field=field.label, day=old.day, text=old.text(field.key)))
        for field in FIELDS
        if old.text(field.key) and old.text(field.key) != new.text(field.key)
    ]
    return [Lines(_("What it said before"), tuple(lines))] if lines else []


TOOL = Tool(
    id="value",
    title=N_("Value sheet"),
    rule=N_("Know what your product is good for, for whom, and what it is worth beyond its plain use."),
    help=N_("One sheet for one product. Save it again when you learn something new about it."),
    mode=Mode.SHEET,
    fields=FIELDS,
    compute=compute,
)
