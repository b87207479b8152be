"""Opening the screens: the first run, and the program itself."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from types import FrameType
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
    leave_in_order(app.exit)
    app.run()
    return DONE if not app.return_code else FAILED


def leave_in_order(leave: Callable[[], object] | None = None) -> None:
    """Take a closed window (SIGHUP) and SIGTERM for a wish to quit, so that everything is put away first.

    ``leave`` ends the screens; without them, or when asked a second time, the process ends at once.
    """

    def asked(number: int, _frame: FrameType | None) -> None:
        nonlocal leave
        import asyncio

        ending, leave = leave, None
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            ending = None
        if ending is None:
            raise SystemExit(128 + number)
        loop.call_soon_threadsafe(ending)

    for name in ("SIGHUP", "SIGTERM"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # ignored by nohup
            signal.signal(number, asked)
