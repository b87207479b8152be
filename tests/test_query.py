"""What a query means: the same on notes and articles, and never an exception."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.search.analyzer import fold, index_terms, index_text
from studytui.search.query import Document, Results, find, scan
from studytui.search.units import fts_query, parse

ARTICLES = Path(__file__).parents[2] / "shared" / "articles"
OWN_TEXT = (
    "早上:07:00-09:00上班高峰期。用过CRM系统,ＣＲＭ很好(免费)。“客户关系管理”是“以客户为中心”。\n"
    'In your soft articles (软文) never praise the product; the "market" decides AND supermarkets follow.',
    "客戶關係管理：營銷軟文。landing\npage optimization, e-mail & A:B tests",
    "完全无关的文字 about cooking",
    "",
)
ASKED = [
    "客户",
    "软文",
    "07:00",
    "ＣＲＭ",
    "CRM系统",
    '"客户关系管理"',
    "market",
    "(",
    '"',
    "AND",
    "A:B",
    "客戶",
]


def texts() -> list[str]:
    """The two articles when they lie beside the checkout, and texts of our own in any case."""
    return [file.read_text("utf-8") for file in sorted(ARTICLES.glob("*.txt"))] + list(OWN_TEXT)


def documents(*bodies: str, titles: tuple[str, ...] = ()) -> list[Document]:
    return [
        Document(f"{n}.md", titles[n] if n < len(titles) else f"{n}", body) for n, body in enumerate(bodies)
    ]


def paths(results: Results) -> list[str]:
    return [hit.path for hit in results.hits]


@pytest.mark.parametrize("query", ASKED)
def test_finds_what_a_substring_search_finds(query: str) -> None:
    corpus = documents(*texts())
    wanted = {document.path for document in corpus if fold(query) in fold(document.body)}
    assert wanted <= set(paths(scan(query, corpus)))


@given(st.text(), st.lists(st.text(), max_size=4))
def test_never_raises_and_finds_what_a_substring_search_finds(query: str, bodies: list[str]) -> None:
    corpus = documents(*bodies)
    found = paths(scan(query, corpus))
    literal = parse(query).literal if parse(query) else None
    assert literal is None or {d.path for d in corpus if literal in fold(d.body)} <= set(found)


@given(st.data())
def test_any_piece_of_a_text_finds_it(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(texts()[:-1]))
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 40))]
    assert "0.md" in paths(scan(piece, documents(text))) or not fold(piece)


def test_all_words_must_be_there_in_any_order() -> None:
    corpus = documents("crm 系统 与 客户", "只有客户", "只有 crm")
    assert paths(scan("客户 CRM", corpus)) == ["0.md"]


def test_operators_are_plain_words() -> None:
    corpus = documents("salt and pepper", "salt", "this or that", "not here")
    assert paths(scan("salt AND pepper", corpus)) == ["0.md"]
    assert paths(scan("NOT", corpus)) == ["3.md"]
    assert paths(scan("title:salt", corpus)) == []


def test_a_quoted_phrase_is_taken_as_written() -> None:
    corpus = documents("page landing", "a landing\npage", "landing pages")
    assert set(paths(scan('"landing page"', corpus))) == {"1.md", "2.md"}
    assert set(paths(scan("“landing page”", corpus))) == {"1.md", "2.md"}
    assert set(paths(scan('"landing pa', corpus))) == {"1.md", "2.md"}
    assert set(paths(scan("landing page", corpus))) == {"0.md", "1.md", "2.md"}


def test_a_time_is_one_word() -> None:
    corpus = documents("早上07:00起床", "07 and 00 apart", "17:00 07")
    assert paths(scan("07:00", corpus)) == ["0.md"]
    assert paths(scan("07:0", corpus)) == ["0.md"]


def test_related_words_are_found_after_the_word_itself() -> None:
    corpus = documents("we optimize pages", "optimization matters", "optimistic people")
    assert paths(scan("optimization", corpus)) == ["1.md", "0.md"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("happiness", "happy"),
        ("happy", "happiness"),
        ("sky", "skies"),
        ("skies", "sky"),
        ("ads", "one ad"),
        ("customers", "customer"),
        ("companies", "company"),
        ("running", "runs"),
    ],
)
def test_words_of_one_stem_find_each_other(query: str, text: str) -> None:
    (hit,) = scan(query, documents(text)).hits
    assert hit.spans
    assert all(any(term in index_terms(text) for term in group) for group in parse(query).groups)  # type: ignore[union-attr]


def test_letters_inside_a_word_are_found_last() -> None:
    corpus = documents("facebook", "a book", "booking")
    assert paths(scan("book", corpus)) == ["1.md", "2.md", "0.md"]


def test_a_stretch_of_chinese_that_nothing_holds_is_taken_loosely() -> None:
    corpus = documents("先有流量,再有成交", "只有流量", "流水")
    found = scan("流量成交", corpus)
    assert paths(found) == ["0.md"]
    assert found.loose
    assert not scan("流量", corpus).loose
    assert paths(scan('"流量成交"', corpus)) == []


def test_the_title_counts_most_then_the_newest() -> None:
    corpus = [
        Document("old.md", "其他", "客户 客户", date="2026-01-01"),
        Document("new.md", "其他", "客户 客户", date="2026-11-22"),
        Document("begins.md", "客户关系", "x"),
        Document("is.md", "客户", "x"),
        Document("alias.md", "其他", "x", aliases=("客户",), date="2020"),
        Document("tag.md", "其他", "x", tags=("marketing/客户",)),
    ]
    assert paths(scan("客户", corpus)) == ["is.md", "alias.md", "begins.md", "tag.md", "new.md", "old.md"]
    assert paths(scan("客户", corpus, limit=2)) == ["is.md", "alias.md"]
    assert scan("客户", corpus, limit=2).total == 6


def test_a_snippet_shows_the_place_and_where_to_highlight() -> None:
    body = "无关。" * 100 + "第一句。我们用过ＣＲＭ系统管理客戶。" + "结尾。" * 100
    (hit,) = scan("crm 客户", documents(body)).hits
    assert hit.snippet.startswith("…我们用过ＣＲＭ系统管理客戶。")
    assert hit.snippet.endswith("…")
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["ＣＲＭ", "客戶"]


def test_spans_survive_characters_that_change_length_when_folded() -> None:
    body = "ﬁﬁ ㈱ ½ e\u0301 ß \u200b\u00ad  İ — 客户 tail"
    (hit,) = scan("客户", documents(body, titles=("½ 客户 ﬁ",))).hits
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["客户"]
    assert [hit.title[a:b] for a, b in hit.title_spans] == ["客户"]


def test_snippets_and_titles_are_safe_text() -> None:
    body = "x \x1b]2;P\x07 [/bold][@click=app.quit]客户\u202e evil\r\nline"
    (hit,) = scan("客户", documents(body, titles=("\x1b[31m客户\x07",))).hits
    assert hit.snippet == "x [/bold][@click=app.quit]客户 evil line"
    assert hit.title == "客户"


@given(
    st.text(alphabet="客戶户ab ßﬁ½é́\n。.\x1b[m", max_size=80), st.sampled_from(["客户", "a", "ss", "fi", "b"])
)
def test_every_highlight_is_what_was_asked(body: str, query: str) -> None:
    for hit in scan(query, documents(body)).hits:
        for start, end in hit.spans:
            assert fold(query) in fold(hit.snippet[start:end])


@given(st.text())
def test_no_query_is_a_syntax_error_in_sqlite(query: str) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5 (terms, detail = column, tokenize = 'unicode61')")
    match = fts_query(query)
    if match is not None:
        database.execute("SELECT * FROM found WHERE found MATCH ?", (match,)).fetchall()


def test_articles_are_found_through_sqlite_with_the_same_meaning() -> None:
    corpus = documents("先有流量,再有成交", "CRM系统", "market", "客戶")
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5 (terms, detail = column, tokenize = 'unicode61')")
    for number, document in enumerate(corpus):
        row = (number, index_text(f"{document.title}\n{document.body}"))
        database.execute("INSERT INTO found (rowid, terms) VALUES (?, ?)", row)

    def fetch(match: str | None) -> list[Document]:
        if match is None:
            return corpus
        rows = database.execute("SELECT rowid FROM found WHERE found MATCH ?", (match,))
        return [corpus[number] for (number,) in rows]

    for query in ("crm", "客户", "流量成交", "marketing", "crm系统", ",", "zzz"):
        assert paths(find(query, fetch)) == paths(scan(query, corpus, kind="article")), query


def test_a_long_query_is_cut() -> None:
    parsed = parse("客户 " * 10_000)
    assert parsed is not None
    assert len(parsed.literal) <= 48
    assert len(parsed.units) <= 8


@pytest.mark.parametrize("query", ["", "   ", "\n", "\u200b", "\u3000"])
def test_an_empty_query_asks_nothing(query: str) -> None:
    assert parse(query) is None
    assert scan(query, documents("客户")) == Results()
    assert fts_query(query) is None
