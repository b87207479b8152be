"""Screen language: gettext with English as the source language and Chinese beside it."""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("en", "zh")
LOCALE_DIR = Path(__file__).parent / "locale"

# One value, so that a thread never sees a new language with the old one's sentences.
_spoken: tuple[str, _gettext.NullTranslations] = ("en", _gettext.NullTranslations())


def detect_language(environ: Mapping[str, str] | None = None) -> str:
    """Return "zh" or "en" by the first locale variable that is set (order of gettext(3))."""
    env = os.environ if environ is None else environ
    for name in ("STUDYTUI_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = env.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def set_language(language: str) -> None:
    """Make ``language`` ("en" or "zh") the one that `_` answers in from now on."""
    global _spoken
    chosen = language if language in LANGUAGES else "en"
    _spoken = (chosen, _gettext.translation("studytui", LOCALE_DIR, [chosen], fallback=True))


def language() -> str:
    """Return the active language, "en" or "zh"."""
    return _spoken[0]


def _(message: str) -> str:
    """Translate ``message``; call it when the text is shown, never at import."""
    return _spoken[1].gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate with the plural form that ``n`` asks for."""
    return _spoken[1].ngettext(singular, plural, n)


def sentences(*parts: str) -> str:
    """Return the sentences one after the other, empty ones left out; Chinese puts no blank between them."""
    return ("" if language() == "zh" else " ").join(filter(None, parts))


def N_(message: str) -> str:  # noqa: N802 - the name every gettext tool knows
    """Mark ``message`` for the catalogue without translating it yet (tables evaluated at import)."""
    return message
