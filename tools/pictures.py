"""Make the README's pictures from the running program: python tools/pictures.py [NAME ...]

Every picture is the demo's own workspace at a fixed moment, driven through its keys, 100 columns by 30 lines.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import shlex
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from rich.cells import cell_len
from textual.pilot import Pilot

from studytui import i18n
from studytui.cli import studytui
from studytui.cli.base import Desk
from studytui.demo import demo_workspace
from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.workspace import Clock

FOLDER = Path(__file__).parent.parent / "docs/pictures"
SIZE = (100, 30)
NOW = datetime(2026, 11, 22, 21, 7, tzinfo=timezone(timedelta(hours=8)))


@dataclass(frozen=True)
class Book:
    """The pictures in one language.

    ``story`` is what the learner did before: days ago, and the command after "studytui"; ``pictures`` are file
    names with the keys that lead there from Today, "" for keys that only do something.
    """

    lang: str
    story: tuple[tuple[int, str], ...]
    pictures: tuple[tuple[str, str], ...]


BOOKS = (
    Book(
        "en",
        (
            (
                40,
                "person add 'Rosa Chen, ads manager@TeaCo #salon talked about bids ? what does a click cost'",
            ),
            (33, "person set 'Rosa Chen' --tie medium"),
            (6, "person add 'Wei, shop owner #market asked how to find regulars -> send the plan >5d'"),
            (3, "person add 'Nora, writes newsletters@home #forum compared subject lines (warm)'"),
            (5, "event add 'Marketing salon' --date 2026-11-26 --place 'Library, room 2'"),
            (6, "lesson Internet 1 --state done"),
            (5, "lesson Internet 2 --state done"),
            (4, "explain 'Keep at it' --score 3"),
            (2, "lesson Internet 3 --state done"),
            (2, "note new 'What my market table cost' --tag numbers --body {cost}"),
            (1, "note new 'A funnel is four divisions' --tag numbers --body {funnel}"),
            (1, "explain 'Funnel and daily decay' --score 4"),
            (0, "lesson Internet 4 --state doing"),
        ),
        (
            ("read", "2 down down enter enter"),
            ("", "5 enter space 3 space 4 space 2 space 3 space 3"),
            ("card", "5 enter space"),
            ("review", "5"),
            ("today", "1"),
            ("courses", "3 enter down down down"),
            ("notes", "4 down enter"),
            ("editor", "4 enter e"),
            ("people", "6"),
            ("practice", "7 " + "down " * 27 + "enter"),
            ("map", "8 " + "down " * 25),
            ("search", "/ c u s t o m e r"),
        ),
    ),
    Book(
        "zh",
        (
            (2, "lesson 互联网 1 --state done"),
            (1, "lesson 互联网 2 --state done"),
            (1, "person add '张三 运营@某公司 #微信群 聊了投放 >1d'"),
            (0, "lesson 互联网 3 --state doing"),
        ),
        (("read.zh", "2 down down enter enter"), ("today.zh", "1")),
    ),
)
TEXTS = {
    "funnel": """Four questions, one after the other: who sees it, who comes, who asks, who buys?

The [[Funnel and daily decay]] of the article ends with 4200 undecided people. Mine ends with six.

- Ask the six what kept them.
- Count again on Sunday, see [[Keep at it]].
""",
    "cost": "Table 40, petrol 12, six hours. Eleven bars sold. See [[A funnel is four divisions]].",
}


class StoryClock:
    """A clock that moves only when the story does."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment the story has reached."""
        return self.moment


# --- the program ----------------------------------------------------------------------------------------------


async def photograph(book: Book, wanted: Iterable[str]) -> dict[str, str]:
    """Return the drawings of the ``wanted`` pictures, taken from one run of the program."""
    i18n.set_language(book.lang)
    clock = StoryClock(NOW)
    taken = {}
    with demo_workspace(book.lang, NOW) as workspace:
        _date(workspace.notes, NOW - timedelta(days=60), {})
        for days, command in book.story:
            clock.moment = NOW - timedelta(days=days)
            known = {file: file.stat().st_mtime_ns for file in workspace.notes.rglob("*.md")}
            words = [word.format(**TEXTS) for word in shlex.split(command)]
            in_the_shell(["--workspace", str(workspace.root), "--lang", book.lang, *words], clock)
            _date(workspace.notes, clock.moment, known)
        clock.moment = NOW
        study = Study.open(workspace, clock)
        await study.pull()
        app = StudyApp(study)
        async with app.run_test(size=SIZE) as pilot:
            for name, keys in book.pictures:
                await _press(pilot, keys.split())
                app.clear_notifications()
                await pilot.pause(0.05)
                if name in wanted:
                    taken[name] = tidy(app.export_screenshot(title="studytui"))
                await _press(pilot, ["escape"] * 4)
        study.close()
    return taken


