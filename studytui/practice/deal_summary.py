"""Deal summary (article 1): after every deal tell the customer what it did for them, not how much you did."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studytui.i18n import N_, _, ngettext
from studytui.practice.fields import Field, Kind, folded
from studytui.practice.report import Line, Lines, Report, Table, Tone
from studytui.practice.tool import Context, Entry, Mode, Tool

FIELDS = (
    Field("person", "客户", Kind.TEXT, N_("For whom was it?"), True),
    Field("deal", "成交内容", Kind.TEXT, N_("What did they buy or agree to?"), True),
    Field("problem", "解决的问题", Kind.TEXT, N_("Which problem of theirs is gone?")),
    Field(
        "benefit",
        "带来的好处",
        Kind.TEXT,
        N_("What is better for them now? With a number, if you have one."),
        True,
    ),
    Field("next", "下一步", Kind.TEXT, N_("What could help them next?")),
)
_EFFORT = re.compile(r"(?i)^\s*(i|we|i've|we've|我|我们|咱们|本店|我司)(?![a-z])")


def tells_effort(benefit: str) -> bool:
    """Say whether a benefit begins with what the seller did."""
    return bool(_EFFORT.match(benefit))


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the newest summary ready to send, a warning when it tells of effort, and all deals."""
    if not entries:
        return Report(
            _("No deal summed up yet."),
            next_step=_("Take your last sale and write what it did for the buyer."),
        )
    newest = entries[-1]
    effort = [entry for entry in entries if tells_effort(entry.text("benefit"))]
    return Report(
        ngettext("{n} deal summed up.", "{n} deals summed up.", len(entries)).format(n=len(entries)),
        (
            Lines(_("Ready to send to {person}").format(person=newest.text("person")), _letter(newest)),
            Table(
                _("Deals"),
                (_("Date"), _("Who"), _("Deal"), _("What is better now")),
                tuple(
                    (e.day.isoformat(), e.text("person"), e.text("deal"), e.text("benefit"))
                    for e in reversed(entries)
                ),
            ),
        ),
        warnings=tuple(
            _("{person}: “{benefit}” tells what you did. Say what is better for them.").format(
                person=e.text("person"), benefit=e.text("benefit")
            )
            for e in effort
        ),
        next_step=_("Send it, and ask whether it is true."),
        figures={
            "deals": len(entries),
            "people": len({folded(entry.text("person")) for entry in entries}),
            "about_effort": len(effort),
        },
    )


def _letter(entry: Entry) -> tuple[Line, ...]:
    lines = [
        Line(_("On {day} we agreed on this: {deal}.").format(day=entry.day, deal=_bare(entry.text("deal"))))
    ]
    if entry.text("problem"):
        lines.append(Line(_("What is gone: {problem}.").format(problem=_bare(entry.text("problem")))))
    lines.append(
        Line(_("What you have now: {benefit}.").format(benefit=_bare(entry.text("benefit"))), Tone.GOOD)
    )
    if entry.text("next"):
        lines.append(Line(_("What could come next: {next}.").format(next=_bare(entry.text("next")))))
    return tuple(lines)


def _bare(text: str) -> str:
    return text.rstrip(" .。")


TOOL = Tool(
    id="deal-summary",
    title=N_("Deal summary"),
    rule=N_("After every deal, tell the customer what it did for them."),
    help=N_("One entry a deal. The newest becomes a short message that you can send."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
)
