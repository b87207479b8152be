"""What the Review screens show, as rows and as pages: no widgets, no commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from studytui.i18n import _, language, ngettext, sentences
from studytui.joins.cards import in_words, standing
from studytui.text import clean_line
from studytui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from studytui.joins.cards import Shown
    from studytui.learning.cards import Card
    from studytui.learning.explain import Standing
    from studytui.learning.review import Counts
    from studytui.study import Study

START, CARD, PROMPT = "start", "card:", "prompt:"
NUMBERS = ("due", "new", "ahead", "done", "later", "all")
WEEK = 7
BAR = 10
_LEECHES = 20
_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Overview:
    """What the first page shows: numbers, what falls due, cards that need a hand, and what can be explained."""

    now: datetime
    counts: Counts
    forecast: Sequence[int]
    leeches: Sequence[tuple[str, Card, int]]
    suspended: Sequence[tuple[str, Card]]
    prompts: Sequence[Standing]
    total: int


def gather(study: Study) -> Overview:
    """Return the numbers and lists as they are now."""
    from studytui.learning.review import count, forecast, leeches, rows

    now, cards = study.clock.now(), study.learning.cards
    deck, placed = cards.deck(), cards.placed()
    return Overview(
        now,
        count(rows(placed, now), now, cards.limits),
        forecast(placed, now, WEEK),
        [(item.id, deck.card(item.id), item.state.lapses) for item in leeches(placed)[:_LEECHES]],
        [(item.id, deck.card(item.id)) for item in placed if item.state.suspended],
        study.learning.explaining.standings(),
        len(placed),
    )


def card_rows(found: Overview) -> list[Row]:
    """Return the first pane: the stack, the days to come, cards forgotten often, suspended ones."""
    rows = [_stack_row(found.counts), *_number_rows(found)]
    rows.append(Row("", ("", "", _("Falls due")), "heading"))
    top = max(1, *found.forecast)
    for ahead, due in enumerate(found.forecast):
        bar = "━" * max(bool(due), due * BAR // top)
        rows.append(
            Row(f"day:{ahead}", (day_name(found.now.date(), ahead), str(due), bar), "" if due else "muted")
        )
    if found.leeches:
        rows.append(Row("", ("", "", _("Forgotten often: write them anew")), "heading"))
        rows += [
            Row(CARD + one, ("", str(lapses), one_line(card.front)), "warning")
            for one, card, lapses in found.leeches
        ]
    if found.suspended:
        rows.append(Row("", ("", "", _("Suspended")), "heading"))
        rows += [Row(CARD + one, ("", "", one_line(card.front)), "muted") for one, card in found.suspended]
    return rows


def _stack_row(counts: Counts) -> Row:
    if counts.proposed:
        said = ngettext("Review {n} card", "Review {n} cards", counts.proposed).format(n=counts.proposed)
        return Row(START, (_("now"), str(counts.proposed), said), "strong")
    return Row(START, (_("now"), "0", _("No card is due.")), "muted")


def _number_rows(found: Overview) -> list[Row]:
    counts = found.counts
    numbers = [
        (_("waiting"), counts.due, _("due in all")),
        (_("unseen"), counts.new, _("never seen before")),
        (_("ahead"), counts.ahead, _("wait for their lesson")),
        (_("today"), counts.done, _("done, of {cap} a day").format(cap=counts.cap)),
        (_("later"), counts.later, _("come back today")),
        (_("all"), found.total, _("cards in your notes")),
    ]
    return [
        Row(f"list:{name}", (word, str(n), said))
        for name, (word, n, said) in zip(NUMBERS, numbers, strict=True)
        if n or name != "ahead"
    ]


def day_name(today: date, ahead: int) -> str:
    """Return what a day ``ahead`` days from ``today`` is called."""
    if ahead < 2:
        return (_("today"), _("tomorrow"))[ahead]
    day = today + timedelta(days=ahead)
    return f"周{_DAYS[day.weekday()]}" if language() == "zh" else f"{day:%A}"


def prompt_rows(found: Overview) -> list[Row]:
    """Return the second pane: topics and questions, the weakest first, with the last score and its day."""
    rows = []
    for at, item in enumerate(found.prompts):
        score, day = "–", ""
        if item.last is not None:
            score, day = str(item.last.score), item.last.moment.strftime("%m-%d")
        look = "" if item.last is None or item.last.score >= 3 else "warning"
        rows.append(Row(f"{PROMPT}{at}", (score, day, item.prompt.text), look))
    return rows


def one_line(markdown: str) -> str:
    """Return a side of a card on one line."""
    return clean_line(markdown, 200)


def card_page(shown: Shown, answered: bool) -> str:
    """Return a card as Markdown: its question, and when ``answered`` a rule and the answer."""
    front = _lines(shown.card.front)
    return f"{front}\n\n---\n\n{_lines(shown.card.back)}" if answered else front


def _lines(markdown: str) -> str:
    """Keep the lines of a card apart, as its note has them."""
    return markdown.replace("\n", "  \n")


def place(shown: Shown, now: datetime) -> str:
    """Return where a card comes from and where it stands."""
    card = shown.card
    parts = [card.title, card.heading if card.heading != card.title else "", standing(shown.state, now)]
    return " › ".join(filter(None, parts[:2])) + "  ·  " + parts[2]


def grades_line(shown: Shown, answered: bool) -> str:
    """Return what the number keys mean, each with how long it would put the card off."""
    if not answered:
        return _("Space shows the answer.")
    words = (_("Again"), _("Hard"), _("Good"), _("Easy"))
    return "    ".join(f"{n} {word} {in_words(shown.delays[n])}" for n, word in enumerate(words, 1))


@dataclass(frozen=True)
class Sitting:
    """What was done since the cards were opened: (question, rating, seconds) of each answer that still counts."""

    answers: tuple[tuple[str, int, float], ...]
    counts: Counts
    tomorrow: int


def summary_page(done: Sitting) -> str:
    """Return the page at the end of the queue."""
    if not done.answers:
        return f"# {_('No card is due.')}\n\n{_ahead(done)}"
    n = len(done.answers)
    minutes = sum(min(seconds, 120) for _front, _rating, seconds in done.answers) / 60
    share = round(100 * sum(rating > 1 for _front, rating, _seconds in done.answers) / n)
    said = ngettext("{n} answer", "{n} answers", n).format(n=n)
    lines = [
        f"# {_('Done for now.')}",
        "",
        _("{answers}, {share} % remembered, {minutes} minutes.").format(
            answers=said, share=share, minutes=f"{minutes:.1f}"
        ),
        "",
        _ahead(done),
    ]
    forgotten = dict.fromkeys(front for front, rating, _seconds in done.answers if rating == 1)
    if forgotten:
        lines += ["", f"## {_('Forgotten this time')}", "", *(f"- {_plain(front)}" for front in forgotten)]
    return "\n".join(lines)


def _ahead(done: Sitting) -> str:
    counts = done.counts
    said = ngettext("Tomorrow {n} card falls due.", "Tomorrow {n} cards fall due.", done.tomorrow).format(
        n=done.tomorrow
    )
    if counts.later:
        later = ngettext("{n} card comes back later today.", "{n} cards come back later today.", counts.later)
        said = sentences(said, later.format(n=counts.later))
    waiting = counts.due - counts.proposed
    if waiting > 0 and counts.done:
        more = ngettext(
            "{n} more waits; the limit of {cap} a day keeps the stack small.",
            "{n} more wait; the limit of {cap} a day keeps the stack small.",
            waiting,
        )
        said = sentences(said, more.format(n=waiting, cap=counts.cap))
    return said


def _plain(text: str) -> str:
    """Escape what Markdown would take for formatting, on one line."""
    return "".join("\\" + c if c in r"\`*_{}[]()#+-.!<>|~=" else c for c in clean_line(text, 200))
