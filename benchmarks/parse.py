"""The same feed documents through our whole parser and through feedparser alone, its HTML passes off."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.desks import made
from benchmarks.feeds import write_feeds
from benchmarks.harness import PROGRAMS, Line, Options, Sample, compare, expect, measure, take_turns
from benchmarks.words import own_words

ENTRIES = 30


def run(options: Options) -> Iterator[Line]:
    """Parse all documents in a fresh process each."""
    feeds = options.size(60, 300)
    folder = made(
        options.scratch / f"parse-{feeds}",
        lambda root: write_feeds(root, own_words(), feeds, ENTRIES),
    )
    jobs = {
        kind: partial(_parse, kind, folder, options.scratch, feeds)
        for kind in ("ours", "feedparser", "expat")
    }
    found = take_turns(options.turns(3), jobs, warm_up=False)
    yield compare("entries as they are stored", "feedparser alone", found["ours"], found["feedparser"])
    yield compare("entries as they are stored", "expat alone", found["ours"], found["expat"])


def _parse(kind: str, folder: Path, home: Path, feeds: int) -> Sample:
    sample = measure([sys.executable, PROGRAMS / "parse_all.py", kind, folder], home)
    expect(f"entries by {kind}", sample.output.split()[-1], str(feeds * ENTRIES))
    return sample
