"""The one rule of what is about people: it enters no export unless the learner asks for it."""

from __future__ import annotations

import unicodedata

KINDS = frozenset(("person", "event"))
FOLDERS = frozenset(("people", "events"))
TOOLS = frozenset(("stages", "sources", "follow-up", "deal-summary", "referral", "ties", "ledger"))
"""The practice tools whose entries name people."""


def is_about_people(path: str, kind: str = "", tool: str = "") -> bool:
    """Say whether the note or file at ``path`` (below notes/) is about people: by kind, practice tool or folder.

    The folder counts too, because a note with broken front matter has no kind and is no less private.
    """
    folder, slash, _rest = path.partition("/")
    return _folded(kind) in KINDS or _folded(tool) in TOOLS or (bool(slash) and _folded(folder) in FOLDERS)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()
