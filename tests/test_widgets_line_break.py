"""Line breaking: widths, Chinese typography, whole words, nothing lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

from studytui.tui.widgets.line_break import break_line, wrap

NEVER_FIRST = set("，。；！？：、）》」』】…—”’％々,.;:!?)]}")
NEVER_LAST = set("（《「『【“‘([{")

CHINESE = st.text(
    st.sampled_from("网络营销客户关系管理的了是在ＣＲＭ，。；！？：、（）《》「」“”…—～"), max_size=80
)
MIXED = st.text(
    st.sampled_from("网络营销客户，。；（）《》“”…—abc XYZ 123 ,.;:!?()[]-/@é😀👍🏽❤️\u0301\u200d한글かな"),
    max_size=80,
)


def lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in break_line(text, width)]


def bare(text: str) -> str:
    return "".join(text.split())


@given(st.one_of(MIXED, CHINESE, st.text(max_size=60)), st.integers(4, 40))
def test_no_line_is_wider_than_asked_and_nothing_visible_is_lost(text: str, width: int) -> None:
    found = lines(text, width)
    assert bare("".join(found)) == bare(text)
    for line in found:
        assert sum(cell_len(character) for character in line) <= width or cell_len(line) <= width


@given(st.one_of(MIXED, CHINESE), st.integers(4, 40))
def test_offsets_are_in_order_and_do_not_overlap(text: str, width: int) -> None:
    at = 0
    for start, end in break_line(text, width):
        assert at <= start <= end <= len(text)
        at = end


@given(
    st.lists(
        st.sampled_from(
            ["网络", "营销", "客户，", "（关系）", "《书名》", "管理。", "说：“好”", "等等……", "是——"]
        ),
        max_size=40,
    )
)
def test_chinese_lines_neither_begin_nor_end_with_the_wrong_mark(words: list[str]) -> None:
    text = "".join(words)
    for width in (14, 20, 33):
        found = lines(text, width)
        assert not [line for line in found[1:] if line[0] in NEVER_FIRST], found
        assert not [line for line in found[:-1] if line[-1] in NEVER_LAST], found


@given(
    st.lists(
        st.sampled_from(["follow-up", "CRM", "internet", "marketing,", "(funnel)", "客户", "，", " "]),
        max_size=30,
    )
)
def test_latin_words_stay_whole(words: list[str]) -> None:
    text = "".join(words)
    # A word that is wider than the line, the marks that cling to it included, has to be cut.
    assume(all(cell_len(word) <= 24 for word in re.split("[客户\\s]", text)))
    for start, _ in break_line(text, 24)[1:]:
        before, after = text[start - 1], text[start]
        assert not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("网络营销，是", 8, ["网络营", "销，是"]),
        ("“引用”的话", 6, ["“引用”", "的话"]),
        ("使用CRM系统", 8, ["使用CRM", "系统"]),
        ("看见（附录）吧", 6, ["看见", "（附", "录）吧"]),
        ("the quick brown fox", 10, ["the quick", "brown fox"]),
        ("a\n\nb", 10, ["a", "", "b"]),
        ("https://example.com/path", 10, ["https://ex", "ample.com/", "path"]),
        ("a link[12]。end", 10, ["a", "link[12]。", "end"]),
        ("……", 4, ["……"]),
        ("", 10, [""]),
    ],
)
def test_examples(text: str, width: int, expected: list[str]) -> None:
    assert wrap(text, width) == expected


def test_a_mark_that_cannot_be_saved_is_still_shown() -> None:
    assert "".join(wrap("。" * 20, 6)) == "。" * 20
    assert max(map(cell_len, wrap("。" * 20, 6))) <= 6
