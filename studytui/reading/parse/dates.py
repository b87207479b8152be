"""Dates as feeds write them: RFC 822, ISO 8601, Chinese, numeric, epoch seconds."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))

_HOURS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "met": 1, "cest": 2,
    "eet": 2, "msk": 3, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:\s*[-/.年]\s*(?P<month>\d{1,2})(?:\s*[-/.月]\s*(?P<day>\d{1,2}))?|"
    r"(?P<month2>\d\d)(?P<day2>\d\d))\s*[日号月]?(?:\s*[(（]?(?:星期|周|礼拜).[)）]?)?(?P<rest>.*)"
)
_DAY_FIRST = re.compile(
    r"(?:[a-z]{2,9}\.?,?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<name>[a-z]{3,9})\.?,?[\s-]+(?P<year>\d{4}|\d\d)\b"
    r"(?P<rest>.*)"
)
_MONTH_FIRST = re.compile(
    r"(?:[a-z]{2,9}\.?,?\s+)?(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<before>\d{1,2}:\d\d(?::\d\d)?\s+(?:[a-z]{1,4}\s+)?)?(?P<year>\d{4})\b(?P<rest>.*)"
)
_TIME = re.compile(
    r"[\s,t]*(?:at\s+)?(?P<half>上午|下午|晚上|中午|凌晨|早上)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?"
    r"(?:\s*[:分]\s*(?P<second>\d{1,2}))?(?:[.,]\d+)?\s*[分秒]?\s*(?P<half2>[ap]\.?m\b\.?)?(?P<zone>.*)"
)
_COMPACT_TIME = re.compile(r"t?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:[.,]\d+)?(?P<zone>.*)")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d\d)?\b")
_ZONE_NAME = re.compile(r"[a-z]{1,5}\b")


def parse_date(raw: str, chinese: bool = False) -> datetime | None:
    """Return the aware moment that ``raw`` means, None when it is no date that exists.

    In a Chinese feed a missing zone and ``CST`` mean UTC+8; elsewhere UTC and US Central.
    """
    text = unicodedata.normalize("NFKC", raw[:120]).strip().lower()
    try:
        if text.isdecimal() and len(text) in (9, 10, 13):
            return datetime.fromtimestamp(int(text[:10] if len(text) == 13 else text), UTC)
        for shape in (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST):
            if match := shape.fullmatch(text):
                return _moment(match.groupdict(), chinese)
    except (ValueError, OverflowError):
        pass
    return None


def plausible(moment: datetime | None, now: datetime) -> datetime | None:
    """Return ``moment`` in UTC, None when it is not between 1995 and a day after ``now``."""
    if moment is None or not EARLIEST <= moment <= now + timedelta(days=1):
        return None
    return moment.astimezone(UTC).replace(microsecond=0)


def _moment(part: dict[str, str | None], chinese: bool) -> datetime | None:
    if name := part.get("name"):
        month = _MONTHS.get(name[:3], 0)
    else:
        month = int(part.get("month") or part.get("month2") or 1)
    written = part["year"] or "0"
    year = int(written)
    if len(written) == 2:
        year += 1900 if year >= 70 else 2000
    day = datetime(year, month, int(part.get("day") or part.get("day2") or 1), tzinfo=UTC)
    rest = f"{part.get('before') or ''} {part['rest'] or ''}".strip()
    compact = _COMPACT_TIME if part.get("month2") else None
    time = (compact and compact.match(rest)) or _TIME.match(rest)
    if time is None:
        return day - _offset(rest, chinese)
    clock = time.groupdict()
    span = timedelta(
        hours=_hour(int(clock["hour"] or 0), clock.get("half") or clock.get("half2") or ""),
        minutes=min(int(clock["minute"] or 0), 59),
        seconds=min(int(clock["second"] or 0), 59),
    )
    return day + span - _offset(clock["zone"] or "", chinese)


def _hour(hour: int, half: str) -> int:
    if hour > 24:
        raise ValueError(hour)
    if half[:1] == "p" or half in ("下午", "晚上"):
        return hour + 12 if hour < 12 else hour
    if half[:1] == "a" or half in ("上午", "凌晨", "早上"):
        return hour % 12 if hour == 12 else hour
    return hour


def _offset(zone: str, chinese: bool) -> timedelta:
    zone = zone.strip(" ()[]")
    if match := _OFFSET.match(zone):
        span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return -span if match[1] == "-" else span
    if (word := _ZONE_NAME.match(zone)) and word[0] in _HOURS and not (chinese and word[0] == "cst"):
        return timedelta(hours=_HOURS[word[0]])
    return timedelta(hours=8) if chinese else timedelta()
