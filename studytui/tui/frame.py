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
from studytui.tui.private import CalmExit
from studytui.tui.themes import THEMES

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
        self._standing: dict[str, float] = {}
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
        """Show plain text; markup is never interpreted, and a complaint that still stands is not repeated."""
        del markup
        plain, now = clean_text(message), monotonic()
        if severity != "information" and self._standing.get(plain, 0.0) > now:
            return
        self._standing = {text: end for text, end in self._standing.items() if end > now}
        self._standing[plain] = now + (self.NOTIFICATION_TIMEOUT if timeout is None else timeout)
        super().notify(plain, title=clean_text(title), severity=severity, timeout=timeout, markup=False)

    def report(self, error: BaseException) -> None:
        """Show an error as sentences; an unexpected one is logged and the log's path shown."""
        self.notify(self.last_words(error), severity="error", timeout=12)

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
                timeout=20,
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
