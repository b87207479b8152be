"""Funnel and daily decay: the second article's figures, exactly."""

from __future__ import annotations

import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.practice.funnel import FIELDS, TOOL, check, kept, mean_factor, undecided, whole
from studytui.practice.report import Bars
from studytui.practice.tool import Context, Entry, Fault

DAY = datetime.date(2026, 11, 22)
CONTEXT = Context(DAY)
DEFAULTS = {field.key: field.default for field in FIELDS}


def entry(**changes: int | tuple[int, ...]) -> Entry:
    values, faults = TOOL.read(DEFAULTS)
    assert not faults
    return Entry(DAY, {**values, **changes})


def faults(**changes: int | tuple[int, ...]) -> list[Fault]:
    return list(check(entry(**changes), []))


def test_the_article_s_opening_day() -> None:
    report = TOOL.report([entry()], CONTEXT)
    figures = report.figures
    assert (figures["total"], figures["undecided"]) == (7500, 4200)
    assert figures["willing_share"] == 300 / 7500 == 0.04
    shown = [bar.text for block in report.blocks if isinstance(block, Bars) for bar in block.bars]
    assert shown[:4] == ["300 (4.0 %)", "2000 (26.7 %)", "1000 (13.3 %)", "4200 (56.0 %)"]
    assert report.summary == "7500 people: 4.0 % are willing to buy, 56.0 % have not decided."


def test_the_article_s_decay() -> None:
    assert kept((500, 200, 100)) == [0.4, 0.5]
    factor = mean_factor((500, 200, 100))
    assert factor is not None and round(factor, 3) == 0.447 and math.isclose(factor, math.sqrt(0.4 * 0.5))
    report = TOOL.report([entry()], CONTEXT)
    assert report.figures["kept"] == [0.4, 0.5]
    lines = [line.text for block in report.blocks for line in getattr(block, "lines", ())]
    assert "Mean factor 0.447: if it goes on so, about 45 on day 4." in lines


def test_decay_at_its_edges() -> None:
    assert mean_factor(()) is None and mean_factor((5,)) is None and mean_factor((0, 5)) is None
    assert mean_factor((5, 0)) == 0.0
    assert kept((5, 0, 3)) == [0.0, None]
    assert mean_factor((100, 200)) == 2.0


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=9))
def test_the_mean_factor_leads_from_the_first_day_to_the_last(daily: list[int]) -> None:
    factor = mean_factor(daily)
    assert factor is not None
    assert math.isclose(daily[0] * factor ** (len(daily) - 1), daily[-1], rel_tol=1e-9)


def test_a_part_that_exceeds_the_whole_is_named() -> None:
    (fault,) = faults(averse=8000)
    assert fault.field == "averse"
    assert fault.message == "“averse” is 8000, more than all 7500 people together."


def test_parts_that_together_exceed_the_whole_are_named_with_the_excess() -> None:
    (fault,) = faults(willing=300, interested=5000, averse=2500)
    assert (
        fault.message
        == "willing 300 + interested 5000 + averse 2500 make 7800: 300 more than all 7500 people."
    )
    assert fault.field == "interested"


def test_exactly_the_whole_is_allowed() -> None:
    assert not faults(willing=7500, interested=0, averse=0)
    assert undecided(entry(willing=7500, interested=0, averse=0)) == 0


def test_an_audience_cannot_start_with_nobody() -> None:
    (fault,) = faults(daily=(0, 5))
    assert fault.field == "daily"


@given(*(st.integers(0, 10_000) for _ in range(6)))
def test_shares_make_one_or_a_part_is_refused(s: int, m: int, w: int, yes: int, maybe: int, no: int) -> None:
    given_ = entry(strong=s, medium=m, weak=w, willing=yes, interested=maybe, averse=no)
    if yes + maybe + no > s + m + w:
        assert list(check(given_, []))
        return
    assert not list(check(given_, []))
    figures = TOOL.report([given_], CONTEXT).figures
    assert whole(given_) == s + m + w
    if whole(given_):
        parts = (figures[f"{key}_share"] for key in ("willing", "interested", "averse", "undecided"))
        assert math.isclose(sum(parts), 1.0)


def test_one_number_changes_and_the_bars_move_with_it() -> None:
    saved = [entry()]
    typed = TOOL.draft(saved, DAY) | {"willing": "600"}
    report, wrong = TOOL.preview(saved, typed, CONTEXT)
    assert not wrong and report.figures["willing_share"] == 0.08


@pytest.mark.parametrize(
    ("text", "says"), [("7,500", "Write 7500"), ("lots", "whole number"), ("4%", "Write 4")]
)
def test_while_a_number_is_wrong_the_bars_stay_and_it_is_explained(text: str, says: str) -> None:
    saved = [entry()]
    report, wrong = TOOL.preview(saved, TOOL.draft(saved, DAY) | {"willing": text}, CONTEXT)
    assert report.figures["willing"] == 300
    assert says in wrong[0].message + wrong[0].hint


def test_a_row_of_numbers_with_ambiguous_commas_is_not_guessed() -> None:
    _report, wrong = TOOL.preview([entry()], DEFAULTS | {"daily": "7,500 2,000"}, CONTEXT)
    assert "two things" in wrong[0].message


def test_several_days_make_a_trend() -> None:
    later = Entry(DAY + datetime.timedelta(7), entry(willing=600).values)
    report = TOOL.report([entry(), later], CONTEXT)
    (trend,) = (block for block in report.blocks if type(block).__name__ == "Trend")
    assert trend.values == (0.04, 0.08) and trend.text == "from 4.0 % to 8.0 %"
