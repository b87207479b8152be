"""The frame: areas, bars, palette, help, languages, themes, errors, links, keys of an input method."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len
from textual.color import Color
from textual.widget import Widget
from textual.widgets import Input

from studytui import commands, i18n
from studytui.errors import StudyError
from studytui.settings import load_settings
from studytui.tui import browser
from studytui.tui.app import StudyApp
from studytui.tui.external import edit_outside, editor_command
from studytui.tui.help import HelpScreen, help_text
from studytui.tui.screens.base import StudyScreen
from studytui.tui.themes import GROUNDS, INKS, THEMES
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.prompt import AskLine
from studytui.tui.widgets.reader import Reader
from studytui.workspace import SystemClock, Workspace
from tests.tui_helpers import (
    HARMLESS,
    HOSTILE,
    page_with,
    running,
    screen_lines,
    screen_styles,
    screen_text,
    settle,
)

HERE = "tests.test_widgets_frame"
SCREENS = {
    "today": f"{HERE}:TodayStub",
    "read": f"{HERE}:ReadStub",
    "courses": f"{HERE}:NotWritten",
    "notes": f"{HERE}:TodayStub",
    "review": f"{HERE}:TodayStub",
    "people": f"{HERE}:TodayStub",
    "practice": f"{HERE}:TodayStub",
    "map": f"{HERE}:TodayStub",
}


class TodayStub(StudyScreen):
    """A bare first screen with a field."""

    SCOPE = "today"
    AREA = "today"

    def body(self) -> Iterable[Widget]:
        yield LineList(empty=lambda: i18n._("Today"))


class ReadStub(StudyScreen):
    """Three panes, and an act for each way to fail."""

    SCOPE = "read"
    AREA = "read"
    reloaded = 0
    lose = ""

    def body(self) -> Iterable[Widget]:
        self.sources = LineList((Column(3, right=True), Column()), id="sources")
        self.articles = LineList(id="articles")
        self.text = LineList(id="text")
        yield Panes(
            Pane(self.sources, lambda: i18n._("Search")),
            Pane(self.articles, lambda: "Articles " + HOSTILE, weight=2),
            Pane(self.text, lambda: "Text", weight=3),
        )

    def reload(self) -> None:
        self.reloaded += 1
        self.sources.show_rows([Row("a", ("12", "鸟哥笔记")), Row("b", ("3", HOSTILE))])

    def action_star(self) -> None:
        raise StudyError("feeds.yaml:3: no name.", "Give it one.")

    def action_pull(self) -> None:
        self.desk.pulling.toggle(["鸟哥笔记"])

    def action_toggle_read(self) -> None:
        raise ValueError("a bug")

    def action_all_read(self) -> None:
        self.in_thread(lambda: 1 / 0, group="x")

    def action_open_browser(self) -> None:
        self.in_thread(lambda: "from a thread", self.notify, group="x")

    def action_add(self) -> None:
        self.ask(AskLine("Address?"), lambda text: int("not a number " + text))

    def action_trash(self) -> None:
        self.desk.push_screen(SubStub())

    def on_line_list_opened(self) -> None:
        raise StudyError("Cannot open it.")

    def open_subject(self, subject: str) -> None:
        self.articles.show_rows([Row(subject, (subject,))])

    def pulled(self, name: str) -> None:
        self.articles.show_rows([Row(name, (name,))])

    def unsaved(self) -> str:
        return self.lose


class TextStub(StudyScreen):
    """A text that has the focus."""

    SCOPE = "read"
    AREA = "read"

    def body(self) -> Iterable[Widget]:
        yield Reader()


class SubStub(StudyScreen):
    """A page on top of another screen, with a field."""

    SCOPE = "editor"
    AREA = "notes"

    def body(self) -> Iterable[Widget]:
        yield Input("text")

    async def action_close(self) -> None:
        await self.desk.pop_screen()


class StudyStub:
    """As much of a study as the frame touches."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)
        self.workspace.prepare()
        self.clock = SystemClock()
        self.undone = 0
        self.hold = asyncio.Event()

    def take_rebuilt(self) -> str:
        return ""

    def undo(self) -> str:
        self.undone += 1
        return f"Undone: {HOSTILE}"

    async def pull(self, names: Any, heard: Any) -> list[Any]:
        heard(1, 3, SimpleNamespace(name="鸟哥笔记", status="new", new=4))
        await self.hold.wait()
        heard(2, 3, SimpleNamespace(name=HOSTILE, status="failed", new=0))
        heard(3, 3, SimpleNamespace(name="c", status="unchanged", new=0))
        return []


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def app(tmp_path: Path, opened: list[str]) -> StudyApp:
    def opener(url: str) -> bool:
        opened.append(url)
        return "nobrowser" not in url

    return StudyApp(StudyStub(tmp_path / "desk"), opener=opener, screens=SCREENS)  # type: ignore[arg-type]


