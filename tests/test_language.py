"""English and Chinese are both complete: counted, not believed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from babel.messages.pofile import read_po

from studytui import cli, i18n
from studytui.cli.base import Desk
from tools import catalogue

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def in_chinese() -> Iterator[None]:
    """Speak Chinese during a test."""
    cli.set_language("zh")
    yield
    cli.set_language("en")


def test_every_string_has_its_chinese_and_nothing_else_is_kept() -> None:
    catalog = catalogue.merged([])
    said = {message.id for message in catalog if message.id}
    assert len(said) > 100
    assert catalogue.problems(catalog) == []
    kept = {message.id for message in read_po(catalogue.PO.open("rb")) if message.id}
    assert kept <= said


def test_the_compiled_catalogue_is_the_source() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(
        read_po(catalogue.PO.open("rb"), locale="zh_Hans_CN")
    )


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh:en"}, "zh"),
        ({"LANG": "zh_TW.UTF-8", "STUDYTUI_LANG": "en"}, "en"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_language_follows_the_locale(environ: dict[str, str], expected: str) -> None:
    assert i18n.detect_language(environ) == expected


def test_the_language_can_be_switched_while_running() -> None:
    message = "The old file is untouched. Free some space or check the permissions, then try again."
    i18n.set_language("zh")
    assert i18n._(message) != message
    i18n.set_language("en")
    assert i18n._(message) == message


def test_messages_are_found_wherever_they_stand() -> None:
    source = """f"<h2>{_('inside')}</h2>"; ngettext("one", "many", n); _("a " "b"); _(variable); N_("later"); _("")"""
    assert set(catalogue.messages(source)) == {"inside", ("one", "many"), "a b", "later"}


def commands(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield ``command`` and all below it, each with its context."""
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            opened = below.make_context(name, [], parent=context, resilient_parsing=True)
            yield from commands(below, opened)


@pytest.mark.usefixtures("in_chinese")
def test_the_help_of_every_command_is_chinese() -> None:
    root = cli.studytui.make_context("studytui", [], resilient_parsing=True, obj=Desk())
    english = []
    for command, context in commands(cli.studytui, root):
        heading, *_lines = command.get_help(context).split("\n\n")[1:]
        options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
        english += [context.command_path] * (not HAN.search(heading))
        english += [f"{context.command_path} {one.opts}" for one in options if not HAN.search(one.help or "")]
    assert english == []


@pytest.mark.parametrize(
    "typed",
    [
        "nonsense",
        "serach",
        "search",
        "search --nonsense x",
        "search --limit",
        "search --limit 0 x",
        "search --limit few x",
        "search --kind song x",
        "today x y",
        "pull --json=1",
        "feed import",
    ],
)
def test_mistakes_in_a_command_are_told_in_chinese(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert cli.run(["--lang", "zh", *typed.split()]) == 2
    finally:
        cli.set_language("en")
    said = [line for line in capsys.readouterr().err.splitlines() if line and not line.startswith("用法")]
    assert said and all(HAN.search(line) for line in said)
    # What is left of English is quoted: what was typed, and the names of commands and options.
    assert not re.search("[a-z]{3,} [a-z]{2,}", re.sub("'[^']*'|studytui [a-z ]*", "", "".join(said)))


@pytest.mark.parametrize(("language", "joined"), [("en", "One. Two."), ("zh", "One.Two.")])
def test_sentences_stand_as_the_language_has_them(language: str, joined: str) -> None:
    i18n.set_language(language)
    try:
        assert i18n.sentences("One.", "", "Two.") == joined
    finally:
        i18n.set_language("en")
