"""Noticing what other programs do to the notes while the screens are open."""

from __future__ import annotations

import asyncio
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.tui.aside import aside
from studytui.tui.screens.base import StudyScreen

if TYPE_CHECKING:
    from studytui.notes.vault import VaultChanges
    from studytui.tui.app import StudyApp

# Beyond this many files at once one walk over the folder is cheaper than looking at each.
MANY = 500
# Where the system cannot tell of changes (network drives, too many watches) the folder is walked this often.
EVERY_SECONDS = 30.0


class Watching:
    """Follows the notes folder and lets the screen in front show what changed."""

    def __init__(self, app: StudyApp) -> None:
        self.app = app

    def start(self) -> None:
        """Begin, beside the screens; what it needs is imported only then."""
        aside(self.app, self._watch, group="watch")

    async def _watch(self) -> None:
        notes = self.app.study.workspace.notes
        await self._look(set())
        try:
            from watchfiles import awatch

            async for changes in awatch(notes, debounce=400, step=100):
                await self._look({Path(path) for _kind, path in changes})
        except (OSError, RuntimeError, ImportError):
            while True:
                await asyncio.sleep(EVERY_SECONDS)
                await self._look(set())

    async def _look(self, paths: Set[Path]) -> None:
        """Look at ``paths``, at the whole folder when there are none or too many of them, or when folders moved."""
        try:
            if await asyncio.to_thread(self._refreshed, paths):
                self.app.upkeep.soon()
                if isinstance(self.app.screen, StudyScreen):
                    self.app.screen.reload()
        except Exception as error:
            self.app.report(error)

    def _refreshed(self, paths: Set[Path]) -> VaultChanges:
        vault = self.app.study.vault
        if not paths or len(paths) > MANY or any(path.suffix.lower() != ".md" for path in paths):
            return vault.scan()
        return vault.refresh(paths)
