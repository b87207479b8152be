"""What single HTTP header values mean; pure functions that never raise."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

MAX_RETRY_AFTER = timedelta(days=1)


def keepable(validator: str) -> str:
    """Return an ETag or Last-Modified when it is fit to be kept and sent again (printable, 512 at most)."""
    fit = len(validator) <= 512 and validator.isascii() and validator.isprintable()
    return validator if fit else ""


def parse_retry_after(value: str, now: datetime) -> timedelta | None:
    """Return how long Retry-After asks to wait (seconds or a date, RFC 9110, 10.2.3), at most a day."""
    from email.utils import parsedate_to_datetime

    value = value.strip()
    if value.isascii() and value.isdigit():
        wait = MAX_RETRY_AFTER if len(value) > 6 else timedelta(seconds=int(value))
    else:
        try:
            moment = parsedate_to_datetime(value)
            wait = moment.astimezone(now.tzinfo) - now
        except (TypeError, ValueError, IndexError, OverflowError):
            return None
    return min(wait, MAX_RETRY_AFTER) if wait > timedelta(0) else None


def split_content_type(value: str) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type, both in small letters, "" when missing."""
    media, _semicolon, parameters = value.partition(";")
    for parameter in parameters.split(";"):
        name, _equals, charset = parameter.partition("=")
        if name.strip().lower() == "charset":
            return media.strip().lower(), charset.strip().strip("\"'").lower()[:40]
    return media.strip().lower(), ""


def basic_authorization(username: str, password: str) -> str:
    """Return the Authorization value for a name and a password (RFC 7617, UTF-8)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
