"""Customer portrait (article 1, first stage): imagine what your customers are like, which are yours.

What is imagined stays marked as guessed until a real person or real behaviour confirmed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind, Word, folded
from studytui.practice.report import Bar, Bars, Line, Lines, Report, Table, Tone, ratio
from studytui.practice.tool import Context, Entry, Fault, Mode, Tool, newest_by

TRAITS = (
    Word("person", "是什么人"),
    Word("need", "要解决什么"),
    Word("motive", "为什么买"),
    Word("place", "在哪里遇到"),
    Word("budget", "舍得花多少"),
    Word("decision", "谁拍板"),
    Word("time", "什么时候有空"),
)
STATUSES = (Word("guessed", "猜测"), Word("confirmed", "已证实"))
EVERYBODY = frozenset(
    folded(word)
    for word in (
        "everyone",
        "everybody",
        "anyone",
        "anybody",
        "all people",
        "所有人",
        "任何人",
        "大家",
        "人人",
    )
)

FIELDS = (
    Field("trait", "栏目", Kind.CHOICE, N_("Which line of the portrait?"), True, TRAITS),
    Field("content", "内容", Kind.TEXT, N_("What do you think, or know?"), True),
    Field(
        "status",
        "状态",
        Kind.CHOICE,
        N_("Guessed, or confirmed by somebody real?"),
        True,
        STATUSES,
        "guessed",
    ),
    Field("evidence", "证据", Kind.TEXT, N_("Who or what confirmed it?")),
)


def check(entry: Entry, before: Sequence[Entry]) -> Iterable[Fault]:
    """Refuse a confirmation that nobody and nothing confirmed."""
    if entry.text("status") == "confirmed" and not entry.text("evidence"):
        yield Fault(
            "evidence",
            _("“{content}” is marked confirmed, but nothing says by whom.").format(
                content=entry.text("content")
            ),
            _("Name the person you asked or what you saw, or mark it guessed."),
        )


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the newest content of every line, with its status, and the lines that are still empty."""
    newest = newest_by(entries, "trait")
    lines = {trait.key: newest.get(folded(trait.key)) for trait in TRAITS}
    filled = [entry for entry in lines.values() if entry]
    confirmed = [entry for entry in filled if entry.text("status") == "confirmed"]
    return Report(
        _("{confirmed} of {filled} lines confirmed, {empty} still empty.").format(
            confirmed=len(confirmed), filled=len(filled), empty=len(lines) - len(filled)
        ),
        (
            Table(
                _("Portrait"),
                (_("Trait"), _("Content"), _("Status"), _("Evidence")),
                tuple(_row(trait, lines[trait.key]) for trait in TRAITS),
            ),
            _known(len(confirmed), len(filled)),
            *_changes(entries),
        ),
        warnings=tuple(_warnings(filled)),
        next_step=_next_step(lines),
        figures={
            "confirmed": len(confirmed),
            "guessed": len(filled) - len(confirmed),
            "empty": len(lines) - len(filled),
        },
    )


def _known(confirmed: int, filled: int) -> Bars:
    def bar(label: str, lines: int, tone: Tone) -> Bar:
        return Bar(label, ratio(lines, len(TRAITS)), str(lines), tone)

    return Bars(
        _("How much is known"),
        (
            bar(_("Confirmed"), confirmed, Tone.GOOD),
            bar(_("Guessed"), filled - confirmed, Tone.PLAIN),
            bar(_("Still empty"), len(TRAITS) - filled, Tone.GAP),
        ),
    )


def _row(trait: Word, entry: Entry | None) -> tuple[str, ...]:
    if entry is None:
        return (trait.shown(), "–", "", "")
    status = next(word for word in STATUSES if word.key == entry.text("status"))
    return (trait.shown(), entry.text("content"), status.shown(), entry.text("evidence"))


def _changes(entries: Sequence[Entry]) -> list[Lines]:
    """Return what was believed before and is not any more."""
    lines = []
    newest: dict[str, Entry] = {}
    for entry in entries:
        old = newest.get(entry.text("trait"))
        newest[entry.text("trait")] = entry
        if old and old.text("content") != entry.text("content"):
            lines.append(
                Line(
                    _("{day}: “{old}” became “{new}”.").format(
                        day=entry.day.isoformat(), old=old.text("content"), new=entry.text("content")
                    )
                )
            )
    return [Lines(_("What changed"), tuple(lines))] if lines else []


def _warnings(filled: Sequence[Entry]) -> Iterable[str]:
    for entry in filled:
        if folded(entry.text("content")).rstrip(".。!！") in EVERYBODY:
            yield _("“{content}” rules nobody out, so it helps you choose nobody.").format(
                content=entry.text("content")
            )


def _next_step(lines: dict[str, Entry | None]) -> str:
    for trait in TRAITS:
        entry = lines[trait.key]
        if entry is not None and entry.text("status") == "guessed":
            return _("Ask one real person about this guess: “{content}”.").format(
                content=entry.text("content")
            )
    for trait in TRAITS:
        if lines[trait.key] is None:
            return _("Write down what you guess here: {trait}.").format(trait=trait.shown())
    return _("Everything is confirmed. Look for these people where you said they are.")


TOOL = Tool(
    id="portrait",
    title=N_("Customer portrait"),
    rule=N_("Imagine your customers first, and keep apart what you guess and what somebody confirmed."),
    help=N_("Each entry is one line of the portrait. A new entry for the same line replaces the old one."),
    mode=Mode.LOG,
    fields=FIELDS,
    compute=compute,
    check=check,
)
