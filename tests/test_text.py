"""The door for outside text: nothing that a terminal acts on gets through, nothing readable is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.text import (
    cell_width,
    clean_line,
    clean_text,
    cut_cells,
    html_to_markdown,
    html_to_text,
    safe_url,
)

HOSTILE = "[/bold][@click=app.quit]x\x1b]2;P\x07"
wild = st.text(st.characters(), max_size=60) | st.text(
    "\x1b]2;P\x07\x9b[31m\x90\u202e\u2066a中\n\t\r", max_size=40
)


@given(wild)
def test_no_control_survives_but_newline_and_tab(text: str) -> None:
    cleaned = clean_text(text)
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert clean_text(cleaned) == cleaned


@given(wild, st.integers(1, 30))
def test_a_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = clean_line(text, limit)
    assert "\n" not in line and len(line) <= limit
    assert line == line.strip()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (HOSTILE, "[/bold][@click=app.quit]x"),
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("a\x9b31mred", "ared"),
        ("\x1b]52;c;aGk=\x1b\\ok", "ok"),
        ("\x1bPq#0\x1b\\six", "six"),
        ("unfinished \x1b]2;title", "unfinished 2;title"),
        ("家庭 👨‍👩‍👧", "家庭 👨‍👩‍👧"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_sequences_go_whole_and_text_stays(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1#z", True),
        ("HTTP://A.example", True),
        ("mailto:a@b.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("https://a b", False),
        ("-oProxyCommand=x", False),
        ("", False),
    ],
)
def test_only_three_schemes_are_opened(url: str, safe: bool) -> None:
    assert bool(safe_url(url)) is safe


def test_html_becomes_markdown_without_anything_active() -> None:
    html = (
        "<h2>Titel</h2><p onclick=x>a <b>bold</b> <a href='javascript:x'>j</a> <a href='https://e.example'>e</a>"
        "<script>alert(1)</script><iframe src=x></iframe></p><ul><li>one<li>two</ul>"
        "<pre>code\n  here</pre><img src='https://e.example/i.png' alt='a cat'>"
    )
    markdown = html_to_markdown(html)
    assert "## Titel" in markdown and "**bold**" in markdown and "[e](https://e.example)" in markdown
    assert "- one" in markdown and "a cat" in markdown and "code" in markdown
    assert html_to_markdown("<h2>Head</h2><ul><li>one</li></ul>") == "## Head\n\n- one\n"
    assert "javascript" not in markdown and "alert" not in markdown and "iframe" not in markdown


def test_deep_and_broken_html_still_gives_its_text() -> None:
    assert "deep" in html_to_markdown("<div>" * 5000 + "deep" + "</div>" * 5000)
    assert "open" in html_to_markdown("<p <b <i>>open")
    assert html_to_markdown("plain words") == "plain words"
    assert "a & b" in html_to_text("<p>a &amp; b</p><p>c</p>")


@given(wild)
def test_no_html_ever_raises(text: str) -> None:
    assert "\x1b" not in html_to_markdown(f"<p>{text}</p>")


@given(st.text("ab中文，👍e\u0301", max_size=30), st.integers(0, 20))
def test_cutting_never_exceeds_the_cells(text: str, width: int) -> None:
    cut = cut_cells(text, width)
    assert cell_width(cut) <= width
    if cell_width(text) <= width:
        assert cut == text
