"""How deep YAML is nested, looked at before it is read: libyaml ends the program, PyYAML takes for ever."""

from __future__ import annotations

import re
from itertools import accumulate

_BRACKET = re.compile(r"[\[{}\]]")
_LISTS = re.compile(r"(?:[-?][ \t]+)+")


def is_deeper(text: str, levels: int) -> bool:
    """Say whether more than ``levels`` brackets are open at once, or lists begun in one line.

    Signs in quotation marks count too.
    """
    steps = (1 if bracket in "[{" else -1 for bracket in _BRACKET.findall(text))
    brackets = max(accumulate(steps, lambda depth, step: max(0, depth + step), initial=0))
    return brackets > levels or any(len(begun.split()) > levels for begun in _LISTS.findall(text))
