"""One pull at a time, started from any screen, seen on all of them, stopped by asking again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from studytui.i18n import _, ngettext, sentences
from studytui.tui.aside import aside
from studytui.tui.screens.base import StudyScreen

if TYPE_CHECKING:
    from studytui.reading.pull import PullResult
    from studytui.tui.app import StudyApp


class Pulling:
    """The pull that may be under way; the screen in front hears of each result."""

    def __init__(self, app: StudyApp) -> None:
        self.app = app
        self._worker: Worker[None] | None = None

    @property
    def running(self) -> bool:
        """Say whether sources are being asked now."""
        return self._worker is not None and not self._worker.is_finished

    def toggle(self, names: Sequence[str] | None = None) -> None:
        """Ask the named sources (all when None); when a pull is under way, stop it instead."""
        if self.running and self._worker is not None:
            self._worker.cancel()
            return
        self.app.status = _("asking …")
        self._worker = aside(self.app, partial(self._pull, names), group="pull")

    async def _pull(self, names: Sequence[str] | None) -> None:
        results: list[PullResult] = []

        def heard(done: int, total: int, result: PullResult) -> None:
            results.append(result)
            self.app.status = f"{done}/{total}"
            if isinstance(self.app.screen, StudyScreen):
                self.app.screen.pulled(result.name)

        try:
            await self.app.study.pull(names, heard)
            if names is not None and len(results) == 1 and results[0].error:
                self.app.notify(_trouble(results[0]), severity="warning", timeout=12)
            else:
                self.app.notify(_summary(results))
        except asyncio.CancelledError:
            self.app.notify(_("Stopped. {summary}").format(summary=_summary(results)))
        except Exception as error:
            self.app.report(error)
        finally:
            self.app.status = ""
            self.app.upkeep.soon()
            if isinstance(self.app.screen, StudyScreen):
                self.app.screen.reload()


def _trouble(result: PullResult) -> str:
    """Return why the one source that was asked for gave nothing, and what to do."""
    return f"{result.name}: {result.error}\n{result.hint}"


def _summary(results: Sequence[PullResult]) -> str:
    """Return one sentence on what a pull brought, and one on what went wrong."""
    new = sum(result.new for result in results)
    failed = [result.name for result in results if result.status in ("failed", "gone")]
    said = ngettext("{n} new article.", "{n} new articles.", new).format(n=new)
    if failed:
        names = _(", ").join(failed[:3]) + (" …" if len(failed) > 3 else "")
        silent = ngettext(
            "{n} source did not answer: {names}.", "{n} sources did not answer: {names}.", len(failed)
        )
        said = sentences(said, silent.format(n=len(failed), names=names))
    return said
