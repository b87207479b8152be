"""The command table: no clashes, a way without letters, a CLI twin, help for everything."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from textual.keys import format_key

from studytui import cli, commands, keys
from studytui.cli.base import Desk
from studytui.commands import AREAS, COMMANDS

# Screen scopes, each walked with the list or the reader that may hold the focus inside it.
CHAINS = [
    (inner, "panes", scope, "app")
    for scope in ("today", "read", "notes", "courses", "review", "people", "practice", "map")
    for inner in ("list", "reader")
] + [
    ("editor", "app"),
    ("list", "panes", "search", "app"),
    ("reader", "card", "app"),
    ("reader", "explain", "app"),
    ("outline", "app"),
    ("list", "panes", "tool", "app"),
    ("report", "panes", "tool", "app"),
    ("list", "board", "tool", "panes", "app"),
    ("reader", "panes", "person_form", "app"),
]

# An inner scope may take a key over on purpose: (key, who wins, who yields).
SHADOWS = {
    ("space", "reader.page_down", "courses.cycle_state"),
    ("space", "reader.page_down", "card.answer"),
    ("enter", "reader.open_link", "card.answer"),
    ("space", "reader.page_down", "explain.clock"),
    ("enter", "reader.open_link", "explain.clock"),
    *((str(n), "card.grade", "app.go") for n in range(1, 5)),
    *((str(n), "explain.score", "app.go") for n in range(1, 6)),
    ("escape", "editor.close", "app.back"),
    ("ctrl+f", "editor.find", "app.search"),
}
# Acts that only make sense on a screen.
SCREEN_ONLY = {
    "palette", "back", "switch_theme", "switch_language", "quit", "close", "not_now", "skip_today",
}  # fmt: skip


@pytest.mark.parametrize("scope", sorted({command.scope for command in COMMANDS}))
def test_no_key_is_bound_twice_in_one_scope(scope: str) -> None:
    assert commands.clashes(scope) == {}


@pytest.mark.parametrize("chain", CHAINS, ids="-".join)
def test_an_inner_scope_takes_a_key_over_only_on_purpose(chain: tuple[str, ...]) -> None:
    found = {(key, *names) for key, names in commands.clashes(*chain).items()}
    assert found <= SHADOWS


def test_every_shadow_is_still_needed() -> None:
    found = {(key, *names) for chain in CHAINS for key, names in commands.clashes(*chain).items()}
    assert found == SHADOWS


def test_every_command_explains_itself() -> None:
    for command in COMMANDS:
        assert command.title
        assert command.help.endswith("."), command
        assert len(command.help) <= 80, command
        assert len(command.footer) <= 12, command
        assert command.id.isidentifier()
        assert command.keys or command.scope == "app", f"without keys only the palette finds {command.name}"


def test_every_act_has_a_twin_in_the_shell() -> None:
    for command in COMMANDS:
        if command.scope in ("list", "reader", "report", "panes") or command.id in SCREEN_ONLY:
            assert command.cli == "", command
        else:
            assert command.cli.startswith("studytui "), command


SAMPLES = {"ACTS": "10", "DAY": "2026-11-30"}


def test_the_shell_understands_every_twin() -> None:
    unknown = {line: fault for known in COMMANDS if (line := known.cli) and (fault := _misunderstood(line))}
    assert unknown == {}


def _misunderstood(line: str) -> str:
    """Return what the shell has against ``line``, "" when it knows it."""
    command: click.Command = cli.studytui
    words = [SAMPLES.get(word, word) for word in line.split()[1:]]
    while words and isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    if isinstance(command, click.Group) and not all(word.startswith("--") for word in words):
        return "no such command"
    try:
        command.make_context(command.name, list(words))
    except click.exceptions.Exit:
        return "" if words == ["--help"] else "ends at once"
    except click.UsageError as error:
        return error.format_message()
    return ""


def test_the_palette_and_the_ways_into_and_out_of_it_need_no_letter() -> None:
    for name in ("app.palette", "app.help", "app.back", "app.quit", "app.go", "app.search", "list.open"):
        assert commands.find(name).letterless_keys
    for name in ("cursor_up", "cursor_down", "page_up", "page_down", "cursor_top", "cursor_bottom"):
        assert commands.find(f"list.{name}").letterless_keys
    for command in commands.scoped("reader", "editor", "panes"):
        assert command.letterless_keys, "a text has no palette entry for scrolling"


def test_number_and_function_keys_follow_the_order_of_the_areas() -> None:
    assert [area.name for area in AREAS] == [
        "today", "read", "courses", "notes", "review", "people", "practice", "map",
    ]  # fmt: skip
    assert [area.keys for area in AREAS] == [(str(n), f"f{n + 1}") for n in range(1, 9)]
    assert [command.call for command in commands.scoped("app") if command.id == "go"][1] == "go('read')"


@pytest.mark.parametrize("chain", CHAINS, ids="-".join)
def test_the_footer_holds_at_most_six_and_always_help_and_palette(chain: tuple[str, ...]) -> None:
    shown = commands.footer(*chain)
    assert len(shown) <= commands.FOOTER_SIZE
    assert [command.id for command in shown][-2:] == ["help", "palette"]


def test_cli_help_comes_from_the_table_in_the_screen_language() -> None:
    assert commands.cli_help("pull") == "Ask every source, or those you name, for new articles."
    assert commands.cli_help("note new") == "Start a new note."
    assert commands.cli_help("notes") == "Your notes, in your own words."
    assert commands.cli_help("mark") == "", "the table knows its parts only"
    assert commands.cli_help("nonsense") == ""


def test_no_help_in_the_shell_speaks_of_what_only_a_screen_has() -> None:
    root = cli.studytui.make_context("studytui", [], resilient_parsing=True, obj=Desk())
    screens = re.compile(
        r"\bthis (note|card|lesson|source|article|person|event)\b|marked|as you type|press", re.I
    )
    said = {context.command_path: commands.cli_help(context.command_path[9:]) for context in _below(root)}
    assert {path: text for path, text in said.items() if screens.search(text)} == {}


def _below(context: click.Context) -> Iterator[click.Context]:
    yield context
    group = context.command
    for name in group.list_commands(context) if isinstance(group, click.Group) else ():
        command = group.get_command(context, name)
        assert command is not None
        yield from _below(click.Context(command, parent=context, info_name=name))


def test_every_shell_wording_is_used() -> None:
    root = cli.studytui.make_context("studytui", [], resilient_parsing=True, obj=Desk())
    assert set(commands._SHELL) <= {context.command_path[9:] for context in _below(root)}


def test_find_raises_for_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        commands.find("app.nonsense")


def test_key_names_are_the_ones_textual_uses() -> None:
    characters = [chr(code) for code in range(33, 127) if chr(code) != ","]
    assert [format_key(keys.key_name(character)) for character in characters] == characters


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("？", "?"),
        ("／", "/"),
        ("、", "/"),
        ("１", "1"),
        ("ｊ", "j"),
        ("－", "-"),
        ("　", " "),
        ("客", ""),
        ("?", ""),
    ],
)
def test_full_width_twins(typed: str, meant: str) -> None:
    assert keys.plain_twin(typed) == meant


def test_every_symbol_key_of_the_table_has_a_full_width_twin() -> None:
    for command in COMMANDS:
        for key in command.keys:
            if len(key) == 1:
                assert keys.plain_twin(chr(ord(key) + 0xFEE0)) == key


@pytest.mark.parametrize(
    ("key", "long", "short"),
    [("ctrl+p", "Ctrl+P", "^P"), ("f1", "F1", "F1"), ("?", "?", "?"), ("G", "G", "G"),
     ("escape", "Esc", "Esc"), ("f", "f", "f"), ("ctrl+down", "Ctrl+↓", "^↓"),
     ("shift+tab", "Shift+Tab", "Shift+Tab")],
)  # fmt: skip
def test_keys_as_people_read_them(key: str, long: str, short: str) -> None:
    assert keys.show_key(key) == long
    assert keys.show_key(key, short=True) == short
