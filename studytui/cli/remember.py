"""Shell commands for remembering: review cards, list them, carry them to and from Anki, explain aloud."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

import click

from studytui.cli.base import DONE, FAILED, Desk, StudyCommand, StudyGroup, pass_desk
from studytui.cli.output import print_json, print_line, print_table, print_text, tell_names
from studytui.errors import StudyError
from studytui.i18n import N_, _, ngettext
from studytui.workspace import write_atomic

if TYPE_CHECKING:
    from studytui.joins.cards import Shown
    from studytui.journal import Event
    from studytui.learning.cards import Card
    from studytui.learning.explain import Standing
    from studytui.learning.review import Placed
    from studytui.notes.note import Note
    from studytui.study import Study

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))
STOP = "q"


def _answered(question: str) -> str | None:
    """Ask for a line on the terminal, or take the next one of a script; None at its end."""
    click.echo(question + " ", nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo("")
        return None
    return line.strip().casefold()


# --- cards --------------------------------------------------------------------------------------------------


@click.command(cls=StudyCommand)
@click.option("--limit", type=click.IntRange(1, 1000), help=N_("Stop after so many cards."))
@pass_desk
def review(desk: Desk, limit: int | None) -> int:
    """Review the cards that are due, one after the other, in a plain terminal."""
    study, after = desk.study, ""
    done: list[Event] = []
    while limit is None or len(done) < limit:
        card_id, waiting = study.learning.cards.next(after)
        if not card_id:
            break
        event = _one_card(study, study.learning.cards.shown(card_id), waiting, done)
        if event is None:
            break
        after = event.subject
    print_line(_end(study, done))
    return DONE


def _one_card(study: Study, shown: Shown, waiting: int, done: list[Event]) -> Event | None:
    """Ask one card; return the recorded answer, None when the learner stops."""
    cards, since = study.learning.cards, study.clock.now()
    click.echo("")
    print_line(f"{waiting} · {shown.card.title}")
    print_text(shown.card.front)
    said = _answered(_("Enter shows the answer, q stops:"))
    if said in (None, STOP):
        return None
    print_text(shown.card.back)
    while True:
        grade = _answered(_grades(shown) + ":")
        if grade in (None, STOP):
            return None
        if grade in ("1", "2", "3", "4"):
            seconds = max(0.0, (study.clock.now() - since).total_seconds())
            done.append(cards.grade(shown.id, int(grade), seconds))
            return done[-1]
        print_line(_("Type a number from 1 to 4, or q."))


def _grades(shown: Shown) -> str:
    from studytui.joins.cards import in_words

    words = (_("Again"), _("Hard"), _("Good"), _("Easy"))
    return "  ".join(f"{n} {word} ({in_words(shown.delays[n])})" for n, word in enumerate(words, 1))


def _end(study: Study, done: list[Event]) -> str:
    """Return what was done and what is left, in a sentence."""
    counts = study.learning.cards.counts()
    remembered = sum(event.data["rating"] != 1 for event in done)
    said = ngettext("{n} answer, {m} remembered.", "{n} answers, {m} remembered.", len(done)).format(
        n=len(done), m=remembered
    )
    left = ngettext("{n} card is left for today.", "{n} cards are left for today.", counts.proposed).format(
        n=counts.proposed
    )
    return f"{said} {left}"


@click.group("cards", cls=StudyGroup, invoke_without_command=True, help=N_("List the cards in your notes."))
@click.option("--due", is_flag=True, help=N_("Only those to review now, in their order."))
@_JSON
@click.pass_context
def cards(ctx: click.Context, due: bool, as_json: bool) -> int:
    """List the cards.

    JSON: id, note, line, face (forward, backward, cloze), front, back, state, due (a day, null when new),
    reviews, lapses.
    """
    if ctx.invoked_subcommand is not None:
        return DONE
    study: Study = ctx.obj.study
    found, now = study.learning.cards, study.clock.now()
    deck, placed = found.deck(), {item.id: item for item in found.placed()}
    ids = found.queue().ids if due else tuple(placed)
    rows = [(placed[one], deck.card(one)) for one in ids]
    if as_json:
        print_json([_card_row(item, card, now) for item, card in rows])
    else:
        print_table(
            ((item.id, _due(item, now), card.title, _line(card.front)) for item, card in rows),
            _("No card is due.")
            if due
            else _("No cards yet. Tag a note #flashcards and write: question::answer"),
        )
    return DONE


def _card_row(item: Placed, card: Card, now: datetime) -> dict[str, Any]:
    from studytui.learning.review import due_day

    state = item.state
    new = state.phase == "new"
    return {
        "id": item.id,
        "note": card.note,
        "line": card.line,
        "face": card.face,
        "front": card.front,
        "back": card.back,
        "state": "suspended" if state.suspended else state.phase,
        "due": None if new else due_day(state, now).isoformat(),
        "reviews": state.reviews,
        "lapses": state.lapses,
    }


def _due(item: Placed, now: datetime) -> str:
    from studytui.joins.cards import standing
    from studytui.learning.review import due_day

    waits = item.state.phase == "new" or item.state.suspended
    return standing(item.state, now) if waits else due_day(item.state, now).isoformat()


def _line(text: str) -> str:
    return " / ".join(line.strip() for line in text.split("\n") if line.strip())


@cards.command("suspend")
@click.argument("card", metavar="ID")
@click.option("--off", is_flag=True, help=N_("Put it back into the queue."))
@pass_desk
def cards_suspend(desk: Desk, card: str, off: bool) -> int:
    """Take a card out of every queue, or put it back."""
    found = desk.study.learning.cards
    card_id = found.find(card)
    found.suspend(card_id, not off)
    print_line(_("Back in the queue.") if off else _("Suspended. Put it back with --off."))
    return DONE


@cards.command("bury")
@click.argument("card", metavar="ID")
@pass_desk
def cards_bury(desk: Desk, card: str) -> int:
    """Put a card aside until tomorrow."""
    found = desk.study.learning.cards
    found.bury(found.find(card))
    print_line(_("Put aside until tomorrow."))
    return DONE


@cards.command("export", help=N_("Write the cards as a text file that Anki imports."))
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--people", is_flag=True, help=N_("Include notes about people, which stay out otherwise."))
@pass_desk
def cards_export(desk: Desk, file: Path, people: bool) -> int:
    """Write the cards as TSV; importing the same cards again updates them in Anki."""
    text, count = desk.study.learning.cards.export(people=people)
    if not people:
        tell_names(desk.study.people.named_in(text))
    if str(file) == "-":
        click.echo(text, nl=False)
        return DONE
    write_atomic(file, text.encode())
    print_line(ngettext("{n} card written.", "{n} cards written.", count).format(n=count))
    return DONE


@cards.command("import", help=N_("Make notes of a text file that Anki wrote (“Notes in Plain Text”)."))
@click.argument("file", type=click.Path(path_type=Path))
@pass_desk
def cards_import(desk: Desk, file: Path) -> int:
    """Write one note a deck and print their paths."""
    try:
        text = file.read_text("utf-8-sig", "replace")
    except OSError as error:
        raise StudyError(
            _("Could not read {path}: {reason}.").format(path=file, reason=error.strerror),
            _("Check the name of the file."),
        ) from error
    notes, count = desk.study.learning.cards.take_in(text, file.stem)
    for note in notes:
        click.echo(desk.study.workspace.notes / note.path)
    print_line(ngettext("{n} card.", "{n} cards.", count).format(n=count))
    return DONE


# --- explain ------------------------------------------------------------------------------------------------


@click.command(cls=StudyCommand, help=N_("Explain a topic aloud against the clock; without one, list them."))
@click.argument("topic", required=False)
@click.option("--seconds", type=click.Choice(["60", "180"]), default="60", help=N_("How long to speak."))
@click.option("--score", type=click.IntRange(1, 5), help=N_("Record this score without the clock."))
@click.option(
    "--ask", metavar="QUESTION", help=N_("Keep a question of your own; TOPIC is what it belongs to.")
)
@click.option("--page", is_flag=True, help=N_("Print a page of what you can explain."))
@_JSON
@pass_desk
def explain(
    desk: Desk,
    topic: str | None,
    seconds: str,
    score: int | None,
    ask: str | None,
    page: bool,
    as_json: bool,
) -> int:
    """Explain a topic, record how it went, list the topics with the weakest first.

    JSON, all topics or the named one and never a question to the terminal: topic, question (null for the topic
    as a whole), strength (0-5, fading), score (the last one, null when never tried), attempts.
    """
    explaining = desk.study.learning.explaining
    if page:
        print_text(explaining.one_page())
    elif ask is not None:
        click.echo(desk.study.workspace.notes / explaining.ask(ask, topic or "").path)
    elif topic is None:
        _list_topics(explaining.standings(), as_json)
    else:
        item = explaining.find(topic)
        if not (score or as_json):
            return _speak(desk.study, item, int(seconds))
        if score:
            _record(desk.study, item, score, int(seconds), quiet=as_json)
        if as_json:
            _list_topics([explaining.find(topic)], as_json)
    return DONE


def _list_topics(found: list[Standing], as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "topic": item.prompt.topic,
                    "question": item.prompt.question or None,
                    "strength": round(item.strength, 2),
                    "score": item.last.score if item.last else None,
                    "attempts": len(item.attempts),
                }
                for item in found
            ]
        )
        return
    print_table(
        (
            (
                str(item.last.score) if item.last else "-",
                item.last.moment.date().isoformat() if item.last else "",
                item.prompt.text,
            )
            for item in found
        ),
        _("Nothing to explain yet. Keep a question of your own: studytui explain --ask QUESTION"),
    )


def _speak(study: Study, item: Standing, limit: int) -> int:
    """Run the clock in a plain terminal, show the evidence, ask for a score."""
    print_line(item.prompt.text)
    if _answered(_("Enter starts the clock ({seconds} seconds), q stops:").format(seconds=limit)) in (
        None,
        STOP,
    ):
        return FAILED
    started = study.clock.now()
    bell = Timer(limit, lambda: click.echo("\a" + _("Time is up. Press Enter."), err=True))
    bell.daemon = True
    bell.start()
    said = _answered(_("Speak now. Enter when it is said:"))
    bell.cancel()
    if said is None:
        return FAILED
    spent = min(float(limit), max(0.0, (study.clock.now() - started).total_seconds()))
    _show_evidence(study.learning.explaining.evidence(item.prompt))
    while (given := _answered(_("How did it go, 1 (not at all) to 5 (fluently, with an example)?"))) not in (
        None,
        STOP,
    ):
        if given in ("1", "2", "3", "4", "5"):
            _record(study, item, int(given), limit, spent)
            return DONE
    return FAILED


def _show_evidence(notes: list[Note]) -> None:
    if not notes:
        print_line(_("No note of yours is about this yet, so at most 2 counts."))
    for note in notes:
        print_line(f"{note.title}  ({note.path})")


def _record(
    study: Study, item: Standing, score: int, limit: int, spent: float = 0.0, *, quiet: bool = False
) -> None:
    explained = study.learning.explaining.record(item.prompt, score, spent, limit)
    if quiet:
        return
    print_line(_("{score} of 5 counts.").format(score=explained.score))
    if explained.score < explained.claimed:
        print_line(_("No note of yours is about this yet, so at most 2 counts."))


COMMANDS = (review, cards, explain)
