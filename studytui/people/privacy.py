"""Whose names a text holds, so that what is shared can be looked through first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studytui.people.vocabulary import folded

_CHINESE = re.compile(r"[\u3400-\u9fff]")


def people_named(text: str, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that occur in ``text``, so that an export can warn before it carries them.

    Names in Latin letters must stand as whole words; names of a single character are not looked for.
    """
    whole = folded(text)
    return [name for name in dict.fromkeys(names) if _occurs(folded(name), whole)]


def _occurs(name: str, text: str) -> bool:
    if len(name) < 2 or name not in text:
        return False
    whole_word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.ASCII)
    return bool(_CHINESE.search(name)) or whole_word.search(text) is not None
