"""What the learner chose: a small TOML file that may be edited by hand or deleted."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import LANGUAGES, N_, _
from studytui.text import clean_line
from studytui.workspace import write_atomic

THEMES = ("dark", "light")
# What each setting is for, in the order in which they are shown.
MEANINGS = {
    "week_goal": N_("finished acts a week"),
    "week_minutes": N_("minutes a week; 0 is no such goal"),
    "day_cap": N_("cards that a day proposes at most"),
    "day_new": N_("new cards among them"),
    "retention": N_("share of cards to be remembered, 0.7 to 0.97"),
    "windows": N_("time windows of the day"),
    "budget": N_("what courses may cost in a year, such as 2000 CNY"),
    "budget_hours": N_("hours that courses may take in a year; 0 is no limit"),
    "theme": N_("dark or light screens"),
    "language": N_("en, zh; empty follows the system"),
}


@dataclass(frozen=True)
class Settings:
    """Every choice with its default.

    ``language`` "" follows the locale; ``week_goal`` counts finished acts a week, ``week_minutes`` minutes (0: no
    such goal); ``day_cap`` is the most cards a day proposes, ``day_new`` the new ones among them; ``retention``
    is the share of cards to be remembered (0.7-0.97); ``windows`` are the day's time windows as "HH:MM-HH:MM"
    (article 2's four); ``budget`` is what courses may cost in a year, such as "2000 CNY", and ``budget_hours``
    how many hours they may take (0: no limit).
    """

    language: str = ""
    theme: str = "dark"
    week_goal: int = 10
    week_minutes: int = 0
    day_cap: int = 20
    day_new: int = 10
    retention: float = 0.9
    windows: tuple[str, ...] = ("07:00-09:00", "11:00-13:00", "17:00-19:00", "21:00-23:00")
    budget: tuple[str, ...] = ()
    budget_hours: float = 0


def load_settings(path: Path) -> Settings:
    """Return the settings in ``path``, the defaults where it says nothing.  Raises StudyError."""
    import tomllib  # most starts go without it

    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except OSError as error:
        raise StudyError(
            _("Cannot read {path}: {reason}.").format(path=path, reason=error.strerror),
            _("Check that it is a file and that you may read it."),
        ) from error
    except ValueError as error:
        raise StudyError(
            _("Cannot read {path}: {reason}.").format(path=path, reason=error),
            _("Mend that line, or delete the file to get the defaults back."),
        ) from error
    known = {field.name for field in fields(Settings)}
    chosen = {name: _checked(path, name, value) for name, value in raw.items() if name in known}
    return Settings(**chosen)


def change_setting(path: Path, name: str, value: str | int | float | list[str]) -> None:
    """Write one setting; every other line of the file stays as it is.

    Raises StudyError when the value is not possible, or when the file cannot be read or changed so.
    """
    import tomllib

    _checked(path, name, value)
    load_settings(path)
    text = path.read_text("utf-8") if path.exists() else ""
    line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    pattern = re.compile(rf"^{re.escape(name)}[ \t]*=[ \t]*(?:\[[^\]]*\][^\n]*|[^\n]*)", re.MULTILINE)
    changed, count = pattern.subn(lambda _match: line, text, count=1)
    if not count:
        changed = text + ("" if not text or text.endswith("\n") else "\n") + line + "\n"
    before = tomllib.loads(text)
    try:
        after = tomllib.loads(changed)
    except ValueError:
        after = {}
    if after != before | {name: value}:
        raise StudyError(
            _("Could not change {name} in {path} without touching other lines.").format(name=name, path=path),
            _("Write this line into it yourself: {line}").format(line=line),
        )
    write_atomic(path, changed.encode())


def value_of(name: str, text: str) -> str | int | float | list[str]:
    """Return what a person typed for a setting; lists have commas between.  Raises StudyError."""
    typed = clean_line(text).strip()
    default = getattr(Settings(), name)
    if isinstance(default, tuple):
        parts = [part.strip() for part in re.split(r"[,，、;；]", typed) if part.strip()]
        value: str | int | float | list[str] = [_span(part) for part in parts] if name == "windows" else parts
    elif isinstance(default, str):
        value = typed
    else:
        whole = name != "budget_hours" and isinstance(default, int)
        try:
            value = int(typed) if whole else float(typed)
        except ValueError:
            value = typed
    _checked(None, name, value)
    return value


def in_text(value: Any) -> str:
    """Return a setting's value as a person types it."""
    return ", ".join(value) if isinstance(value, tuple | list) else f"{value}"


def _span(text: str) -> str:
    """Return a time window with two digits for each hour: 7：00 ~ 9：00 is 07:00-09:00."""
    plain = re.sub(r"\s*[-–—~～至到]\s*", "-", text.replace("：", ":"))
    return re.sub(r"(?<!\d)(\d):", r"0\1:", plain)


def _checked(path: Path | None, name: str, value: Any) -> Any:
    """Return ``value`` when it fits its setting, else raise a StudyError that says what would.

    ``path`` is the file that says so, None when somebody types it.
    """
    fits, wanted = {
        "language": (value in ("", *LANGUAGES), '"en", "zh"'),
        "theme": (value in THEMES, '"dark", "light"'),
        "week_goal": (_whole(value, 1, 500), "1 - 500"),
        "week_minutes": (_whole(value, 0, 10_000), "0 - 10000"),
        "day_cap": (_whole(value, 1, 1000), "1 - 1000"),
        "day_new": (_whole(value, 0, 1000), "0 - 1000"),
        "retention": (_number(value, 0.7, 0.97), "0.7 - 0.97"),
        "windows": (_windows(value), '["07:00-09:00", "21:00-23:00"]'),
        "budget": (_budget(value), '["2000 CNY", "100 USD"]'),
        "budget_hours": (_number(value, 0, 8784), "0 - 8784"),
    }[name]
    if not fits:
        said = (
            _("{path}: {name} = {value} is not possible.") if path else _("{name} = {value} is not possible.")
        )
        shown = clean_line(in_text(value), 80)
        raise StudyError(
            said.format(path=path, name=name, value=shown), _("Possible: {wanted}.").format(wanted=wanted)
        )
    return tuple(value) if isinstance(value, list) else value


def _number(value: Any, least: float, most: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and _number(value, least, most)


def _windows(value: Any) -> bool:
    span = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d:[0-5]\d|2[0-3]:[0-5]\d|24:00)")
    return isinstance(value, list) and all(
        isinstance(item, str) and span.fullmatch(item) and item[:5] != item[6:] for item in value
    )


def _budget(value: Any) -> bool:
    sum_of_money = re.compile(r"\d+(\.\d+)? ?\S{1,8}")
    return isinstance(value, list) and all(isinstance(i, str) and sum_of_money.fullmatch(i) for i in value)
