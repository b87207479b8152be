"""Settings: what can be chosen, each with its value; Enter changes one."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.settings import MEANINGS, Settings, change_setting, in_text, value_of
from studytui.tui.screens.base import StudyScreen
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.panes import Pane
from studytui.tui.widgets.prompt import AskLine

# These two have commands of their own, which change the screens at once.
_ELSEWHERE = ("theme", "language")


class SettingsScreen(StudyScreen):
    """A list of the settings."""

    AREA = "today"

    def __init__(self) -> None:
        super().__init__()
        self.chosen = Settings()
        self.list = LineList([Column(24), Column(0)], empty=lambda: "", id="settings")

    def body(self) -> Iterable[Widget]:
        yield Pane(self.list, lambda: _("Settings"))

    def reload(self) -> None:
        """Read the file anew."""
        self.in_thread(lambda: self.study.settings, self._show, group="settings")

    def _show(self, chosen: Settings) -> None:
        self.chosen = chosen
        self.list.show_rows(
            [
                Row(name, (in_text(getattr(chosen, name)) or "–", _(meaning)))
                for name, meaning in MEANINGS.items()
                if name not in _ELSEWHERE
            ]
        )

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        name = event.key

        def wrong(text: str) -> str:
            try:
                value_of(name, text)
            except StudyError as error:
                return error.hint
            return ""

        def save(text: str) -> None:
            change_setting(self.study.workspace.settings, name, value_of(name, text))
            self.notify(_("Kept. {name} = {value}").format(name=name, value=text))
            self.reload()

        self.ask(
            AskLine(_(MEANINGS[name]), in_text(getattr(self.chosen, name)), check=wrong),
            save,
        )
