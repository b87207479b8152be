"""Markdown to lines: what is painted for each construct, at any width, for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from studytui.i18n import set_language
from studytui.tui.widgets.markdown_inline import Mark
from studytui.tui.widgets.markdown_lines import Document, Layout, Run, line_text
from tests.tui_helpers import HARMLESS, HOSTILE

WORDS = st.sampled_from(
    [
        "网络营销", "客户，关系", "（CRM）", "**粗体：**后面", "*em*", "`code`", "[link](https://a.cn/b)",
        "![图](https://a.cn/i.png)", "[[笔记|文]]", "<b>x</b>", "<!--SR:!1-->", "~~s~~", "https://x.y/z，后", "\\*",
        "&amp;", "😀👍🏽", "[x](javascript:1)", "[[]]", "](", "[[a", "**", "_", "`", "|", "\x1b[31m",
    ]
)  # fmt: skip
LINES = st.lists(WORDS, max_size=8).map(" ".join)
PREFIX = st.sampled_from(
    [
        "",
        "# ",
        "## ",
        "- ",
        "  - ",
        "- [ ] ",
        "1. ",
        "> ",
        "> > ",
        "> - ",
        "```\n",
        "    ",
        "---\n",
        "| a | b |\n|---|--:|\n| ",
    ]
)
MARKDOWN = st.lists(st.tuples(PREFIX, LINES).map("".join), max_size=12).map("\n".join)


def layout(markdown: str, width: int = 40, *terms: str) -> Layout:
    return Document.from_markdown(markdown).layout(width, terms)


def texts(markdown: str, width: int = 40) -> list[str]:
    return [line_text(line) for line in layout(markdown, width).lines]


def runs(markdown: str, mark: Mark, *terms: str) -> list[str]:
    return [run.text for line in layout(markdown, 60, *terms).lines for run in line if run.mark & mark]


@given(st.one_of(MARKDOWN, st.text(max_size=200)), st.integers(8, 60))
def test_no_line_is_wider_than_the_page_and_none_holds_a_control_character(markdown: str, width: int) -> None:
    for line in layout(markdown, width, "客户", "a").lines:
        text = line_text(line)
        assert cell_len(text) <= width
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text)


@given(
    st.lists(
        st.text(st.sampled_from("网络营销，。（）abc XYZ09"), min_size=1, max_size=60), min_size=1, max_size=5
    ),
    st.integers(8, 50),
)
def test_the_text_of_paragraphs_is_preserved(paragraphs: list[str], width: int) -> None:
    markdown = "\n\n".join("z" + paragraph.strip() for paragraph in paragraphs)
    painted = "".join("".join(texts(markdown, width)).split())
    assert painted == "".join(markdown.split())


@given(MARKDOWN, st.integers(8, 60))
def test_every_link_number_is_painted_and_found(markdown: str, width: int) -> None:
    document = Document.from_markdown(markdown)
    page = document.layout(width)
    assert set(page.link_lines) == {link.number for link in document.links}
    for number, line in page.link_lines.items():
        assert any(run.link == number for run in page.lines[line])


@given(MARKDOWN)
def test_blocks_begin_where_the_layout_says(markdown: str) -> None:
    document = Document.from_markdown(markdown)
    page = document.layout(30)
    assert len(page.block_starts) == len(document.blocks)
    for block, start in enumerate(page.block_starts):
        if start < len(page.lines) and (
            block + 1 == len(page.block_starts) or page.block_starts[block + 1] > start
        ):
            assert page.block_at(start) == block


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# 标题\ntext", ["标题", "════", "", "text"]),
        ("## Two", ["Two", "───"]),
        ("### Three", ["Three"]),
        ("a\nb\n\nc", ["a b", "", "c"]),
        ("网络\n营销", ["网络营销"]),
        ("a  \nb", ["a", "b"]),
        ("- a\n- b\n  - c\n    - d", ["• a", "• b", "  ◦ c", "    ▪ d"]),
        ("- [ ] open\n- [x] done", ["• [ ] open", "• [x] done"]),
        ("9. a\n10. b", ["9. a", "10. b"]),
        ("- a\n\n- b", ["• a", "", "• b"]),
        ("-\n- b", ["•", "• b"]),
        ("> a\n>\n> b", ["│ a", "│", "│ b"]),
        ("> > deep", ["│ │ deep"]),
        ("> - a\n> - b", ["│ • a", "│ • b"]),
        ("- > q", ["• │ q"]),
        ("a\tb `c\td`", ["a b c d"]),
        ("<div>\na\tb\n</div>", ["a   b"]),
        ("---", ["─" * 40]),
        ("```\nif x:\n\ty\n```", ["if x:", "    y"]),
        ("![alt](https://a.cn/x.png)", ["[image: alt][1]"]),
        ("![](x.png)", ["[image: no description]"]),
        ("[[客户画像]] and [[a|b]]", ["客户画像[1] and b[2]"]),
        ("[a](https://x.cn) [b](https://x.cn)", ["a[1] b[1]"]),
        ("见https://a.cn/b，谢谢", ["见https://a.cn/b[1]，谢谢"]),
        ("(see https://a.cn/b.)", ["(see https://a.cn/b[1].)"]),
        ("[x](javascript:alert(1))", ["[x](javascript:alert(1))"]),
        ("a<br>b <b>c</b> <unknown>", ["a", "b c <unknown>"]),
        ("a <!--SR:!2026-01-01,3,250-->", ["a"]),
        ("<!--SR:!2026-01-01,3,250-->", []),
        ("<div>\nshown\n</div>", ["shown"]),
        ("| a | 数 |\n|---|--:|\n| 漏斗 | 75 |", ["a    │ 数", "─────┼───", "漏斗 │ 75"]),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_painted(markdown: str, expected: list[str]) -> None:
    assert [text.rstrip() for text in texts(markdown)] == expected


def test_emphasis_beside_chinese_punctuation_is_bold() -> None:
    assert runs("**网络营销：**后面", Mark.STRONG) == ["网络营销："]


def test_marks_nest_and_end() -> None:
    line = layout("**a *b* c** `d` ~~e~~ f").lines[0]
    assert line == (
        Run("a ", Mark.STRONG),
        Run("b", Mark.STRONG | Mark.EM),
        Run(" c", Mark.STRONG),
        Run(" ", Mark.PLAIN),
        Run("d", Mark.CODE),
        Run(" ", Mark.PLAIN),
        Run("e", Mark.STRIKE),
        Run(" f", Mark.PLAIN),
    )


def test_the_boxes_of_obsidian_have_their_title_on_its_own_line() -> None:
    text = "> [!note] A *title*\n> body\n\n> [!warning]-\n> folded\n\n> [!not a box] quoted\n"
    lines = [
        "".join(run.text for run in line).strip() for line in Document.from_markdown(text).layout(60).lines
    ]
    assert [line for line in lines if line] == [
        "│ A title", "│ body", "│ Warning", "│ folded", "│ [!not a box] quoted",
    ]  # fmt: skip


def test_links_know_where_they_lead() -> None:
    links = Document.from_markdown(
        "[a](https://x.cn/%E5%AE%A2) [[客户画像#定义|画像]] [rel](../a%20b.md) <mailto:a@b.cn> [f](ftp://x/y)"
    ).links
    assert [(link.number, link.kind, link.target, link.text) for link in links] == [
        (1, "url", "https://x.cn/%E5%AE%A2", "a"),
        (2, "note", "客户画像#定义", "画像"),
        (3, "note", "../a b.md", "rel"),
        (4, "url", "mailto:a@b.cn", "mailto:a@b.cn"),
        (5, "note", "ftp://x/y", "f"),
    ]


def test_continuation_lines_stand_under_the_text_of_their_item() -> None:
    assert texts("1. one two three four", 12) == ["1. one two", "   three", "   four"]
    assert texts("> one two three", 10) == ["│ one two", "│ three"]


def test_a_narrow_table_wraps_in_its_cells_and_a_hopeless_one_becomes_a_list() -> None:
    table = "| Name | 说明 |\n|---|---|\n| a | 客户愿意购买，其余不确定 |"
    assert texts(table, 24) == [
        "Name │ 说明",
        "─────┼──────────────────",
        "a    │ 客户愿意购买，其",
        "     │ 余不确定",
    ]
    wide = (
        "|" + "|".join(f" column{n} " for n in range(6)) + "|\n|" + "---|" * 6 + "\n|" + " value text |" * 6
    )
    assert texts(wide, 20)[:2] == ["column0:", "value text"]


def test_search_hits_ignore_case_and_width_and_may_cross_marks_and_lines() -> None:
    assert runs("the CRM and ｃｒｍ", Mark.HIT, "crm") == ["CRM", "ｃｒｍ"]
    assert runs("**客**户管理", Mark.HIT, "客户") == ["客", "户"]
    page = layout("网络营销客户关系", 8, "销客")
    assert page.hit_lines == [0, 1]
    assert runs("| 客户 | b |\n|---|---|\n| x | 客户 |", Mark.HIT, "客户") == ["客户", "客户"]
    assert runs("```\n客户 = 1\n```", Mark.HIT, "客户", " ", "") == ["客户"]


def test_hostile_text_is_harmless_everywhere() -> None:
    hostile = HOSTILE.replace("[@click=app.quit]", "[@click=app.quit]")
    for markdown in (hostile, f"# {hostile}", f"- {hostile}", f"> {hostile}", f"`{hostile}`", f"```\n{hostile}\n```",
                     f"| {hostile} | b |\n|---|---|\n| c | {hostile} |", f"![{hostile}](https://a.cn/x)",
                     f"[[{hostile.replace('[', '').replace(']', '')}]]"):  # fmt: skip
        painted = "\n".join(texts(markdown, 100))
        assert "\x1b" not in painted and "\x07" not in painted and "]2;P" not in painted
        if "[[" not in markdown:
            assert HARMLESS in painted


def test_the_description_of_an_image_follows_the_screen_language() -> None:
    set_language("en")
    assert texts("![x](a.png)") == ["[image: x]"]


def test_deep_nesting_never_leaves_the_page() -> None:
    deep = "\n".join("  " * level + "- item 客户" for level in range(30))
    for line in texts(deep, 20):
        assert cell_len(line) <= 20
    assert cell_len(max(texts("> " * 40 + "text", 16), key=cell_len)) <= 16
