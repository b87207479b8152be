"""Deterministic text in two languages, drawn from our own starter notes and sample articles."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from benchmarks.harness import ROOT

LANGUAGES = ("zh", "en")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]|[^.!?\n。！？]+[.!?](?=\s|$)")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'-]+")
_CLAUSE = re.compile(r"[\u4e00-\u9fff]{2,8}")
_MARKUP = re.compile(r"[\[\]`#*|_<>&\\=~^]|::|^\s*(?:[-?>]|\d+\.)\s*", re.M)
# How often a connecting character follows a word of made-up Chinese.
_LINKS = ("", "", "", "", "的", "和", "在", "要", "先", "再", "不", "会", "让", "把", "用", "是", "都")


class Words:
    """Words and sentences of both languages; the same texts and the same Random give the same prose.

    The words are drawn by rank as in living text (Zipf), a third of the sentences are whole ones of the texts.
    """

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """Take in (language, text) pairs."""
        sentences: dict[str, dict[str, None]] = {lang: {} for lang in LANGUAGES}
        counts: dict[str, Counter[str]] = {lang: Counter() for lang in LANGUAGES}
        for lang, text in texts:
            plain = _MARKUP.sub("", text)
            sentences[lang].update(
                dict.fromkeys(
                    found for one in _SENTENCE.findall(plain) if 6 <= len(found := one.strip()) <= 160
                )
            )
            counts[lang].update(_terms(lang, plain))
        self._sentences = {lang: list(found) for lang, found in sentences.items()}
        self._terms = {
            lang: [term for term, _n in sorted(c.items(), key=_rank)] for lang, c in counts.items()
        }
        self._weights = {lang: _zipf(len(terms)) for lang, terms in self._terms.items()}

    def word(self, random: Random, lang: str) -> str:
        """Return one word."""
        return self._draw(random, lang, 1)[0]

    def title(self, random: Random, lang: str) -> str:
        """Return a title of some words."""
        if lang == "zh":
            return "".join(self._draw(random, lang, random.randint(2, 4)))
        return " ".join(self._draw(random, lang, random.randint(3, 6))).capitalize()

    def sentence(self, random: Random, lang: str) -> str:
        """Return a sentence, real or made up."""
        if random.random() < 0.35:
            return random.choice(self._sentences[lang])
        if lang == "en":
            return " ".join(self._draw(random, lang, random.randint(5, 18))).capitalize() + random.choice(
                "...?!"
            )
        parts = [
            "".join(term + random.choice(_LINKS) for term in self._draw(random, lang, random.randint(2, 5)))
            for _part in range(random.randint(1, 3))
        ]
        return "，".join(parts) + random.choice("。。。？！")

    def paragraph(self, random: Random, lang: str, length: int) -> str:
        """Return sentences of at least ``length`` characters together."""
        found: list[str] = []
        while sum(map(len, found)) < length:
            found.append(self.sentence(random, lang))
        return ("" if lang == "zh" else " ").join(found)

    def _draw(self, random: Random, lang: str, count: int) -> list[str]:
        return random.choices(self._terms[lang], cum_weights=self._weights[lang], k=count)


def own_words() -> Words:
    """Return the words of this repository's starter notes and sample articles."""
    notes = [(lang, text) for path in sorted((ROOT / "notes").rglob("*.md")) for lang, text in _parts(path)]
    folder = ROOT / "studytui" / "demo" / "articles"
    return Words([*notes, *(part for path in sorted(folder.glob("*.md")) for part in _parts(path))])


def _parts(path: Path) -> Sequence[tuple[str, str]]:
    """Return the text of a file with the language that its front lines name."""
    text = path.read_text("utf-8")
    named = re.search(r"^lang: (zh|en)$", text, re.M)
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    return [(named[1], body if mark else head)] if named else []


def _terms(lang: str, text: str) -> Iterable[str]:
    """Yield the words of a text; Chinese, which knows none, is cut into pieces of two to four characters."""
    if lang == "en":
        yield from (word.lower() for word in _LATIN.findall(text))
        return
    for clause in _CLAUSE.findall(text):
        middle = (len(clause) + 1) // 2 if len(clause) > 4 else len(clause)
        yield from (piece for piece in (clause[:middle], clause[middle:]) if len(piece) > 1)


def _rank(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def _zipf(count: int) -> list[float]:
    return list(itertools.accumulate(1 / (rank + 6) ** 0.95 for rank in range(1, count + 1)))
