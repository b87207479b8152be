"""The third pane of the Notes screen: who links to the note, who only names it, what it leads to, what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from studytui.i18n import _, ngettext
from studytui.text import clean_line
from studytui.tui.aside import rest
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.notes_rows import kind_title
from studytui.tui.widgets.line_list import Column, LineList, Row

if TYPE_CHECKING:
    from studytui.notes.links import Backlink, LinkGraph, Mention
    from studytui.notes.note import Note

BACK, OUT, MENTION, GONE = "back", "out", "mention", "gone"
# A sentence is shown from this many characters before the name that it was found by.
LEAD = 10
# Long enough that moving through the list looks nothing up, short enough to feel immediate.
PAUSE = 0.12
# Mentions are looked for in every note; they wait until one rests on a note.
REST = 0.5


class About(NamedTuple):
    """What stands around one note; ``mentions`` are empty until they have been looked for."""

    backlinks: Sequence[Backlink] = ()
    outgoing: Sequence[Note] = ()
    mentions: Sequence[Mention] = ()
    gone: Sequence[str] = ()


class Around(LineList):
    """Groups under headings; `chosen` says what the marked line leads to."""

    def __init__(self) -> None:
        super().__init__([Column(0)], row_height=2, empty=nothing_around, id="about")
        self.about = About()

    def look(self, path: str) -> None:
        """Find what stands around the note at ``path`` once the mark stays on it; a newer call drops this one."""
        screen = self.screen
        assert isinstance(screen, StudyScreen)
        vault = screen.study.vault

        async def job() -> None:
            await rest(PAUSE)
            found = await asyncio.to_thread(lambda: gather(vault.graph, path))
            self.tell(found)
            await rest(REST)
            mentions = await asyncio.to_thread(lambda: vault.graph.mentions(path))
            self.tell(found._replace(mentions=mentions))

        screen.in_loop(job, group="around")

    def tell(self, about: About) -> None:
        """Show what was found."""
        self.about = about
        self.show_rows(rows(about))

    @property
    def mention(self) -> Mention | None:
        """The marked mention, else the first one."""
        kind, _colon, number = self.key.partition(":")
        at = int(number) if kind == MENTION else 0
        return self.about.mentions[at] if at < len(self.about.mentions) else None

    def chosen(self, key: str) -> tuple[str, str]:
        """Return (path, "") of the note that a line leads to, or ("", path) of one that is missing."""
        kind, _colon, number = key.partition(":")
        at = int(number)
        if kind == GONE:
            return "", self.about.gone[at]
        if kind == OUT:
            return self.about.outgoing[at].path, ""
        found = self.about.backlinks[at] if kind == BACK else self.about.mentions[at]
        return found.note.path, ""


def gather(graph: LinkGraph, path: str) -> About:
    """Return what stands around the note at ``path``, mentions left out."""
    outgoing = graph.outgoing(path)
    notes = {note.path: note for _link, note in outgoing if note is not None and note.path != path}
    gone = dict.fromkeys(link.path for link in graph.dead(path))
    return About(graph.backlinks(path), list(notes.values()), (), list(gone))


def rows(about: About) -> list[Row]:
    """Return each group under its heading, sentences below titles."""
    found: list[Row] = []
    count = len(about.backlinks)
    _group(
        found,
        ngettext("{n} link to this note", "{n} links to this note", count),
        [
            _sentence_row(f"{BACK}:{at}", one.note, one.sentence, one.link.label or one.link.target, "strong")
            for at, one in enumerate(about.backlinks)
        ],
    )
    count = len(about.mentions)
    _group(
        found,
        ngettext(
            "{n} mention, not linked yet (+ links it)", "{n} mentions, not linked yet (+ links one)", count
        ),
        [
            _sentence_row(f"{MENTION}:{at}", one.note, one.sentence, one.text)
            for at, one in enumerate(about.mentions)
        ],
    )
    count = len(about.gone)
    _group(
        found,
        ngettext("{n} link to nothing (Enter writes it)", "{n} links to nothing (Enter writes one)", count),
        [
            Row(f"{GONE}:{at}", (name,), "warning", detail=_("not written yet"))
            for at, name in enumerate(about.gone)
        ],
    )
    count = len(about.outgoing)
    _group(
        found,
        ngettext("leads to {n} note", "leads to {n} notes", count),
        [
            Row(f"{OUT}:{at}", (note.title,), detail=f"{kind_title(note.kind)} · {note.updated:%m-%d}")
            for at, note in enumerate(about.outgoing)
        ],
    )
    return found


def _group(found: list[Row], heading: str, group: list[Row]) -> None:
    if group:
        found.append(Row("", (heading.format(n=len(group)),), "heading"))
        found.extend(group)


def _sentence_row(key: str, note: Note, sentence: str, name: str, look: str = "") -> Row:
    """Return a row of two lines: a note's title, and the sentence from a little before ``name``, which stands out."""
    wanted = clean_line(name)
    at = sentence.find(wanted) if wanted else -1
    if at > LEAD:
        sentence, at = "…" + sentence[at - LEAD :], LEAD + 1
    spans = ((at, at + len(wanted)),) if at >= 0 else ()
    return Row(key, (note.title,), look, detail=sentence, detail_spans=spans)


def nothing_around() -> str:
    """What the empty pane says."""
    return _(
        "Notes that link to this one appear here.\nIn the editor, [[ links to a note.\nFor example: see [[Funnel]]"
    )
