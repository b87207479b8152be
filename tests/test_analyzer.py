"""The analyzer: one folding for both sides, terms that every FTS5 tokenizer keeps whole."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.search.analyzer import fold, index_terms, index_text, index_tokens, query_terms, runs, stem


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＣＲＭ系统", "crm系统"),
        ("客戶關係，於後裡", "客户关系,于后里"),
        ("Café RÉSUMÉ kèhù", "cafe resume kehu"),
        ("a\u3000b\n\n c\u00a0", "a b c"),
        ("soft\u00adware\u200b", "software"),
        ("Straße ﬁn ①", "strasse fin 1"),
        ("e\u0301t\u00e9", "ete"),
        ("", ""),
    ],
)
def test_folding(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing_that_is_compared(text: str) -> None:
    assert index_tokens(fold(text)) == index_tokens(text) or fold(fold(text)) != fold(text)
    assert "\n" not in fold(text)


def test_script_boundaries_split_words() -> None:
    assert list(runs(fold("CRM系统的B2B销售"))) == [
        ("crm", False),
        ("系统的", True),
        ("b2b", False),
        ("销售", True),
    ]


def test_chinese_becomes_characters_and_pairs() -> None:
    assert index_tokens("客戶關係") == ["客", "户", "关", "系", "客户", "户关", "关系"]


def test_a_latin_word_becomes_its_beginnings_and_its_stem() -> None:
    assert index_tokens("marketing") == ["m", "ma", "mar", "mark", "marke"]
    assert index_terms("skies") == {"s", "sk", "ski", "skie", "skies", "sky"}
    assert stem("optimized") == stem("optimize")
    assert stem("07") == "07"


def test_times_are_words() -> None:
    assert index_terms("07:00") == {"0", "07", "00"}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_every_word_of_a_text_finds_the_text_in_sqlite(text: str) -> None:
    """What the tokenizer of FTS5 makes of our terms is the same on both sides, for any script."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5 (terms, detail = column, tokenize = 'unicode61')")
    database.execute("INSERT INTO found VALUES (?)", (index_text(text),))
    for word, chinese in runs(fold(text)):
        for group in query_terms(word, chinese):
            match = " OR ".join(f'"{term}"' for term in group)
            hits = database.execute("SELECT count(*) FROM found WHERE found MATCH ?", (match,)).fetchone()
            assert hits == (1,), (word, match)


@given(st.text(alphabet="客户关系市场营销abcdeñÉ12 ，。", max_size=30), st.data())
def test_every_piece_of_a_run_has_its_terms_in_the_index(text: str, data: st.DataObject) -> None:
    words = list(runs(fold(text)))
    if not words:
        return
    word, chinese = data.draw(st.sampled_from(words))
    start = data.draw(st.integers(0, len(word) - 1)) if chinese else 0
    piece = word[start : data.draw(st.integers(start + 1, len(word)))]
    terms = index_terms(text)
    assert all(any(term in terms for term in group) for group in query_terms(piece, chinese))


def test_importing_the_analyzer_imports_nothing_of_the_index() -> None:
    code = "import sys, studytui.search.query; print([m for m in sys.modules if m.startswith('whoosh')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_stemming_imports_only_the_stemmer() -> None:
    code = (
        "import sys; from studytui.search.analyzer import stem; stem('marketing');"
        "print(sorted(m for m in sys.modules if m.startswith('whoosh')))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip()
    assert shown == "['whoosh', 'whoosh.lang', 'whoosh.lang.porter2']"
