"""Made-up notes: front matter, tags, links, lists and quotes, half of them Chinese; and a learner's journal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.words import Words

FOLDERS = ("seo", "content", "email", "social", "ads", "brand", "copy", "私域", "短视频", "数据")
PLANTED = {"zeigarnik": 7, "榴莲": 9, "鹦鹉螺定价法": 3, "ROI提升": 12}
"""Words that stand nowhere else, and in how many notes each is put."""
SHORT_EVERY = 20
"""Of so many notes one is called by a single word, so that others mention it without a link."""


@dataclass(frozen=True)
class MadeNote:
    """One made-up note: its path below the notes folder and its text."""

    path: str
    title: str
    text: str


def make_notes(words: Words, count: int, seed: int = 1) -> Iterator[MadeNote]:
    """Yield ``count`` notes of 200-1,500 characters."""
    random = Random(f"titles {seed}")
    titles = _titles(words, random, count)
    planted: dict[int, list[str]] = {}
    for word, times in PLANTED.items():
        for number in random.sample(range(count), min(times, count)):
            planted.setdefault(number, []).append(word)
    for number, title in enumerate(titles):
        yield _note(words, Random(f"note {seed}/{number}"), number, title, titles, planted.get(number, []))


def write_notes(folder: Path, notes: Iterator[MadeNote]) -> str:
    """Write the notes below ``folder`` and return a digest of their paths and bytes."""
    seen = hashlib.sha256()
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for note in notes:
        content = note.text.encode()
        (folder / note.path).write_bytes(content)
        seen.update(note.path.encode() + content)
    return seen.hexdigest()


def make_cards(words: Words, notes: int, cards: int, seed: int = 1) -> Iterator[MadeNote]:
    """Yield ``notes`` notes with ``cards`` cards each."""
    for number in range(notes):
        random = Random(f"cards {seed}/{number}")
        lang = "zh" if number % 2 == 0 else "en"
        title = f"{words.title(random, lang)} {number:03d}"
        lines = [
            f"{words.title(random, lang)} {number}.{place}::{words.sentence(random, lang).replace(':', '')}"
            for place in range(cards)
        ]
        text = f"---\ntitle: {title}\ntags: [flashcards]\n---\n\n" + "\n\n".join(lines) + "\n"
        yield MadeNote(f"{FOLDERS[number % len(FOLDERS)]}/{title}.md", title, text)


def _titles(words: Words, random: Random, count: int) -> list[str]:
    titles: dict[str, None] = {}
    while len(titles) < count:
        number, lang = len(titles), random.choice(("zh", "en"))
        short = words.word(random, lang) if number % SHORT_EVERY == 0 else ""
        known = len(short) < 2 or short in titles
        titles[f"{words.title(random, lang)} {number}" if known else short] = None
    return list(titles)


def _note(
    words: Words, random: Random, number: int, title: str, titles: list[str], planted: list[str]
) -> MadeNote:
    lang = random.choice(("zh", "en"))
    folder = FOLDERS[int(len(FOLDERS) * random.random() ** 1.5)]
    tags = sorted({words.word(random, lang) for _tag in range(random.randint(1, 4))})
    wanted = int(200 + 1300 * random.random() ** 1.7)
    parts: list[str] = []
    while sum(map(len, parts)) < wanted:
        part = _part(words, random, lang)
        if random.random() < 0.35:
            part += f" [[{titles[int(len(titles) * random.random() ** 2)]}]]"
        parts.append(part + (f" {planted.pop()}" if planted else ""))
    front = (
        f"title: {title}\ndate: 2026-{random.randint(1, 11):02d}-{random.randint(1, 28):02d}\ntags: {tags}\n"
    )
    body = "\n\n".join([f"# {title}", *parts, *planted])
    return MadeNote(f"{folder}/{number:05d} {title}.md", title, f"---\n{front}---\n\n{body}\n")


def _part(words: Words, random: Random, lang: str) -> str:
    kind = random.random()
    if kind < 0.15:
        return "\n".join(f"- {words.sentence(random, lang)}" for _item in range(random.randint(2, 5)))
    if kind < 0.25:
        return f"## {words.title(random, lang)}"
    if kind < 0.30:
        return f"> {words.sentence(random, lang)}"
    return words.paragraph(random, lang, random.randint(60, 260))
