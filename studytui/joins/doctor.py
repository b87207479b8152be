"""What is well and what needs mending: one sentence for each part of a workspace."""

from __future__ import annotations

import locale
import os
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.i18n import _, ngettext

if TYPE_CHECKING:
    from studytui.study import Study


@dataclass(frozen=True)
class Finding:
    """One part of the workspace: ``part`` names it, ``sentence`` says how it is, ``hint`` how to mend it."""

    part: str
    ok: bool
    sentence: str
    hint: str = ""


def examine(study: Study, environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Look at every part; never raises, whatever is broken."""
    parts: list[tuple[str, Callable[[], Finding]]] = [
        (_("workspace"), lambda: _workspace(study)),
        (_("locale"), _locale),
        ("feeds.yaml", lambda: _feeds(study)),
        (_("notes"), lambda: _notes(study)),
        (_("journal"), lambda: _journal(study)),
        (_("library"), lambda: _library(study)),
        (_("index"), lambda: _index(study)),
        (_("editor"), lambda: _editor(environ)),
    ]
    return list(_safely(parts))


def _safely(parts: list[tuple[str, Callable[[], Finding]]]) -> Iterator[Finding]:
    for part, look in parts:
        try:
            yield look()
        except StudyError as error:
            yield Finding(part, False, error.message, error.hint)
        except Exception as error:
            yield Finding(part, False, _("Cannot be examined: {error}.").format(error=repr(error)))


def _workspace(study: Study) -> Finding:
    root = study.workspace.root
    if not os.access(root, os.W_OK):
        return Finding(
            _("workspace"),
            False,
            _("{path} cannot be written to.").format(path=root),
            _("Check the folder's permissions."),
        )
    return Finding(_("workspace"), True, _("{path} is in order.").format(path=root))


def _locale() -> Finding:
    encoding = locale.getpreferredencoding(False)
    if encoding.lower().replace("-", "") not in ("utf8", "utf_8"):
        return Finding(
            _("locale"),
            False,
            _("The terminal's encoding is {encoding}; Chinese may not show.").format(encoding=encoding),
            _("Set a UTF-8 locale, for example: export LANG=zh_CN.UTF-8"),
        )
    return Finding(_("locale"), True, _("The terminal speaks {encoding}.").format(encoding=encoding))


def _feeds(study: Study) -> Finding:
    sources = study.subscriptions().items
    enabled = sum(source.enabled for source in sources)
    sentence = ngettext(
        "{n} source, {enabled} of them followed.", "{n} sources, {enabled} of them followed.", len(sources)
    )
    return Finding("feeds.yaml", True, sentence.format(n=len(sources), enabled=enabled))


def _notes(study: Study) -> Finding:
    notes = study.vault.notes()
    problems = [note for note in notes if note.problem]
    if problems:
        return Finding(
            _("notes"),
            False,
            ngettext(
                "{n} note cannot be read: {path}", "{n} notes cannot be read: {path}", len(problems)
            ).format(n=len(problems), path=f"{problems[0].path}: {problems[0].problem}"),
            _("Open it in your editor and mend it; studytui leaves it as it is."),
        )
    return Finding(_("notes"), True, ngettext("{n} note.", "{n} notes.", len(notes)).format(n=len(notes)))


def _journal(study: Study) -> Finding:
    damaged = study.journal.damaged()
    if damaged:
        file, line = damaged[0]
        return Finding(
            _("journal"),
            False,
            ngettext(
                "{n} line of the journal cannot be read, the first at {place}.",
                "{n} lines of the journal cannot be read, the first at {place}.",
                len(damaged),
            ).format(n=len(damaged), place=f"{file}:{line}"),
            _("They are skipped; everything else counts. You may delete them."),
        )
    return Finding(_("journal"), True, _("Every line of the journal can be read."))


def _library(study: Study) -> Finding:
    found = study.library.check()
    if found or study.library.rebuilt:
        return Finding(
            _("library"),
            False,
            study.library.rebuilt or _("The library is damaged: {reason}.").format(reason=found),
            _("Delete {path}; the next pull fills it again and your marks come back.").format(
                path=study.workspace.library
            ),
        )
    count = study.library.count()
    return Finding(_("library"), True, ngettext("{n} article.", "{n} articles.", count).format(n=count))


def _index(study: Study) -> Finding:
    held, wanted = study.index.count(), len(study.vault.notes())
    if held is None and not study.workspace.index.exists():
        return Finding(_("index"), True, _("Not built yet; searching reads the notes until it is."))
    if held is None:
        return Finding(
            _("index"),
            False,
            _("The search index is damaged; searching reads the notes instead."),
            _("Rebuild it: studytui index --rebuild"),
        )
    return Finding(_("index"), True, _("It holds {held} of {n} notes.").format(held=held, n=wanted))


def _editor(environ: Mapping[str, str]) -> Finding:
    named = environ.get("VISUAL") or environ.get("EDITOR") or ""
    if not named:
        return Finding(_("editor"), True, _("$EDITOR is not set; the built-in editor serves."))
    try:
        command = shlex.split(named)
    except ValueError:
        command = []
    if not command or shutil.which(command[0]) is None:
        return Finding(
            _("editor"),
            False,
            _("$EDITOR is “{editor}”, which cannot be found.").format(editor=named),
            _("Set EDITOR to a program that exists, for example: export EDITOR=nano"),
        )
    return Finding(_("editor"), True, _("{editor} opens your notes.").format(editor=named))
