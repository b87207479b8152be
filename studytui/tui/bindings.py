"""From the command table to Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding

from studytui.commands import APP, Command, scoped


def bindings(*scopes: str) -> list[Binding]:
    """Return the bindings of ``scopes``; the footer and the help are drawn from the table, not from them."""
    return [
        Binding(key, command.call, command.title, show=False, priority=_first(command, key))
        for command in scoped(*scopes)
        for key in command.key_names
    ]


def _first(command: Command, key: str) -> bool:
    """Say whether the app takes the key before any field: F-keys, the palette, quitting."""
    return command.scope == APP and (key[1:].isdigit() or command.id in ("palette", "quit"))
