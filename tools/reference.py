"""Keep docs/cli.md and docs/keys.md in step with the program: python tools/reference.py

In cli.md the ```text block below a heading that names a command is the command's --help; the rest of that page is
written by hand, and a command without a heading gets one at the end.  keys.md is written whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from studytui.cli import set_language, studytui
from studytui.commands import AREAS, COMMANDS, Command
from studytui.keys import show_key

DOCS = Path(__file__).parent.parent / "docs"
WIDTH = 80
HEADING = re.compile(r"^#+ `(studytui[^`]*)`$", re.MULTILINE)
_SECTION = re.compile(HEADING.pattern + r"\n+(```text\n.*?^```\n)?", re.MULTILINE | re.DOTALL)
_WIDGETS = {"app": "Everywhere", "list": "In a list", "reader": "In a text", "panes": "Between panes"}
_KEYS_HEAD = """# Keys

Written by `python tools/reference.py` from the table that the program itself uses; F1 or `?` shows the keys of the
screen you are on, Ctrl+P or F10 finds every action by a part of its name.
"""


def commands(
    command: click.Command = studytui, name: str = "studytui", parent: click.Context | None = None
) -> Iterator[tuple[str, click.Context]]:
    """Yield every command's full name with the context its help is printed in, groups before their members."""
    context = command.make_context(name, [], parent, resilient_parsing=True, terminal_width=WIDTH)
    yield context.command_path, context
    if isinstance(command, click.Group):
        for member in command.list_commands(context):
            found = command.get_command(context, member)
            if found is not None and not found.hidden:
                yield from commands(found, member, context)


def cli_page(page: str) -> str:
    """Return ``page`` with every command's present help; headings of commands that are gone lose theirs."""
    set_language("en")
    helps = {name: context.command.get_help(context) for name, context in commands()}

    def section(match: re.Match[str]) -> str:
        text = helps.pop(match[1], None)
        head = match[0].removesuffix(match[2] or "")
        return head + (f"```text\n{text}\n```\n" if text else "")

    page = _SECTION.sub(section, page)
    return page + "".join(f"\n### `{name}`\n\n```text\n{text}\n```\n" for name, text in helps.items())


def keys_page() -> str:
    """Return the page of all keys, the areas first."""
    set_language("en")
    titles = {area.name: f"{area.number} · {area.title}" for area in AREAS}
    scopes = dict.fromkeys([*titles, *(command.scope for command in COMMANDS)])
    shown = sorted(scopes, key=lambda scope: (scope in _WIDGETS, scope not in titles))
    parts = [_KEYS_HEAD]
    for scope in shown:
        rows = [_row(command) for command in COMMANDS if command.scope == scope]
        title = titles.get(scope) or _WIDGETS.get(scope) or scope.capitalize()
        if rows:
            table = "| keys | | what it does | in a shell |\n|---|---|---|---|\n"
            parts.append(f"## {title}\n\n{table}" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _row(command: Command) -> str:
    keys = " ".join(f"`{show_key(key)}`" for key in command.keys) or "palette"
    shell = f"`{command.cli}`" if command.cli else ""
    return f"| {keys} | {command.title} | {command.help} | {shell} |"


if __name__ == "__main__":
    page = DOCS / "cli.md"
    page.write_text(cli_page(page.read_text("utf-8")), "utf-8")
    (DOCS / "keys.md").write_text(keys_page(), "utf-8")
