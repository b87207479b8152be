"""What a tool answers: plain values that the screens draw and the command line prints, without a colour."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from studytui.i18n import _

Number = int | float | Decimal


class Tone(StrEnum):
    """How a line is meant; the screens give each a style, plain text gives it a mark or nothing."""

    PLAIN = ""
    GOOD = "good"
    WARN = "warn"
    GAP = "gap"
    """Something is not known or not proven."""
    CLAIM = "claim"
    """A figure or sentence of the articles that has no source."""


@dataclass(frozen=True)
class Line:
    """One sentence of a report."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Lines:
    """Sentences under a title."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """Rows of text under a title; the columns numbered in ``numbers`` are aligned right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bar:
    """One bar: ``share`` from 0 to 1 of the longest possible, None for a gap; ``text`` stands behind it."""

    label: str
    share: float | None
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Bars:
    """Horizontal bars under a title."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Trend:
    """Values in the order of time, None where there is a gap; drawn as a sparkline with its ends in words."""

    title: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    text: str = ""
    """What the trend says in words."""


@dataclass(frozen=True)
class Branch:
    """One node of a tree, ``depth`` 0 at the root; it belongs to the last one before it that is less deep."""

    depth: int
    text: str


@dataclass(frozen=True)
class Tree:
    """Nodes in reading order under a title."""

    title: str
    branches: tuple[Branch, ...]


Block = Lines | Table | Bars | Trend | Tree


@dataclass(frozen=True)
class Report:
    """The answer of a tool: one sentence, warnings, blocks, the next step, and the exact figures by name."""

    summary: str
    blocks: tuple[Block, ...] = ()
    warnings: tuple[str, ...] = ()
    next_step: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values; figures keep their exact numbers, texts are translated."""
        return {
            "summary": self.summary,
            "warnings": list(self.warnings),
            "next_step": self.next_step,
            "figures": _json(self.figures),
            "blocks": [_block_json(block) for block in self.blocks],
        }


def _block_json(block: Block) -> dict[str, Any]:
    plain = {name: _json(getattr(block, name)) for name in block.__dataclass_fields__}
    return {"block": type(block).__name__.lower(), **plain}


def _json(value: object) -> Any:
    match value:
        case StrEnum():
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Mapping():
            return {str(key): _json(part) for key, part in value.items()}
        case frozenset():
            return sorted(_json(part) for part in value)
        case Line() | Bar() | Branch():
            return {name: _json(getattr(value, name)) for name in value.__dataclass_fields__}
        case Sequence():
            return [_json(part) for part in value]
        case _:
            return str(value)


def remark(text: str) -> Lines:
    """Return a sentence without a title."""
    return Lines("", (Line(text),))


def claim(text: str) -> Line:
    """Return a line for what the articles say without a source; the text carries the mark."""
    return Line(text, Tone.CLAIM)


def article_says(*lines: Line) -> Lines:
    """Return what the article says about a tool's subject."""
    return Lines(_("What the article says"), lines)


def percent(share: Number | None, digits: int = 1) -> str:
    """Return a share from 0 to 1 as per cent with ``digits`` decimals; a gap as "–"."""
    if share is None:
        return "–"
    return _("{number} %").format(number=f"{float(share) * 100:.{digits}f}")


def ratio(part: Number | None, whole: Number | None) -> float | None:
    """Return ``part`` / ``whole``, None when either is a gap or the whole is nothing."""
    if part is None or whole is None or not whole:
        return None
    return float(part) / float(whole)


def number(value: Number | None) -> str:
    """Return a number as people write it, without needless decimals; a gap as "–"."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    return f"{value:.2f}".rstrip("0").rstrip(".")


def money(value: Decimal | None) -> str:
    """Return an amount with two decimals; a gap as "–"."""
    return "–" if value is None else f"{value:.2f}"


def named(names: Sequence[str]) -> str:
    """Return names in a row, with the comma of the screen language."""
    return _(", ").join(names)


def counted_share(count: Number, share: Number | None, digits: int = 1) -> str:
    """Return a count with its share behind it: "300 (4.0 %)"."""
    return _("{count} ({share})").format(count=number(count), share=percent(share, digits))


def labelled(label: str, text: str) -> str:
    """Return a label with its text behind a colon."""
    return _("{label}: {text}").format(label=label, text=text)


def trends(
    title: str, labels: Sequence[str], values: Sequence[float | None], shown: Callable[[float | None], str]
) -> tuple[Trend, ...]:
    """Return the trend of ``values``, with its known ends in words; nothing while fewer than two are known."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ()
    text = _("from {first} to {last}").format(first=shown(known[0]), last=shown(known[-1]))
    return (Trend(title, tuple(labels), tuple(values), text),)
