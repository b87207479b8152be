"""Side files with the text of starred and noted articles: plain Markdown that outlives the library."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from studytui.text import clean_line, clean_text, safe_url
from studytui.workspace import write_atomic


@dataclass(frozen=True)
class KeptArticle:
    """All that a fresh library needs to show an article that its feed no longer serves; times are epoch seconds."""

    id: str
    feed: str
    address: str
    title: str
    url: str
    link: str
    author: str
    published: int | None
    first_seen: int
    position: int
    body: str


def keep(folder: Path, article: KeptArticle) -> None:
    """Write the side file of ``article``, unless it is there with the same content.  Raises StudyError."""
    front = {name: value for name, value in asdict(article).items() if name != "body"}
    # A JSON value is a YAML value too, so that any Markdown program shows the front matter.
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items()]
    content = "\n".join(["---", *lines, "---", "", article.body]).encode("utf-8", "replace")
    path = folder / f"{article.id}.md"
    with contextlib.suppress(OSError):
        if path.read_bytes() == content:
            return
    write_atomic(path, content)


def kept(folder: Path, article_id: str) -> KeptArticle | None:
    """Return what is kept of an article, None when nothing or nothing readable is."""
    try:
        text = (folder / f"{article_id}.md").read_bytes().decode("utf-8", "replace")
        opening, front, body = text.split("---\n", 2)
        values = {
            name: json.loads(value)
            for name, _, value in (line.partition(": ") for line in front.splitlines())
        }
        found = _article(values, body.removeprefix("\n"))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None
    return found if not opening and found.id == article_id else None


def ids(folder: Path) -> set[str]:
    """Return the ids of the articles that have a side file."""
    return {path.stem for path in folder.glob("*.md")} if folder.is_dir() else set()


def drop(folder: Path, article_id: str) -> None:
    """Remove the side file of an article that is neither starred nor noted any more."""
    with contextlib.suppress(OSError):
        (folder / f"{article_id}.md").unlink()


def _article(values: dict[str, Any], body: str) -> KeptArticle:
    """Return the article of a side file; anybody may have edited it, so nothing is taken on trust."""
    published = values["published"]
    numbers = [int(values[name]) for name in ("first_seen", "position")]
    if max(map(abs, [*numbers, int(published or 0)])) > 2**40:
        raise ValueError("no such moment")
    return KeptArticle(
        **{
            name: clean_line(str(values[name]), 4000) for name in ("id", "feed", "address", "title", "author")
        },
        url=clean_line(str(values["url"]), 4000),
        link=safe_url(str(values["link"])),
        published=None if published is None else int(published),
        first_seen=numbers[0],
        position=numbers[1],
        body=clean_text(body),
    )
