"""Shell commands for notes: list, new, show, edit, trash, restore."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click

from studytui.cli.base import DONE, FAILED, Desk, StudyCommand, StudyGroup, pass_desk
from studytui.cli.output import print_json, print_line, print_problem, print_table, print_text
from studytui.errors import StudyError
from studytui.i18n import N_, _

if TYPE_CHECKING:
    from studytui.notes.note import Note

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))


@click.command(cls=StudyCommand)
@click.option("--tag", help=N_("Only notes with this tag or one below it."))
@click.option("--kind", help=N_("Only notes of this kind: topic, course, person ..."))
@_JSON
@pass_desk
def notes(desk: Desk, tag: str | None, kind: str | None, as_json: bool) -> int:
    """List the notes, last changed first."""
    found = [
        note
        for note in desk.study.notes()
        if (kind is None or note.kind == kind) and (tag is None or _has_tag(note, tag.lstrip("#＃")))
    ]
    if as_json:
        print_json([note_row(note) for note in found])
    else:
        print_table(
            (
                (
                    note.updated.strftime("%Y-%m-%d %H:%M"),
                    note.kind or "-",
                    _flaw(note) + note.title,
                    note.path,
                )
                for note in found
            ),
            _("No notes yet. Write the first: studytui note new TITLE")
            if tag is None and kind is None
            else _("No note fits."),
        )
    return DONE


def note_row(note: Note) -> dict[str, Any]:
    """Return the documented JSON of one note."""
    return {
        "path": note.path,
        "title": note.title,
        "kind": note.kind or None,
        "tags": list(note.tags),
        "updated": note.updated.isoformat(timespec="seconds"),
        **({"problem": str(note.problem)} if note.problem else {}),
    }


def _has_tag(note: Note, tag: str) -> bool:
    wanted = tag.casefold()
    return any(own.casefold() == wanted or own.casefold().startswith(wanted + "/") for own in note.tags)


def _flaw(note: Note) -> str:
    return f"! {note.problem} " if note.problem else ""


@click.group("note", cls=StudyGroup, help=N_("Write, read and look after notes."))
def note_group() -> None:
    """Hold the commands about one note."""


@note_group.command("new")
@click.argument("title", required=False)
@click.option("--from", "article", metavar="ARTICLE_ID", help=N_("The article it is about."))
@click.option("--tag", "tags", multiple=True, help=N_("A tag; may be repeated."))
@click.option("--body", help=N_("The text; - reads it from standard input."))
@pass_desk
def note_new(
    desk: Desk, title: str | None, article: str | None, tags: tuple[str, ...], body: str | None
) -> int:
    """Write a new note and print its path."""
    if title is None and article is None:
        raise click.UsageError(_("Give the note a title, or an article with --from."))
    text = sys.stdin.buffer.read().decode("utf-8", "replace") if body == "-" else body or ""
    study = desk.study
    if article is not None:
        note, made = study.note_about(article, title=title, tags=tags, body=text)
        if not made:
            print_problem(_("That article has a note already; nothing was written."))
    else:
        namesake = study.vault.get(title or "")
        note = study.new_note(title or "", tags=tags, body=text)
        if namesake is not None:
            print_problem(
                _("Another note bears that name: {path}.").format(path=namesake.path),
                _("Links by that name lead to one of the two; rename one: studytui note rename NOTE TITLE"),
            )
    print_text(str(study.workspace.notes / note.path))
    return DONE


@note_group.command("show")
@click.argument("note", metavar="NOTE")
@pass_desk
def note_show(desk: Desk, note: str) -> int:
    """Print a note."""
    print_text(desk.study.vault.read(desk.study.note(note).path).text)
    return DONE


@note_group.command("edit")
@click.argument("note", metavar="NOTE")
@pass_desk
def note_edit(desk: Desk, note: str) -> int:
    """Open a note in $EDITOR."""
    path = desk.study.workspace.notes / desk.study.note(note).path
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise StudyError(_("$EDITOR is not set."), _("Set it, for example: export EDITOR=nano"))
    try:
        code = subprocess.call([*shlex.split(editor), str(path)])  # noqa: S603 - the learner's own editor
    except (OSError, ValueError) as error:
        raise StudyError(
            _("Cannot start {editor}: {reason}.").format(editor=editor, reason=error),
            _("Set EDITOR to a program that exists, for example: export EDITOR=nano"),
        ) from error
    return DONE if code == 0 else FAILED


@note_group.command("trash")
@click.argument("note", metavar="NOTE")
@pass_desk
def note_trash(desk: Desk, note: str) -> int:
    """Move a note to the trash."""
    found = desk.study.note(note)
    identity = desk.study.vault.trash(found.path)
    print_line(
        _("Moved to the trash; bring it back with: studytui note restore {id}").format(
            id=shlex.quote(identity)
        )
    )
    return DONE


@note_group.command("restore", help=N_("List what is in the trash, or bring a note back."))
@click.argument("identity", metavar="[ID]", required=False)
@pass_desk
def note_restore(desk: Desk, identity: str | None) -> int:
    """Bring a note back from the trash."""
    if identity is None:
        print_table(((item.id, item.title) for item in desk.study.vault.trashed()), _("The trash is empty."))
    else:
        print_text(str(desk.study.workspace.notes / desk.study.vault.restore(identity).path))
    return DONE


COMMANDS = (notes, note_group)
