"""Work beside the screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker


def aside(owner: DOMNode, job: Callable[[], Coroutine[Any, Any, None]], *, group: str) -> Worker[None]:
    """Await ``job()`` in a worker of ``owner``; a newer job of the same ``group`` cancels it.

    A failing job never ends the program: it must report what goes wrong itself.
    """
    return owner.run_worker(job, group=group, exclusive=True, exit_on_error=False)
