"""Completion by pinyin: initials, syllables, both mixed, readings that depend on the word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.search import pinyin
from studytui.search.pinyin import pinyin_span


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("khgx", "客户关系"),
        ("kehuguanxi", "客户关系"),
        ("kehugx", "客户关系"),
        ("keh", "客户"),
        ("k", "客"),
        ("KHGX", "客户关系"),
        ("ｋｈｇｘ", "客户关系"),
        ("khgx", "客戶關係"),
        ("ke'hu", "客户"),
        ("ke hu", "客户"),
        ("zhl", "转化率"),
        ("zhhl", "转化率"),
        ("zhuanhualv", "转化率"),
        ("nvxing", "女性"),
        ("nüxing", "女性"),
        ("celve", "策略"),
        ("celue", "策略"),
        ("xian", "西安"),
        ("xian", "先"),
        ("yinhang", "银行"),
        ("xingwei", "行为"),
        ("changqi", "长期"),
        ("chengzhang", "成长"),
        ("chongfu", "重复"),
        ("zhongyao", "重要"),
        ("chayi", "差异"),
        ("diaoyan", "调研"),
        ("crmxt", "CRM 系统"),
        ("b2bxs", "B2B销售"),
    ],
)
def test_all_of_a_title_is_matched(typed: str, text: str) -> None:
    assert pinyin_span(typed, text) == (0, len(text))


@pytest.mark.parametrize(
    ("typed", "text", "span"),
    [
        ("gx", "客户关系管理", (2, 4)),
        ("guanl", "客户关系管理", (4, 6)),
        ("xt", "CRM 系统", (4, 6)),
        ("kehu", "老 客户!", (2, 4)),
    ],
)
def test_the_matched_stretch_is_told(typed: str, text: str, span: tuple[int, int]) -> None:
    assert pinyin_span(typed, text) == span


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("kgx", "客户关系"),
        ("khgxx", "客户关系"),
        ("eh", "客户"),
        ("rmxt", "CRM系统"),
        ("crm", "CRM系统"),
        ("landing", "Landing page"),
        ("", "客户"),
        ("'", "客户"),
        ("客户", "客户"),
        ("k", ""),
        ("k.h", "客户"),
    ],
)
def test_what_does_not_match(typed: str, text: str) -> None:
    assert pinyin_span(typed, text) is None


@given(st.text(max_size=50), st.text(max_size=30))
def test_never_raises(typed: str, text: str) -> None:
    span = pinyin_span(typed, text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


@given(st.text(alphabet="客户关系管理市场营销流量成交", min_size=1, max_size=12), st.data())
def test_any_mixture_of_syllables_and_initials_matches(text: str, data: st.DataObject) -> None:
    table = pinyin._table()
    chosen = [data.draw(st.sampled_from(table[char])) for char in text]
    typed = "".join(data.draw(st.sampled_from([reading, reading[0]])) for reading in chosen)
    assert pinyin_span(typed, text) is not None
