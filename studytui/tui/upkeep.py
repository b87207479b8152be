"""Keep the search indexes up to date while nobody waits: a quiet thread beside the screens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studytui.study import Study

# Long enough after the first paint, and after the last change, that no key ever waits for it.
PAUSE = 2.0
_log = logging.getLogger(__name__)


class Upkeep:
    """Indexes once after the start and again whenever `soon` was called; `stop` ends it at the next chance.

    ``done`` is called, in the thread, after each round.  The thread is a daemon: leaving the program never waits
    for it, and what it writes may be cut off anywhere.
    """

    def __init__(self, study: Study, done: Callable[[], object]) -> None:
        self.study = study
        self._done = done
        self._wanted = Event()
        self._stopped = Event()
        self._thread: Thread | None = None

    def soon(self) -> None:
        """Ask for a round; many asks in a row become one."""
        if self._thread is None and not self._stopped.is_set():
            self._thread = Thread(target=self._run, name="upkeep", daemon=True)
            self._thread.start()
        self._wanted.set()

    def stop(self) -> None:
        """Start no further piece of work."""
        self._stopped.set()
        self._wanted.set()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._stopped.wait(PAUSE):
                return
            try:
                self.study.upkeep(self._stopped.is_set)
                self._done()
            except Exception as error:  # an index is a cache: searching works without it
                _log.warning("upkeep: %r", error)
