"""The words of people's notes in both languages, and intervals as people write them.

The words are part of the file format and not of the catalogue: either language may stand in a note, whatever
the screen shows.  Stages and ties are those of the articles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from studytui.i18n import language

TIES = {"strong": "强", "medium": "中", "weak": "弱"}
STAGES = {
    "imagined": "猜想",
    "expected": "预期",
    "first-purchase": "首次成交",
    "repeat": "重复购买",
    "long-term": "长期",
    "advocate": "拥护者",
    "strategic": "战略合作",
    "partner": "合伙人",
}
OUTCOMES = {"warm": "热情", "neutral": "平淡", "annoyed": "不耐烦"}
STATES = {
    "fading": "快淡了",
    "due": "该联系",
    "right": "正好",
    "too early": "太早",
    "new": "还没联系过",
    "off": "不提醒",
}
FLAGS = {"answered": "已答复", "done": "已完成"}
_TWINS = {"已答": "answered", "已回答": "answered", "已做": "done", "做完了": "done"}
_SUFFIX = re.compile(r"(?<=.)(?:关系|客户)$")

LONGEST = 3650  # days; a longer interval is a slip of the keyboard
_UNITS = {
    1: ("", "d", "day", "days", "天", "日"),
    7: ("w", "week", "weeks", "周", "星期", "个星期", "礼拜"),
    30: ("m", "month", "months", "月", "个月"),
    365: ("y", "year", "years", "年"),
}
_DAYS_OF = {unit: days for days, units in _UNITS.items() for unit in units}
_NUMERALS = {"两": 2} | {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)}
INTERVAL = (
    rf"(?P<amount>\d{{1,9}}|[{''.join(_NUMERALS)}半])"
    rf" ?(?P<unit>{'|'.join(sorted(filter(None, _DAYS_OF), key=len, reverse=True))})?"
)
_INTERVAL = re.compile(INTERVAL, re.IGNORECASE)
_NEVER = ("never", "off", "none", "从不", "不再")


def folded(text: str) -> str:
    """Return ``text`` as it is compared: width, case, blanks, hyphens and underscores do not matter."""
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def find_word(words: Mapping[str, str], text: str) -> str:
    """Return the key in ``words`` that ``text`` means, in either language; "" when it means none."""
    wanted = folded(text)
    short = _SUFFIX.sub("", wanted)
    if (twin := _TWINS.get(wanted, "")) in words:
        return twin
    return next((key for key, zh in words.items() if wanted == folded(key) or short == zh), "")


def shown(words: Mapping[str, str], key: str, lang: str | None = None) -> str:
    """Return the word for ``key`` in ``lang`` or the screen language; a word of the learner's own as it is."""
    return words.get(key, key) if (lang or language()) == "zh" else key


def parse_days(value: object) -> int | None:
    """Return the days that ``7``, ``7d``, ``2 weeks``, ``两周`` or ``半年`` mean, None when it is none.

    A month has 30 days and a year 365; more than ten years is no interval.
    """
    match = _INTERVAL.fullmatch(unicodedata.normalize("NFKC", str(value)).strip())
    return None if match is None or isinstance(value, bool) else days_of(match)


def days_of(match: re.Match[str]) -> int | None:
    """Return the days of a match of `INTERVAL`, None when they are none or too many."""
    unit = _DAYS_OF[(match["unit"] or "").casefold()]
    amount = match["amount"]
    days = unit // 2 if amount == "半" else unit * (_NUMERALS.get(amount) or int(amount))
    return days if 1 <= days <= LONGEST else None


def is_never(value: object) -> bool:
    """Say whether an interval reads "never": the learner wants no reminder."""
    return value is False or (isinstance(value, str) and folded(value) in _NEVER)


def texts(value: object, between: str = r"[,，、;；]") -> tuple[str, ...]:
    """Return a list, a single value or words ``between`` commas as the texts in it, ``#`` signs dropped."""
    if value is None or isinstance(value, bool | dict):
        return ()
    parts = value if isinstance(value, list | tuple) else re.split(between, str(value))
    named = (str(part).strip().lstrip("#＃").strip() for part in parts if part is not None)
    return tuple(dict.fromkeys(part for part in named if part))


def text_of(value: object) -> str:
    """Return a front matter value as one line of text, "" for nothing and for lists."""
    return "" if value is None or isinstance(value, bool | list | dict) else " ".join(str(value).split())
