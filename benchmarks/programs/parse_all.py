"""Parse every document of a folder, print the number of entries: parse_all.py ours|feedparser|expat FOLDER."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.parsers import expat


def ours(body: bytes) -> int:
    """Everything that a pull does with a document before it is stored."""
    from studytui.reading.parse.document import parse_document

    return len(
        parse_document(body, "utf-8", "https://site.example/feed", datetime(2026, 9, 2, tzinfo=UTC)).entries
    )


def by_feedparser(body: bytes) -> int:
    """Without the two passes over the entries' HTML."""
    import feedparser

    return len(
        feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)["entries"]
    )


def by_expat(body: bytes) -> int:
    """Every element visited, every text collected, nothing kept."""
    count = 0
    texts: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += name in ("item", "entry")
        texts.clear()

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.CharacterDataHandler = texts.append
    parser.Parse(body, True)
    return count


def main() -> None:
    """Read all files first, then parse."""
    parse: Callable[[bytes], int] = {"ours": ours, "feedparser": by_feedparser, "expat": by_expat}[
        sys.argv[1]
    ]
    bodies = [file.read_bytes() for file in sorted(Path(sys.argv[2]).glob("*.xml"))]
    print(sum(map(parse, bodies)))


if __name__ == "__main__":
    main()
