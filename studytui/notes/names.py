"""Names: how a title becomes a file name on every system, and when two names are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from studytui.i18n import _
from studytui.text import clean_line

LIMIT = 255  # bytes of a file name on every common file system
_TWINS = str.maketrans('\\/:*?"<>|#^[]', "＼／：＊？＂＜＞｜＃＾［］")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


def name_key(name: str) -> str:
    """Return what two names must share to be the same: NFKC, case folded, white space as one blank."""
    if name.isascii():
        return " ".join(name.lower().split())
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def file_key(name: str) -> str:
    """Return the form under which careless file systems (no case, NFD) take two names for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def link_text(title: str) -> str:
    """Return ``title`` fit for ``[[…]]``: signs that links reserve become their full-width twins."""
    return clean_line(title).translate(_TWINS) if re.search(r"[\[\]#^|\\]", title) else clean_line(title)


def file_stem(title: str, room: int = 0) -> str:
    """Return the file name without ``.md`` for ``title``, ``room`` bytes short of the limit.

    Signs that some system forbids become full-width twins, dots and blanks at the ends go, Windows' device
    names get an underscore, and the cut never splits a character.
    """
    stem = unicodedata.normalize("NFC", clean_line(title).translate(_TWINS))
    stem = "．" + stem.lstrip(".") if stem.startswith(".") else stem
    stem = stem.rstrip(". ").strip()
    if _RESERVED.fullmatch(stem):
        stem = f"{stem.partition('.')[0]}_{stem[len(stem.partition('.')[0]) :]}"
    stem = cut_bytes(stem, LIMIT - len(".md") - room).rstrip(". ")
    return stem if stem.strip("．") else _("Untitled")


def cut_bytes(text: str, limit: int) -> str:
    """Return the longest start of ``text`` of at most ``limit`` bytes that ends between whole characters."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    cut = encoded[: max(0, limit)].decode(errors="ignore")
    while cut and (unicodedata.combining(text[len(cut)]) or text[len(cut)] in "\u200d\ufe0f"):
        cut = cut[:-1]
    return cut.rstrip("\u200d")


def free_name(stem: str, taken: Collection[str], suffix: str = ".md") -> str:
    """Return ``stem`` + ``suffix``, with " 2", " 3" … when ``taken`` (of `file_key`) has it already."""
    name, number = stem + suffix, 1
    while file_key(name) in taken:
        number += 1
        tail = f" {number}{suffix}"
        name = cut_bytes(stem, LIMIT - len(tail.encode())).rstrip(". ") + tail
    return name
