"""Shell commands for keeping at it: the weekly goal, statistics, the weekly review."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from studytui.cli.base import DONE, Desk, StudyCommand, pass_desk
from studytui.cli.output import print_json, print_line, print_table
from studytui.i18n import N_, _

if TYPE_CHECKING:
    from studytui.joins.diary import Diary
    from studytui.learning.acts import Act, Tally
    from studytui.learning.weekly import Done
    from studytui.study import Study

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))


@click.command(cls=StudyCommand)
@click.argument("acts", type=click.IntRange(1, 500), required=False)
@click.option(
    "--minutes", type=click.IntRange(0, 10_000), help=N_("Minutes a week as well; 0 for no such goal.")
)
@_JSON
@pass_desk
def goal(desk: Desk, acts: int | None, minutes: int | None, as_json: bool) -> int:
    """Set the weekly goal, or say how far this week is.

    JSON: acts, goal, minutes, minutes_goal (0: none), reached, streak, grace_left.
    """
    from studytui.settings import change_setting

    study = desk.study
    if acts is not None:
        change_setting(study.workspace.settings, "week_goal", acts)
    if minutes is not None:
        change_setting(study.workspace.settings, "week_minutes", minutes)
    week, streak = study.learning.diary.week(), study.learning.diary.streak()
    if as_json:
        print_json(
            {
                "acts": week.acts,
                "goal": week.goal,
                "minutes": round(week.minutes, 1),
                "minutes_goal": week.minutes_goal,
                "reached": week.reached,
                "streak": streak.days,
                "grace_left": streak.grace_left,
            }
        )
    else:
        from studytui.cli.sentences import week_line

        print_line(week_line(week, streak.days, streak.grace_left))
    return DONE


@click.command(cls=StudyCommand)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help=N_("List what was done on this day."))
@_JSON
@pass_desk
def stats(desk: Desk, day: datetime | None, as_json: bool) -> int:
    """Say what was done when.

    JSON: streak, longest_streak, grace_left, days (by date), weeks (by Monday), windows, kinds; each number is
    {acts, minutes, events} with the ids of the journal events behind it.  With --day: a list of {at, kind,
    title, minutes, finished, events}.
    """
    diary = desk.study.learning.diary
    if day is not None:
        return _day(diary, [act for act in diary.acts() if act.day == day.date()], as_json)
    if as_json:
        print_json(_stats_row(desk.study))
    else:
        _print_stats(desk.study)
    return DONE


def _stats_row(study: Study) -> dict[str, Any]:
    from studytui.learning.goals import active_days, by_day, by_kind, longest_streak, week_bars
    from studytui.learning.windows import yields

    today = study.clock.now().date()
    acts = [act for act in study.learning.diary.acts() if act.day <= today]
    streak = study.learning.diary.streak()
    return {
        "streak": streak.days,
        "longest_streak": longest_streak(active_days(acts), today),
        "grace_left": streak.grace_left,
        "days": {day.isoformat(): _number(total) for day, total in by_day(acts).items()},
        "weeks": {monday.isoformat(): _number(total) for monday, total in week_bars(acts, today)},
        "windows": {
            item.window.label if item.window else "other": _number(item.total)
            for item in yields(acts, study.settings.windows)
        },
        "kinds": {kind: _number(total) for kind, total in by_kind(acts).items()},
    }


def _number(total: Tally) -> dict[str, Any]:
    return {"acts": total.acts, "minutes": round(total.minutes, 1), "events": list(total.events)}


def _print_stats(study: Study) -> None:
    from studytui.cli.sentences import week_line
    from studytui.joins.diary import kind_name
    from studytui.learning.goals import by_kind, week_bars
    from studytui.learning.windows import best_window, yields

    today, diary = study.clock.now().date(), study.learning.diary
    acts = [act for act in diary.acts() if act.day <= today]
    streak = diary.streak()
    print_line(week_line(diary.week(), streak.days, streak.grace_left))
    found = yields(acts, study.settings.windows)
    if (best := best_window(found)) is not None and best.window is not None:
        print_line(_("Most gets done from {window}.").format(window=best.window.label))
    rows = [(monday.isoformat(), total) for monday, total in week_bars(acts, today)[::-1]]
    rows += [(item.window.label if item.window else _("other hours"), item.total) for item in found]
    rows += [(kind_name(kind), total) for kind, total in by_kind(acts).items()]
    print_table(
        (
            (name, str(total.acts), _("{n} min").format(n=round(total.minutes)), "━" * min(40, total.acts))
            for name, total in rows
        ),
        _("Nothing was finished yet."),
    )


def _day(diary: Diary, acts: list[Act], as_json: bool) -> int:
    titles = diary.titles()
    if as_json:
        print_json(
            [
                {
                    "at": act.moment.isoformat(timespec="seconds"),
                    "kind": act.kind,
                    "title": diary.name(act, titles),
                    "minutes": round(act.minutes, 1),
                    "finished": act.finished,
                    "events": list(act.events),
                }
                for act in acts
            ]
        )
        return DONE
    print_table(
        (
            (act.moment.strftime("%H:%M"), _("{n} min").format(n=round(act.minutes)), diary.name(act, titles))
            for act in acts
        ),
        _("Nothing was finished here."),
    )
    return DONE


@click.command(cls=StudyCommand)
@click.option("--kept", help=N_("What became of last week's change."))
@click.option("--change", help=N_("One change for next week."))
@_JSON
@pass_desk
def week(desk: Desk, kept: str | None, change: str | None, as_json: bool) -> int:
    """Write the review of this week as a note, or name the one there is.

    In a terminal last week's change is asked about first.  JSON (nothing is written): week, acts, minutes,
    reviews, recalled, read, notes, lessons, explained, people, practice (titles), change_before, note.
    """
    weekly = desk.study.learning.weekly
    if as_json:
        print_json(_week_row(desk.study))
        return DONE
    if weekly.note() is None:
        kept = kept if kept is not None else _asked_about(weekly.wanted_change())
        if change is None and sys.stdin.isatty():
            change = click.prompt(_("One change for next week"), default="", show_default=False)
    note, made = weekly.write(kept=kept or "", change=change or "")
    if not made:
        click.echo(_("This week's review is written already:"), err=True)
    click.echo(desk.study.workspace.notes / note.path)
    return DONE


def _asked_about(wanted: str) -> str:
    """Ask what became of the change wanted before; nothing outside a terminal."""
    if not wanted or not sys.stdin.isatty():
        return ""
    print_line(_("Last week you wanted: {change}").format(change=wanted))
    return str(click.prompt(_("What became of it?"), default="", show_default=False))


def _week_row(study: Study) -> dict[str, Any]:
    weekly = study.learning.weekly
    found, note = weekly.week(), weekly.note()
    titles = weekly.titles(found)

    def named(entries: tuple[Done, ...]) -> list[str]:
        return [entry.title or titles.get(entry.subject, entry.subject) for entry in entries]

    return {
        "week": found.label,
        "from": found.start.isoformat(),
        "acts": found.total.acts,
        "minutes": round(found.total.minutes, 1),
        "reviews": found.reviews,
        "recalled": found.recalled,
        **{
            name: named(getattr(found, name))
            for name in ("read", "notes", "lessons", "explained", "people", "practice")
        },
        "change_before": weekly.wanted_change() or None,
        "note": note.path if note else None,
    }


COMMANDS = (goal, stats, week)
