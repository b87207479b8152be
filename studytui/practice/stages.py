"""Eight customer stages (article 1): imagined, expected, first purchase, repeat, long-term, advocate,
strategic, partner.

Having bought does not make a core customer, so a move needs a reason and passes a gate: a repeat customer has
bought twice, a long-term one is never a one-time buyer, a strategic one brought somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studytui.i18n import N_, _, ngettext
from studytui.practice.fields import Field, Kind, Word, find_word, folded
from studytui.practice.report import Bar, Bars, Report, Table, Tone, named, ratio, remark
from studytui.practice.tool import Context, Entry, Fault, Mode, Tool

STAGES = (
    Word("imagined", "猜想"),
    Word("expected", "预期"),
    Word("first-purchase", "首次成交"),
    Word("repeat", "重复购买"),
    Word("long-term", "长期"),
    Word("advocate", "拥护者"),
    Word("strategic", "战略合作"),
    Word("partner", "合伙人"),
)
ORDER = tuple(stage.key for stage in STAGES)


@dataclass(frozen=True)
class Gate:
    """What a stage asks for: at least these purchases and referrals, at most ``most`` purchases."""

    purchases: int = 0
    referrals: int = 0
    most: int | None = None


GATES = {
    "imagined": Gate(most=0),
    "expected": Gate(most=0),
    "first-purchase": Gate(purchases=1),
    "repeat": Gate(purchases=2),
    "long-term": Gate(purchases=2),
    "advocate": Gate(purchases=1),
    "strategic": Gate(purchases=1, referrals=1),
    "partner": Gate(),
}

FIELDS = (
    Field("person", "客户", Kind.TEXT, N_("Who is it? A name or a nickname."), True),
    Field("stage", "阶段", Kind.CHOICE, N_("Which stage fits what this person really did?"), True, STAGES),
    Field("reason", "理由", Kind.TEXT, N_("Why this stage? Name what you saw or heard."), True),
    Field("purchases", "购买次数", Kind.COUNT, N_("How many purchases so far? Empty: as before.")),
    Field(
        "referrals",
        "转介绍次数",
        Kind.COUNT,
        N_("How many people has this person brought? Empty: as before."),
    ),
)


@dataclass(frozen=True)
class Place:
    """Where a person stands: the stage, with the purchases and referrals known so far."""

    person: str
    stage: str
    purchases: int
    referrals: int
    reason: str


def stage_name(key: str) -> str:
    """Return a stage's name in the screen language; the key itself when it is none of the eight."""
    word = find_word(STAGES, key)
    return word.shown() if word else key


def refusal(stage: str, purchases: int, referrals: int) -> str | None:
    """Return why the gate of ``stage`` stays shut for these figures, None when it is open."""
    gate = GATES[stage]
    name = stage_name(stage)
    if gate.most is not None and purchases > gate.most:
        return _("{stage} is for people who have not bought yet; here are purchases: {n}.").format(
            stage=name, n=purchases
        )
    if purchases < gate.purchases:
        if stage == "long-term" and purchases == 1:
            return _("{stage} does not take people who bought only once.").format(stage=name)
        return _("{stage} needs at least {needed} purchases; here are: {n}.").format(
            stage=name, needed=gate.purchases, n=purchases
        )
    if referrals < gate.referrals:
        return _("{stage} needs at least {needed} referral; here are: {n}.").format(
            stage=name, needed=gate.referrals, n=referrals
        )
    return None


def places(entries: Sequence[Entry]) -> dict[str, Place]:
    """Return where each person stands after ``entries``; figures left out go on as they were."""
    found: dict[str, Place] = {}
    for entry in entries:
        key = folded(entry.text("person"))
        found[key] = _moved(entry, found.get(key))
    return found


def _moved(entry: Entry, old: Place | None) -> Place:
    purchases, referrals = entry.count("purchases"), entry.count("referrals")
    return Place(
        entry.text("person"),
        entry.text("stage"),
        purchases if purchases is not None else (old.purchases if old else 0),
        referrals if referrals is not None else (old.referrals if old else 0),
        entry.text("reason"),
    )


def check(entry: Entry, before: Sequence[Entry]) -> Iterable[Fault]:
    """Refuse a move whose gate is shut."""
    old = places(before).get(folded(entry.text("person")))
    place = _moved(entry, old)
    reason = refusal(place.stage, place.purchases, place.referrals)
    if reason:
        yield Fault(
            "stage",
            _("{person}: {reason}").format(person=place.person, reason=reason),
            _("Leave the person where they are, or enter the purchases and referrals you know of."),
        )


