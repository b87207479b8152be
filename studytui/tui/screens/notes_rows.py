"""What the Notes screen shows, as rows and as a page: no widgets, no commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from studytui.i18n import N_, _, language, ngettext
from studytui.text import clean_line
from studytui.tui.fuzzy import score
from studytui.tui.widgets.line_list import Row
from studytui.tui.widgets.prompt import Choice

if TYPE_CHECKING:
    from studytui.notes.links import Backlink, LinkGraph, Mention
    from studytui.notes.note import Note, NoteFile
    from studytui.notes.tags import TagCount
    from studytui.study import Study

ALL, ORPHANS, PROBLEMS, DEAD, KIND = "all", "orphans", "problems", "dead", "kind:"
BACK, OUT, MENTION, GONE = "back:", "out:", "mention:", "gone:"
# A sentence is shown from this many characters before the name that it was found by.
LEAD = 10
KINDS = {
    "": N_("Plain notes"),
    "topic": N_("Topics"),
    "map": N_("Maps"),
    "article": N_("About articles"),
    "lesson": N_("About lessons"),
    "course": N_("Courses"),
    "person": N_("People"),
    "event": N_("Events"),
    "question": N_("Questions"),
    "practice": N_("Practice sheets"),
    "project": N_("Projects"),
    "weekly": N_("Weekly reviews"),
    "teardown": N_("Ad teardowns"),
    "draft": N_("Drafts"),
}


class About(NamedTuple):
    """What stands around one note: who links to it, whom it links to, who only names it, what leads nowhere.

    ``mentions`` is None until they have been looked for, which reads every note once.
    """

    backlinks: Sequence[Backlink] = ()
    outgoing: Sequence[Note] = ()
    mentions: Sequence[Mention] | None = None
    gone: Sequence[str] = ()


def kind_title(kind: str) -> str:
    """Return what notes of ``kind`` are called."""
    return _(KINDS[kind]) if kind in KINDS else clean_line(kind, 40)


# --- the list -----------------------------------------------------------------------------------------------


def note_row(note: Note) -> Row:
    """One line of the list: a problem's sign, the day it last changed, the title."""
    day = note.updated.strftime("%m-%d")
    if note.problem is not None:
        return Row(note.path, ("!", day, f"{note.title}: {note.problem}"), "bad")
    return Row(note.path, ("", day, note.title))


def listed(study: Study, view: str, typed: str, among: Collection[str] | None = None) -> list[Note]:
    """Return the notes of ``view`` that fit what was typed: the best first, without words the newest first.

    ``among`` are the paths that fitted a shorter beginning of it; no others can.
    """
    notes = [note for note in study.notes() if among is None or note.path in among]
    if view == ORPHANS:
        shown = {note.path for note in notes}
        notes = [note for note in study.vault.graph.orphans() if note.path in shown]
    elif view == PROBLEMS:
        notes = [note for note in notes if note.problem is not None]
    elif view.startswith(KIND):
        notes = [note for note in notes if note.kind == view.removeprefix(KIND)]
    return _fitting(notes, typed)


def _fitting(notes: list[Note], typed: str) -> list[Note]:
    words = typed.split()
    tags = [word.lstrip("#＃").casefold() for word in words if word[0] in "#＃"]
    query = " ".join(word for word in words if word[0] not in "#＃")
    found = [note for note in notes if all(_has_tag(note, tag) for tag in tags)] if tags else notes
    if not query:
        return found
    ranked = [
        (-best, number)
        for number, note in enumerate(found)
        if (best := score(query, note.title, *note.aliases, *([note.path] if "/" in query else [])))
    ]
    return [found[number] for _rank, number in sorted(ranked)]


def _has_tag(note: Note, wanted: str) -> bool:
    """Say whether a tag begins so: half a word counts, because the list narrows while one types."""
    return any(tag.casefold().startswith(wanted) for tag in note.tags)


def view_title(view: str) -> str:
    """Return what the list is called in this view."""
    if view.startswith(KIND):
        return kind_title(view.removeprefix(KIND))
    titles = {ALL: _("Notes"), ORPHANS: _("Notes without links"), PROBLEMS: _("Files with a problem")}
    return titles[view]


def view_choices(study: Study) -> list[Choice]:
    """Return the views to choose from, each with how many it holds."""
    notes, graph = study.notes(), study.vault.graph
    shown = {note.path for note in notes}
    kinds = Counter(note.kind for note in notes)
    problems = sum(note.problem is not None for note in notes)
    orphans = sum(note.path in shown for note in graph.orphans())
    dead = sum(link.note.path in shown for link in graph.dead())
    choices = [Choice(ALL, _("All notes"), str(len(notes)))]
    choices += [Choice(KIND + kind, kind_title(kind), str(n)) for kind, n in kinds.most_common()]
    choices.append(
        Choice(
            ORPHANS, _("Notes without links"), str(orphans), _("Nothing leads to them, nowhere do they lead.")
        )
    )
    choices.append(
        Choice(DEAD, _("Links that lead nowhere"), str(dead), _("Pick one to write the missing note."))
    )
    choices.append(
        Choice(
            PROBLEMS, _("Files with a problem"), str(problems), _("Listed with the reason, never touched.")
        )
    )
    return choices


