"""What other programs do to the notes is noticed while the screens are open."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from studytui.study import Study
from studytui.tui import watching
from studytui.tui.app import StudyApp
from studytui.tui.watching import Watching
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.tui_helpers import running, screen_text, settle


async def until(seen: Callable[[], bool]) -> bool:
    """Look every tenth of a second, for ten seconds at most."""
    for _look in range(100):
        if seen():
            return True
        await asyncio.sleep(0.1)
    return seen()


def write_many(folder: Path, count: int) -> None:
    """Write ``count`` notes as a synchronising program does: each under another name first."""
    for number in range(count):
        half = folder / f".{number}.part"
        half.write_text(f"# 笔记 {number}\n\n[[外面写的]]\n", "utf-8")
        half.rename(folder / f"{number}.md")


async def test_notes_written_and_removed_outside_are_seen_in_the_list_thousands_at_once(
    workspace: Workspace, clock: FixedClock
) -> None:
    study = Study.open(workspace, clock)
    app = StudyApp(study, watch=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        note = workspace.notes / "folder" / "外面写的.md"
        note.parent.mkdir()

        def seen() -> bool:
            # Written anew until the watch has begun, however slow the machine is.
            note.write_text("# 外面写的\n", "utf-8")
            return "外面写的" in screen_text(app)

        assert await until(seen)
        await asyncio.to_thread(write_many, workspace.notes / "folder", 2000)
        assert await until(lambda: " 2001" in screen_text(app)), screen_text(app)
        assert len(study.vault.notes()) == 2001
        shutil.rmtree(workspace.notes / "folder")
        assert await until(lambda: not study.vault.notes())
    assert not app.unexpected


async def test_thousands_of_files_are_one_walk_and_moved_folders_too(
    workspace: Workspace, clock: FixedClock
) -> None:
    study = Study.open(workspace, clock)
    app = StudyApp(study)
    async with running(app) as pilot:
        await settle(pilot)
        watch = Watching(app)
        many = [workspace.notes / f"{number}.md" for number in range(watching.MANY + 1)]
        for file in many:
            file.write_text("text", "utf-8")
        await watch._look(set(many))
        assert len(study.vault.notes()) == len(many)
        moved = workspace.notes / "moved"
        moved.mkdir()
        many[0].rename(moved / "0.md")
        await watch._look({moved, Path(many[0])})
        assert study.vault.get("moved/0.md") is not None
