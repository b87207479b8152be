"""Settings: defaults without a file, a sentence for what is impossible, edits that touch one line."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.settings import MEANINGS, Settings, change_setting, in_text, load_settings, value_of


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_a_change_touches_one_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\ntheme = "dark"  \nfuture = 1\n', "utf-8")
    change_setting(path, "theme", "light")
    change_setting(path, "language", "zh")
    assert path.read_text("utf-8") == '# mine\ntheme = "light"\nfuture = 1\nlanguage = "zh"\n'
    assert load_settings(path) == Settings(language="zh", theme="light")


def test_a_list_over_several_lines_is_one_setting(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('windows = [\n  "07:00-09:00",  # early\n]  # mine\nday_cap = 5\n', "utf-8")
    change_setting(path, "windows", ["21:00-23:00"])
    assert load_settings(path) == Settings(windows=("21:00-23:00",), day_cap=5)


@pytest.mark.parametrize(
    "text",
    ["[mine]\nx = 1\n", 'note = """\nday_cap = 3\n"""\n', "broken =\n", "day_cap = 0\n"],
)
def test_a_file_that_would_change_otherwise_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(StudyError) as caught:
        change_setting(path, "day_cap", 7)
    assert str(path) in caught.value.message and caught.value.hint
    assert path.read_text("utf-8") == text


def test_what_is_typed_becomes_a_value_and_the_impossible_is_a_sentence(tmp_path: Path) -> None:
    assert set(MEANINGS) == {field.name for field in fields(Settings)}
    typed = {
        "week_goal": ("12", 12),
        "retention": ("0.85", 0.85),
        "budget_hours": ("30.5", 30.5),
        "windows": ("7：00～9:00，21:00 - 23:00", ["07:00-09:00", "21:00-23:00"]),
        "budget": ("2000 CNY, 100 USD", ["2000 CNY", "100 USD"]),
        "theme": ("light", "light"),
    }
    path = tmp_path / "settings.toml"
    for name, (text, value) in typed.items():
        assert value_of(name, text) == value
        change_setting(path, name, value_of(name, text))
        assert value_of(name, in_text(getattr(load_settings(path), name))) == value
    for name, text in [
        ("day_cap", "x"),
        ("day_cap", "0"),
        ("retention", "nan"),
        ("windows", "7-9"),
        ("theme", ""),
    ]:
        with pytest.raises(StudyError):
            value_of(name, text)


@pytest.mark.parametrize(
    "line",
    [
        'language = "fr"',
        "theme = 1",
        "week_goal = 0",
        "week_goal = true",
        "day_cap = 2.5",
        "retention = 1.0",
        'windows = ["7-9"]',
        'windows = ["21:00-24:30"]',
        'windows = ["07:00-07:00"]',
        'budget = ["much"]',
        "week_minutes = -1",
        "broken =",
        "\x00",
    ],
)
def test_what_is_impossible_is_named_with_its_file(tmp_path: Path, line: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(line, "utf-8")
    with pytest.raises(StudyError) as caught:
        load_settings(path)
    assert str(path) in caught.value.message and caught.value.hint
