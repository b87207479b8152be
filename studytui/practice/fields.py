"""The fields of a practice entry: their words in both languages, and reading a value from what was typed."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from studytui.i18n import _, language

Value = str | int | bool | Decimal | date | tuple[int, ...]

_COUNT = re.compile(r"[0-9]{1,12}")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_CHANGE = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
_YES = ("yes", "true", "是")
_NO = ("no", "false", "否")


class Kind(StrEnum):
    """What a field holds; decides how it is read, shown and asked for."""

    TEXT = "text"
    """Any text, one line or several."""
    COUNT = "count"
    """A whole number, 0 or more."""
    AMOUNT = "amount"
    """A number, 0 or more, exact to the decimal."""
    CHANGE = "change"
    """A number with a sign: a change in per cent."""
    SCORE = "score"
    """A whole number from 1 to 5."""
    YES_NO = "yes-no"
    CHOICE = "choice"
    """One of the field's words."""
    OPEN = "open"
    """One of the field's words, or any other text."""
    DAY = "day"
    """A date, 2026-11-22."""
    COUNTS = "counts"
    """Whole numbers in a row: 500, 200, 100."""
    NOTE = "note"
    """The title of a note."""


FIGURES = frozenset({Kind.COUNT, Kind.AMOUNT, Kind.CHANGE, Kind.SCORE, Kind.COUNTS})
"""The kinds that hold numbers."""


class FieldError(Exception):
    """A value that a field cannot take: what is wrong with it, and what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class Word:
    """A word of the file format in both languages; either may stand in a file, whatever the screen shows.

    The two words are part of the format and not of the catalogue, so that a note means the same to everyone.
    """

    key: str
    zh: str

    def shown(self, lang: str | None = None) -> str:
        """Return the word for people to read, in ``lang`` or the screen language."""
        return self.zh if (lang or language()) == "zh" else self.key.replace("_", " ")

    def written(self, lang: str) -> str:
        """Return the word as a file in ``lang`` has it."""
        return self.zh if lang == "zh" else self.key


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return ``text`` as it is compared: width, case, blanks, hyphens and underscores do not matter."""
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def find_word(words: Iterable[Word], text: str) -> Word | None:
    """Return the word that ``text`` means, in either language."""
    wanted = folded(text)
    return next((word for word in words if wanted in (folded(word.key), folded(word.zh))), None)


def nearest(words: Sequence[str], text: str) -> str:
    """Return the one of ``words`` that ``text`` was probably meant to be, or ""."""
    close = difflib.get_close_matches(folded(text), [folded(word) for word in words], n=1, cutoff=0.5)
    return next((word for word in words if close and folded(word) == close[0]), "")


@dataclass(frozen=True)
class Field(Word):
    """One field of a tool: ``help`` (a msgid) asks for it, ``default`` is what a new form starts with."""

    kind: Kind = Kind.TEXT
    help: str = ""
    required: bool = False
    words: tuple[Word, ...] = ()
    default: str = ""

    @property
    def label(self) -> str:
        """The field's name for a form, in the screen language."""
        shown = self.shown()
        return shown[:1].upper() + shown[1:]

    @property
    def question(self) -> str:
        """The sentence that asks for the value, in the screen language."""
        return _(self.help)

    def read(self, typed: str | Sequence[str]) -> Value | None:
        """Return the value of what was typed or stands in a file; None for a gap.  Raises FieldError."""
        if not isinstance(typed, str):
            if self.kind is not Kind.COUNTS:
                raise FieldError(
                    _("“{field}” takes one value, not a list.").format(field=self.shown()),
                    _("Write the value behind the colon, without square brackets or dashes."),
                )
            return tuple(_number(self, part.strip()) for part in typed) or None
        text = typed.strip()
        return _READERS[self.kind](self, text) if text else None

    def text(self, value: Value | None, lang: str | None = None) -> str:
        """Return ``value`` as it is shown, typed and stored in ``lang`` (else the screen's); "" for a gap."""
        shown_in = lang or language()
        match value:
            case None:
                return ""
            case bool():
                return (_YES if value else _NO)[-1 if shown_in == "zh" else 0]
            case tuple():
                return ", ".join(str(part) for part in value)
            case Decimal():
                return format(value, "f")
            case date():
                return value.isoformat()
            case str() if self.words:
                word = next((word for word in self.words if word.key == value), None)
                return word.written(shown_in) if word else value
            case _:
                return str(value)