# Areas and bars


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(
    ("lang", "tabs", "keys"),
    [
        (
            "en",
            " 1 Today  2 Read  3 Courses  4 Notes  5 Review  6 People  7 Practice  8 Map",
            "? help  ^P actions",
        ),
        ("zh", None, None),
    ],
)
async def test_bars_fit_in_both_languages(
    app: StudyApp, size: tuple[int, int], lang: str, tabs: str | None, keys: str | None
) -> None:
    i18n.set_language(lang)
    async with running(app, size) as pilot:
        await pilot.press("2")
        await settle(pilot)
        lines = screen_lines(app)
        assert len(lines) == size[1]
        for area in commands.AREAS:
            assert f"{area.number} {i18n._(area.title)}" in lines[0]
        assert cell_len(lines[0]) <= 80
        assert len([k for k in commands.footer(*app.screen.scopes()) if i18n._(k.footer) in lines[-1]]) == 6  # type: ignore[attr-defined]
        if tabs and keys:
            assert lines[0] == tabs
            assert lines[-1].endswith(keys)


async def test_number_and_function_keys_show_the_areas(app: StudyApp) -> None:
    async with running(app) as pilot:
        for key, area in [
            ("2", "read"),
            ("1", "today"),
            ("f3", "read"),
            ("f2", "today"),
            ("８", "map"),
            ("f9", "map"),
        ]:
            await pilot.press(key)
            await settle(pilot)
            assert app.area == area, key
        await pilot.click(offset=(12, 0))
        await settle(pilot)
        assert app.area == "read"


