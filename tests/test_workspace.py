"""The workspace: where it is found, how it is made, and writes that are whole or absent."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.workspace import (
    Workspace,
    create_workspace,
    default_root,
    find_workspace,
    is_workspace,
    locked,
    starter_root,
    write_atomic,
)


def make(folder: Path) -> Path:
    (folder / "notes").mkdir(parents=True)
    (folder / "feeds.yaml").write_text("feeds: []\n", "utf-8")
    return folder


def test_it_is_found_upward_from_the_current_folder(tmp_path: Path) -> None:
    root = make(tmp_path / "desk")
    deep = root / "notes" / "a" / "b"
    deep.mkdir(parents=True)
    assert find_workspace(deep, tmp_path / "home", environ={}) == Workspace(root)


def test_else_in_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "someone"
    make(home / "studytui")
    assert find_workspace(tmp_path, home, environ={}) == Workspace(home / "studytui")
    assert find_workspace(tmp_path, tmp_path / "nobody", environ={}) is None


def test_a_named_folder_wins_even_when_it_is_not_one_yet(tmp_path: Path) -> None:
    here, other = make(tmp_path / "here"), make(tmp_path / "other")
    assert find_workspace(here, tmp_path, other, {}) == Workspace(other)
    assert find_workspace(here, tmp_path, None, {"STUDYTUI_WORKSPACE": str(other)}) == Workspace(other)
    assert find_workspace(here, tmp_path, tmp_path / "new", {}) is None
    assert default_root(tmp_path, tmp_path / "new", {}) == tmp_path / "new"
    assert default_root(tmp_path, None, {}) == tmp_path / "studytui"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_starter_is_copied_in_one_language_and_nothing_is_overwritten(tmp_path: Path, lang: str) -> None:
    root = tmp_path / "desk"
    mine = root / "notes" / "courses" / "mine.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("my own", "utf-8")
    made = create_workspace(root, lang)
    assert is_workspace(root)
    assert mine.read_text("utf-8") == "my own"
    languages = {
        line
        for note in made.notes.rglob("*.md")
        for line in note.read_text("utf-8").splitlines()[:12]
        if line.startswith("lang:")
    }
    assert languages == {f"lang: {lang}"}
    made.feeds_file.write_text("feeds: [] # mine\n", "utf-8")
    create_workspace(root, lang)
    assert "mine" in made.feeds_file.read_text("utf-8")


def test_the_starter_leaves_a_learners_own_notes_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make(tmp_path / "checkout")
    (source / "notes" / "diary.md").write_text("---\ntitle: Diary\n---\nlang: en\n", "utf-8")
    (source / "notes" / "starter.md").write_text("---\ntitle: S\nlang: en\n---\n", "utf-8")
    monkeypatch.setattr("studytui.workspace.starter_root", lambda: source)
    made = create_workspace(tmp_path / "desk", "en")
    assert [note.name for note in made.notes.iterdir()] == ["starter.md"]


def test_the_checkout_is_its_own_starter() -> None:
    assert is_workspace(starter_root())


def test_a_write_keeps_permissions_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "a" / ("名" * 80 + ".md")
    write_atomic(path, b"one")
    path.chmod(0o640)
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.iterdir()) == [path]


def test_a_refused_write_leaves_the_old_bytes_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    write_atomic(path, b"old")

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StudyError, match="No space left"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.glob(".*")) == []


def test_the_device_keeps_its_name(workspace: Workspace) -> None:
    name = workspace.device()
    assert name and name == workspace.device()
    assert name.replace("-", "").isalnum()


def test_a_lock_that_is_held_is_a_sentence(tmp_path: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(tmp_path / "x.lock"):
            held.set()
            done.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    with pytest.raises(StudyError, match="Another studytui"), locked(tmp_path / "x.lock", timeout=0.05):
        pass
    done.set()
    thread.join()