def _text(field: Field, text: str) -> Value:
    if any(unicodedata.category(letter) == "Cs" for letter in text):
        raise FieldError(
            _("“{field}” holds half a character.").format(field=field.shown()),
            _("Delete it and type it again."),
        )
    return text


def _number(field: Field, text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise _not_a_number(field, text, _("a whole number, 0 or more"), _COUNT)
    return int(text)


def _amount(field: Field, text: str) -> Value:
    if not _AMOUNT.fullmatch(text):
        raise _not_a_number(field, text, _("a number, 0 or more"), _AMOUNT)
    return Decimal(text)


def _change(field: Field, text: str) -> Value:
    if not _CHANGE.fullmatch(text):
        raise _not_a_number(field, text, _("a number, with a minus when it fell"), _CHANGE)
    return Decimal(text)


def _not_a_number(field: Field, text: str, wanted: str, form: re.Pattern[str]) -> FieldError:
    """Explain a number that cannot be read, with what was probably meant when that is clear."""
    bare = re.sub(r"[\s,%_]", "", unicodedata.normalize("NFKC", text)).lstrip("~≈约$¥€£").rstrip("元人次个")
    meant = bare if form.fullmatch(bare) and bare != text else ""
    return FieldError(
        _("“{field}” is “{text}”, but needs {wanted}.").format(field=field.shown(), text=text, wanted=wanted),
        _("Write {number}: digits only, no separators, no unit.").format(number=meant)
        if meant
        else _("Write digits only, or leave it empty if you did not count it."),
    )


def _score(field: Field, text: str) -> Value:
    if text not in ("1", "2", "3", "4", "5"):
        raise FieldError(
            _("“{field}” is “{text}”, but a score goes from 1 to 5.").format(field=field.shown(), text=text),
            _("Write 1, 2, 3, 4 or 5."),
        )
    return int(text)


def _yes_no(field: Field, text: str) -> Value:
    answer = folded(text)
    if answer in _YES:
        return True
    if answer in _NO:
        return False
    raise FieldError(
        _("“{field}” is “{text}”, but asks for yes or no.").format(field=field.shown(), text=text),
        _("Write yes or no."),
    )


def _choice(field: Field, text: str) -> Value:
    word = find_word(field.words, text)
    if word is not None:
        return word.key
    meant = nearest([w.shown(lang) for lang in ("en", "zh") for w in field.words], text)
    known = _(", ").join(word.written(language()) for word in field.words)
    raise FieldError(
        _("“{field}” cannot be “{text}”.").format(field=field.shown(), text=text),
        _("Did you mean {meant}? Possible are: {known}.").format(meant=meant, known=known)
        if meant
        else _("Possible are: {known}.").format(known=known),
    )


def _open(field: Field, text: str) -> Value:
    word = find_word(field.words, text)
    return word.key if word is not None else _text(field, text)


def _day(field: Field, text: str) -> Value:
    return read_day(field.shown(), text)


def read_day(name: str, text: str) -> date:
    """Return the date written as 2026-11-22; raises FieldError naming the field ``name``."""
    day = _day_of(text)
    if day is not None and day.isoformat() == text:
        return day
    raise FieldError(
        _("“{field}” is “{text}”, which is no date.").format(field=name, text=text),
        _("Write {day}.").format(day=day.isoformat())
        if day is not None
        else _("Write year-month-day, such as 2026-11-22."),
    )


def _day_of(text: str) -> date | None:
    """Return the day that ``text`` means, in whatever way its three numbers are separated."""
    parts = re.findall(r"[0-9]+", unicodedata.normalize("NFKC", text))
    # A year far off is a slip of the keyboard that would stretch every trend over centuries.
    if len(parts) != 3 or not 1990 <= int(parts[0]) <= 2099:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def _counts(field: Field, text: str) -> Value:
    parts = re.split(r"\s*(?:,\s|[，、;；]|→|\s)\s*", text)
    if any("," in part for part in parts):
        # "7,500" may be one number or two: only the learner knows.
        raise FieldError(
            _("“{field}” is “{text}”: a comma between digits can mean two things.").format(
                field=field.shown(), text=text
            ),
            _("Put a blank between the numbers, such as 500 200 100."),
        )
    return tuple(_number(field, part) for part in parts if part)


_READERS: Mapping[Kind, Callable[[Field, str], Value]] = {
    Kind.TEXT: _text,
    Kind.COUNT: _number,
    Kind.AMOUNT: _amount,
    Kind.CHANGE: _change,
    Kind.SCORE: _score,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.OPEN: _open,
    Kind.DAY: _day,
    Kind.COUNTS: _counts,
    Kind.NOTE: _text,
}
