"""Front matter values as people write them, read into numbers, money and days; never an error."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_AMOUNT = re.compile(r"\d+(?:[ ,]\d{3})*(?:\.\d+)?")
_CURRENCIES = {"¥": "CNY", "￥": "CNY", "元": "CNY", "RMB": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}


def number(value: Any) -> float | None:
    """Return the first number in ``value``, None when there is none or it is negative."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if value >= 0 else None
    found = _AMOUNT.search(str(value))
    return float(found[0].replace(",", "").replace(" ", "")) if found else None


def money(price: Any, currency: Any) -> tuple[float | None, str]:
    """Return (amount, currency) of ``199``, ``"¥199"``, ``"199 元"`` or ``"USD 19.99"``.

    The currency is an ISO code where its sign is known, else as written; "" when none is given.
    """
    named = str(currency or "").strip()
    amount = number(price)
    if not named and amount is not None and isinstance(price, str):
        named = _AMOUNT.sub("", price, count=1).strip(" /,.")
    return amount, _CURRENCIES.get(named.upper(), named.upper() if named.isascii() else named)


def day(value: Any) -> date | None:
    """Return the day that ``value`` (a date, or text that begins with an ISO date) names."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def texts(value: Any) -> tuple[str, ...]:
    """Return a list, a single value or a comma-separated line as the texts in it, empty ones left out."""
    if value is None or isinstance(value, bool | dict):
        return ()
    parts = value if isinstance(value, list | tuple) else re.split(r"[,，]", str(value))
    return tuple(text for part in parts if part is not None and (text := str(part).strip()))
