"""Opening the screens: the first run, and the program itself."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from studytui import i18n
from studytui.cli.base import DONE, FAILED, Desk
from studytui.cli.output import print_problem
from studytui.errors import StudyError
from studytui.i18n import _

if TYPE_CHECKING:
    from studytui.study import Study


def open_screens(desk: Desk) -> int:
    """Run the program; without a workspace the first-run screen comes before it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise StudyError(
            _("The screens need a terminal."), _("In a script use a command, such as: studytui today")
        )
    workspace = desk.find()
    if workspace is None:
        from studytui.tui.first_run import ask_for_workspace

        workspace = ask_for_workspace(desk.root(), i18n.language())
        if workspace is None:
            print_problem(_("No workspace was created."), _("Create one with: studytui init"))
            return FAILED
        desk.override = workspace.root
    return open_study(desk.study)


def open_study(study: Study, *, pull: bool = False) -> int:
    """Show the screens on an opened workspace; ``pull`` asks the sources for news at once."""
    gc.disable()  # until the app has started; else the imports alone set it off time and again
    from studytui.tui.app import StudyApp

    theme = "dark"
    try:
        theme = study.settings.theme
    except StudyError as error:
        print_problem(error.message, error.hint)
    app = StudyApp(study, theme=theme, watch=True)
    if pull:
        app.call_later(app.action_pull_all)
    app.run()
    return DONE if not app.return_code else FAILED
