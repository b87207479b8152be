"""The shell where things are missing, full or forbidden: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studytui.cli import run
from studytui.workspace import Workspace
from tests.feedserver import FeedServer

PROGRAM = [sys.executable, "-c", "from studytui.cli import main; main()"]
RSS = b"<rss version='2.0'><channel><title>%b</title><item><title>%b</title></item></channel></rss>"


def test_a_current_folder_that_is_gone(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert run(["--workspace", str(workspace.root), "today"]) == 0
    assert run(["today"]) == 1
    assert "studytui init" in capsys.readouterr().err


def test_a_user_without_a_home(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    assert run(["--workspace", str(workspace.root), "today"]) == 0
    assert run(["--workspace", "~nobody99/desk", "today"]) == 1
    assert "studytui init" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        ("notes.lock", ["note", "new", "A title"]),
        ("feeds.lock", ["feed", "add", "https://x.example/feed"]),
    ],
)
def test_a_workspace_that_cannot_be_written(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], lock: str, words: list[str]
) -> None:
    (workspace.state / lock).mkdir()  # refuses to be opened for writing, by root too
    assert run(["--workspace", str(workspace.root), *words]) == 1
    said = capsys.readouterr().err
    assert lock in said and "unexpected" not in said


def test_a_workspace_named_after_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    monkeypatch.setenv("STUDYTUI_WORKSPACE", str(file))
    assert run(["today"]) == 1
    assert run(["init"]) == 1
    assert run(["--workspace", str(file / "desk"), "init"]) == 1
    assert "unexpected" not in capsys.readouterr().err
    assert file.read_text() == "mine"


def shell(workspace: Workspace, *words: str, end: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run the program with its output going to ``end`` of a shell line."""
    line = " ".join(['"$@"', end])
    command = ["bash", "-c", f"set -o pipefail; {line}", "bash", *PROGRAM, "--workspace"]
    return subprocess.run([*command, str(workspace.root), *words], capture_output=True, timeout=60)


@pytest.fixture
def followed(workspace: Workspace) -> Workspace:
    """A workspace with a note, and a feed that answers on the loopback address."""
    (workspace.notes / "a.md").write_text("# A\n")
    return workspace


@pytest.mark.parametrize("words", [("notes",), ("notes", "--json"), ("--help",)])
def test_a_reader_that_leaves_early(followed: Workspace, words: tuple[str, ...]) -> None:
    answer = shell(followed, *words, end="| true")
    assert (answer.returncode, answer.stderr) == (0, b"")


def test_a_reader_that_leaves_a_pull_early(workspace: Workspace) -> None:
    with FeedServer() as server:
        lines = ["feeds:"]
        for number in range(4):
            server.put(f"/{number}", RSS % (b"T", b"I"), delay=0.2 * number)
            lines += [f"  - name: n{number}", f"    url: {server.url(f'/{number}')}"]
        workspace.feeds_file.write_text("\n".join(lines) + "\n", "utf-8")
        answer = shell(workspace, "pull", end="| true")
    assert (answer.returncode, answer.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_under_the_output(followed: Workspace) -> None:
    answer = shell(followed, "notes", end=">/dev/full")
    assert answer.returncode == 1
    assert answer.stderr.decode().count("\n") == 1 and b"No space left" in answer.stderr


def test_no_output_at_all(followed: Workspace) -> None:
    assert shell(followed, "notes", end=">&- 2>&- <&-").returncode == 0


def test_a_terminal_of_another_encoding(followed: Workspace) -> None:
    (followed.notes / "a.md").write_text("# 客户关系 🙂\n", "utf-8")
    environ = {**os.environ, "PYTHONIOENCODING": "gbk"}
    answer = subprocess.run(
        [*PROGRAM, "--workspace", str(followed.root), "notes"], capture_output=True, env=environ, timeout=60
    )
    assert answer.returncode == 0
    assert "客户关系" in answer.stdout.decode("gbk")


def test_what_goes_wrong_inside_a_pull_goes_to_the_log(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(*_args: object, **_options: object) -> None:
        raise ValueError("\x1b]2;P\x07")

    monkeypatch.setattr("studytui.reading.pull.fetch", fail)
    workspace.feeds_file.write_text("feeds:\n  - name: a\n    url: https://a.example\n", "utf-8")
    assert run(["--workspace", str(workspace.root), "pull"]) == 1
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    assert "\x1b" not in captured.out + captured.err
    assert "ValueError" in workspace.log.read_text("utf-8")


def test_saying_what_to_do_today_loads_no_screen_and_no_network(workspace: Workspace) -> None:
    code = """
import sys
from studytui.cli import run
code = run(["--workspace", sys.argv[1], "today"])
never = {"textual", "rich", "feedparser", "httpx2", "httpcore2", "whoosh", "nh3", "html_to_markdown", "fsrs"}
never |= {"charset_normalizer", "markdown_it", "watchfiles", "asyncio", "ssl"}
sys.exit(str(sorted(never & set(sys.modules))) if code or never & set(sys.modules) else 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(workspace.root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
