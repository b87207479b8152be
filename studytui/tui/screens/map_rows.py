"""What the Map screen shows, as rows and as a page: no widgets, no commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studytui.i18n import _, ngettext
from studytui.text import cell_width, clean_line
from studytui.tui.screens.notes_rows import escaped
from studytui.tui.widgets.line_list import Column, Row

if TYPE_CHECKING:
    from datetime import datetime

    from studytui.joins.topics import MapView, Topic, TopicPage
    from studytui.notes.note import Note

TOPIC, LOOSE, INBOX = "topic:", "loose:", "inbox:"
WIDTH, DATE_FROM = 4, 52
COLUMNS = (*(Column(WIDTH, right=True) for _unused in range(4)), Column(5, shown_from=DATE_FROM), Column(0))
NONE = "·"


def legend(width: int) -> str:
    """Return what the columns mean, each word above its column in a list of ``width`` cells."""
    words = [_("note"), _("card"), _("prac"), _("talk")]
    shown = [" " * (WIDTH - cell_width(word)) + word for word in words]
    if width >= DATE_FROM:
        shown.append(_("last").rjust(5) if _("last").isascii() else " " + _("last"))
    return " ".join([*shown, _("Map")])


def map_rows(view: MapView) -> tuple[list[Row], dict[str, Topic], dict[str, Note]]:
    """Return the rows, the topics by key and the unfiled notes by key."""
    rows: list[Row] = []
    topics: dict[str, Topic] = {}
    for topic in view.topics:
        key = _free(TOPIC + (topic.note.path if topic.note else "?" + topic.title), topics)
        topics[key] = topic
        rows.append(_topic_row(key, topic))
    if view.loose:
        rows.append(Row("", (_("Topics without a place on the map (f gives them one)"),), "heading"))
    for topic in view.loose:
        key = LOOSE + (topic.note.path if topic.note else topic.title)
        topics[key] = topic
        rows.append(_topic_row(key, topic))
    inbox = {INBOX + note.path: note for note in view.unfiled}
    if inbox:
        said = ngettext("{n} note filed nowhere yet (f files it)", "{n} notes filed nowhere yet (f files one)",
                        len(inbox)).format(n=len(inbox))  # fmt: skip
        rows.append(Row("", (said,), "heading"))
        rows += [
            Row(key, ("", "", "", "", day(note.updated), note.title), "warning" if note.problem else "")
            for key, note in inbox.items()
        ]
    return rows, topics, inbox


def _free(key: str, taken: dict[str, Topic]) -> str:
    """A topic may stand in the map twice; each line needs its own key."""
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}\n{number}"
    return free


def _topic_row(key: str, topic: Topic) -> Row:
    """One topic: numbers, then its title; an empty one is pale with an open circle, an unwritten one has a ?."""
    if topic.is_group:
        return Row(key, ("", "", "", "", "", topic.title), "strong", indent=2 * topic.depth)
    practised = NONE if topic.practised is None else str(topic.practised)
    numbers = (
        str(len(topic.notes)) if topic.notes else NONE,
        str(topic.cards) if topic.cards else NONE,
        "" if topic.practised is None else practised if topic.practised else NONE,
        f"{topic.score}/5" if topic.score else NONE,
        day(topic.touched) if topic.touched else "",
    )
    mark = "? " if topic.note is None else "○ " if topic.is_empty else "● "
    return Row(key, (*numbers, mark + topic.title), "muted" if topic.is_empty else "", indent=2 * topic.depth)


def day(moment: datetime) -> str:
    """Return month and day in the learner's zone."""
    return moment.astimezone().strftime("%m-%d")


# --- the page -----------------------------------------------------------------------------------------------


def topic_page(page: TopicPage, text: str) -> str:
    """Return everything on a topic: what is missing next, its notes, cards, practice and explaining, its own text."""
    topic = page.topic
    lines = [f"# {escaped(topic.title)}", ""]
    if page.missing:
        lines += [f"**{_('Next')}**", ""] + [f"- {escaped(one)}" for one in page.missing] + [""]
    if topic.notes:
        said = ngettext("{n} note", "{n} notes", len(topic.notes)).format(n=len(topic.notes))
        lines += [f"**{said}**", "", *_note_lines(topic), ""]
    lines += _numbers(page)
    if text.strip():
        lines += ["---", "", text.strip("\n")]
    return "\n".join(lines)


def _note_lines(topic: Topic) -> Iterator[str]:
    for note in topic.notes:
        name = note.title.replace("[", "［").replace("]", "］").replace("|", "｜")
        own = f" *{day(note.updated)}*" if not note.lang else ""
        yield f"- [[{note.path}|{clean_line(name, 200)}]]{own}"


def _numbers(page: TopicPage) -> list[str]:
    topic, lines = page.topic, []
    if topic.cards:
        said = _("{learned} of {n} learned, {due} due").format(
            n=topic.cards, learned=page.learned, due=page.due
        )
        lines += [f"**{_('Cards')}** {escaped(said)}", ""]
    if page.practice is not None:
        done = page.practice
        lines += [
            line
            for word, text in ((_("Learn"), done.learn), (_("Practise"), done.practise), (_("Use"), done.use))
            for line in (f"**{word}** {escaped(text)}", "")
        ]
    tried = [one for one in page.standings if one.last is not None]
    if page.standings:
        lines += [f"**{_('Explain')}**", ""]
        lines += [
            f"- {escaped(one.prompt.text)} ({escaped(f'{one.last.score}/5, {day(one.last.moment)}')})"
            for one in tried
            if one.last is not None
        ]
        lines += [f"- {escaped(one.prompt.text)}" for one in page.standings if one.last is None]
        lines.append("")
    return lines


def inbox_page(note: Note, text: str) -> str:
    """Return an unfiled note as it reads, and what to do with it."""
    return (
        f"# {escaped(note.title)}\n\n*{escaped(_('Filed nowhere yet: f files it under a topic.'))}*\n\n{text}"
    )


def no_map() -> str:
    """What the empty map says."""
    return _(
        "Your knowledge as a tree: a nested list of links in a note of “kind: map”.\na adds the first topic.\n"
        "The starter has one: studytui init"
    )
