"""One Whoosh index on disk: whether it is ours, what it holds, who matches, how it changes.

Besides the stemmer in `analyzer`, nothing else imports Whoosh, so that another engine costs this module alone.
Only terms are indexed, without counts or positions: ranking, phrases and snippets come from the text itself.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from whoosh.codec import default_codec
from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Existence
from whoosh.index import create_in, open_dir
from whoosh.query import Term
from whoosh.reading import SegmentReader
from whoosh.writing import NO_MERGE

from studytui.search.analyzer import VERSION, index_terms

FORMAT = 1
SEAL = "seal.json"
MERGED_AT_ONCE = 1000
"""Documents rewritten by the merges of one commit, at most: some seconds of the writer process."""
WIDTH = 6
"""Segments of one size class that make a merge worth its while."""

REFUSED = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EMFILE", "ENFILE", "ENOLCK")
    if hasattr(errno, name)
)
"""Errors of the machine, not of the index: they are no reason to throw it away."""

Groups = Sequence[Sequence[str]]
Entry = tuple[str, str]


class ForeignIndexError(Exception):
    """The folder holds no index that this program made here in its present format."""


class Terms(FieldType):  # type: ignore[misc]
    """A field given ready-made terms; building no token objects saves a tenth of the time."""

    def __init__(self) -> None:
        self.format = Existence()
        self.stored = self.unique = self.scorable = False

    def index(self, value: Iterable[str], **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield what the writer stores of each term: its bytes, count, weight and no further value."""
        for term in value:
            yield term.encode("utf-8", "ignore"), 1, 1.0, b""


SCHEMA = Schema(path=ID(stored=True, unique=True), stamp=STORED(), terms=Terms())


class Snapshot:
    """The index as of one commit.  Not for two threads at a time: Whoosh's searchers mix up their answers."""

    def __init__(self, folder: Path, before: Snapshot | None = None) -> None:
        """Open the newest commit; raises ForeignIndexError, or whatever a damaged index makes Whoosh raise.

        An index is a pickle, that is code: one without our seal is never opened.  ``before`` saves reading
        again what both have in common.
        """
        self.folder = folder
        self.seal = _seal(folder)
        self._index = open_dir(str(folder), schema=SCHEMA)
        self.generation: int = self._index.latest_generation()
        self.searcher = self._index.searcher()
        known = before._entries if before is not None and before.seal == self.seal else {}
        self._leaves = [(leaf, *_entries(leaf.reader(), known)) for leaf in self._leaf_searchers()]
        self._entries: dict[str, list[Entry]] = {segment: entries for _leaf, segment, entries in self._leaves}
        self.held: Mapping[str, str] = dict(chain.from_iterable(map(_alive, self._leaves)))

    def is_current(self) -> bool:
        """Say whether nothing was committed since; raises ForeignIndexError when the index is gone."""
        return _seal(self.folder) == self.seal and bool(self._index.latest_generation() == self.generation)

    def candidates(self, groups: Groups) -> set[str]:
        """Return the paths of documents that hold a term out of every one of the ``groups``."""
        found: set[str] = set()
        for leaf, _segment, entries in self._leaves:
            found.update(entries[number][0] for number in _numbers(leaf, groups))
        return found

    def close(self) -> None:
        """Close the files."""
        self.searcher.close()

    def _leaf_searchers(self) -> list[Any]:
        if self.searcher.reader().doc_count_all() == 0:
            return []
        return [leaf for leaf, _offset in self.searcher.leaf_searchers()]


def _numbers(leaf: Any, groups: Groups) -> set[int]:
    """Return the document numbers in one segment; the rarest group first, so that most work is never done."""
    reader = leaf.reader()
    rarest_first = sorted(
        groups, key=lambda group: sum(reader.doc_frequency("terms", term) for term in group)
    )
    numbers: set[int] = set()
    for position, group in enumerate(rarest_first):
        found = set(chain.from_iterable(Term("terms", term).docs(leaf) for term in group))
        numbers = numbers & found if position else found
        if not numbers:
            break
    return numbers


def _alive(leaf: tuple[Any, str, list[Entry]]) -> Iterable[Entry]:
    """Return the entries of one segment that are not deleted."""
    searcher, _segment, entries = leaf
    reader = searcher.reader()
    if not reader.has_deletions():
        return entries
    return [entry for number, entry in enumerate(entries) if not reader.is_deleted(number)]


def _entries(reader: Any, known: Mapping[str, list[Entry]]) -> tuple[str, list[Entry]]:
    """Return a segment's name and the path and stamp of each of its documents, deleted ones too."""
    segment = str(reader.segment().segment_id())
    if segment in known:
        return segment, known[segment]
    stored = map(reader.stored_fields, range(reader.doc_count_all()))
    return segment, [(fields["path"], fields["stamp"]) for fields in stored]


