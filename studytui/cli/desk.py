"""Shell commands for the desk as a whole: init, today, search, index, undo, doctor, demo."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from studytui import i18n
from studytui.cli.base import DONE, FAILED, PARTLY_DONE, Desk, StudyCommand, pass_desk
from studytui.cli.output import print_json, print_line, print_problem, print_table
from studytui.errors import StudyError
from studytui.i18n import N_, _, sentences

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))


@click.command(cls=StudyCommand, help=N_("Create a workspace from the starter, without a screen."))
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(i18n.LANGUAGES), help=N_("The language of the starter notes."))
@pass_desk
def init(desk: Desk, directory: Path | None, lang: str | None) -> int:
    """Create a workspace."""
    from studytui.settings import change_setting, load_settings
    from studytui.workspace import Workspace, create_workspace, is_workspace

    root = directory.expanduser().absolute() if directory else desk.root()
    existed = is_workspace(root)
    if root.exists() and not root.is_dir():
        raise StudyError(
            _("{path} is a file, not a folder.").format(path=root),
            _("Name another folder: studytui init DIR"),
        )
    kept = load_settings(Workspace(root).settings).language
    workspace = create_workspace(root, lang or kept or i18n.language())
    if lang:
        change_setting(workspace.settings, "language", lang)
    sentence = (
        _("{path} was a workspace already; what was missing is there now.")
        if existed
        else _("Created {path}.")
    )
    print_line(sentence.format(path=root))
    if not existed:
        print_line(_("Open it: studytui --workspace {path}").format(path=root))
    return DONE


@click.command(cls=StudyCommand)
@click.argument("name", required=False)
@click.argument("value", required=False)
@_JSON
@pass_desk
def settings(desk: Desk, name: str | None, value: str | None, as_json: bool) -> int:
    """List the settings, show one, or change one: lists have commas between.

    JSON: name, value (a number, a text or a list of texts).
    """
    from studytui.settings import MEANINGS, change_setting, in_text, value_of

    file, chosen = desk.study.workspace.settings, desk.study.settings
    if name is not None and name not in MEANINGS:
        raise StudyError(
            _("There is no setting {name}.").format(name=name), _("They are listed by: studytui settings")
        )
    if name is not None and value is not None:
        change_setting(file, name, value_of(name, value))
        chosen = desk.study.settings
    names = list(MEANINGS) if name is None else [name]
    if as_json:
        print_json([{"name": one, "value": getattr(chosen, one)} for one in names])
        return DONE
    if name is not None:
        print_line(f"{name} = {in_text(getattr(chosen, name))}")
        return DONE
    print_table(((one, in_text(getattr(chosen, one)), _(MEANINGS[one])) for one in names), "")
    return DONE


@click.command(cls=StudyCommand)
@_JSON
@pass_desk
def today(desk: Desk, as_json: bool) -> int:
    """Say what to do now and what is waiting."""
    from studytui.cli.sentences import today_lines, today_row

    shown = desk.study.today()
    if as_json:
        print_json(today_row(shown))
    else:
        for line in today_lines(shown):
            print_line(line)
    return DONE


@click.command(cls=StudyCommand)
@click.argument("query", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(["note", "article"]), help=N_("Only notes, or only articles."))
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help=N_("At most this many.")
)
@_JSON
@pass_desk
def search(desk: Desk, query: tuple[str, ...], kind: str | None, limit: int, as_json: bool) -> int:
    """Search notes and articles."""
    code = DONE
    try:
        hits = desk.study.search(" ".join(query), kind, limit)
    except StudyError as error:  # the library: locked, on a read-only disk; the notes are found all the same
        if kind == "article":
            raise
        hits, code = desk.study.search(" ".join(query), "note", limit), PARTLY_DONE
        print_problem(error.message, error.hint)
    if as_json:
        print_json(
            [
                {
                    "kind": hit.kind,
                    "title": hit.title,
                    ("path" if hit.kind == "note" else "id"): hit.path,
                    "score": round(hit.score, 3),
                    "snippet": hit.snippet,
                }
                for hit in hits
            ]
        )
    else:
        kinds = {"note": _("note"), "article": _("article")}
        print_table(
            ((kinds[hit.kind], hit.path, hit.title, hit.snippet) for hit in hits),
            _("Nothing found. Try fewer or other words."),
        )
    return code


@click.command(cls=StudyCommand, help=N_("Bring the search index up to date with the notes."))
@click.option("--rebuild", is_flag=True, help=N_("Throw the index away and build it anew."))
@pass_desk
def index(desk: Desk, rebuild: bool) -> int:
    """Bring the index up to date."""
    progress = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if progress:
            click.echo(f"\r\x1b[K{done}/{total}", nl=False, err=True)

    notes, articles = desk.study.reindex(rebuild, show)
    if progress:
        click.echo("\r\x1b[K", nl=False, err=True)
    print_line(
        _("The index holds {notes} notes and {articles} articles.").format(notes=notes, articles=articles)
    )
    return DONE


@click.command(cls=StudyCommand)
@click.option("--list", "listed", is_flag=True, help=N_("Only list what could be undone, newest first."))
@pass_desk
def undo(desk: Desk, listed: bool) -> int:
    """Take back the last act."""
    if listed:
        print_table(
            ((act.moment.strftime("%Y-%m-%d %H:%M"), act.sentence) for act in desk.study.undoable(20)),
            _("There is nothing to undo."),
        )
        return DONE
    print_line(_("Undone: {act}").format(act=desk.study.undo()))
    return DONE


@click.command(cls=StudyCommand, help=N_("Examine the workspace; one sentence for each part."))
@_JSON
@pass_desk
def doctor(desk: Desk, as_json: bool) -> int:
    """Examine the workspace."""
    from studytui.joins.doctor import examine

    findings = examine(desk.study)
    if as_json:
        print_json([{"part": f.part, "ok": f.ok, "sentence": f.sentence, "hint": f.hint} for f in findings])
    else:
        marks = {True: _("ok"), False: _("mend")}
        print_table(
            ((marks[f.ok], f.part, sentences(f.sentence, f.hint)) for f in findings),
            _("Nothing to examine."),
        )
    return DONE if all(finding.ok for finding in findings) else FAILED


@click.command(cls=StudyCommand, help=N_("Try everything without a network, in a throw-away workspace."))
@click.option("--lang", type=click.Choice(i18n.LANGUAGES), help=N_("The language to speak: en or zh."))
@pass_desk
def demo(desk: Desk, lang: str | None) -> int:
    """Run the program on sample feeds."""
    from studytui.cli.screens import leave_in_order, open_study
    from studytui.demo import demo_workspace
    from studytui.study import Study

    if lang:
        i18n.set_language(lang)
    leave_in_order()
    with demo_workspace(i18n.language(), desk.clock.now()) as workspace:
        return open_study(Study.open(workspace, desk.clock), pull=True)


COMMANDS = (init, today, search, index, undo, settings, doctor, demo)
