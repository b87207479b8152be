"""How long a lesson takes, as people write it: ``20min``, ``1:05:00``, ``(8min)``, ``90 分钟``."""

from __future__ import annotations

import re
from datetime import timedelta

_HOURS = r"(?:h|hr|hrs|hours?|个?小时|个?钟头)"
_MINUTES = r"(?:m|min|mins|minutes?|′|'|分钟|分)"
_SECONDS = r"(?:s|sec|secs|seconds?|″|\"|秒钟?)"
_NUMBER = r"\d{1,4}(?:\.\d{1,2})?"
_UNITS = (
    rf"(?:(?P<hours>{_NUMBER})[ -]?{_HOURS}(?![A-Za-z]))?[ ,]*"
    rf"(?:(?P<minutes>{_NUMBER})[ -]?{_MINUTES}(?![A-Za-z]))?[ ,]*"
    rf"(?:(?P<seconds>{_NUMBER})[ -]?{_SECONDS}(?![A-Za-z]))?"
)
_LONG_CLOCK = r"(?P<h>\d{1,3}):(?P<m>[0-5]\d):(?P<s>[0-5]\d)"
_SHORT_CLOCK = r"(?P<m2>\d{1,3}):(?P<s2>[0-5]\d)"
_WHOLE = re.compile(rf"\s*(?:约|~|≈)?\s*(?:{_LONG_CLOCK}|{_SHORT_CLOCK}|{_UNITS})\s*", re.IGNORECASE)

_BRACKETED = re.compile(r"\s*[(\[（【](?P<inside>[^()\[\]（）【】]{1,24})[)\]）】]\s*$")
_SEPARATED = re.compile(r"(?:\t+| {2,}|\s*[|·•｜—–]\s*|\s+-\s+)(?P<inside>[^\t|·•｜—–]{1,24})$")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_BARE = re.compile(
    rf"(?:\s+|(?<=[{_CJK}])|^)(?P<inside>{_LONG_CLOCK}|{_NUMBER}[ -]?(?:{_HOURS}|{_MINUTES}|{_SECONDS})"
    rf"(?:[ ,]*{_NUMBER}[ -]?(?:{_MINUTES}|{_SECONDS}))*)$",
    re.IGNORECASE,
)


def parse_duration(text: str) -> timedelta | None:
    """Return the duration that ``text`` is as a whole, None when it is anything else.

    ``5:20`` is minutes and seconds, as video sites write it.
    """
    match = _WHOLE.fullmatch(text)
    if match is None:
        return None
    if match["h"]:
        found = timedelta(hours=int(match["h"]), minutes=int(match["m"]), seconds=int(match["s"]))
    elif match["m2"]:
        found = timedelta(minutes=int(match["m2"]), seconds=int(match["s2"]))
    else:
        found = timedelta(
            hours=float(match["hours"] or 0),
            minutes=float(match["minutes"] or 0),
            seconds=float(match["seconds"] or 0),
        )
    return found or None


def split_duration(text: str) -> tuple[str, timedelta | None]:
    """Return (``text`` without the duration at its end, the duration or None).

    A bare ``7:00`` stays in the text, because a lesson on posting times may well end in one; minutes and
    seconds are taken only in brackets or behind a separator.
    """
    for pattern in (_BRACKETED, _SEPARATED, _BARE):
        match = pattern.search(text)
        if match and (found := parse_duration(match["inside"])) is not None:
            return text[: match.start()].rstrip(), found
    return text, None


def minutes(duration: timedelta | None) -> float:
    """Return ``duration`` in minutes, 0 when there is none."""
    return 0.0 if duration is None else duration.total_seconds() / 60
