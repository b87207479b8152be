"""Win-win-win (article 2): supplier, distributor and you must each gain, or the arrangement will not go far.

Goods go from the supplier to you, from you to the distributor and from there to the buyer; each party's gain on a
piece is what it gets minus what it pays and spends.  Break-even = fixed costs ÷ own gain, rounded up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

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
    money,
    named,
    number,
    ratio,
    trends,
)
from studytui.practice.tool import Context, Entry, Mode, Tool

FIELDS = (
    Field(
        "supplier_cost",
        "供货商成本",
        Kind.AMOUNT,
        N_("What does a piece cost the supplier?"),
        True,
        (),
        "4.00",
    ),
    Field(
        "supplier_price", "供货价", Kind.AMOUNT, N_("What do you pay the supplier for it?"), True, (), "6.00"
    ),
    Field(
        "own_cost",
        "自己的花费",
        Kind.AMOUNT,
        N_("What do you spend on each piece besides?"),
        True,
        (),
        "1.00",
    ),
    Field("own_price", "分销价", Kind.AMOUNT, N_("What does the distributor pay you?"), True, (), "9.00"),
    Field(
        "distributor_cost",
        "分销商花费",
        Kind.AMOUNT,
        N_("What does the distributor spend on each?"),
        True,
        (),
        "1.00",
    ),
    Field("distributor_price", "零售价", Kind.AMOUNT, N_("What does the buyer pay?"), True, (), "12.00"),
    Field(
        "fixed_costs",
        "每月固定开支",
        Kind.AMOUNT,
        N_("What do you pay each month, sold or not?"),
        False,
        (),
        "100",
    ),
    Field("pieces", "每月件数", Kind.COUNT, N_("How many pieces do you sell a month?"), default="60"),
)


@dataclass(frozen=True)
class Gains:
    """What each party wins on one piece; below 0 it loses."""

    supplier: Decimal
    own: Decimal
    distributor: Decimal

    def of(self) -> dict[str, Decimal]:
        """Return the gains by party, in the order in which the goods travel."""
        return {"supplier": self.supplier, "self": self.own, "distributor": self.distributor}


def gains(entry: Entry) -> Gains:
    """Return each party's gain on one piece."""

    def amount(key: str) -> Decimal:
        return entry.amount(key) or Decimal()

    return Gains(
        amount("supplier_price") - amount("supplier_cost"),
        amount("own_price") - amount("supplier_price") - amount("own_cost"),
        amount("distributor_price") - amount("own_price") - amount("distributor_cost"),
    )


def break_even(fixed_costs: Decimal, gain: Decimal) -> int | None:
    """Return how many pieces cover the fixed costs, None when nothing is won on a piece."""
    if gain <= 0:
        return None
    return math.ceil(fixed_costs / gain)


def not_winning(found: Gains) -> list[str]:
    """Return the parties that gain nothing, by key; nobody on the list means all three win."""
    return [party for party, gain in found.of().items() if gain <= 0]


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return who wins what, who loses, and the break-even."""
    if not entries:
        return Report(
            _("No prices entered yet."), next_step=_("Enter what each party pays and spends on a piece.")
        )
    entry = entries[-1]
    found = gains(entry)
    fixed = entry.amount("fixed_costs") or Decimal()
    even = break_even(fixed, found.own)
    losers = not_winning(found)
    largest = max(abs(gain) for gain in found.of().values())
    return Report(
        _("All three win.")
        if not losers
        else _("Not a win for all: {parties}.").format(parties=named([_party(p) for p in losers])),
        (
            Bars(
                _("Gain on each piece"),
                tuple(_bar(party, gain, largest) for party, gain in found.of().items()),
            ),
            _chain(entry),
            Lines(_("Break-even"), tuple(_break_even_lines(entry, found.own, fixed, even))),
            *trends(
                _("Your gain on a piece"),
                [e.day.isoformat() for e in entries],
                [float(gains(e).own) for e in entries],
                number,
            ),
            article_says(claim(_("The idea is Jack Ma's [claim]."))),
        ),
        warnings=tuple(_warnings(found)),
        next_step=_next_step(losers, even, entry.count("pieces")),
        figures={
            "gains": found.of(),
            "losers": losers,
            "break_even": even,
            "monthly_result": _monthly(entry, found.own, fixed),
        },
    )


def _bar(party: str, gain: Decimal, largest: Decimal) -> Bar:
    if gain > 0:
        return Bar(_party(party), ratio(gain, largest), money(gain), Tone.GOOD)
    text = _("{amount}: a loss") if gain < 0 else _("{amount}: no win")
    return Bar(_party(party), 0.0, text.format(amount=money(gain)), Tone.WARN)


def _party(key: str) -> str:
    names = {"supplier": _("Supplier"), "self": _("You (in the middle)"), "distributor": _("Distributor")}
    return names[key]


def _monthly(entry: Entry, gain: Decimal, fixed: Decimal) -> Decimal | None:
    """Return what is left for you in a month, None when the pieces are not known."""
    pieces = entry.count("pieces")
    return None if pieces is None else gain * pieces - fixed


def _chain(entry: Entry) -> Table:
    rows = (
        ("supplier", None, "supplier_cost", "supplier_price"),
        ("self", "supplier_price", "own_cost", "own_price"),
        ("distributor", "own_price", "distributor_cost", "distributor_price"),
    )
    return Table(
        _("On each piece"),
        (_("Party"), _("Pays"), _("Spends"), _("Gets"), _("Wins")),
        tuple(
            (
                _party(party),
                money(entry.amount(pays)) if pays else "–",
                money(entry.amount(spends)),
                money(entry.amount(gets)),
                money(gains(entry).of()[party]),
            )
            for party, pays, spends, gets in rows
        ),
        frozenset({1, 2, 3, 4}),
    )


def _break_even_lines(entry: Entry, gain: Decimal, fixed: Decimal, even: int | None) -> Iterable[Line]:
    if even is None:
        yield Line(_("You win nothing on a piece, so there is no break-even."), Tone.WARN)
    else:
        yield Line(
            _("{fixed} fixed costs ÷ {gain} a piece: {n} pieces a month.").format(
                fixed=money(fixed), gain=money(gain), n=even
            )
        )
    monthly = _monthly(entry, gain, fixed)
    if monthly is None:
        yield Line(_("Pieces a month are not known yet."), Tone.GAP)
    else:
        yield Line(
            _("At {pieces} pieces a month your result is {result}.").format(
                pieces=entry.count("pieces"), result=money(monthly)
            ),
            Tone.GOOD if monthly > 0 else Tone.WARN,
        )


def _warnings(found: Gains) -> Iterable[str]:
    for party, gain in found.of().items():
        if gain < 0:
            yield _("{party}: a loss of {amount} on each piece.").format(
                party=_party(party), amount=money(-gain)
            )
        elif gain == 0:
            yield _("{party}: nothing won, and that is no win.").format(party=_party(party))


def _next_step(losers: Sequence[str], even: int | None, pieces: int | None) -> str:
    if losers:
        return _("Change one price until nobody is left out.")
    if even is not None and pieces is not None and pieces < even:
        return _(
            "Everyone wins on a piece, but you sell too few: {missing} more a month to break even."
        ).format(missing=even - pieces)
    return _("Lower one price and see who would lose first.")


TOOL = Tool(
    id="win-win-win",
    title=N_("Win-win-win calculator"),
    rule=N_("Supplier, distributor and you must each win."),
    help=N_("Change a price and see who wins and who loses. Save a set of prices to keep it."),
    mode=Mode.SHEET,
    fields=FIELDS,
    compute=compute,
)
