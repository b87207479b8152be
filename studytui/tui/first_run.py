"""The first run: one screen, three defaults, Enter accepts; no network, no account, no configuration."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input

from studytui import i18n
from studytui.errors import StudyError
from studytui.i18n import _
from studytui.settings import change_setting
from studytui.text import clean_line
from studytui.tui.frame import FrameApp
from studytui.tui.widgets.plain import Plain
from studytui.workspace import Workspace, create_workspace

_CHOICES = {"language": ("en", "zh"), "theme": ("dark", "light")}


class FirstRunApp(FrameApp):
    """Ask where to work, in which language and on which ground; answer with the new workspace, or None."""

    BINDINGS: ClassVar[list[Binding]] = [
        Binding("enter", "create", show=False, priority=True),
        Binding("up", "field(-1)", show=False, priority=True),
        Binding("down,tab", "field(1)", show=False, priority=True),
        Binding("shift+tab", "field(-1)", show=False, priority=True),
        Binding("escape,ctrl+q", "quit", show=False, priority=True),
    ]
    CSS = """
    Screen { align: center middle; }
    #box { width: 72; max-width: 100%; height: auto; padding: 1 2; border: round $border; background: $panel; }
    #title { text-style: bold; }
    Plain { margin-bottom: 1; }
    Input { margin-bottom: 1; background: $surface; }
    .choice { margin-bottom: 0; }
    .choice.-marked { text-style: bold reverse; }
    #keys { color: $muted; margin: 1 0 0 0; }
    """
    made: Workspace | None = None

    def __init__(self, root: Path, language: str, theme: str = "dark") -> None:
        super().__init__(theme=theme)
        self.chosen = {"language": language, "theme": theme}
        self.at = 0
        self._root = root

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Plain("", id="title")
            yield Plain("", id="about")
            yield Plain("", id="where")
            yield Input(str(self._root), id="folder", compact=True)
            yield Plain("", id="language", classes="choice")
            yield Plain("", id="theme", classes="choice")
            yield Plain("", id="keys")

    def on_mount(self) -> None:
        self._say()

    def _say(self) -> None:
        """Write everything in the chosen language, marking the field one is on."""
        i18n.set_language(self.chosen["language"])
        ground = {"dark": _("dark"), "light": _("light")}[self.chosen["theme"]]
        tongue = {"en": "English", "zh": "中文"}[self.chosen["language"]]
        for name, text in {
            "title": _("Welcome to studytui"),
            "about": _(
                "A desk for teaching yourself internet marketing. It brings a course, a map of topics and feeds; "
                "everything you write stays in plain files in one folder."
            ),
            "where": _("Folder:"),
            "language": _("Language:  ◂ {choice} ▸").format(choice=tongue),
            "theme": _("Ground:    ◂ {choice} ▸").format(choice=ground),
            "keys": _("Enter creates it · ↑ ↓ other field · ← → change · Esc leaves"),
        }.items():
            self.query_one(f"#{name}", Plain).say(text)
        for place, name in enumerate(_CHOICES, 1):
            self.query_one(f"#{name}").set_class(self.at == place, "-marked")
        folder = self.query_one("#folder", Input)
        folder.can_focus = self.at == 0
        self.set_focus(folder if self.at == 0 else None)

    def action_field(self, by: int) -> None:
        """Go to another field."""
        self.at = (self.at + by) % 3
        self._say()

    def on_key(self, event: object) -> None:
        """Left and right change a choice; in the folder they move the cursor."""
        key = getattr(event, "key", "")
        if self.at and key in ("left", "right", "space"):
            name = tuple(_CHOICES)[self.at - 1]
            choices = _CHOICES[name]
            self.chosen[name] = choices[(choices.index(self.chosen[name]) + 1) % len(choices)]
            if name == "theme":
                self.action_switch_theme()
            self._say()

    def action_create(self) -> None:
        """Create the workspace and leave; a folder that cannot be used is said, and another may be named."""
        text = clean_line(self.query_one("#folder", Input).value, 4000)
        if not text:
            self.notify(_("Name a folder."), severity="warning")
            return
        self._create(Path(text).expanduser().absolute())

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _create(self, root: Path) -> None:
        try:
            if root.exists() and not root.is_dir():
                raise StudyError(
                    _("{path} is a file, not a folder.").format(path=root), _("Name another one.")
                )
            workspace = create_workspace(root, self.chosen["language"])
            for name, value in self.chosen.items():
                change_setting(workspace.settings, name, value)
        except Exception as error:
            self.call_from_thread(self.report, error)
            return
        self.made = workspace
        self.call_from_thread(self.exit)


def ask_for_workspace(root: Path, language: str) -> Workspace | None:
    """Show the first-run screen and return the workspace that was created, None when it was left."""
    app = FirstRunApp(root, language)
    app.run()
    return app.made
