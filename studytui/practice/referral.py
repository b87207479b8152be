"""Referral and partners (article 1) and the roles of the distributor pyramid (article 2): who brought whom.

A customer who brings others is strategic, one who does the business with you a partner; both articles see in
them the aim of looking after customers.  Nobody is brought by somebody they brought, so circles are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from studytui.i18n import N_, _, ngettext
from studytui.practice.fields import Field, Kind, Word, folded
from studytui.practice.report import (
    Bar,
    Bars,
    Branch,
    Line,
    Lines,
    Report,
    Tone,
    Tree,
    labelled,
    named,
    ratio,
    remark,
)
from studytui.practice.tool import Context, Entry, Fault, Mode, Tool

ROLES = (
    Word("buyer", "买家"),
    Word("distributor", "分销商"),
    Word("agent", "代理商"),
    Word("shareholder", "股东"),
    Word("supplier", "供货商"),
)
PARTNERS = frozenset({"distributor", "agent", "shareholder"})

FIELDS = (
    Field("person", "姓名", Kind.TEXT, N_("Who is it?"), True),
    Field("brought_by", "介绍人", Kind.TEXT, N_("Who brought this person? Empty: nobody.")),
    Field("role", "角色", Kind.CHOICE, N_("Which role do they have now?"), True, ROLES, "buyer"),
)


class Forest:
    """Who brought whom after some entries; the newest entry of a person counts, names compare folded."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.names: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        for entry in entries:
            key = folded(entry.text("person"))
            self.names[key] = entry.text("person")
            self.roles[key] = entry.text("role")
            self.parents[key] = folded(entry.text("brought_by"))
            if self.parents[key]:
                self.names.setdefault(self.parents[key], entry.text("brought_by"))
        self.children: dict[str, list[str]] = {key: [] for key in self.names}
        for key, parent in self.parents.items():
            if parent:
                self.children[parent].append(key)

    @property
    def roots(self) -> list[str]:
        """The people whom nobody brought."""
        return [key for key in self.names if not self.parents.get(key)]

    def line_up(self, key: str) -> Iterator[str]:
        """Yield who brought ``key``, who brought those, and so on; stops before a circle closes."""
        seen = {key}
        while (key := self.parents.get(key, "")) and key not in seen:
            seen.add(key)
            yield key

    def walk(self) -> Iterator[tuple[int, str]]:
        """Yield (depth, key) of everybody in reading order."""
        pending = [(0, key) for key in reversed(self.roots)]
        while pending:
            depth, key = pending.pop()
            yield depth, key
            pending.extend((depth + 1, child) for child in reversed(self.children[key]))

    def through(self) -> Mapping[str, int]:
        """Return how many people came through each, directly or further down."""
        totals = dict.fromkeys(self.names, 0)
        for key in self.names:
            for ancestor in self.line_up(key):
                totals[ancestor] += 1
        return totals


def check(entry: Entry, before: Sequence[Entry]) -> Iterable[Fault]:
    """Refuse a person who would be brought by somebody they brought, directly or further down."""
    person, parent = folded(entry.text("person")), folded(entry.text("brought_by"))
    if not parent:
        return
    if person == parent:
        yield Fault(
            "brought_by",
            _("{person} cannot bring themselves.").format(person=entry.text("person")),
            _("Name somebody else, or leave it empty."),
        )
        return
    forest = Forest(before)
    above = list(forest.line_up(parent))
    if person in above:
        way = [forest.names[key] for key in reversed([parent, *above[: above.index(person) + 1]])]
        yield Fault(
            "brought_by",
            _("That would close a circle: {way} → {person}.").format(
                way=" → ".join(way), person=entry.text("person")
            ),
            _("Find out who really came first, and change that entry."),
        )


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the tree, who brought how many, and the roles."""
    if not entries:
        return Report(_("Nobody in the tree yet."), next_step=_("Enter one customer and who brought them."))
    forest = Forest(entries)
    through = forest.through()
    bringers = sorted((key for key in forest.names if forest.children[key]), key=lambda key: -through[key])
    return Report(
        ngettext(
            "{n} person, {brought} of them brought by somebody.",
            "{n} people, {brought} of them brought by somebody.",
            len(forest.names),
        ).format(n=len(forest.names), brought=len(forest.names) - len(forest.roots)),
        (
            Tree(
                _("Who brought whom"),
                tuple(Branch(depth, _node(forest, through, key)) for depth, key in forest.walk()),
            ),
            _bringers(forest, through, bringers),
            _roles(forest),
            remark(
                _("The gate to “strategic” asks for at least one referral: {people}.").format(
                    people=named([forest.names[key] for key in bringers]) or "–"
                )
            ),
        ),
        next_step=_next_step(forest, bringers),
        figures={
            "people": len(forest.names),
            "brought": len(forest.names) - len(forest.roots),
            "through": {forest.names[key]: through[key] for key in bringers},
            "direct": {forest.names[key]: len(forest.children[key]) for key in bringers},
        },
    )


def _bringers(forest: Forest, through: Mapping[str, int], bringers: Sequence[str]) -> Bars:
    bars = []
    for key in bringers:
        text = _("{all}, {direct} directly").format(all=through[key], direct=len(forest.children[key]))
        bars.append(Bar(forest.names[key], ratio(through[key], through[bringers[0]]), text))
    return Bars(_("Through whom people came"), tuple(bars))


def _node(forest: Forest, through: Mapping[str, int], key: str) -> str:
    role = next((word.shown() for word in ROLES if word.key == forest.roles.get(key)), "")
    parts = [role] if role else []
    if through[key]:
        parts.append(_("brought {n}").format(n=through[key]))
    return (
        _("{name} ({facts})").format(name=forest.names[key], facts=named(parts))
        if parts
        else forest.names[key]
    )


def _roles(forest: Forest) -> Lines:
    held = [
        (word, [forest.names[k] for k, role in forest.roles.items() if role == word.key]) for word in ROLES
    ]
    return Lines(
        _("Roles"),
        tuple(
            Line(labelled(word.shown(), named(people) or "–"), Tone.PLAIN if people else Tone.GAP)
            for word, people in held
        ),
    )


def _next_step(forest: Forest, bringers: Sequence[str]) -> str:
    for key in bringers:
        if forest.roles.get(key) not in PARTNERS:
            return _("Thank {person}, and ask whether they would like to do more together.").format(
                person=forest.names[key]
            )
    return _("Be useful to one customer before you ask them for a name.")


TOOL = Tool(
    id="referral",
    title=N_("Referral tree"),
    rule=N_("The aim is customers who bring others or join you as partners."),
    help=N_(
        "Each entry says who brought one person and which role they have. A new entry replaces the old one."
    ),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
    check=check,
)