def _date(folder: Path, moment: datetime, known: Mapping[Path, int]) -> None:
    """Let the files that are not as ``known`` have changed at ``moment``: screens show when a note changed."""
    for file in folder.rglob("*.md"):
        if known.get(file) != file.stat().st_mtime_ns:
            os.utime(file, (moment.timestamp(), moment.timestamp()))


def in_the_shell(words: list[str], clock: Clock) -> None:
    """Run a command line at the clock's moment, its output thrown away."""
    desk = Desk(clock=clock)
    with redirect_stdout(io.StringIO()), studytui.make_context("studytui", words, obj=desk) as context:
        studytui.invoke(context)


async def _press(pilot: Pilot[None], keys: list[str]) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.05)


# --- the drawing ----------------------------------------------------------------------------------------------

_SVG = "{http://www.w3.org/2000/svg}"
_FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', 'PingFang SC', monospace"
_CELL = 12.2  # the width of a terminal's cell in Rich's drawing, whose letters are 20 high
_WIDE = 22


def tidy(svg: str) -> str:
    """Return Rich's drawing without fonts from elsewhere, and with Chinese as wide as in a terminal.

    Rich names fonts on a server, and gives a text the length of its characters, not of its cells, which
    squeezes wide ones to half.
    """
    svg = re.sub(r"terminal-\d+-", "t-", svg)
    ElementTree.register_namespace("", _SVG.strip("{}"))
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    for style in root.iter(f"{_SVG}style"):
        rules = re.sub(r"@font-face\s*\{[^}]*\}", "", style.text or "")
        rules = re.sub(r"font-family:[^;]*;", f"font-family: {_FONTS};", rules)
        style.text = re.sub(r"\s*\n\s*", "\n", rules)
    for parent in list(root.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if "textLength" in child.attrib:
                parent[place : place + 1] = list(_parts(child))
            elif "-line-" in child.attrib.get("id", ""):
                parent.remove(child)  # the clip of a line: nothing is drawn beyond its cells
    return re.sub(r">\s+<", ">\n<", ElementTree.tostring(root, encoding="unicode")) + "\n"


def _parts(text: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield the text again, parted where narrow and wide characters meet, each part at its own column."""
    column = float(text.attrib["x"]) / _CELL
    for wide, group in groupby((text.text or "").replace("\xa0", " "), key=lambda one: cell_len(one) == 2):
        characters = "".join(group)
        shown = characters.strip()
        if shown:
            start = column + len(characters) - len(characters.lstrip())
            place = {"class": text.attrib["class"], "x": f"{start * _CELL:g}", "y": text.attrib["y"]}
            part = ElementTree.Element(text.tag, place | _width(shown, wide))
            part.text = shown.replace(" ", "\xa0")
            yield part
        column += cell_len(characters)


def _width(shown: str, wide: bool) -> dict[str, str]:
    """Return what holds a run to its cells: wide characters a little larger, two cells each."""
    if wide:
        return {"font-size": f"{_WIDE}px", "letter-spacing": f"{2 * _CELL - _WIDE:g}"}
    return {"textLength": f"{len(shown) * _CELL:g}"}


async def main(wanted: list[str]) -> None:
    """Take the pictures called ``wanted``, all of them when none is named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for book in BOOKS:
        names = [name for name, _keys in book.pictures if name and (not wanted or name in wanted)]
        for name, svg in (await photograph(book, names)).items() if names else ():
            (FOLDER / f"{name}.svg").write_text(svg, "utf-8")
            print(f"docs/pictures/{name}.svg")


if __name__ == "__main__":
    os.environ |= {"TEXTUAL_ANIMATIONS": "none", "TZ": "Asia/Shanghai"}
    time.tzset()
    asyncio.run(main(sys.argv[1:]))