async def test_function_keys_work_while_typing_and_digits_are_typed(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("2", "d")
        await settle(pilot)
        field = app.screen.query_one(Input)
        await pilot.press("end", "3", "?", "q", "客", "ctrl+z")
        assert field.value == "text3?q客"
        assert app.study.undone == 0, "Ctrl+Z belongs to the field"  # type: ignore[attr-defined]
        footer = screen_lines(app)[-1]
        assert "^S save" in footer and "F1 help" in footer and "Esc" in footer and "? help" not in footer
        await pilot.press("f2")
        await settle(pilot)
        assert app.area == "today"


async def test_the_tabs_name_the_keys_that_lead_there_now(app: StudyApp) -> None:
    async with running(app) as pilot:
        assert screen_lines(app)[0].startswith(" 1 Today  2 Read")
        await pilot.press("2", "d")
        await settle(pilot)
        assert screen_lines(app)[0].startswith("F2 Today F3 Read F4 Courses"), "digits are typed in a field"
        assert cell_len(screen_lines(app)[0]) <= 80
        await pilot.press("escape")
        await settle(pilot)
        assert screen_lines(app)[0].startswith(" 1 Today  2 Read  3 Courses")


async def test_in_a_text_with_links_the_tabs_name_function_keys(tmp_path: Path) -> None:
    reading = {**SCREENS, "read": f"{HERE}:TextStub"}
    app = StudyApp(StudyStub(tmp_path / "desk"), screens=reading)  # type: ignore[arg-type]
    async with running(app) as pilot:
        await pilot.press("2")
        await settle(pilot)
        assert screen_lines(app)[0].startswith(" 1 Today  2 Read")
        text = app.screen.query_one(Reader)
        text.show("A [link](https://a.cn).")
        await settle(pilot)
        assert screen_lines(app)[0].startswith("F2 Today F3 Read")
        await pilot.press("f2")
        await settle(pilot)
        assert app.area == "today"
        await pilot.press("2")
        text.show("Plain.")
        await settle(pilot)
        assert screen_lines(app)[0].startswith(" 1 Today  2 Read")


async def test_an_area_that_cannot_be_loaded_is_a_sentence(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("3")
        await settle(pilot)
        assert "Something went wrong" in await page_with(pilot, "Something went wrong")
        assert "NotWritten" in app.study.workspace.log.read_text("utf-8")
        assert app.area == "today"
        assert isinstance(app.unexpected.pop(), AttributeError)


async def test_narrow_tabs_keep_the_current_name(app: StudyApp) -> None:
    async with running(app, (40, 12)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        assert screen_lines(app)[0] == " 1   2 Read  3   4   5   6   7   8"
        assert screen_lines(app)[-1].endswith("? help  ^P actions")


async def test_back_steps_through_panes_and_pages_and_never_quits(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("2", "right", "l")
        await settle(pilot)
        assert app.focused is app.screen.query_one("#text")
        await pilot.press("q", "escape")
        assert app.focused is app.screen.query_one("#sources")
        await pilot.press("d")
        await settle(pilot)
        assert isinstance(app.screen, SubStub)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ReadStub)
        await pilot.press("q")
        await settle(pilot)
        assert app.area == "today"
        await pilot.press("q", "escape", "ctrl+c")
        await settle(pilot)
        assert screen_text(app).count("Ctrl+Q leaves studytui.") >= 1
        assert app.is_running


@pytest.mark.parametrize(
    ("width", "seen"), [(100, [1, 1, 1]), (99, [1, 1, 0]), (60, [1, 1, 0]), (59, [1, 0, 0])]
)
async def test_panes_give_way_on_narrow_screens(app: StudyApp, width: int, seen: list[int]) -> None:
    async with running(app, (width, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        panes = app.screen.query_one(Panes).panes
        assert [int(pane.display) for pane in panes] == seen
        await pilot.press("right", "right")
        await settle(pilot)
        assert panes[2].display
        assert sum(int(pane.display) for pane in panes) == sum(seen)
        assert "▸ Text" in screen_text(app)
        assert ["bold" in style for style in screen_styles(app, "▸ Text")] == [True]


# Errors and notifications


async def test_errors_become_sentences_and_the_program_goes_on(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("2", "m", "enter")
        await settle(pilot)
        text = screen_text(app)
        assert "feeds.yaml:3: no name." in text and "Give it one." in text and "Cannot open it." in text
        assert app.unexpected == []
        await pilot.press("N", "A", "a")
        await settle(pilot)
        await pilot.press("x", "enter")
        await settle(pilot)
        assert sorted(type(error).__name__ for error in app.unexpected) == [
            "ValueError",
            "ValueError",
            "ZeroDivisionError",
        ]
        log = app.study.workspace.log
        assert str(log) in screen_text(app).replace("\n", "") or "studytui.log" in screen_text(app)
        assert "a bug" in log.read_text("utf-8") and "ZeroDivisionError" in log.read_text("utf-8")
        await pilot.press("o")
        await settle(pilot)
        assert "from a thread" in screen_text(app)
        app.unexpected.clear()


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_notifications_never_interpret_anything(app: StudyApp, lang: str) -> None:
    i18n.set_language(lang)
    async with running(app, (120, 40)) as pilot:
        app.notify(HOSTILE, title=HOSTILE, severity="warning")
        app.screen.notify(HOSTILE + " by a widget", markup=True)
        await settle(pilot)
        text = screen_text(app)
        assert text.count(HARMLESS) == 3
        await pilot.press("2", "u")
        await settle(pilot)
        assert f"Undone: {HARMLESS}" in screen_text(app)
        assert app.screen.reloaded == 2, "once when it came up, once after undo"  # type: ignore[attr-defined]


async def test_complaints_stand_until_a_key_and_news_follow_one_another(app: StudyApp) -> None:
    async with running(app) as pilot:
        for number in range(3):
            app.report(StudyError("The disk is full.", "Free some space."))
            app.notify(f"Undone {number}.")
        await settle(pilot)
        assert [one.text for one in app.standing] == ["The disk is full.\nFree some space.", "Undone 2."]
        await pilot.press("j")
        await settle(pilot)
        assert "The disk is full." in screen_text(app), "a key that was on its way has not read it"
        app.standing[:] = [one._replace(at=0.0) for one in app.standing]
        await pilot.press("j")
        await settle(pilot)
        assert [one.text for one in app.standing] == ["Undone 2."], "news go in their own time"


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (30, 8)])
async def test_messages_have_lines_of_their_own(app: StudyApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await pilot.press("2")
        await settle(pilot)
        bars = screen_lines(app)[0], screen_lines(app)[-1]
        app.notify("已存入 funnel：" + "漏斗与每日衰减，" * 60)
        await settle(pilot)
        lines = screen_lines(app)
        room = max(2, size[1] // 4)
        shown = lines[-1 - room : -1]
        assert (lines[0], lines[-1]) == bars
        assert shown[0].startswith(" 已存入 funnel：") and shown[-1].endswith("…")
        assert all(cell_len(line) < size[0] for line in shown)
        assert app.screen.query_one(Panes).size.height == size[1] - 2 - room, "nothing lies below them"
        app.clear_notifications()
        await settle(pilot)
        assert app.screen.query_one(Panes).size.height == size[1] - 2


async def test_a_message_follows_to_the_screen_in_front(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("2", "d")
        await settle(pilot)
        app.notify("Saved.")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ReadStub) and screen_lines(app)[-2] == " Saved."
        await pilot.press("a")
        await settle(pilot)
        app.notify("In front of a question.")
        await settle(pilot)
        assert screen_lines(app)[-2] == " In front of a question."


async def test_a_failure_beyond_repair_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(LineList):
        def render_line(self, y: int) -> Any:
            raise RuntimeError("cannot paint")

    study = StudyStub(tmp_path / "desk")
    app = StudyApp(study, screens=SCREENS)  # type: ignore[arg-type]

    async def break_it() -> None:
        await app.screen.mount(Broken())

    app.call_later(break_it)
    await app.run_async(headless=True, size=(80, 24))
    said = capsys.readouterr().err
    assert app.return_code == 1
    assert "Something went wrong" in said and "Traceback" not in said and "run --dev" not in said
    assert str(study.workspace.log) in said.replace("\n", "")
    assert "cannot paint" in study.workspace.log.read_text("utf-8")


async def test_the_collector_rests_until_start_up_is_over(app: StudyApp) -> None:
    async with running(app):
        assert not gc.isenabled()
        app.settled()
        assert gc.isenabled() and gc.get_freeze_count()
    assert gc.isenabled() and not gc.get_freeze_count()


# Palette and help


async def test_the_palette_runs_a_command_without_a_letter_key(app: StudyApp) -> None:
    i18n.set_language("zh")
    async with running(app) as pilot:
        await pilot.press("f3", "f10")
        await settle(pilot)
        assert i18n._("What would you like to do?") in screen_text(app)
        await pilot.press(*i18n._("Open in browser"), "enter")
        await settle(pilot)
        assert "from a thread" in screen_text(app)


async def test_every_command_has_a_way_without_letters(app: StudyApp) -> None:
    from studytui.tui.palette import palette

    async with running(app) as pilot:
        await pilot.press("2")
        await settle(pilot)
        listed = {choice.key for choice in palette(app.screen, app.screen.scopes()).choices}  # type: ignore[attr-defined]
        for command in commands.scoped("read", "app"):
            node = app if command.scope == "app" else app.screen
            if hasattr(node, f"action_{command.id}") and command.id != "palette":
                where = "app" if command.scope == "app" else "screen"
                assert f"{where}.{command.call}" in listed, command.name
        assert "app.go('read')" in listed
        assert not [key for key in listed if "cursor" in key]


async def test_keys_behind_a_prompt_are_dead_and_escape_closes_it(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("2", "ctrl+p")
        await settle(pilot)
        await pilot.press("f2", "ctrl+p", "f1")
        await settle(pilot)
        assert app.area == "read" and len(app.screen_stack) == 2
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ReadStub)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("key", ["?", "？", "f1"])
async def test_help_lists_what_works_here_and_closes(app: StudyApp, lang: str, key: str) -> None:
    i18n.set_language(lang)
    async with running(app, (120, 40)) as pilot:
        await pilot.press("2", key)
        await settle(pilot)
        text = screen_text(app)
        assert isinstance(app.screen, HelpScreen)
        assert i18n._("Write a note about this") in text and "Ctrl+W" in text
        await pilot.press("j", "escape")
        await settle(pilot)
        assert isinstance(app.screen, ReadStub)


def test_the_help_text_names_every_command_of_its_scopes() -> None:
    text = help_text(("list", "read", "panes", "app")).replace("\\", "")
    for command in commands.scoped("list", "read", "panes", "app"):
        assert command.title in text and command.help in text
    assert text.index("Read") < text.index("In a list") < text.index("Everywhere")


# Language and theme


async def test_the_language_changes_while_running(app: StudyApp) -> None:
    async with running(app, (80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        before = app.screen
        await app.run_action("switch_language")
        await settle(pilot)
        assert i18n.language() == "zh" and app.area == "read" and app.screen is not before
        assert f"2 {i18n._('Read')}" in screen_lines(app)[0]
        assert load_settings(app.study.workspace.settings).language == "zh"
        await pilot.press("1", "2", "d")
        await settle(pilot)
        page = app.screen
        await app.run_action("switch_language")
        await settle(pilot)
        assert i18n.language() == "zh" and app.screen is page, "work in an open page is never thrown away"
        await pilot.press("escape")
        await settle(pilot)
        await app.run_action("switch_language")
        await app.run_action("switch_language")
        await app.run_action("switch_language")
        await settle(pilot)
        assert screen_lines(app)[0].startswith(" 1 Today  2 Read")


async def test_the_theme_changes_and_is_remembered(app: StudyApp) -> None:
    async with running(app) as pilot:
        assert app.current_theme.dark
        await app.run_action("switch_theme")
        await settle(pilot)
        assert not app.current_theme.dark
        assert load_settings(app.study.workspace.settings).theme == "light"
        assert "#faf9f5" in screen_styles(app, "Today")[-1] or screen_styles(app, "Today")


@pytest.mark.parametrize("name", THEMES)
def test_every_ink_is_readable_on_every_ground(name: str) -> None:
    theme = THEMES[name]
    known = {**theme.to_color_system().generate(), **theme.variables}
    pairs = [(ink, ground) for ink in INKS for ground in GROUNDS] + [("cursor-text", "cursor")]
    for ink, ground in pairs:
        assert contrast(Color.parse(known[ink]), Color.parse(known[ground])) >= 4.5, (ink, ground)


def test_both_themes_know_the_same_names() -> None:
    assert len({tuple(sorted(theme.variables)) for theme in THEMES.values()}) == 1


def contrast(one: Color, other: Color) -> float:
    """The WCAG 2 contrast ratio."""

    def luminance(color: Color) -> float:
        parts = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in color.normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


async def test_without_colour_the_marked_row_and_pane_still_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = StudyApp(StudyStub(tmp_path / "desk"), screens=SCREENS)  # type: ignore[arg-type]
    async with running(app) as pilot:
        await pilot.press("2")
        await settle(pilot)
        assert [line[:2] for line in screen_lines(app)[1:4]] == ["▸ ", "▸ ", "  "]


# Links and the input method


async def test_only_safe_links_leave_the_program(app: StudyApp, opened: list[str]) -> None:
    async with running(app, (120, 40)) as pilot:
        for url in ("https://a.cn/文", "mailto:a@b.cn", "https://nobrowser.cn/x", "javascript:alert(1)", "file:///etc/passwd",
                    f"ftp://{HOSTILE}", ""):  # fmt: skip
            app.open_url(url)
            await settle(pilot)
        assert opened == ["https://a.cn/文", "mailto:a@b.cn", "https://nobrowser.cn/x"]
        text = screen_text(app)
        assert "no graphical browser" in text and "This link is not opened: file:///etc/passwd" in text


def test_a_text_browser_is_never_started(monkeypatch: pytest.MonkeyPatch) -> None:
    import webbrowser

    started: list[str] = []
    for name, expected in (("/usr/bin/w3m", False), ("firefox", True)):
        fake = SimpleNamespace(name=name, open=lambda url: started.append(url) or True)
        monkeypatch.setattr(webbrowser, "get", lambda fake=fake: fake)
        assert browser.open_in_browser("https://a.cn") is expected
    assert started == ["https://a.cn"]

    def none() -> Any:
        raise webbrowser.Error("none")

    monkeypatch.setattr(webbrowser, "get", none)
    assert browser.open_in_browser("https://a.cn") is False


async def test_a_committed_character_in_a_list_gives_one_hint(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("2", "客", "户")
        await settle(pilot)
        assert screen_text(app).count("Your input method is on") == 1
        assert "with Shift)." in screen_text(app), "the last line of the hint is not cut off"
        app.clear_notifications()
        await pilot.press("管")
        await settle(pilot)
        assert "Your input method is on" not in screen_text(app)


# Other rooms and other programs


async def test_one_screen_sends_the_learner_to_a_thing_on_another(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("2", "d", "1")
        await settle(pilot)
        await app.open_subject("read", "article 7")
        await settle(pilot)
        assert "▸ article 7" in screen_text(app)
        await app.open_subject("nowhere", "x")
        assert app.area == "read"


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "$EDITOR is not set."),
        ({"EDITOR": "no-such-editor -w"}, "no-such-editor"),
        ({"EDITOR": "'"}, "not set"),
    ],
)
def test_an_editor_that_cannot_start_is_a_sentence(environ: dict[str, str], message: str) -> None:
    with pytest.raises(StudyError, match=message.replace("$", r"\$")):
        editor_command(environ)
    assert editor_command({"VISUAL": "cat -n", "EDITOR": "x"}) == ["cat", "-n"]


async def test_a_terminal_that_cannot_be_shared_is_a_sentence(app: StudyApp, tmp_path: Path) -> None:
    async with running(app):
        with pytest.raises(StudyError, match="cannot be handed"):
            edit_outside(app, tmp_path / "a.md", {"EDITOR": "cat"})


# Pulling and quitting


async def test_a_pull_shows_its_progress_everywhere_and_tells_the_end(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("2", "R")
        await pilot.pause()
        await pilot.pause()
        assert screen_lines(app)[-1].endswith("1/3")
        assert "▸ 鸟哥笔记" in screen_text(app), "results show while the others are still asked"
        await pilot.press("1")
        await pilot.pause()
        assert screen_lines(app)[-1].endswith("1/3")
        app.study.hold.set()  # type: ignore[attr-defined]
        await settle(pilot)
        told = f"4 new articles. 1 source did not answer: {HARMLESS}."
        assert told in await page_with(pilot, told)
        assert not screen_lines(app)[-1].endswith("3/3")


async def test_a_second_r_stops_the_pull(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("2", "r")
        await pilot.pause()
        assert app.pulling.running
        await pilot.press("r")
        await settle(pilot)
        assert not app.pulling.running
        assert "Stopped. 4 new articles." in screen_text(app)


async def test_quitting_asks_when_something_would_be_lost(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("2")
        await settle(pilot)
        app.screen.lose = "The note is not saved. Leave?"  # type: ignore[attr-defined]
        await pilot.press("1", "ctrl+q")
        await settle(pilot)
        assert "The note is not saved. Leave?" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert app.area == "today" and app.return_code is None
        await pilot.press("ctrl+q", "down", "enter")
        await settle(pilot)
        assert app.return_code == 0


# Start-up


def test_start_up_imports_no_area_and_nothing_heavy() -> None:
    code = """
import sys
import studytui.tui.app
heavy = {
    "sqlite3", "feedparser", "whoosh", "httpx2", "yaml", "markdown_it", "nh3", "fsrs", "webbrowser",
    "studytui.study", "studytui.journal", "studytui.tui.widgets.reader", "studytui.tui.help", "studytui.tui.palette",
    "textual.widgets._text_area", "textual.widgets._markdown", "textual.widgets._data_table",
}
areas = tuple("studytui." + name for name in ("reading", "notes", "search", "learning", "people", "practice"))
found = heavy & set(sys.modules)
found |= {m for m in sys.modules if m.startswith((*areas, "studytui.tui.screens."))} - {"studytui.tui.screens.base"}
sys.exit(str(sorted(found)) if found else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_running_program_has_imported_its_first_screen_only(tmp_path: Path) -> None:
    code = """
import asyncio, sys
from pathlib import Path
from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.workspace import SystemClock, Workspace
root = Path(sys.argv[1])
(root / "notes").mkdir()
(root / "feeds.yaml").write_text("feeds: []")
async def main():
    app = StudyApp(Study.open(Workspace(root)))
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
asyncio.run(main())
screens = {m.rpartition(".")[2] for m in sys.modules if m.startswith("studytui.tui.screens.")}
assert "today" in screens
assert {s.partition("_")[0] for s in screens} == {"base", "today"}, screens
early = {"studytui.tui.widgets.reader", "markdown_it", "textual.widgets._text_area", "feedparser"}
assert not early & set(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
