"""Shell commands for notes as a system: links, map, tags, rename, export, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studytui.cli.base import DONE, PARTLY_DONE, Desk, StudyCommand, pass_desk
from studytui.cli.notes import note_group
from studytui.cli.output import print_json, print_line, print_table, print_text, tell_names
from studytui.i18n import N_, _, language, ngettext

if TYPE_CHECKING:
    from studytui.notes.map import Place
    from studytui.notes.relink import Renamed

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))


@note_group.command("rename")
@click.argument("note", metavar="NOTE")
@click.argument("title")
@pass_desk
def note_rename(desk: Desk, note: str, title: str) -> int:
    """Give a note another title; links to it follow."""
    from studytui.notes.relink import rename_note

    return _followed(desk, rename_note(desk.study.vault, desk.study.note(note).path, title))


@note_group.command("move")
@click.argument("note", metavar="NOTE")
@click.argument("folder", metavar="FOLDER")
@pass_desk
def note_move(desk: Desk, note: str, folder: str) -> int:
    """Put a note into another folder below notes/, "." being notes/ itself; links to it follow."""
    from studytui.notes.relink import move_note

    return _followed(desk, move_note(desk.study.vault, desk.study.note(note).path, folder))


def _followed(desk: Desk, renamed: Renamed) -> int:
    """Print where the note is now and what became of the links to it."""
    click.echo(desk.study.workspace.notes / renamed.note.path)
    links = ngettext("{n} link follows.", "{n} links follow.", renamed.links).format(n=renamed.links)
    print_line(links)
    for path in renamed.skipped:
        print_line(_("{path} cannot be edited, so its link stays as it was.").format(path=path))
    return DONE if not renamed.skipped else PARTLY_DONE


@note_group.command(
    "relink", help=N_("Let links that say OLD, which no note is called any more, lead to a note.")
)
@click.argument("note", metavar="NOTE")
@click.argument("old", metavar="OLD")
@pass_desk
def note_relink(desk: Desk, note: str, old: str) -> int:
    """Let links that say OLD, which no note is called any more, lead to a note."""
    from studytui.notes.relink import take_links

    taken = take_links(desk.study.vault, desk.study.note(note).path, old)
    print_line(ngettext("{n} link follows.", "{n} links follow.", taken.links).format(n=taken.links))
    return DONE


@note_group.command("link")
@click.argument("note", metavar="NOTE")
@click.argument("topic", metavar="TOPIC")
@pass_desk
def note_link(desk: Desk, note: str, topic: str) -> int:
    """File a note under a topic."""
    from studytui.notes.map import file_under

    study = desk.study
    filed = file_under(study.vault, study.note(note).path, study.note(topic).path)
    print_line(
        _("“{note}” is filed under “{topic}”.").format(note=filed.title, topic=study.note(topic).title)
    )
    return DONE


@click.command(
    cls=StudyCommand, help=N_("Show what links to a note, what it links to, and where it is only named.")
)
@click.argument("note", metavar="NOTE")
@_JSON
@pass_desk
def links(desk: Desk, note: str, as_json: bool) -> int:
    """Show a note's links, backlinks, unlinked mentions and dead links."""
    vault, found = desk.study.vault, desk.study.note(note)
    graph = vault.graph
    outgoing = graph.outgoing(found.path)
    backlinks, mentions = graph.backlinks(found.path), graph.mentions(found.path)
    dead = [entry.name for entry in graph.dead() if entry.note.path == found.path]
    if as_json:
        print_json(
            {
                "path": found.path,
                "links": [
                    {"path": target.path, "title": target.title} for _link, target in outgoing if target
                ],
                "backlinks": [
                    {
                        "path": one.note.path,
                        "title": one.note.title,
                        "sentence": one.sentence,
                        "line": one.line,
                    }
                    for one in backlinks
                ],
                "mentions": [
                    {
                        "path": one.note.path,
                        "title": one.note.title,
                        "sentence": one.sentence,
                        "line": one.line,
                    }
                    for one in mentions
                ],
                "dead": dead,
            }
        )
        return DONE
    rows = [(_("links to"), target.title, "") for _link, target in outgoing if target]
    rows += [(_("linked from"), one.note.title, one.sentence) for one in backlinks]
    rows += [(_("named in"), one.note.title, one.sentence) for one in mentions]
    rows += [(_("leads nowhere"), name, "") for name in dead]
    print_table(rows, _("This note stands alone: nothing links to it, and it links to nothing."))
    return DONE


