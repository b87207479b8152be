"""The help screen: the keys that work now, written from the command table."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen

from studytui.commands import AREAS, Command, scoped
from studytui.i18n import N_, _
from studytui.keys import show_key
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.reader import Reader

_TITLES = {
    "list": N_("In a list"),
    "reader": N_("In a text"),
    "panes": N_("Between panes"),
    "app": N_("Everywhere"),
    "editor": N_("Editor"),
    "search": N_("Search"),
    "outline": N_("New course"),
    "card": N_("A card"),
    "explain": N_("Explain"),
    **{area.name: area.title for area in AREAS},
}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~])")


class HelpScreen(ModalScreen[None]):
    """Shows the help for some scopes; any way back closes it."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape,q,question_mark,f1", "dismiss", show=False)
    ]
    DEFAULT_CSS = """
    HelpScreen {
        background: $background;
        & > #bar { height: 1; dock: bottom; background: $panel; color: $muted; padding: 0 1; }
    }
    """

    def __init__(self, scopes: tuple[str, ...]) -> None:
        super().__init__()
        self._scopes = scopes

    def compose(self) -> ComposeResult:
        yield Reader()
        yield Plain(_("Arrows scroll, Esc closes"), id="bar")

    def on_mount(self) -> None:
        self.query_one(Reader).show(help_text(self._scopes))


def help_text(scopes: tuple[str, ...]) -> str:
    """Return the help for ``scopes`` as Markdown: the screen's own keys first, moving about after them."""
    last = {"list": 1, "reader": 1, "panes": 2, "app": 3}
    order = sorted(scopes, key=lambda scope: last.get(scope, 0))
    parts = [_section(scope) for scope in order if scoped(scope)]
    parts.append(_("## With an input method on"))
    parts.append(
        _(
            "Letters then go to the input method. Use the arrows, Enter, Esc, the F-keys and Ctrl keys, or "
            "**Ctrl+P** (also **F10**): it finds every action by a part of its name."
        )
    )
    parts.append(_("The same in the shell: `studytui --help`"))
    return "\n\n".join(parts)


def _section(scope: str) -> str:
    rows = [_row(command) for command in scoped(scope)]
    head = f"| {_('Keys')} | {_('What they do')} |\n|---|---|\n"
    return f"## {_(_TITLES.get(scope, scope))}\n\n{head}" + "\n".join(rows)


def _row(command: Command) -> str:
    keys = "  ".join(show_key(key) for key in command.keys) or show_key("ctrl+p")
    title, text = _escape(_(command.title)), _escape(_(command.help))
    said = _("**{title}**: {text}").format(title=title, text=text)
    return f"| {_escape(keys)} | {said} |"


def _escape(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", text)
