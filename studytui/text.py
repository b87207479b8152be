"""The only door for text from outside: cleaning, HTML to Markdown, cutting by terminal cells.

Painted text passes `clean_line` or `clean_text` a second time in the widgets, because notes and files edited
elsewhere never came through the first door.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nh3

# Everything a terminal might act on or that reorders text invisibly; tab and newline are handled apart.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# Whole control sequences go with their payload, so that no "]2;title" litter is left behind.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_SPACES = re.compile(r"\s+")
SAFE_SCHEMES = ("http://", "https://", "mailto:")


def clean_text(text: str, limit: int | None = None) -> str:
    """Return ``text`` without control sequences, controls and bidi overrides; newlines and tabs stay.

    ``limit`` cuts to that many characters.  Line ends become "\\n" and Unicode is NFC.
    """
    if limit is not None:
        text = text[: limit * 2]
    if not text.isascii() or "\x1b" in text or "\r" in text or not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _UNSAFE.search(text):  # every sequence begins with an unsafe character, and most text has none
            text = _UNSAFE.sub("", _SEQUENCE.sub("", text))
        text = unicodedata.normalize("NFC", text)
    return text if limit is None else text[:limit]


def clean_line(text: str, limit: int = 500) -> str:
    """Return ``text`` cleaned and on one line, white space as single blanks, at most ``limit`` characters."""
    cleaned = _SPACES.sub(
        " ", clean_text(text[: limit * 8].replace("\u2028", " ").replace("\u2029", " "))
    ).strip()
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def safe_url(url: str) -> str:
    """Return ``url`` when its scheme is http, https or mailto, else ""; nothing else is ever opened."""
    url = clean_line(url, 4000)
    return url if url.lower().startswith(SAFE_SCHEMES) and " " not in url else ""


def html_to_markdown(html: str, limit: int = 200_000) -> str:
    """Return safe Markdown for a piece of HTML from outside; never raises, never loses all text.

    Tags pass an allow-list and links keep only http, https and mailto before the conversion; when the
    conversion yields nothing or fails, the bare text is returned.
    """
    html = clean_text(html, limit * 4)
    if "<" not in html and "&" not in html:
        return html[:limit]
    from html_to_markdown import convert

    safe = _cleaner().clean(html)
    try:
        result = convert(safe)  # its own style is ours: # headings and - bullets
        markdown = result if isinstance(result, str) else (getattr(result, "content", None) or "")
    except Exception:  # the converter is native code that meets any page of the web
        markdown = ""
    if not markdown.strip():
        markdown = html_to_text(safe)
    return clean_text(markdown, limit).strip() + "\n" if markdown.strip() else ""


@cache
def _cleaner() -> nh3.Cleaner:
    """Return the allow-list for HTML from outside, made once: thousands of bodies pass it in a pull."""
    import nh3

    allowed = nh3.ALLOWED_TAGS | {"figure", "figcaption", "section", "article"}
    return nh3.Cleaner(tags=allowed, url_schemes={"http", "https", "mailto"}, link_rel=None)


def html_to_text(html: str) -> str:
    """Return the text content of HTML with entities resolved and block ends as newlines."""
    import html as entities

    import nh3

    broken = re.sub(r"(?i)</(?:p|div|li|h[1-6]|tr|blockquote)>|<br\s*/?>", "\n", clean_text(html))
    text = entities.unescape(nh3.clean(broken, tags=set(), clean_content_tags={"script", "style"}))
    return clean_text(re.sub(r"\n{3,}", "\n\n", text)).strip()


def cell_width(text: str) -> int:
    """Return how many terminal cells ``text`` takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut_cells(text: str, width: int) -> str:
    """Return ``text`` cut to ``width`` terminal cells, with "…" when something was left out."""
    if cell_width(text) <= width:
        return text
    if width <= 0:
        return ""
    from rich.cells import set_cell_size

    return set_cell_size(text, width - 1).rstrip() + "…"
