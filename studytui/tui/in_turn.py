"""Keys one after another: each finds the screen that the one before it asked for.

Textual hands a key to whatever has the focus at that moment, while the screen that the key before asked for is
still being built or its list read, so a fast hand would open the wrong line, or none.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import ModalScreen
from textual.worker import Worker

if TYPE_CHECKING:
    from studytui.tui.frame import FrameApp

# Seconds for which a key waits at the most, for its screen and for work that the screen began.
PATIENCE = 1.0
# How often is looked whether a waiting key may go on, beside the messages that say so.
LOOK = 0.02
# Keys that do not wait for anything: the ways out.
_AT_ONCE = {"ctrl+q", "ctrl+c"}


class KeyPassed(Message):
    """Sent after a key on the same way: when it arrives at the app, everything has heard of the key.

    The first round arrives before what the key's own handler sent, the second after it; the third goes to the
    screen that is in front then, which has got its focus when it arrives.
    """

    def __init__(self, target: MessagePump, rounds: int = 3) -> None:
        super().__init__()
        self.target, self.rounds = target, rounds


class InTurn:
    """Holds keys back while the one before is on its way."""

    def __init__(self, app: FrameApp) -> None:
        self._app = app
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._on_its_way: KeyPassed | None = None
        self._since = 0.0
        self._given_up: set[Worker[Any]] = set()
        self._looking = False

    @property
    def resting(self) -> bool:
        """Whether no key waits and none is on its way."""
        return not self._waiting and not (self._on_its_way and self._on_its_way.target.is_running)

    def holds(self, event: events.Key | events.Paste) -> bool:
        """Say whether ``event`` must wait; it is then sent again in its turn."""
        if isinstance(event, events.Key) and event.key in _AT_ONCE:
            return False
        if not self._waiting:
            self._since = monotonic()
            if not self._app.screen_stack or not self._busy(event):
                return False
        self._waiting.append(event)
        self._look_later()
        return True

    def sent(self, event: events.Key | events.Paste, target: MessagePump) -> None:
        """Hear that ``event`` went to ``target``; a move or a typed character changes nothing for the next one."""
        if self._app.screen_stack and not _harmless(event, target):
            self._pass(KeyPassed(target))

    def passed(self, message: KeyPassed) -> None:
        """Go another round, or let the next key go; a message that was sent anew counts no more."""
        if message is not self._on_its_way:
            return
        if not self._app.screen_stack:
            self._on_its_way = None
        elif message.rounds > 1:
            target = message.target if message.rounds > 2 else self._aim()
            self._pass(KeyPassed(target, message.rounds - 1))
        else:
            self._on_its_way = None
            self._app.call_later(self.go_on)

    def _pass(self, message: KeyPassed) -> None:
        # A message ends its way at its sender, which would be a screen when that let a waiting key go.
        message.set_sender(self._app)
        self._on_its_way = message if message.target.post_message(message) else None

    async def go_on(self) -> None:
        """Send the keys whose turn it is."""
        while self._waiting and self._app.screen_stack and not self._busy(self._waiting[0]):
            event = self._waiting.popleft()
            self._since = monotonic()
            await self._app.deliver(event)

    def _look_later(self) -> None:
        if not self._looking:
            self._looking = True
            self._app.set_timer(LOOK, self._look)

    async def _look(self) -> None:
        self._looking = False
        await self.go_on()
        if self._waiting:
            self._look_later()

    def _aim(self) -> MessagePump:
        return self._app.focused or self._app.screen

    def _busy(self, event: events.Key | events.Paste) -> bool:
        """Say whether the key before, the screen or its list is still on its way; what was lost is sent anew."""
        screen, target = self._app.screen, self._aim()
        working = self._working(target, event)
        if self._on_its_way and not self._on_its_way.target.is_running:
            # What the key closed has taken the message along.
            self._pass(KeyPassed(self._aim(), rounds=1))
        if monotonic() - self._since > PATIENCE:
            self._on_its_way = None
            self._given_up = set(working)
            return False
        ours = hasattr(screen, "SCOPE") or isinstance(screen, ModalScreen)
        no_focus = (
            target is screen and ours and (not screen.is_mounted or any(True for _ in screen.focus_chain))
        )
        ready = getattr(target, "ready", True)
        return self._on_its_way is not None or no_focus or bool(working) or not ready

    def _working(self, target: MessagePump, event: events.Key | events.Paste) -> list[Worker[Any]]:
        """Return the work of the screen in front that the key should wait for: what it acts on is being read."""
        screen = self._app.screen
        if isinstance(screen, ModalScreen) or _harmless(event, target):
            return []
        return [
            worker
            for worker in self._app.workers
            if worker.node is screen and not worker.is_finished and worker not in self._given_up
        ]


def _harmless(event: events.Key | events.Paste, target: MessagePump) -> bool:
    """Say whether a key only moves in what is there, or types into a field."""
    if isinstance(event, events.Paste):
        return True
    moves = getattr(target, "_KEYS", None)
    if moves is not None:
        return bool(getattr(target, "count", 1)) and moves.get(event.key, "open").startswith(_MOVES)
    consumes = getattr(target, "check_consume_key", None)
    return bool(consumes and consumes(event.key, event.character))


_MOVES = ("cursor_", "page_", "line_", "text_")