def create(folder: Path) -> None:
    """Make an empty index in place of whatever files are in ``folder`` or bear its name; folders inside stay."""
    if folder.is_file():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    seal = folder / SEAL
    seal.unlink(missing_ok=True)
    for entry in folder.iterdir():
        _remove(entry)
    create_in(str(folder), SCHEMA)
    seal.touch()
    seal.write_text(json.dumps({**_identity(folder), "id": secrets.token_hex(8)}), "utf-8")


def write(folder: Path, removed: Iterable[str], added: Mapping[str, tuple[str, str]], *, bulk: bool) -> None:
    """Commit changes: take ``removed`` paths out, put ``added`` ones (path: stamp, text) in their place.

    ``bulk`` leaves merging for later: right when hundreds come at once.  Raises ForeignIndexError, LockError,
    OSError, or whatever a damaged index makes Whoosh raise; then Whoosh's lock stays until the process ends.
    """
    _seal(folder)
    ready = [(path, stamp, index_terms(text)) for path, (stamp, text) in added.items()]
    opened = open_dir(str(folder), schema=SCHEMA)
    codec = default_codec(blocklimit=1024)
    # Else every single posting asks the disk whether there is a file of field lengths.
    codec.length_stats = False
    writer = opened.writer(codec=codec, compound=False)
    try:
        if not opened.is_empty():
            with writer.searcher() as searcher:
                for path in chain(removed, added):
                    writer.delete_by_term("path", path, searcher=searcher)
        for path, stamp, terms in ready:
            writer.add_document(path=path, stamp=stamp, terms=terms)
        writer.commit(mergetype=NO_MERGE if bulk else merge_alike)
    except BaseException:
        with contextlib.suppress(Exception):
            writer.cancel()
        raise


def merge_alike(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge the small segments of one size class (1-7, 8-63, 64-511 documents) when there are `WIDTH`.

    So a note is rewritten a few times in its life, a commit costs milliseconds, and segments stay few.
    """
    alive = [segment for segment in segments if segment.doc_count() > 0]
    for size in range(3):
        alike = [segment for segment in alive if (segment.doc_count().bit_length() - 1) // 3 == size]
        if len(alike) >= WIDTH:
            chosen = _within(sorted(alike, key=lambda segment: int(segment.doc_count())), MERGED_AT_ONCE)
            for segment in chosen:
                with contextlib.closing(SegmentReader(writer.storage, writer.schema, segment)) as reader:
                    writer.add_reader(reader)
            return [segment for segment in alive if segment not in chosen]
    return alive


def sweep(folder: Path) -> None:
    """Delete what killed or failed commits left behind; only for who holds the index's lock."""
    _seal(folder)
    opened = open_dir(str(folder), schema=SCHEMA)
    keep = (SEAL, f"_MAIN_{opened.latest_generation()}.toc", "MAIN_WRITELOCK")
    segments = tuple(f"{segment.segment_id()}." for segment in opened._segments())
    for entry in folder.iterdir():
        if entry.name not in keep and not entry.name.startswith(segments or ("\0",)):
            _remove(entry)


def _seal(folder: Path) -> str:
    """Return what names this one index; raises ForeignIndexError when the folder is not ours, or a copy of ours."""
    try:
        seal = json.loads((folder / SEAL).read_bytes())
        if {key: seal[key] for key in _identity(folder)} != _identity(folder):
            raise ForeignIndexError(str(folder))
        return str(seal["id"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ForeignIndexError(str(folder)) from error


def _identity(folder: Path) -> dict[str, Any]:
    """Return what makes an index fit for use: its format, and file numbers that no copy brings along."""
    return {
        "format": FORMAT,
        "analyzer": VERSION,
        "unicode": unicodedata.unidata_version,
        "files": [os.stat(folder).st_ino, os.stat(folder / SEAL).st_ino],  # noqa: PTH116
    }


def _remove(entry: Path) -> None:
    """Delete a file, or a folder of temporary files with what is in it; leave anything else."""
    with contextlib.suppress(OSError):
        if entry.is_dir() and not entry.is_symlink():
            for file in entry.iterdir():
                file.unlink()
            entry.rmdir()
        else:
            entry.unlink()


def is_refusal(error: BaseException) -> bool:
    """Say whether the machine is at fault (disk full, read-only, too many files) and not the index."""
    return isinstance(error, OSError) and error.errno in REFUSED


def _within(segments: list[Any], most: int) -> list[Any]:
    """Return as many of the first segments as hold ``most`` documents together, but two at least."""
    chosen: list[Any] = []
    total = 0
    for segment in segments:
        total += segment.doc_count()
        if total > most and len(chosen) >= 2:
            break
        chosen.append(segment)
    return chosen
