"""Settings: defaults without a file, a sentence for what is impossible, edits that touch one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.settings import Settings, change_setting, load_settings


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_a_change_touches_one_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\ntheme = "dark"  \nfuture = 1\n', "utf-8")
    change_setting(path, "theme", "light")
    change_setting(path, "language", "zh")
    assert path.read_text("utf-8") == '# mine\ntheme = "light"\nfuture = 1\nlanguage = "zh"\n'
    assert load_settings(path) == Settings(language="zh", theme="light")


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
