"""The real program in a real terminal: what only the bytes show."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from studytui.cli import run
from studytui.workspace import Workspace, is_workspace
from tests.feedserver import FeedServer
from tests.terminal import Terminal

pytestmark = pytest.mark.terminal

EVIL = "[/bold][@click=app.quit]x\x1b]2;P\x07"
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
    "<item><title>{title}</title><link>https://evil.example/1</link><guid>1</guid>"
    "<description>{title} body</description></item></channel></rss>"
)
# Whatever sets titles, the clipboard or any other string of the terminal; Textual itself sends only the shape of
# the mouse pointer (OSC 22).
STRINGS = re.compile(rb"\x1b[\]PX^_](?!\x1b|22;[a-z]+)[^\x07\x1b]*")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose feed, notes, names and course all carry the same hostile text."""
    with FeedServer() as server:
        escaped = EVIL.replace("\x1b", "&#x1b;").replace("\x07", "&#x7;")
        for title in (escaped, EVIL.replace("\x1b", "\x9b")):
            server.put("/evil.xml", FEED.format(title=title).encode())
        made = Workspace(tmp_path / "evil")
        made.prepare()
        made.feeds_file.write_text(
            f"feeds:\n  - name: '[/bold][@click=app.quit]x'\n    url: {server.url('/evil.xml')}\n", "utf-8"
        )
        (made.notes / "evil.md").write_text(
            f"---\ntags: [flashcards]\n---\n# {EVIL}\n\n{EVIL} [[{EVIL}]] front::{EVIL}\n"
        )
        (made.notes / "course.md").write_text(
            f"---\nkind: course\n---\n# {EVIL}\n\n## {EVIL}\n\n- [ ] {EVIL}\n"
        )
        yield made


def test_hostile_text_never_reaches_the_terminal(evil: Workspace, home: Path) -> None:
    assert run(["--workspace", str(evil.root), "pull"]) == 0
    with Terminal(["--workspace", str(evil.root)], home) as terminal:
        terminal.wait_for("@click=app.quit")
        for keys in (
            ("2", "enter", "enter", "w", "escape", "escape", "escape"),
            ("3", "enter", " ", "enter", "escape", "escape"),
            ("4", "enter", "escape"),
            ("/", "click", "escape"),
            ("ctrl+p", "escape", "f1", "escape", "u"),
        ):
            terminal.press(*keys)
        terminal.settle()
        assert "@click=app.quit" in terminal.text
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit() == 0
    assert b"]2;P" not in terminal.raw
    assert STRINGS.findall(terminal.raw) == []
    assert b"\x9b" not in re.sub(rb"[\xc2-\xf4][\x80-\xbf]+", b"", terminal.raw)


@pytest.mark.parametrize(("lang", "welcome", "today"), [("en", "Welcome", "Today"), ("zh", "欢迎", "今天")])
def test_the_first_run_is_one_screen_and_enter(home: Path, lang: str, welcome: str, today: str) -> None:
    with Terminal([], home, lang=lang) as terminal:
        terminal.wait_for(welcome)
        terminal.press("enter")
        terminal.wait_for(today)
        assert is_workspace(home / "studytui")
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit() == 0


def test_leaving_the_first_run_creates_nothing(home: Path) -> None:
    with Terminal([], home) as terminal:
        terminal.wait_for("Welcome")
        terminal.press("escape")
        assert terminal.wait_for_exit() == 1
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "options", "today"),
    [(signal.SIGTERM, [], "Today"), (signal.SIGHUP, ["--lang", "zh"], "今天")],
)
def test_the_demo_leaves_nothing_when_its_window_closes(
    home: Path, number: signal.Signals, options: list[str], today: str
) -> None:
    with Terminal(["demo", *options], home) as terminal:
        terminal.wait_for(today)
        assert [folder.name[:13] for folder in home.iterdir()] == ["studytui-demo"]
        os.kill(terminal.process, number)
        assert terminal.wait_for_exit() == 0
    assert list(home.iterdir()) == []


def test_without_a_terminal_it_says_so(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--workspace", str(workspace.root)]) == 1
    assert "studytui today" in capsys.readouterr().err
