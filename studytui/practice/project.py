"""The practice project: what the learner sells or pretends to sell, and to whom; all tools are about it."""

from __future__ import annotations

from collections.abc import Sequence

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind
from studytui.practice.report import Line, Lines, Report, Tone, labelled
from studytui.practice.tool import Context, Entry, Mode, Tool

FIELDS = (
    Field("what", "卖什么", Kind.TEXT, N_("What do you sell, or pretend to sell?"), True),
    Field("to_whom", "卖给谁", Kind.TEXT, N_("To whom?"), True),
    Field("where", "在哪里卖", Kind.TEXT, N_("Where do they find you?")),
    Field("price", "价格", Kind.AMOUNT, N_("What does one piece cost?")),
    Field("goal", "目标", Kind.TEXT, N_("What do you want to have found out in four weeks?")),
)


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the project in one sentence, what is still open, and how it changed."""
    if not entries:
        return Report(
            _("No project yet."), next_step=_("Choose something small that you could sell tomorrow.")
        )
    entry = entries[-1]
    gaps = [field for field in FIELDS if field.key not in entry.values]
    return Report(
        _("{what}, for {to_whom}").format(what=entry.text("what"), to_whom=entry.text("to_whom")),
        (
            Lines(
                _("Practice project"),
                tuple(
                    Line(labelled(field.label, field.text(entry.values[field.key])))
                    if field.key in entry.values
                    else Line(_("{field}: still empty").format(field=field.label), Tone.GAP)
                    for field in FIELDS
                ),
            ),
            *_earlier(entries),
        ),
        next_step=gaps[0].question
        if gaps
        else _("Use it in every tool: your own project is where you learn."),
        figures={"gaps": [field.key for field in gaps]},
    )


def _earlier(entries: Sequence[Entry]) -> list[Lines]:
    lines = [
        Line(
            _("{day}: {what}, for {to_whom}").format(
                day=e.day, what=e.text("what"), to_whom=e.text("to_whom")
            )
        )
        for e in reversed(entries[:-1])
    ]
    return [Lines(_("What it said before"), tuple(lines))] if lines else []


TOOL = Tool(
    id="project",
    title=N_("Practice project"),
    rule=N_("Learn on something of your own, however small."),
    help=N_("Say what you sell and to whom. All other tools are about this project."),
    mode=Mode.SHEET,
    fields=FIELDS,
    compute=compute,
)