def dead_choices(study: Study) -> list[Choice]:
    """Return each missing note once, with the notes that link to it."""
    shown = {note.path for note in study.notes()}
    wanting: dict[str, list[str]] = {}
    for link in study.vault.graph.dead():
        if link.note.path in shown:
            wanting.setdefault(link.name, []).append(link.note.title)
    return [Choice(name, name, _(", ").join(dict.fromkeys(titles))) for name, titles in wanting.items()]


def tag_choices(counts: Sequence[TagCount], own: Sequence[str] = ()) -> list[Choice]:
    """Return the tags in use, the note's own marked and first, each found by every part of its name."""
    mine = {tag.casefold() for tag in own}
    choices = [
        Choice(
            tag.name,
            ("✓ " if tag.name.casefold() in mine else "") + tag.name,
            str(tag.total),
            "#" + tag.name,
            also=(tag.name, "#" + tag.name, "＃" + tag.name),
        )
        for tag in counts
    ]
    return sorted(choices, key=lambda choice: choice.key.casefold() not in mine)


# --- the page -----------------------------------------------------------------------------------------------


def note_page(opened: NoteFile) -> str:
    """Return the note as it reads: its title, a line about it, its text."""
    note, body = opened.note, opened.body.strip("\n")
    parts = [kind_title(note.kind) if note.kind else "", note.date, note.source]
    parts += [f"[[{topic}]]" for topic in note.topics]
    parts += [f"#{tag}" for tag in note.tags]
    about = " · ".join(escaped(part) if not part.startswith("[[") else part for part in parts if part)
    link = f"\n\n---\n\n<{note.url}>\n" if note.url else ""
    title = "" if note.titled == "heading" else f"# {escaped(note.title)}\n\n"
    return f"{title}{f'*{about}*' if about else ''}\n\n{body}{link}"


def problem_page(note: Note) -> str:
    """Return why a file is only listed."""
    return f"# {escaped(note.title)}\n\n**{escaped(str(note.problem))}**\n\n`{note.path}`\n\n" + _(
        "studytui leaves this file as it is. Mend it in the program that made it, or press E for your editor."
    )


def escaped(text: str) -> str:
    """Return ``text`` on one line with everything that Markdown would take for formatting escaped."""
    return "".join("\\" + c if c in r"\`*_{}[]()#+-.!<>|~=" else c for c in clean_line(text))


# --- what stands around it ----------------------------------------------------------------------------------


def gather_about(graph: LinkGraph, path: str) -> About:
    """Return what stands around the note at ``path``, mentions left out."""
    outgoing = graph.outgoing(path)
    notes = {note.path: note for _link, note in outgoing if note is not None and note.path != path}
    gone = dict.fromkeys(link.name for link in graph.dead(path))
    return About(graph.backlinks(path), list(notes.values()), None, list(gone))


def about_rows(about: About) -> list[Row]:
    """Return the third pane: each group under its heading, sentences below titles."""
    rows: list[Row] = []
    _group(
        rows,
        ngettext("{n} link to this note", "{n} links to this note", len(about.backlinks)),
        [
            _sentence_row(
                f"{BACK}{at}", one.note.title, one.sentence, one.link.label or one.link.target, "strong"
            )
            for at, one in enumerate(about.backlinks)
        ],
    )
    _group(
        rows,
        ngettext("{n} mention, not linked yet (+ links it)", "{n} mentions, not linked yet (+ links one)",
                 len(about.mentions or ())),
        [
            _sentence_row(f"{MENTION}{at}", one.note.title, one.sentence, one.text)
            for at, one in enumerate(about.mentions or ())
        ],
    )  # fmt: skip
    _group(
        rows,
        ngettext("{n} link to nothing (Enter writes it)", "{n} links to nothing (Enter writes one)",
                 len(about.gone)),
        [Row(f"{GONE}{at}", (name,), "warning", detail=_("not written yet")) for at, name in enumerate(about.gone)],
    )  # fmt: skip
    _group(
        rows,
        ngettext("leads to {n} note", "leads to {n} notes", len(about.outgoing)),
        [
            Row(f"{OUT}{at}", (note.title,), detail=f"{kind_title(note.kind)} · {note.updated:%m-%d}")
            for at, note in enumerate(about.outgoing)
        ],
    )
    return rows


def _group(rows: list[Row], heading: str, found: list[Row]) -> None:
    if found:
        rows.append(Row("", (heading.format(n=len(found)),), "heading"))
        rows.extend(found)


def _sentence_row(key: str, title: str, sentence: str, name: str, look: str = "") -> Row:
    """Return a row of two lines: a note's title, and the sentence from a little before ``name``, which stands out."""
    wanted = clean_line(name)
    at = sentence.find(wanted) if wanted else -1
    if at > LEAD:
        sentence, at = "…" + sentence[at - LEAD :], LEAD + 1
    return Row(
        key, (title,), look, detail=sentence, detail_spans=((at, at + len(wanted)),) if at >= 0 else ()
    )


def no_notes() -> str:
    """What the empty list says."""
    example = "客户关系管理" if language() == "zh" else "Customer relationship management"
    return _("What you learned, in your own words.\na writes the first note.\nFor example: {example}").format(
        example=example
    )


def nothing_around() -> str:
    """What the empty third pane says."""
    return _(
        "Notes that link to this one appear here.\nIn the editor, [[ links to a note.\nFor example: see [[Funnel]]"
    )
