"""The shell commands: everything a person can do on the screens, as plain text or JSON.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 partly done.
"""

from __future__ import annotations

import errno
import gettext
import os
import sys
from pathlib import Path
from typing import Any

import click

from studytui import __version__, i18n
from studytui.cli import desk, knowledge, learning, notes, people, practice, reading
from studytui.cli.base import DONE, FAILED, WRONG_USAGE, Desk, StudyGroup
from studytui.cli.output import print_problem
from studytui.errors import StudyError
from studytui.i18n import N_, _


@click.group(
    cls=StudyGroup,
    invoke_without_command=True,
    help=N_("A desk for teaching yourself internet marketing. Without a command it opens the screens."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--workspace", type=click.Path(path_type=Path), help=N_("The folder to work in."))
@click.option(
    "--lang",
    type=click.Choice(i18n.LANGUAGES),
    is_eager=True,
    callback=lambda _ctx, _param, lang: _speak(lang),
    help=N_("The language to speak: en or zh."),
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def studytui(ctx: click.Context, workspace: Path | None, lang: str | None) -> None:
    """Open the screens, or run the named command."""
    opened: Desk = ctx.obj
    opened.override = workspace
    ctx.call_on_close(opened.close)
    _choose_language(opened, lang)
    if ctx.invoked_subcommand is None:
        from studytui.cli.screens import open_screens

        ctx.exit(open_screens(opened))


for _area in (desk, reading, notes, knowledge, learning, people, practice):
    for _command in _area.COMMANDS:
        studytui.add_command(_command)


def _speak(lang: str | None) -> str | None:
    """Switch at once to the language that --lang names, so that help and mistakes further on are in it."""
    if lang:
        set_language(lang)
    return lang


def _choose_language(opened: Desk, lang: str | None) -> None:
    """--lang wins over STUDYTUI_LANG, that over the workspace's setting, that over the locale."""
    from studytui.settings import load_settings

    chosen = lang or os.environ.get("STUDYTUI_LANG", "")
    workspace = opened.find()
    if not chosen and workspace is not None:
        try:
            chosen = load_settings(workspace.settings).language
        except StudyError as error:
            print_problem(error.message, error.hint)
    set_language(chosen or i18n.detect_language())


def set_language(language: str) -> None:
    """Speak ``language`` ourselves and let Click's own sentences come from the same catalogue."""
    i18n.set_language(language)
    os.environ["LANGUAGE"] = "zh" if i18n.language() == "zh" else "C"
    gettext.bindtextdomain("studytui", i18n.LOCALE_DIR)
    gettext.textdomain("studytui")


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with its exit code; no input ever ends in a traceback."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    set_language(i18n.detect_language())
    opened = Desk()
    try:
        with studytui.make_context("studytui", list(arguments), obj=opened) as context:
            result: Any = studytui.invoke(context)
        return result if isinstance(result, int) else DONE
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except StudyError as error:
        print_problem(error.message, error.hint)
        return FAILED
    except click.UsageError as error:
        error.show()
        return WRONG_USAGE
    except click.ClickException as error:
        print_problem(error.format_message())
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        print_problem(_("Stopped; what was done so far is kept."))
        return FAILED
    except BrokenPipeError:
        _silence()
        return DONE
    except Exception as error:
        print_problem(*_explain(opened, error))
        return FAILED


def _open_closed_streams() -> None:
    """Give streams that were closed before the start an empty one, lest a note's file take their number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115


def _silence() -> None:
    """Point stdout at nothing, so that the interpreter's last flush says nothing either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain(opened: Desk, error: Exception) -> tuple[str, str]:
    """Return what happened and what to do next; the details of what nobody expected go to the log."""
    if isinstance(error, OSError) and error.filename is not None:
        return (
            _("{path}: {reason}.").format(path=error.filename, reason=error.strerror),
            _("Check that it is there and that you may use it."),
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        _silence()
        return _("The output could not be written: {reason}.").format(reason=error.strerror), ""
    return _("Something unexpected happened: {error}.").format(error=repr(error)), _log(opened, error)


def _log(opened: Desk, error: Exception) -> str:
    """Write the traceback to the log and return a sentence with its path."""
    import tempfile
    import traceback

    from studytui.log import write_log

    try:
        workspace = opened.find()
    except OSError:
        workspace = None
    path = workspace.log if workspace else Path(tempfile.gettempdir()) / "studytui.log"
    if not write_log(path, "".join(traceback.format_exception(error))):
        return _("Please report it.")
    return _("Nothing you wrote is lost. The details are in {path}; please report them.").format(path=path)
