"""The documentation says what the program does: help texts, JSON, keys, links, files, pictures."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import pytest

from studytui.cli import run
from studytui.commands import COMMANDS
from studytui.demo import demo_workspace
from studytui.keys import show_key
from studytui.notes.templates import BUILTIN, PLACEHOLDERS
from studytui.settings import Settings
from studytui.study import Study
from tools import reference

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
PICTURES = sorted((ROOT / "docs/pictures").glob("*.svg"))
FENCES = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def named(page: Path) -> str:
    """Return the name under which pytest shows a page."""
    return str(page.relative_to(ROOT))


# --- the shell ------------------------------------------------------------------------------------------------


def test_every_command_is_documented_with_the_help_it_prints() -> None:
    page = (ROOT / "docs/cli.md").read_text("utf-8")
    assert reference.cli_page(page) == page, "run: python tools/reference.py"
    assert set(reference.HEADING.findall(page)) == {name for name, _context in reference.commands()}


def test_the_page_of_keys_is_the_table_of_commands() -> None:
    assert (ROOT / "docs/keys.md").read_text("utf-8") == reference.keys_page(), "python tools/reference.py"


def sections() -> dict[str, str]:
    """Return the text of each command's section in cli.md."""
    parts = reference.HEADING.split((ROOT / "docs/cli.md").read_text("utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def with_json() -> list[str]:
    return [
        name
        for name, context in reference.commands()
        if any(isinstance(p, click.Option) and "--json" in p.opts for p in context.command.params)
    ]


# What to type behind a command besides --json; {names} are those of the workspace below.
WORDS = {
    "show": "{article}",
    "search": "customer",
    "links": "words",
    "course settle": "Internet",
    "person show": "Rosa",
    "practice show": "funnel",
    "practice run": "funnel",
    "feed find": "{feed}",
}
# What somebody did before, so that there is something of everything to print.
STORY = (
    "note new Backwards --body 'See [[Words]], and the words.'",
    "lesson Internet 1 --state done",
    "person add 'Rosa Chen, ads manager@TeaCo #salon talked about bids ? what does a click cost -> send it >7d'",
    "event add Salon --date 2026-12-01",
    "practice run funnel --set strong=10 --set medium=20 --set weak=30 --set willing=1 --set interested=2"
    " --set averse=3 --save",
)


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[Path, dict[str, str]]]:
    """A workspace that somebody has used a little, and names in it: an article with a note, a feed's address."""
    with demo_workspace("en", datetime.now().astimezone()) as workspace:
        study = Study.open(workspace)
        asyncio.run(study.pull())
        article = study.library.articles(limit=1)[0].id
        feed = next(iter(study.subscriptions())).address
        study.note_about(article, title="Words", body="[[Keep at it]] and [[nowhere]]")
        study.close()
        for command in STORY:
            run(["--workspace", str(workspace.root), *shlex.split(command)])
        yield workspace.root, {"article": article, "feed": feed}


@pytest.mark.parametrize("name", with_json())
def test_json_has_the_documented_shape(
    name: str, demo: tuple[Path, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"^```json\n(.*?)^```$", sections()[name], re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no ```json example below {name}"
    root, names = demo
    words = WORDS.get(name.removeprefix("studytui "), "").format(**names).split()
    run(["--workspace", str(root), *name.split()[1:], *words, "--json"])
    printed = capsys.readouterr().out
    assert misfit(json.loads(printed), json.loads(found[1])) == []


# Where a name is a day, a week, a kind: any of them stands for all.
NAMED_FREELY = {"$.days", "$.weeks", "$.windows", "$.kinds"}


def misfit(printed: Any, documented: Any, place: str = "$") -> list[str]:
    """Return where the keys differ; an empty list in the documentation says nothing of its members."""
    if place in NAMED_FREELY:
        return misfit(list(printed.values()), list(documented.values()), f"{place}{{}}")
    if isinstance(printed, dict) and isinstance(documented, dict):
        found = [f"{place}.{key}" for key in sorted(printed.keys() ^ documented.keys())]
        for key in printed.keys() & documented.keys():
            found += misfit(printed[key], documented[key], f"{place}.{key}")
        return found
    if isinstance(printed, list) and isinstance(documented, list):
        return misfit(printed[0], documented[0], f"{place}[]") if printed and documented else []
    same = type(printed) is type(documented) or None in (printed, documented)
    numbers = isinstance(printed, int | float) and isinstance(documented, int | float)
    return [] if same or numbers else [place]


# --- keys in the README ---------------------------------------------------------------------------------------


def test_the_keys_in_the_readme_do_one_thing_in_the_table() -> None:
    shown = [{show_key(key) for key in command.keys} for command in COMMANDS]
    rows = re.findall(r"^\| (`.+?`) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 10
    for row in rows:
        for together in row.split(" / "):
            keys = set(re.findall(r"`([^`]+)`", together))
            assert any(keys <= known for known in shown), together


# --- files ----------------------------------------------------------------------------------------------------


def test_every_kind_of_the_journal_is_documented_and_no_other() -> None:
    areas = "article|feed|site|note|lesson|card|act|time|contact|agenda|practice|person|event|course|week|map"
    kind = re.compile(rf'"((?:{areas})\.[a-z]+|explained|undo)"')
    endings = (".css", ".js", ".json", ".md", ".xml", ".html", ".lock", ".db", ".cache")
    code = {
        found
        for file in (ROOT / "studytui").rglob("*.py")
        if "tui" not in file.relative_to(ROOT / "studytui").parts
        for found in kind.findall(file.read_text("utf-8"))
        if not found.endswith(endings)
    }
    table = (ROOT / "docs/formats.md").read_text("utf-8").partition("## The journal")[2]
    cells = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    assert {kind for cell in cells for kind in re.findall(r"`([^`]+)`", cell)} == code


def test_settings_templates_and_placeholders_are_documented() -> None:
    page = (ROOT / "docs/formats.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| `(.+?)` \|", page, re.MULTILINE))
    default = {field.name: field.default for field in fields(Settings)}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in default.items()}
    assert {name: json.loads(value) for name, value in rows.items()} == plain
    assert set(re.findall(r"`\{\{(\w+)\}\}`", page)) == set(PLACEHOLDERS)
    templates = re.search(r"\*\*Templates\*\*.*?\((.*?)\)", page, re.DOTALL)
    assert templates and set(re.findall(r"`(\w+)`", templates[1])) == set(BUILTIN)


def test_every_file_of_a_used_workspace_is_documented(demo: tuple[Path, dict[str, str]]) -> None:
    page = (ROOT / "docs/formats.md").read_text("utf-8").partition("## feeds.yaml")[0]
    root, _names = demo
    for entry in (root / ".studytui").iterdir():
        name = re.sub(r"^(device|library\.db)-.*|.*(?=\.lock$)", r"\1", entry.name)
        assert name in page, entry.name


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_paths_into_the_code_exist(page: Path) -> None:
    for path in re.findall(r"`((?:studytui|tests|tools|benchmarks|docs)/[\w./-]*)`", page.read_text("utf-8")):
        assert (ROOT / path).exists(), path


# --- links and places -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"`[^`\n]+`", "", FENCES.sub("", page.read_text("utf-8")))
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for target in targets:
        path, _hash, anchor = target.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        there = page if not path else page.parent / path
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def anchors(page: Path) -> set[str]:
    """Return the names by which the headings of a page are linked to."""
    headings = re.findall(r"^#+ (.+)$", FENCES.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


ELSEWHERE = re.compile(
    r"(?:^|[\s`'\"(=])(?:/home/\w|/root|/opt/|/work/|/tmp/|/Users/|[A-Z]:\\)"
    r"|pypi\.|pythonhosted|index-url|localhost|127\.0\.0\.1:\d"
)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_machine_and_no_registry_is_named(page: Path) -> None:
    assert not ELSEWHERE.search(page.read_text("utf-8"))


# --- pictures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("picture", PICTURES, ids=named)
def test_a_picture_fetches_nothing_and_is_small(picture: Path) -> None:
    text = picture.read_text("utf-8")
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert not re.search(r"@font-face|@import|<script|<image|url\((?!#)", text)
    assert set(re.findall(r"https?://[^\s\"')]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert len(text) < 80_000


def test_every_picture_is_shown_and_can_be_made_again() -> None:
    from tools.pictures import BOOKS

    made = {name for book in BOOKS for name, _keys in book.pictures if name}
    pages = "\n".join(page.read_text("utf-8") for page in PAGES)
    shown = {Path(found).stem for found in re.findall(r"[\w/.-]+\.svg", pages)}
    assert made == {picture.stem for picture in PICTURES} == shown


def test_the_readme_shows_every_area() -> None:
    from studytui.commands import AREAS

    text = (ROOT / "README.md").read_text("utf-8")
    for area in AREAS:
        assert f"docs/pictures/{area.name}.svg" in text
