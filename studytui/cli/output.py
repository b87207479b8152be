"""What the shell commands print: plain lines for people, JSON for programs, sentences for mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from studytui.i18n import _
from studytui.text import cell_width, clean_line, clean_text, cut_cells


def print_json(value: Any) -> None:
    """Print ``value`` as JSON, a list with one item a line; every string is cleaned, so it is safe to show, too."""
    cleaned = _cleaned(value)
    if isinstance(cleaned, list) and cleaned:
        lines = (json.dumps(item, ensure_ascii=False) for item in cleaned)
        click.echo("[\n" + ",\n".join(lines) + "\n]")
    else:
        click.echo(json.dumps(cleaned, ensure_ascii=False, indent=2))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): _cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(item) for item in value]
    return value


def print_line(text: str) -> None:
    """Print one cleaned line."""
    click.echo(clean_line(text, 2000))


def print_text(text: str) -> None:
    """Print a cleaned text of several lines."""
    click.echo(clean_text(text).rstrip("\n"))


def print_table(rows: Iterable[tuple[str, ...]], empty: str) -> None:
    """Print rows in columns that align by terminal cells, the last column free; ``empty`` when there are none."""
    cleaned = [tuple(clean_line(cell) for cell in row) for row in rows]
    if not cleaned:
        click.echo(empty)
        return
    widths = [min(36, max(map(cell_width, column))) for column in list(zip(*cleaned, strict=True))[:-1]]
    for row in cleaned:
        cells = [_padded(cell, width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]).rstrip())


def _padded(cell: str, width: int) -> str:
    cut = cut_cells(cell, width)
    return cut + " " * (width - cell_width(cut))


def print_problem(message: str, hint: str = "") -> None:
    """Print what went wrong and what to do next on standard error."""
    click.echo(clean_line(_("studytui: {message}").format(message=message), 4000), err=True)
    if hint:
        click.echo("  " + clean_line(hint, 4000), err=True)


def tell_names(names: Sequence[str]) -> None:
    """Say which people a text still names that may leave the machine."""
    if names:
        print_problem(
            _("It still names {names}.").format(names=_(", ").join(names)),
            _("These are names of people you know; look through it before you share it."),
        )