def missing_for_next(place: Place) -> str:
    """Return what the next stage still asks for, "" at the top and where only your judgement decides."""
    at = ORDER.index(place.stage)
    if at + 1 == len(ORDER):
        return ""
    gate = GATES[ORDER[at + 1]]
    lacking = []
    if (n := gate.purchases - place.purchases) > 0:
        lacking.append(ngettext("{n} purchase", "{n} purchases", n).format(n=n))
    if (n := gate.referrals - place.referrals) > 0:
        lacking.append(ngettext("{n} referral", "{n} referrals", n).format(n=n))
    if not lacking:
        return ""
    return _("{stage}: still {lacking}").format(stage=stage_name(ORDER[at + 1]), lacking=named(lacking))


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the board, what each person lacks for the next stage, and the moves with their reasons."""
    board = places(entries)
    if not board:
        return Report(_("Nobody on the board yet."), next_step=_("Enter one person, a stage and the reason."))
    counts = {key: [p.person for p in board.values() if p.stage == key] for key in ORDER}
    bought = sum(1 for place in board.values() if place.purchases)
    core = sum(1 for place in board.values() if ORDER.index(place.stage) >= ORDER.index("long-term"))
    return Report(
        ngettext(
            "{n} person on the board: {bought} bought, {core} at long-term or beyond.",
            "{n} people on the board: {bought} bought, {core} at long-term or beyond.",
            len(board),
        ).format(n=len(board), bought=bought, core=core),
        (
            _board(counts),
            _people(board),
            _moves(entries),
            remark(_("Having bought does not yet make anybody a core customer.")),
        ),
        next_step=_next_step(board),
        figures={
            "people": len(board),
            "bought": bought,
            "stages": {key: len(people) for key, people in counts.items()},
        },
    )


def _board(counts: dict[str, list[str]]) -> Bars:
    everybody = sum(len(people) for people in counts.values())
    return Bars(
        _("Board of stages"),
        tuple(
            Bar(
                f"{number} {stage_name(key)}",
                ratio(len(people), everybody),
                f"{len(people)}  {named(people)}".rstrip(),
                Tone.PLAIN if people else Tone.GAP,
            )
            for number, (key, people) in enumerate(counts.items(), 1)
        ),
    )


def _people(board: dict[str, Place]) -> Table:
    ordered = sorted(board.values(), key=lambda place: -ORDER.index(place.stage))
    return Table(
        _("Who stands where"),
        (_("Who"), _("Stage"), _("Purchases"), _("Referrals"), _("To the next stage")),
        tuple(
            (p.person, stage_name(p.stage), str(p.purchases), str(p.referrals), missing_for_next(p))
            for p in ordered
        ),
        frozenset({2, 3}),
    )


def _moves(entries: Sequence[Entry], last: int = 8) -> Table:
    rows = []
    newest: dict[str, Entry] = {}
    for entry in entries:
        old = newest.get(folded(entry.text("person")))
        newest[folded(entry.text("person"))] = entry
        origin = stage_name(old.text("stage")) if old else "–"
        rows.append(
            (
                entry.day.isoformat(),
                entry.text("person"),
                f"{origin} → {stage_name(entry.text('stage'))}",
                entry.text("reason"),
            )
        )
    return Table(
        _("Latest moves"),
        (_("Date"), _("Who"), _("From → to"), _("Reason")),
        tuple(reversed(rows[-last:])),
    )


def _next_step(board: dict[str, Place]) -> str:
    once = [p.person for p in board.values() if p.stage == "first-purchase" and p.purchases == 1]
    if once:
        return _("{person} bought once: what would make the second order worth it for them?").format(
            person=once[0]
        )
    expected = [p.person for p in board.values() if p.stage == "expected"]
    if expected:
        return _("{person} may buy soon: ask what is still missing.").format(person=expected[0])
    return _("Who of your customers could bring somebody, and have you been useful enough to ask?")


TOOL = Tool(
    id="stages",
    title=N_("Eight customer stages"),
    rule=N_("A customer climbs by what they do, not by how much you like them."),
    help=N_("Each entry puts one person at one stage and says why. The gates check purchases and referrals."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
    check=check,
)
