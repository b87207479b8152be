"""The notes folder on disk: which files are notes, which are left alone, where a new one may go."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.notes import cache
from studytui.notes.names import file_key
from studytui.text import clean_line

TEMPLATES = "templates"
ENDINGS = (".md", ".markdown")
_UNFIT = re.compile(r"^\.|[#^|\[\]:]|\.(?:md|markdown)$", re.IGNORECASE)


def look(notes: Path) -> cache.Look:
    """Return every note file as its path below notes/ and its signature.

    Hidden folders and files, notes/templates and symbolic links are left out; a folder that cannot be opened
    is skipped.
    """
    if notes.is_symlink():
        raise StudyError(
            _("{path} is a symbolic link; links are not followed.").format(path=notes),
            _("Move the folder itself there, or open the workspace it points to with --workspace."),
        )
    found = cache.Look([], [])
    pending = [""]
    while pending:
        prefix = pending.pop()
        with contextlib.suppress(OSError), _opened(notes / prefix) as folder, os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name[0] == ".":
                    continue
                try:
                    if name.endswith(ENDINGS) or name.lower().endswith(ENDINGS):
                        if entry.is_file(follow_symlinks=False):
                            found.numbers.extend(cache.signature(entry.stat(follow_symlinks=False)))
                            found.paths.append(prefix + name)
                    elif entry.is_dir(follow_symlinks=False) and (prefix or name != TEMPLATES):
                        pending.append(f"{prefix}{name}/")
                except OSError:
                    continue
    return found


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int | Path]:
    """Give what `os.scandir` takes: where it can be a descriptor, the files in it are looked at sooner."""
    if os.scandir not in os.supports_fd:
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def is_note_path(path: str) -> bool:
    """Say whether ``path`` below notes/ is one that `look` would list, by its name alone."""
    parts = PurePosixPath(path).parts
    plain = bool(parts) and not any(part.startswith(".") for part in parts)
    plain = plain and not any(part.lower().endswith(ENDINGS) for part in parts[:-1])
    return plain and path.lower().endswith(ENDINGS) and (len(parts) == 1 or parts[0] != TEMPLATES)


def folder_path(text: str) -> str:
    """Return the folder below notes/ that a learner means by ``text``, "" for notes/ itself.

    Raises StudyError for one whose notes would not be listed, or could not be named in a link.
    """
    parts = [part for part in text.replace("\\", "/").split("/") if part not in ("", ".")]
    fit = all(part.isprintable() and len(part.encode()) <= 255 and not _UNFIT.search(part) for part in parts)
    if text.startswith("/") or not fit or parts[:1] == [TEMPLATES]:
        raise StudyError(
            _("{name} cannot be a folder of notes.").format(name=clean_line(text, 60)),
            _(
                "Take a name below notes/ without # ^ | [ ] : that begins with no dot and does not end in .md."
            ),
        )
    return "/".join(parts)


def place(notes: Path, path: str) -> Path:
    """Return where ``path`` below notes/ lies; raises StudyError for anything outside or behind a link."""
    parts = PurePosixPath(path).parts
    inside = (
        path and not path.startswith("/") and "\\" not in path and "\0" not in path and ":" not in parts[0]
    )
    if not inside or any(part.startswith(".") for part in parts) or any(part == ".." for part in parts):
        raise StudyError(
            _("{path} is not a place inside the notes folder.").format(path=path),
            _("Give a path below notes/, such as topics/Funnel.md."),
        )
    target = notes
    for part in ("", *parts):
        target = target / part if part else target
        if target.is_symlink():
            raise StudyError(
                _("{path} is a symbolic link; links are not followed.").format(path=target),
                _("Choose a folder inside the workspace."),
            )
    return target


def taken_names(folder: Path) -> set[str]:
    """Return the names in ``folder`` as careless file systems compare them; empty when there is no folder."""
    try:
        return {file_key(entry.name) for entry in folder.iterdir()}
    except OSError:
        return set()


def read_bytes(path: Path | str) -> bytes:
    """Return the bytes of a regular file, never through a symbolic link; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as handle:
        return handle.read()
