"""Confidence pre-flight (article 2): before selling, confidence in the product and, more important, in yourself.

A score from 1 to 5 counts only with proof; from which score on one is ready is studytui's own line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studytui.i18n import N_, _
from studytui.practice.fields import Field, Kind
from studytui.practice.report import (
    Bar,
    Bars,
    Line,
    Lines,
    Report,
    Tone,
    Trend,
    article_says,
    claim,
    labelled,
    number,
    ratio,
    trends,
)
from studytui.practice.tool import Context, Entry, Mode, Tool

READY = 3

FIELDS = (
    Field("product", "对产品", Kind.SCORE, N_("How sure are you of the product, 1 to 5?"), True),
    Field("product_proof", "产品的证据", Kind.TEXT, N_("What proves it? A test, a figure, a buyer's words.")),
    Field("self", "对自己", Kind.SCORE, N_("How sure are you of yourself, 1 to 5?"), True),
    Field("self_proof", "自己的证据", Kind.TEXT, N_("What proves it? Something you have done or can show.")),
)


@dataclass(frozen=True)
class Score:
    """One score with its proof; ``counts`` is the score when proven, else None."""

    key: str
    score: int
    proof: str

    @property
    def counts(self) -> int | None:
        """The score as far as it is proven."""
        return self.score if self.proof else None


def scores(entry: Entry) -> tuple[Score, Score]:
    """Return the scores of product and self."""
    product, own = (
        Score(key, entry.count(key) or 0, entry.text(f"{key}_proof")) for key in ("product", "self")
    )
    return product, own


def ready(entry: Entry) -> bool:
    """Say whether both scores are proven and high enough."""
    return all(score.counts is not None and score.counts >= READY for score in scores(entry))


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return the two scores with their proofs, whether one is ready, and the trend."""
    if not entries:
        return Report(
            _("No pre-flight yet."), next_step=_("Give a score to your product, and say what proves it.")
        )
    found = scores(entries[-1])
    go = ready(entries[-1])
    return Report(
        _("Ready for take-off.") if go else _("Not ready yet."),
        (
            Bars(_("Scores"), tuple(_bar(score) for score in found)),
            Lines(_("Proof"), tuple(_proof(score) for score in found)),
            *(trend for position in range(len(found)) for trend in _trend(entries, position)),
            article_says(
                claim(_("Whoever has sold themselves is half way there [claim].")),
                Line(_("Ready means {n} or more for both, with proof: studytui's own line.").format(n=READY)),
            ),
        ),
        next_step=_next_step(found),
        figures={
            **{score.key: score.score for score in found},
            "proven": [score.key for score in found if score.proof],
            "ready": go,
        },
    )


def _proof(score: Score) -> Line:
    if score.proof:
        return Line(labelled(_name(score), score.proof))
    return Line(_("{name}: unproven, so the score does not count").format(name=_name(score)), Tone.GAP)


def _trend(entries: Sequence[Entry], position: int) -> tuple[Trend, ...]:
    """Return the trend of one of the two scores, as far as it was proven."""
    history = [scores(entry)[position] for entry in entries]
    days = [entry.day.isoformat() for entry in entries]
    return trends(_name(history[-1]), days, [score.counts for score in history], number)


def _name(score: Score) -> str:
    return _("Product") if score.key == "product" else _("Yourself")


def _bar(score: Score) -> Bar:
    text = f"{score.score}/5" if score.proof else _("{score}/5 unproven").format(score=score.score)
    return Bar(_name(score), ratio(score.score, 5), text, Tone.GOOD if score.proof else Tone.GAP)


def _next_step(found: Sequence[Score]) -> str:
    for score in found:
        if not score.proof:
            return _("{name}: find one proof before you raise the score.").format(name=_name(score))
    lowest = min(found, key=lambda score: score.score)
    if lowest.score < READY:
        return _("{name}: do one test this week that could raise the {score}.").format(
            name=_name(lowest), score=lowest.score
        )
    return _("Tell one person about the product today.")


TOOL = Tool(
    id="confidence",
    title=N_("Confidence pre-flight"),
    rule=N_("Be sure of the product and of yourself before you sell, and know why."),
    help=N_("Two scores, each with its proof. Do it again before every start; the scores make the trend."),
    mode=Mode.SHEET,
    fields=FIELDS,
    compute=compute,
)