@click.command("map", cls=StudyCommand)
@_JSON
@pass_desk
def map_command(desk: Desk, as_json: bool) -> int:
    """Show the map of topics with what is on each."""
    from studytui.notes.map import Filing, topic_tree

    vault = desk.study.vault
    filing, roots = Filing(vault, language()), topic_tree(vault, language())

    def row(place: Place) -> dict[str, Any]:
        notes = filing.notes(place.note.path) if place.note else []
        return {
            "title": place.title,
            "path": place.note.path if place.note else None,
            "notes": len(notes),
            "children": [row(child) for child in place.children],
        }

    if as_json:
        print_json({"topics": [row(root) for root in roots], "unfiled": [n.path for n in filing.unfiled()]})
        return DONE
    for root in roots:
        for place in root.walk():
            count = len(filing.notes(place.note.path)) if place.note else 0
            said = ngettext("{n} note", "{n} notes", count).format(n=count) if count else _("empty")
            click.echo("  " * place.depth, nl=False)
            print_line(f"{place.title} · {said}")
    unfiled = filing.unfiled()
    if unfiled:
        print_line(
            ngettext("{n} note is not filed yet.", "{n} notes are not filed yet.", len(unfiled)).format(
                n=len(unfiled)
            )
        )
    return DONE


@click.command(cls=StudyCommand)
@click.option("--rename", "renaming", nargs=2, metavar="OLD NEW", help=N_("Rename a tag in every note."))
@_JSON
@pass_desk
def tags(desk: Desk, renaming: tuple[str, str] | None, as_json: bool) -> int:
    """List the tags in use, or rename one everywhere."""
    from studytui.notes.tags import rename_tag, tag_counts

    if renaming:
        count = rename_tag(desk.study.vault, *renaming)
        print_line(ngettext("{n} note changed.", "{n} notes changed.", count).format(n=count))
        return DONE
    found = tag_counts(desk.study.notes())
    if as_json:
        print_json([{"tag": tag.name, "notes": tag.total} for tag in found])
    else:
        print_table(
            ((str(tag.total), "#" + tag.name) for tag in found), _("No tags yet. Write #tag in a note.")
        )
    return DONE


@click.command(
    cls=StudyCommand, help=N_("Give out the whole system, or one topic: Markdown, a site, talking points.")
)
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--topic", help=N_("Only this topic and what is below it."))
@click.option(
    "--as",
    "form",
    type=click.Choice(["markdown", "site", "points"]),
    default="markdown",
    show_default=True,
    help=N_("One Markdown file, a site that works from disk, or a page a topic to speak from."),
)
@click.option("--people", is_flag=True, help=N_("Include notes about people, which stay out otherwise."))
@pass_desk
def export(desk: Desk, target: Path | None, topic: str | None, form: str, people: bool) -> int:
    """Export the notes to TARGET (a file, or a folder for a site); without it, print them."""
    from studytui.notes.export import export_markdown, talking_points
    from studytui.notes.site import export_site
    from studytui.workspace import write_atomic

    vault = desk.study.vault
    if form == "site":
        if target is None:
            raise click.UsageError(_("Name the folder for the site."))
        if not people:
            tell_names(desk.study.people.named_in(export_markdown(vault, topic, lang=language())))
        click.echo(export_site(vault, target, topic, lang=language(), people=people))
        return DONE
    make = export_markdown if form == "markdown" else talking_points
    text = make(vault, topic, lang=language(), people=people)
    if not people:
        tell_names(desk.study.people.named_in(text))
    if target is None:
        print_text(text)
    else:
        write_atomic(target, text.encode())
        click.echo(target)
    return DONE


@click.command(
    "import", cls=StudyCommand, help=N_("Copy the notes of another folder in, such as an Obsidian vault.")
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--into", default="", help=N_("The folder below notes/ to put them in."))
@pass_desk
def import_command(desk: Desk, directory: Path, into: str) -> int:
    """Copy a folder of notes in; nothing is overwritten, and the folder is only read."""
    from studytui.notes.export import import_folder

    outcome = import_folder(desk.study.vault, directory.expanduser(), into)
    count = len(outcome.added) + len(outcome.renamed)
    print_line(ngettext("{n} file came in.", "{n} files came in.", count).format(n=count))
    for old, new in outcome.renamed:
        print_line(_("{old} came in as {new}, since that name was taken.").format(old=old, new=new))
    for path, reason in outcome.left_out:
        print_line(f"{path}: {reason}")
    return DONE if not outcome.left_out else PARTLY_DONE


COMMANDS = (links, map_command, tags, export, import_command)
