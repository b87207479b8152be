"""What every shell command stands on: exit codes, the opened workspace, help in the learner's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studytui.cli.output import print_problem
from studytui.commands import cli_help
from studytui.errors import StudyError
from studytui.i18n import _
from studytui.workspace import Clock, SystemClock, Workspace, default_root, find_workspace

if TYPE_CHECKING:
    from studytui.study import Study

DONE, FAILED, WRONG_USAGE, PARTLY_DONE = 0, 1, 2, 3


def _home() -> Path:
    """Return the learner's home; a user without one (as in a container) starts from the current folder."""
    try:
        return Path.home()
    except RuntimeError:
        return Path()


@dataclass
class Desk:
    """What every command starts from; the workspace is opened when a command first needs it."""

    override: Path | None = None
    home: Path = field(default_factory=_home)
    clock: Clock = field(default_factory=SystemClock)
    _study: Study | None = None

    def find(self) -> Workspace | None:
        """Return the workspace that would be opened, None before the first run."""
        try:
            here = Path.cwd()
        except OSError:  # the folder we were started in is gone
            here = self.home
        return find_workspace(here, self.home, self.override)

    def root(self) -> Path:
        """Return where a first run would put the workspace."""
        return default_root(self.home, self.override)

    @property
    def study(self) -> Study:
        """The opened workspace; raises StudyError when there is none yet."""
        if self._study is None:
            workspace = self.find()
            if workspace is None:
                raise StudyError(
                    _("There is no workspace at {path} yet.").format(path=self.root()),
                    _("Create one with: studytui init {path}").format(path=self.root()),
                )
            from studytui.study import Study

            self._study = Study.open(workspace, self.clock)
        return self._study

    def close(self) -> None:
        """Let go of what was opened; say on standard error what had to be made anew, whatever was asked for."""
        if self._study is not None:
            self._study.close()
            if said := self._study.take_rebuilt():
                print_problem(said)


class _Translated(click.Command):
    """Help is looked up when it is shown, because the language is known only then."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters with their help in the learner's language."""
        english: dict[click.Parameter, str] = self.__dict__.setdefault("_english_help", {})
        params = super().get_params(ctx)
        for param in params:
            if isinstance(param, click.Option) and param.help:
                param.help = _(english.setdefault(param, param.help))
        return params

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help line: the command table's, else the command's own."""
        words, english = " ".join(ctx.command_path.split()[1:]), self.help
        self.help = cli_help(words) or _(english or "")
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = english


class StudyCommand(_Translated):
    """A command of the shell."""


class StudyGroup(_Translated, click.Group):
    """A group of commands that lists each with its line of help."""

    command_class = StudyCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, each with its line from the table."""
        path = ctx.command_path.split()[1:]
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, cli_help(" ".join([*path, name])) or _(command.help or "")))
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)


pass_desk = click.make_pass_decorator(Desk)
