"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.reading.parse.dates import CHINA, parse_date, plausible

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(*parts: int, hours: float = 0) -> datetime:
    """The moment whose clock at UTC+``hours`` shows ``parts``."""
    return datetime(*parts, tzinfo=UTC) - timedelta(hours=hours)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Wed, 27 Nov 2024 21:32:26 +0000", at(2024, 11, 27, 21, 32, 26)),
        ("Thu, 14 Nov 2024 08:42:36 GMT", at(2024, 11, 14, 8, 42, 36)),
        ("Tue, 27 Dec 2005 13:08:54+0900", at(2005, 12, 27, 13, 8, 54, hours=9)),
        ("Wed, 5 Nov 2025 13:52:10  EST", at(2025, 11, 5, 13, 52, 10, hours=-5)),
        ("27 Nov 2024 21:32 PDT", at(2024, 11, 27, 21, 32, hours=-7)),
        ("Wed, 27 Nov 24 21:32:26 UT", at(2024, 11, 27, 21, 32, 26)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", at(1994, 11, 6, 8, 49, 37)),
        ("Tue Dec 27 13:08:54 2005", at(2005, 12, 27, 13, 8, 54)),
        ("Tue Dec 27 13:08:54 PST 2005", at(2005, 12, 27, 13, 8, 54, hours=-8)),
        ("December 27, 2005 1:08 PM", at(2005, 12, 27, 13, 8)),
        ("Dec 27th, 2005", at(2005, 12, 27)),
        ("2024-03-28T06:08:34-05:00", at(2024, 3, 28, 6, 8, 34, hours=-5)),
        ("2016-06-03T07:38:00.000-07:00", at(2016, 6, 3, 7, 38, hours=-7)),
        ("2024-11-28T22:55:15Z", at(2024, 11, 28, 22, 55, 15)),
        ("20241128T225515Z", at(2024, 11, 28, 22, 55, 15)),
        ("2024-11-28 22:55:15 +0800", at(2024, 11, 28, 22, 55, 15, hours=8)),
        ("2019-08-27", at(2019, 8, 27)),
        ("2019-08", at(2019, 8, 1)),
        ("2024-11-28T24:00:00Z", at(2024, 11, 29)),
        ("2024-11-28T22:55:60Z", at(2024, 11, 28, 22, 55, 59)),
        ("1700000000", at(2023, 11, 14, 22, 13, 20)),
        ("1700000000000", at(2023, 11, 14, 22, 13, 20)),
        ("Mon, 01 Jan 2024 12:00:00 CST", at(2024, 1, 1, 12, hours=-6)),
        ("Mon, 01 Jan 2024 12:00:00 +0800 (CST)", at(2024, 1, 1, 12, hours=8)),
        ("Mon, 01 Jan 2024 12:00:00 GMT+0800", at(2024, 1, 1, 12, hours=8)),
        ("Mon, 01 Jan 2024 12:00:00 UTC+8", at(2024, 1, 1, 12, hours=8)),
    ],
)
def test_the_usual_shapes(raw: str, moment: datetime) -> None:
    assert parse_date(raw) == moment


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026年10月1日", (2026, 10, 1)),
        ("2026/10/01", (2026, 10, 1)),
        ("2020/1/10 14:33:00", (2020, 1, 10, 14, 33)),
        ("2026年10月1日 下午3:05", (2026, 10, 1, 15, 5)),
        ("2026年10月1日 星期四 上午 9:05:07", (2026, 10, 1, 9, 5, 7)),
        ("2026-10-01 12时30分", (2026, 10, 1, 12, 30)),
        ("２０２６年１０月１日 １２：３０", (2026, 10, 1, 12, 30)),
        ("2026.10.1 8:30", (2026, 10, 1, 8, 30)),
        ("Mon, 01 Jan 2024 12:00:00 CST", (2024, 1, 1, 12)),
        ("Mon, 01 Jan 2024 12:00:00", (2024, 1, 1, 12)),
        ("2024-01-01T12:00:00", (2024, 1, 1, 12)),
    ],
)
def test_in_a_chinese_feed_a_missing_zone_is_chinas(raw: str, moment: tuple[int, ...]) -> None:
    assert parse_date(raw, chinese=True) == datetime(*moment, tzinfo=CHINA)  # type: ignore[misc]


@pytest.mark.parametrize(
    "raw",
    ["", "yesterday", "0000-00-00", "0000-00-00 00:00:00", "-1", "2024-13-01", "2024-02-30", "12", "2026年"],
)
def test_what_is_no_date_is_none_or_harmless(raw: str) -> None:
    found = parse_date(raw)
    assert found is None or raw == "2026年"


def test_the_end_of_time_does_not_crash() -> None:
    assert plausible(parse_date("9999-12-31T23:59:59-14:00"), NOW) is None
    assert plausible(parse_date("0001-01-01T00:00:00+14:00"), NOW) is None


def test_only_1995_to_tomorrow_is_believed() -> None:
    assert plausible(datetime(1994, 12, 31, tzinfo=UTC), NOW) is None
    assert plausible(NOW + timedelta(hours=23), NOW) == NOW + timedelta(hours=23)
    assert plausible(NOW + timedelta(hours=25), NOW) is None
    assert plausible(None, NOW) is None


@given(st.text(alphabet="0123456789-/:.TZ+年月日时上下午 ,JanFebGMTCSTMon", max_size=40), st.booleans())
def test_never_raises(raw: str, chinese: bool) -> None:
    plausible(parse_date(raw, chinese), NOW)


@given(st.datetimes(datetime(1995, 1, 1), datetime(2026, 1, 1)), st.integers(-14, 14))
def test_iso_round_trip(moment: datetime, hours: int) -> None:
    aware = moment.replace(microsecond=0, tzinfo=UTC)
    sign = "-" if hours < 0 else "+"
    text = (aware + timedelta(hours=hours)).replace(tzinfo=None).isoformat() + f"{sign}{abs(hours):02}:00"
    assert parse_date(text) == aware
