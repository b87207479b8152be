"""The gates between the eight customer stages, as a full table."""

from __future__ import annotations

import datetime

import pytest

from studytui.practice.stages import GATES, ORDER, TOOL, check, missing_for_next, places, refusal
from studytui.practice.tool import Context, Entry

DAY = datetime.date(2026, 11, 22)
CONTEXT = Context(DAY)

# One row for each stage somebody stands at, with just the purchases and referrals that stage asks for; one column
# for each stage they could be put at without anything new: "+" the gate is open, "." shut, "=" they are there.
TABLE = """
imagined        0 0   =+.....+
expected        0 0   +=.....+
first-purchase  1 0   ..=..+.+
repeat          2 0   ..+=++.+
long-term       2 0   ..++=+.+
advocate        1 0   ..+..=.+
strategic       1 1   ..+..+=+
partner         0 0   ++.....=
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


def entry(
    stage: str, purchases: int | None = None, referrals: int | None = None, person: str = "Mrs Tan"
) -> Entry:
    values = {"person": person, "stage": stage, "reason": "seen"}
    figures = {"purchases": purchases, "referrals": referrals}
    return Entry(DAY, {**values, **{key: n for key, n in figures.items() if n is not None}})


@pytest.mark.parametrize(("start", "purchases", "referrals", "gates"), ROWS, ids=[row[0] for row in ROWS])
def test_every_move_between_the_eight_stages(start: str, purchases: str, referrals: str, gates: str) -> None:
    before = [entry(start, int(purchases), int(referrals))]
    assert not list(check(before[0], [])), "the start itself is not allowed"
    for stage, sign in zip(ORDER, gates, strict=True):
        faults = list(check(entry(stage), before))
        assert bool(faults) == (sign == "."), f"{start} → {stage}: {faults}"
        assert (sign == "=") == (stage == start)


@pytest.mark.parametrize("purchases", range(4))
@pytest.mark.parametrize("referrals", range(3))
def test_the_gates_for_every_small_number_of_purchases_and_referrals(purchases: int, referrals: int) -> None:
    open_gates = {stage for stage in ORDER if refusal(stage, purchases, referrals) is None}
    expected = {"partner"}
    if purchases == 0:
        expected |= {"imagined", "expected"}
    if purchases >= 1:
        expected |= {"first-purchase", "advocate"}
    if purchases >= 2:
        expected |= {"repeat", "long-term"}
    if purchases >= 1 and referrals >= 1:
        expected |= {"strategic"}
    assert open_gates == expected


def test_the_three_gates_of_the_article_say_what_is_missing() -> None:
    assert "at least 2 purchases" in str(refusal("repeat", 1, 0))
    assert "bought only once" in str(refusal("long-term", 1, 0))
    assert "at least 1 referral" in str(refusal("strategic", 5, 0))


def test_a_move_needs_a_reason() -> None:
    _values, faults = TOOL.read({"person": "Mrs Tan", "stage": "expected"})
    assert [fault.field for fault in faults] == ["reason"]


def test_figures_left_out_go_on_as_they_were_and_names_compare_folded() -> None:
    found = places([entry("first-purchase", 1), entry("advocate", None, 2, person="MRS  TAN")])
    (place,) = found.values()
    assert (place.stage, place.purchases, place.referrals) == ("advocate", 1, 2)
    assert not list(check(entry("strategic", person="mrs tan"), [entry("advocate", 1, 2)]))


def test_what_the_next_stage_still_asks_for() -> None:
    (first,) = places([entry("first-purchase", 1)]).values()
    assert missing_for_next(first) == "repeat: still 1 purchase"
    (advocate,) = places([entry("advocate", 3)]).values()
    assert missing_for_next(advocate) == "strategic: still 1 referral"
    (partner,) = places([entry("partner")]).values()
    assert missing_for_next(partner) == ""


def test_the_board_counts_and_tells_buyers_from_core_customers() -> None:
    report = TOOL.report([entry("first-purchase", 1), entry("long-term", 4, person="Bea")], CONTEXT)
    assert report.figures["stages"] == {**dict.fromkeys(ORDER, 0), "first-purchase": 1, "long-term": 1}
    assert report.figures["bought"] == 2
    assert "2 bought, 1 at long-term or beyond" in report.summary


def test_every_stage_has_a_gate() -> None:
    assert set(GATES) == set(ORDER) and len(ORDER) == 8
