"""Give-and-take ledger (article 2): share pleasure, profit and experience with those who sell with you, and do
not only take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studytui.i18n import N_, _, ngettext
from studytui.practice.fields import Field, Kind, Word, folded
from studytui.practice.report import Bar, Bars, Report, Table, named, ratio, remark
from studytui.practice.tool import Context, Entry, Mode, Tool

DIRECTIONS = (Word("given", "给出"), Word("taken", "得到"))
SHARED = (Word("pleasure", "快乐"), Word("profit", "利益"), Word("experience", "经验"))

FIELDS = (
    Field("person", "对方", Kind.TEXT, N_("With whom?"), True),
    Field("direction", "往来", Kind.CHOICE, N_("Did you give or take?"), True, DIRECTIONS, "given"),
    Field("what", "内容", Kind.TEXT, N_("What was it? A sample, an introduction, a recipe, a share …"), True),
    Field("kind", "类别", Kind.CHOICE, N_("Was it pleasure, profit or experience?"), False, SHARED),
)


@dataclass(frozen=True)
class Account:
    """The lines with one person."""

    person: str
    given: int
    taken: int
    kinds: frozenset[str]
    """What was given: pleasure, profit, experience."""

    @property
    def balance(self) -> int:
        """Lines given minus lines taken."""
        return self.given - self.taken


def accounts(entries: Sequence[Entry]) -> list[Account]:
    """Return one account a person, those to whom most is owed first."""
    lines: dict[str, list[Entry]] = {}
    for entry in entries:
        lines.setdefault(folded(entry.text("person")), []).append(entry)
    found = []
    for own in lines.values():
        given = [entry for entry in own if entry.text("direction") == "given"]
        kinds = frozenset(entry.text("kind") for entry in given if entry.text("kind"))
        found.append(Account(own[-1].text("person"), len(given), len(own) - len(given), kinds))
    return sorted(found, key=lambda account: account.balance)


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return given and taken by person, and to whom something is owed."""
    if not entries:
        return Report(
            _("The ledger is empty."), next_step=_("Write one thing you gave and one thing you took.")
        )
    found = accounts(entries)
    owed = [account for account in found if account.balance < 0]
    return Report(
        ngettext(
            "{n} person, something is owed to {owed}.", "{n} people, something is owed to {owed}.", len(found)
        ).format(n=len(found), owed=len(owed)),
        (
            _bars(found),
            _lines(entries),
            remark(_("Three things can be shared: pleasure, profit, experience.")),
        ),
        warnings=tuple(
            _("{person}: {taken} taken, nothing given.").format(person=a.person, taken=a.taken)
            for a in found
            if a.taken and not a.given
        ),
        next_step=_next_step(owed),
        figures={"people": len(found), "owed": len(owed), "balance": {a.person: a.balance for a in found}},
    )


def _bars(found: Sequence[Account]) -> Bars:
    most = max(max(account.given, account.taken) for account in found)
    bars = []
    for account in found:
        given, taken = _("{person}: given"), _("{person}: taken")
        bars.append(Bar(given.format(person=account.person), ratio(account.given, most), str(account.given)))
        bars.append(Bar(taken.format(person=account.person), ratio(account.taken, most), str(account.taken)))
    return Bars(_("Given and taken"), tuple(bars))


def _lines(entries: Sequence[Entry]) -> Table:
    names = {word.key: word.shown() for word in (*DIRECTIONS, *SHARED)}
    return Table(
        _("Ledger"),
        (_("Date"), _("Who"), _("Direction"), _("What it was"), _("What was shared")),
        tuple(
            (
                e.day.isoformat(),
                e.text("person"),
                names[e.text("direction")],
                e.text("what"),
                names.get(e.text("kind"), "–"),
            )
            for e in reversed(entries[-12:])
        ),
    )


def _next_step(owed: Sequence[Account]) -> str:
    if not owed:
        return _("Nothing is owed. Share something anyway with whoever sells for you.")
    first = owed[0]
    unused = [word.shown() for word in SHARED if word.key not in first.kinds]
    return _("The next act is yours: give {person} something back ({kinds}).").format(
        person=first.person, kinds=named(unused or [word.shown() for word in SHARED])
    )


TOOL = Tool(
    id="ledger",
    title=N_("Give-and-take ledger"),
    rule=N_("Share with those who sell with you; do not only take."),
    help=N_("Each entry is one line: with whom, given or taken, and what it was."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
)
