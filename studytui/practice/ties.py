"""Strong, medium and weak ties (article 2): three questions classify a contact, effort is set against counts.

Strong: much feeling, the same circle, the same news (family, childhood friends, close classmates).  Medium:
circles overlap a good deal (school, colleagues, ordinary friends).  Weak: little feeling, little overlap, other
news (met online, on a course, on a journey).  The article puts most effort into the weak ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind, Word
from studytui.practice.report import (
    Bar,
    Bars,
    Lines,
    Report,
    Table,
    Tone,
    article_says,
    claim,
    counted_share,
    percent,
    ratio,
)
from studytui.practice.tool import Context, Entry, Mode, Tool, newest_by

TIES = (Word("strong", "强"), Word("medium", "中"), Word("weak", "弱"))

FIELDS = (
    Field(
        "person", "联系人", Kind.TEXT, N_("Who is it? A name, or a group such as “readers of my page”."), True
    ),
    Field(
        "close", "感情深", Kind.YES_NO, N_("Is there real feeling: would you help each other unasked?"), True
    ),
    Field("circle", "圈子重合", Kind.YES_NO, N_("Do you know largely the same people?"), True),
    Field("news", "消息相近", Kind.YES_NO, N_("Do you mostly hear the same news?"), True),
    Field("people", "人数", Kind.COUNT, N_("How many people? Empty: one."), default="1"),
    Field("hours", "投入小时", Kind.AMOUNT, N_("How many hours did you give them this week?")),
)


def classify(close: bool, circle: bool, news: bool) -> str:
    """Return "strong", "medium" or "weak" for the three answers; one more yes never makes a tie weaker.

    Feeling with a shared circle or shared news is strong, feeling or a shared circle alone is medium; hearing
    the same news alone makes no tie, for strangers in one trade do that too.
    """
    if close and (circle or news):
        return "strong"
    return "medium" if close or circle else "weak"


def tie_of(entry: Entry) -> str:
    """Return the tie of an entry by its three answers."""
    return classify(bool(entry.yes("close")), bool(entry.yes("circle")), bool(entry.yes("news")))


@dataclass(frozen=True)
class Share:
    """People and hours of one tie; ``hours`` is None when none were logged."""

    people: int
    hours: Decimal | None


def shares(entries: Sequence[Entry]) -> dict[str, Share]:
    """Return people and hours by tie; the newest entry of a person counts."""
    found = {word.key: Share(0, None) for word in TIES}
    for entry in newest_by(entries, "person").values():
        old, people, hours = found[tie_of(entry)], entry.count("people"), entry.amount("hours")
        found[tie_of(entry)] = Share(
            old.people + (1 if people is None else people),
            old.hours if hours is None else (old.hours or Decimal()) + hours,
        )
    return found


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return people and effort by tie, a warning when they do not fit, and everybody's tie."""
    newest = list(newest_by(entries, "person").values())
    if not newest:
        return Report(_("Nobody classified yet."), next_step=_("Answer three questions about one contact."))
    found = shares(entries)
    people = sum(share.people for share in found.values())
    hours = sum((share.hours or Decimal() for share in found.values()), Decimal())
    return Report(
        _("{people} people: {strong} strong, {medium} medium, {weak} weak.").format(
            people=people, **{key: share.people for key, share in found.items()}
        ),
        (
            _bars(_("Number of people"), found, {key: Decimal(share.people) for key, share in found.items()}),
            _bars(_("Effort in hours"), found, {key: share.hours for key, share in found.items()}),
            Table(
                _("Who is classified"),
                (_("Who"), _("Feeling"), _("Circle"), _("News"), _("Tie"), _("Number of people")),
                tuple(_row(entry) for entry in newest),
                frozenset({5}),
            ),
            _claims(),
        ),
        warnings=tuple(_warnings(found, people, hours)),
        next_step=_next_step(found, people, hours),
        figures={
            "people": {key: share.people for key, share in found.items()},
            "hours": {key: share.hours for key, share in found.items()},
            "ties": {entry.text("person"): tie_of(entry) for entry in newest},
        },
    )


def _bars(title: str, found: Mapping[str, Share], values: Mapping[str, Decimal | None]) -> Bars:
    whole = sum((value for value in values.values() if value is not None), Decimal())
    return Bars(
        title,
        tuple(_bar(word, values[word.key], whole) for word in TIES),
    )


def _bar(word: Word, value: Decimal | None, whole: Decimal) -> Bar:
    if value is None:
        return Bar(word.shown(), None, _("not logged"), Tone.GAP)
    share = ratio(value, whole)
    return Bar(word.shown(), share, counted_share(value, share))


def _row(entry: Entry) -> tuple[str, ...]:
    answers = (_("yes") if entry.yes(key) else _("no") for key in ("close", "circle", "news"))
    tie = next(word.shown() for word in TIES if word.key == tie_of(entry))
    people = entry.count("people")
    return (entry.text("person"), *answers, tie, str(1 if people is None else people))


def _gap(found: Mapping[str, Share], people: int, hours: Decimal) -> tuple[float, float] | None:
    """Return (share of effort, share of people) of the weak ties, None without figures."""
    effort, heads = ratio(found["weak"].hours or Decimal(), hours), ratio(found["weak"].people, people)
    return (effort, heads) if effort is not None and heads is not None else None


def _warnings(found: Mapping[str, Share], people: int, hours: Decimal) -> list[str]:
    gap = _gap(found, people, hours)
    # Half of the fair share is studytui's own line; the article names no figure.
    if gap is None or found["weak"].people == 0 or gap[0] >= gap[1] / 2:
        return []
    return [
        _("Weak ties are {people} of the people and get {effort} of the effort.").format(
            people=percent(gap[1]), effort=percent(gap[0])
        )
    ]


def _claims() -> Lines:
    return article_says(
        claim(_("Strong ties close most easily [claim], but kindness buys once or twice, not every day.")),
        claim(_("Medium ties are the most easily hurt by selling [claim].")),
        claim(_("Weak ties are the main audience online; most effort belongs there [claim].")),
    )


def _next_step(found: Mapping[str, Share], people: int, hours: Decimal) -> str:
    if not hours:
        return _("Log how many hours each group gets this week.")
    if _warnings(found, people, hours):
        return _("Give one hour of this week to the weak ties: answer a question in public.")
    return _("Draw one weak tie nearer: answer, ask back, remember the name.")


TOOL = Tool(
    id="ties",
    title=N_("Tie classifier"),
    rule=N_("Strong ties are few, weak ties are many: set your effort against the counts."),
    help=N_("Three yes-or-no questions sort a contact or a group. Hours show where your effort goes."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
)
