"""Counting the minutes that the learner spends on something: signs of life in, ``time.spent`` events out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studytui.learning.goals import Attention
    from studytui.workspace import Clock

UnderWay = tuple[str, str]
Spend = Callable[[str, str, float], None]
# Time is written down at the latest after so many minutes, so that a crash costs little.
LONGEST = 5.0


class Attending:
    """The time spent on what is under way in the screen in front; pauses of more than two minutes do not count."""

    def __init__(self, clock: Clock, spend: Spend) -> None:
        """``spend`` is told (act, subject, minutes) when there is something to write down."""
        self._clock = clock
        self._spend = spend
        self._what: UnderWay | None = None
        self._attention: Attention | None = None
        self._last: datetime | None = None

    def touched(self, what: UnderWay | None) -> None:
        """Hear a sign of life; since the one before, ``what`` (kind of act, subject) was under way."""
        from studytui.learning.goals import Attention

        now = self._clock.now()
        if what != self._what:
            self.settle()
            self._what = what
            self._attention = Attention(self._last or now) if what else None
        if self._attention is not None:
            self._attention = self._attention.touched(now)
            if self._attention.minutes >= LONGEST:
                self.settle()
        self._last = now

    def settle(self, spend: Spend | None = None) -> None:
        """Write down what was spent so far; ``spend`` is told instead of the usual one."""
        if self._what is not None and self._attention is not None and self._attention.minutes:
            (spend or self._spend)(*self._what, self._attention.minutes)
            self._attention = type(self._attention)(self._attention.last)
