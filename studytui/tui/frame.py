"""What every app of ours does: themes, safe notifications, calm errors, links, the input-method hint."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, Literal

from textual import events
from textual.binding import Binding
from textual.keys import key_to_character
from textual.reactive import reactive
from textual.screen import ModalScreen

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.keys import key_name, plain_twin
from studytui.log import write_log
from studytui.text import clean_text, safe_url
from studytui.tui.bindings import bindings
from studytui.tui.browser import open_in_browser
from studytui.tui.in_turn import InTurn, KeyPassed
from studytui.tui.private import CalmExit
from studytui.tui.themes import THEMES
from studytui.tui.widgets.messages import Messages, Said

Severity = Literal["information", "warning", "error"]
# Seconds after which the first screen is surely there.
SETTLED = 1.0


class FrameApp(CalmExit):
    """The frame around all screens; knows nothing of what they show."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "studytui"
    CSS_PATH = Path(__file__).with_name("frame.tcss")
    BINDINGS: ClassVar[list[Binding]] = bindings("app")  # type: ignore[assignment]

    # A few cells at the right end of the bottom line: progress of what runs beside the screens.
    status: reactive[str] = reactive("")

    def __init__(
        self,
        *,
        theme: str = "dark",
        log_file: Path | None = None,
        opener: Callable[[str], bool] = open_in_browser,
    ) -> None:
        super().__init__()
        self.log_file = log_file
        self.opener = opener
        self.unexpected: list[BaseException] = []
        self._input_method_hinted = False
        self.standing: list[Said] = []
        self.in_turn = InTurn(self)
        for ours in THEMES.values():
            self.register_theme(ours)
        self.theme = THEMES[theme].name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Textual parses stylesheets against its own default theme once; our names must exist there too."""
        return dict(THEMES["dark"].variables)

    # The collector would run a dozen times while modules load and the first screen is built; what start-up
    # made stays for good, so it need not be walked over ever again.

    def on_load(self) -> None:
        gc.disable()

    def on_mount(self) -> None:
        self.set_timer(SETTLED, self.settled)

    def settled(self) -> None:
        """Begin what could wait until start-up was over."""
        gc.freeze()
        gc.enable()

    def on_unmount(self) -> None:
        gc.unfreeze()
        gc.enable()

    # Telling

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Severity = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say plain text above the keys; markup is never interpreted.  Any thread may call it.

        News stand for ``timeout`` seconds or until the next news; a complaint stands until a key is pressed by
        someone who has seen it, and is not repeated while it stands.
        """
        del markup
        text = "\n".join(filter(None, (clean_text(title), clean_text(message))))
        self.call_later(
            self._hear,
            Said(text, severity, monotonic()),
            self.NOTIFICATION_TIMEOUT if timeout is None else timeout,
        )

    def _hear(self, said: Said, seconds: float) -> None:
        if said.complaint:
            if said.text not in (one.text for one in self.standing):
                self._stand([*self.standing, said])
        else:
            self._stand([*(one for one in self.standing if one.complaint), said])
            self.set_timer(seconds, lambda: self._stand([one for one in self.standing if one is not said]))

    def _stand(self, said: list[Said]) -> None:
        if said != self.standing:
            self.standing = said
            self.show_messages()

    def show_messages(self) -> None:
        """Show what stands now on the screen in front, and on those that shine through behind it."""
        stack = self.screen_stack
        for screen in stack:
            for line in screen.query_children(Messages):
                line.show(self.standing)
        if self.standing and stack and stack[-1].is_attached and not stack[-1].query_children(Messages):
            stack[-1].mount(Messages(self.standing))

    def clear_notifications(self) -> None:
        """Take back everything that stands."""
        self._stand([])

    async def on_event(self, event: events.Event) -> None:
        """Take the keys in turn; one takes away the complaints that were seen, and does its own work all the same."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif not self.in_turn.holds(event):
            await self.deliver(event)

    async def deliver(self, event: events.Key | events.Paste) -> None:
        """Hand a key, or what was pasted, to what has the focus now."""
        if isinstance(event, events.Key) and self.standing:
            self._stand([one for one in self.standing if not (one.complaint and one.seen())])
        target = (self.focused or self.screen) if self.screen_stack else self
        await super().on_event(event)
        self.in_turn.sent(event, target)

    def on_key_passed(self, message: KeyPassed) -> None:
        """The way of a key is clear of it."""
        self.in_turn.passed(message)

    def report(self, error: BaseException) -> None:
        """Show an error as sentences; an unexpected one is logged and the log's path shown."""
        self.notify(self.last_words(error), severity="error")

    def last_words(self, error: BaseException) -> str:
        """Return the sentences about an error; an unexpected one is logged."""
        if isinstance(error, StudyError):
            return "\n".join(filter(None, (error.message, error.hint)))
        self.unexpected.append(error)
        if self.log_file and write_log(self.log_file, "".join(traceback.format_exception(error))):
            return _("Something went wrong that should not. The details are in {path}.").format(
                path=self.log_file
            )
        return _("Something went wrong that should not: {reason}.").format(
            reason=clean_text(repr(error), 200)
        )

    async def run_action(self, action: Any, default_namespace: Any = None, namespaces: Any = None) -> bool:
        """Run what a key or the palette asked for; its errors become sentences and the program goes on."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            self.report(error)
            return True

    # Outside

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open ``url`` in the browser when its scheme is http, https or mailto; else say why not."""
        del new_tab
        safe = safe_url(url)
        if not safe:
            self.notify(
                _("This link is not opened: {url}").format(url=clean_text(url, 200)), severity="warning"
            )
        else:
            self.run_worker(lambda: self._open(safe), thread=True, exit_on_error=False, group="browser")

    def _open(self, url: str) -> None:
        """Start the browser off the loop; some take seconds."""
        try:
            opened = self.opener(url)
        except Exception:
            opened = False
        if opened:
            self.call_from_thread(self.notify, _("Opened in the browser: {url}").format(url=url))
        else:
            self.call_from_thread(
                self.notify,
                _("There is no graphical browser here. The address is {url}").format(url=url),
                severity="warning",
            )

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Understand what an input method sends: full-width symbols act, characters get one hint."""
        character = event.character or key_to_character(event.key) or ""
        if len(character) != 1 or (self.focused and self.focused.check_consume_key(event.key, character)):
            return
        twin = plain_twin(character)
        if twin:
            event.stop()
            event.prevent_default()
            self.simulate_key(key_name(twin))
        elif character >= "⺀" and not self._input_method_hinted:
            self._input_method_hinted = True
            self.notify(
                _(
                    "Your input method is on, so letters do not reach the list. Use the arrows, Enter, "
                    "the F-keys, or Ctrl+P for all actions; or switch it off (often with Shift)."
                ),
                timeout=12,
            )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that the app takes first must not reach behind a prompt."""
        if action in ("go", "palette", "help") and isinstance(self.screen, ModalScreen):
            return False
        return super().check_action(action, parameters)

    def action_help_quit(self) -> None:
        """Ctrl+C, from habit: say what quits."""
        self.notify(_("Ctrl+Q leaves studytui."))

    def action_switch_theme(self) -> None:
        """Change between light and dark."""
        self.theme = THEMES["light" if self.current_theme.dark else "dark"].name
