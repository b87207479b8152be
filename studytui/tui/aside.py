"""Work beside the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker

# Every wait for resting hands is multiplied by it; nobody's hands rest in a test, which sets it to 0.
patience = 1.0


def aside(owner: DOMNode, job: Callable[[], Coroutine[Any, Any, None]], *, group: str) -> Worker[None]:
    """Await ``job()`` in a worker of ``owner``; a newer job of the same ``group`` cancels it.

    A failing job never ends the program: it must report what goes wrong itself.
    """
    return owner.run_worker(job, group=group, exclusive=True, exit_on_error=False)


async def rest(seconds: float) -> None:
    """Wait until the hands have rested for ``seconds``; the newer job of a group ends the wait of the older one."""
    await asyncio.sleep(seconds * patience)
