"""Which notes are about people: they stay out of every export unless the learner asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studytui.people.vocabulary import folded

KINDS = frozenset(("person", "event"))
FOLDERS = frozenset(("people", "events"))
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def is_about_people(path: str, kind: str) -> bool:
    """Say whether the note at ``path`` (below notes/) is about people, by its kind or by its folder.

    The folder counts too, because a note with broken front matter has no kind and is no less private.
    """
    return folded(kind) in KINDS or (folded(path.split("/")[0]) in FOLDERS and "/" in path)


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
