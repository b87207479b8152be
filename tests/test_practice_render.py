"""Reports as text: charts with and without block glyphs, tables that fit, Markdown for a note."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui import i18n
from studytui.practice.charts import bar, sparkline, tree
from studytui.practice.records import Records
from studytui.practice.render import render, to_markdown, wrapped
from studytui.practice.report import Bar, Bars, Branch, Line, Lines, Report, Table, Tone, Trend
from studytui.practice.tool import TOOL_IDS
from studytui.text import cell_width
from studytui.workspace import Workspace
from tests.conftest import FixedClock


@pytest.mark.parametrize(
    ("share", "drawn", "plain"),
    [
        (0.0, "        ", "        "),
        (0.5, "████    ", "####    "),
        (1.0, "████████", "########"),
        (1.5, "████████", "########"),
        (0.001, "▏       ", "#       "),
        (0.3125, "██▌     ", "##      "),
        (None, "·       ", ".       "),
    ],
)
def test_bars(share: float | None, drawn: str, plain: str) -> None:
    assert bar(share, 8) == drawn
    assert bar(share, 8, plain=True) == plain


@pytest.mark.parametrize(
    ("values", "drawn", "plain"),
    [
        ((1, 2, 3), "▁▅█", "158"),
        ((1, None, 8), "▁·█", "1.8"),
        ((3, 3), "▄▄", "44"),
        ((None,), "·", "."),
        ((), "", ""),
    ],
)
def test_sparklines_keep_gaps_as_gaps(values: tuple[float | None, ...], drawn: str, plain: str) -> None:
    assert sparkline(values) == drawn
    assert sparkline(values, plain=True) == plain


def test_trees() -> None:
    branches = [Branch(0, "a"), Branch(1, "b"), Branch(2, "c"), Branch(1, "d"), Branch(0, "e")]
    assert list(tree(branches)) == ["a", "├─ b", "│  └─ c", "└─ d", "e"]
    assert list(tree(branches, plain=True)) == ["a", "|- b", "|  `- c", "`- d", "e"]


def everything(lang: str, root: Path, clock: FixedClock) -> list[Report]:
    i18n.set_language(lang)
    records = Records(Workspace(root), clock)
    return [records.record(identifier, lang).report(records.context()) for identifier in TOOL_IDS]


@pytest.mark.parametrize("width", [24, 40, 78, 120])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_report_fits_every_width(lang: str, width: int, tmp_path: Path, clock: FixedClock) -> None:
    for report in everything(lang, tmp_path, clock):
        for row in render(report, width):
            assert cell_width(row.text) <= width, row.text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_plain_reports_draw_with_ascii(lang: str, tmp_path: Path, clock: FixedClock) -> None:
    drawn = "".join(
        row.text for report in everything(lang, tmp_path, clock) for row in render(report, 78, plain=True)
    )
    assert not set(drawn) & set("█▉▊▋▌▍▎▏▁▂▃▄▅▆▇├└│")


def test_the_funnel_on_eighty_columns(tmp_path: Path, clock: FixedClock) -> None:
    report = everything("en", tmp_path, clock)[TOOL_IDS.index("funnel")]
    text = [row.text for row in render(report, 60, plain=True)]
    assert text[:9] == [
        "7500 people: 4.0 % are willing to buy, 56.0 % have not",
        "decided.",
        "",
        "  These are example entries; they stop counting with your",
        "  first own one.",
        "",
        "How they divide",
        "  Willing     #                                300 (4.0 %)",
        "  Interested  ########                         2000 (26.7 %)",
    ]


def test_a_table_wraps_its_cells_and_tells_row_by_row_when_there_is_no_room() -> None:
    report = Report(
        "s", (Table("t", ("name", "n"), (("one two three", "1"), ("四五六七八九", "22")), frozenset({1})),)
    )
    assert [row.text for row in render(report, 16)][3:] == [
        "  name         n",
        "  one two      1",
        "  three",
        "  四五六七八  22",
        "  九",
    ]
    told = [row.text for row in render(report, 9)][3:]
    assert told == [
        "  one two",
        "  three",
        "    n: 1",
        "  四五六",
        "  七八九",
        "    n: 22",
    ]


def test_a_table_of_many_columns_is_told_instead_of_squeezed() -> None:
    columns = ("indicator", "measured", "better", "compared", "how it is reckoned")
    row = ("产品美誉度", "–", "越高越好", "", "空缺：没数好评数、评价数")
    report = Report("s", (Table("t", columns, (row,), frozenset({1})),))
    assert [line.text for line in render(report, 44)][3:] == [
        "  产品美誉度",
        "    measured: – · better: 越高越好 · how it",
        "    is reckoned: 空缺：没数好评数、评价数",
    ]
    wide = [line.text for line in render(report, 90)][3:]
    assert len(wide) == 2 and wide[0].startswith("  indicator")


def test_control_sequences_in_a_note_come_out_harmless() -> None:
    evil = "x\x1b]2;P\x07\x1b[31m\u202ey\nz"
    report = Report(
        evil,
        (
            Lines(evil, (Line(evil, Tone.WARN),)),
            Table(evil, (evil,), ((evil,),)),
            Bars(evil, (Bar(evil, 1.0, evil),)),
            Trend(evil, (evil,), (1.0,), evil),
        ),
        (evil,),
        evil,
    )
    for text in (*(row.text for row in render(report)), *to_markdown(report).split("\n")):
        assert not set(text) & set("\x1b\x07\u202e\n")


def test_a_report_becomes_markdown(tmp_path: Path, clock: FixedClock) -> None:
    text = to_markdown(everything("en", tmp_path, clock)[TOOL_IDS.index("win-win-win")])
    assert "| Party | Pays | Spends | Gets | Wins |\n| --- | ---: | ---: | ---: | ---: |" in text
    assert "## Break-even\n\n- 100.00 fixed costs ÷ 2.00 a piece: 50 pieces a month." in text
    table = Report("s", (Table("", ("a",), (("x|y",),)),))
    assert "| x\\|y |" in to_markdown(table)


@given(st.text(st.sampled_from("ab 客户，。（x）\n"), max_size=60), st.integers(4, 30))
def test_wrapping_loses_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_keeps_words_whole_and_closing_marks_with_their_word() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("客户，很好。", 6) == ["客", "户，", "很", "好。"] or wrapped("客户，很好。", 6)[
        0
    ].endswith("，")


def test_no_area_pulls_in_screens_or_storage() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from studytui.practice.tool import tools; tools(); import studytui.practice.records;"
        "others = ('textual', 'rich', 'yaml', 'sqlite3', 'studytui.notes', 'studytui.people');"
        "print([module for module in others if module in sys.modules])"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"


def test_dates_of_reports_follow_the_context_and_not_the_machine(tmp_path: Path, clock: FixedClock) -> None:
    records = Records(Workspace(tmp_path), clock)
    assert records.context().today == datetime.date(2026, 11, 22)
