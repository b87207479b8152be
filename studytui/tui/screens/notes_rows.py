"""What the Notes screen shows, as rows and as a page: no widgets, no commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from studytui.i18n import N_, _, language
from studytui.notes.cache import listing
from studytui.text import clean_line
from studytui.tui.fuzzy import score
from studytui.tui.widgets.line_list import Row
from studytui.tui.widgets.prompt import Choice

if TYPE_CHECKING:
    from studytui.notes.cache import Listing
    from studytui.notes.note import Note, NoteFile
    from studytui.notes.tags import TagCount
    from studytui.study import Study

ALL, ORPHANS, PROBLEMS, DEAD, KIND = "all", "orphans", "problems", "dead", "kind:"
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


def listed(study: Study, view: str, typed: str, among: Collection[str] | None = None) -> Listing:
    """Return the notes of ``view`` that fit what was typed: the best first, without words the newest first.

    ``among`` are the paths that fitted a shorter beginning of it; no others can.
    """
    every = study.notes()
    if view == ALL and not typed.strip():
        return every
    notes = [note for note in every if among is None or note.path in among]
    if view == ORPHANS:
        shown = {note.path for note in notes}
        notes = [note for note in study.vault.graph.orphans() if note.path in shown]
    elif view == PROBLEMS:
        notes = [note for note in notes if note.problem is not None]
    elif view.startswith(KIND):
        notes = [note for note in notes if note.kind == view.removeprefix(KIND)]
    return listing(_fitting(notes, typed))


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
        Choice(
            DEAD,
            _("Links that lead nowhere"),
            str(dead),
            _("Pick one to write the note, or to lead its links to another."),
        )
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
            wanting.setdefault(link.path, []).append(link.note.title)
    return [Choice(path, path, _(", ").join(dict.fromkeys(titles))) for path, titles in wanting.items()]


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


def no_notes() -> str:
    """What the empty list says."""
    example = "客户关系管理" if language() == "zh" else "Customer relationship management"
    return _("What you learned, in your own words.\na writes the first note.\nFor example: {example}").format(
        example=example
    )
