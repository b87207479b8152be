"""Handing a file to the learner's own editor and taking the terminal back afterwards."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported

from studytui.errors import StudyError
from studytui.i18n import _


def editor_command(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the words that start the learner's editor: $VISUAL, else $EDITOR.  Raises StudyError."""
    named = environ.get("VISUAL") or environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError:
        words = []
    if not words:
        raise StudyError(_("$EDITOR is not set."), _("Set it, for example: export EDITOR=nano"))
    if shutil.which(words[0]) is None:
        raise StudyError(
            _("$EDITOR is “{editor}”, which cannot be found.").format(editor=named),
            _("Set EDITOR to a program that exists, for example: export EDITOR=nano"),
        )
    return words


def edit_outside(app: App[None], path: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Let the learner's editor have the terminal until it ends.  Raises StudyError."""
    command = editor_command(environ)
    try:
        with app.suspend():
            code = subprocess.run([*command, str(path)], check=False).returncode  # noqa: S603
    except SuspendNotSupported as error:
        raise StudyError(
            _("This terminal cannot be handed to another program."), _("Edit here instead, with: e")
        ) from error
    except OSError as error:
        raise StudyError(
            _("The editor did not start: {reason}.").format(reason=error.strerror), _("Check $EDITOR.")
        ) from error
    if code:
        raise StudyError(
            _("The editor ended with code {code}.").format(code=code),
            _("What it saved is kept; look at the note before you go on."),
        )
