"""The palette: every command that works now, found by typing; the way for those whose input method eats letters."""

from __future__ import annotations

from textual.screen import Screen
from textual.widget import Widget

from studytui.commands import APP, Command, scoped
from studytui.i18n import _
from studytui.keys import show_key
from studytui.tui.widgets.prompt import Choice, Pick

# Moving about has its arrows; in a list of actions it would only be in the way.
_NOT_LISTED = {"list", "reader", "panes"}


def palette(screen: Screen[object], scopes: tuple[str, ...]) -> Pick:
    """Return the prompt that lists the commands of ``scopes`` which ``screen`` or its app can run."""
    commands = [
        command
        for command in scoped(*scopes)
        if command.scope not in _NOT_LISTED and command.id != "palette" and _works(screen, command)
    ]
    return Pick(
        _("What would you like to do?"),
        [_choice(command) for command in commands],
    )


def _works(screen: Screen[object], command: Command) -> bool:
    node: Widget | object = screen.app if command.scope == APP else screen
    if not hasattr(node, f"action_{command.id}"):
        return False
    check = getattr(node, "check_action", None)
    return check is None or check(command.id, command.arguments) is not False


def _choice(command: Command) -> Choice:
    keys = " ".join(show_key(key) for key in command.keys[:2])
    node = "app" if command.scope == APP else "screen"
    return Choice(
        f"{node}.{command.call}",
        _(command.title),
        keys,
        _(command.help),
        also=(command.title, command.id.replace("_", " "), _(command.help)),
    )
