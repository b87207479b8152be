"""Names of keys: as Textual calls them, as an input method sends them, as people read them."""

from __future__ import annotations

import unicodedata

from studytui.i18n import _

_NAMED = {
    " ": "space",
    "/": "slash",
    "\\": "backslash",
    "@": "at",
    "-": "minus",
    "+": "plus",
    "_": "underscore",
}
_SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "delete": "Del",
}
# What Chinese input methods send for the same key when it is not simply the full-width form.
_TWINS = {
    "\u3000": " ",
    "、": "/",
    "。": ".",
    "【": "[",
    "】": "]",
    "「": "[",
    "」": "]",
    "《": "<",
    "》": ">",
    "￥": "$",
    "·": "`",
}


def key_name(key: str) -> str:
    """Return Textual's name of a key given as one character ("/" is "slash"); other names pass unchanged."""
    if len(key) != 1 or key.isalnum():
        return key
    return _NAMED.get(key) or unicodedata.name(key).lower().replace("-", "_").replace(" ", "_")


def plain_twin(character: str) -> str:
    """Return the ASCII character that a full-width one stands for (``？`` is ``?``), "" when there is none.

    With a Chinese input method on, symbols always and digits and letters sometimes arrive full-width.
    """
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    return _TWINS.get(character, "")


def show_key(key: str, short: bool = False) -> str:
    """Return how people read a key: "Ctrl+P" ("^P" when ``short``), "Enter", "/"."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    if last == "space":
        shown = _("Space")
    elif last in _SHOWN:
        shown = _SHOWN[last]
    elif modifiers or (last[0] == "f" and last[1:].isdigit()):
        shown = last.upper()
    else:
        shown = last
    if short and modifiers == ["ctrl"]:
        return "^" + shown
    return "+".join([modifier.capitalize() for modifier in modifiers] + [shown])


def survives_input_method(key: str) -> bool:
    """Say whether the key reaches the program while an input method is on: everything but bare letters."""
    return not (len(key) == 1 and key.isalpha())


def survives_typing(key: str) -> bool:
    """Say whether the key still acts while the learner types into a field: F-keys, Ctrl, Esc and the like."""
    return len(key) > 1 and key != "space"
