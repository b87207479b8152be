"""Reading a practice record from the bytes of a note: every fault of the file becomes a problem, none an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from studytui.errors import StudyError
from studytui.i18n import _, language
from studytui.practice.block import (
    Block,
    Chunk,
    Pair,
    SlipError,
    entry_pairs,
    find_block,
    front_matter,
    front_pairs,
    is_wide_colon,
    line_number,
    lines_of,
    wide_colon,
)
from studytui.practice.fields import FieldError, Value, find_word
from studytui.practice.record import COMMON, DATE, Problem, Record
from studytui.practice.tool import Entry, Fault, Tool, tool, unknown

Texts = dict[str, str | Sequence[str]]
# A room reads the same few notes at every step.
_KEEP = 128
_kept: dict[tuple[bytes, str, str], Record] = {}
_COMMON = frozenset(word.key for word in COMMON)


def parse_record(raw: bytes, path: str) -> Record:
    """Return the record in the bytes of the note at ``path`` (as people see it, for the problems)."""
    asked = (raw, path, language())
    record = _kept.get(asked)
    if record is None:
        record = _parsed(raw, path)
        # Problems are sentences; the language may change while a thread reads.
        if language() == asked[2]:
            if len(_kept) >= _KEEP:
                _kept.clear()
            _kept[asked] = record
    return record


def _parsed(raw: bytes, path: str) -> Record:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = Problem(
            path,
            raw.count(b"\n", 0, error.start) + 1,
            _("This file is not UTF-8: byte {byte} cannot be read.").format(byte=f"0x{raw[error.start]:02x}"),
            _("Save it as UTF-8 in the editor that you changed it with."),
        )
        return Record(path, raw, None, problems=(problem,))
    return _Reading(raw, text, path).record()


class _Reading:
    """One pass over the text of a note, collecting problems on the way."""

    def __init__(self, raw: bytes, text: str, path: str) -> None:
        self.raw = raw
        self.text = text
        self.path = path
        self.problems: list[Problem] = []
        self.words: list[str] = []

    def record(self) -> Record:
        front = self._front()
        found = self._tool(front)
        block = self._block() if found else None
        entries = self._checked(found, self._entries(found, block)) if found and block else ()
        lang = front.get("lang", ("", 0))[0]
        return Record(
            self.path,
            self.raw,
            found,
            title=front.get("title", ("", 0))[0],
            lang=lang,
            entries=entries,
            problems=tuple(sorted(self.problems, key=lambda problem: problem.line)),
            words=self._written_in(lang),
        )

    def _written_in(self, lang: str) -> str:
        """Return the language that most field names are in; without any, that of the note or the screen."""
        if not self.words:
            return lang or language()
        return "zh" if self.words.count("zh") * 2 > len(self.words) else "en"

    def _add(self, index: int, message: str, hint: str) -> None:
        self.problems.append(Problem(self.path, line_number(self.text, index), message, hint))

    def _slip(self, slip: SlipError) -> None:
        self._add(slip.index, slip.message, slip.hint)

    def _front(self) -> dict[str, tuple[str, int]]:
        """Return (value, index) of each key of the front matter that holds one value."""
        span = front_matter(self.text)
        if span is None:
            self._add(
                0,
                _("The note does not begin with front matter."),
                _("Begin it with a line ---, then “kind: practice” and “tool: …”, then another line ---."),
            )
            return {}
        try:
            pairs = front_pairs(self.text, *span)
        except SlipError as slip:
            self._slip(slip)
            return {}
        return {pair.name: (pair.value.strip(), pair.at) for pair in pairs if isinstance(pair.value, str)}

    def _tool(self, front: Mapping[str, tuple[str, int]]) -> Tool | None:
        if not front and self.problems:
            return None
        name, index = front.get("tool", ("", 0))
        try:
            return tool(name)
        except StudyError as error:
            unnamed = _("The front matter does not say which tool the note belongs to.")
            self._add(index, error.message if name else unnamed, error.hint)
            return None

    def _block(self) -> Block | None:
        span = front_matter(self.text)
        try:
            block = find_block(self.text, span[1] if span else 0)
        except SlipError as slip:
            self._slip(slip)
            return None
        for index in block.stray:
            if is_wide_colon(next(lines_of(self.text, index))[1]):
                self._slip(wide_colon(index))
                continue
            hint = _("Begin an entry with “- date: 2026-11-22”; begin a remark with #.")
            self._add(index, _("This line belongs to no entry."), hint)
        for index in block.others:
            message = _("This is a second practice block; only the first one is read.")
            self._add(index, message, _("Move its entries into the first block."))
        return block

    def _entries(self, found: Tool, block: Block) -> Iterator[Entry]:
        """Yield the entries whose values can be read; the others become problems."""
        for chunk in block.chunks:
            try:
                pairs = entry_pairs(self.text, chunk)
            except SlipError as slip:
                self._slip(slip)
                continue
            entry = self._entry(found, chunk, pairs)
            if entry is not None:
                yield entry

    def _entry(self, found: Tool, chunk: Chunk, pairs: Sequence[Pair]) -> Entry | None:
        """Return the entry of ``chunk``, None when something in it is wrong."""
        before = len(self.problems)
        texts: Texts = {}
        indices: dict[str, int] = {}
        for pair in pairs:
            word = find_word((*COMMON, *found.fields), pair.name)
            if word is None:
                before += self._unknown(found, pair)
            elif word.key in texts:
                message = _("“{field}” stands twice in this entry.").format(field=pair.name)
                self._add(pair.at, message, _("Keep one of the two lines."))
            elif pair.value is None:
                message = _("Behind this colon stands more than one value.")
                self._add(pair.at, message, _("Write one value in the same line."))
            else:
                self.words.append("zh" if word.zh == pair.name.strip() else "en")
                texts[word.key] = pair.value
                indices[word.key] = pair.at
        common, faults = _common(texts)
        values, unreadable = found.read({key: text for key, text in texts.items() if key not in _COMMON})
        for fault in (*faults, *unreadable):
            self._add(indices.get(fault.field, chunk.start), fault.message, fault.hint)
        if len(self.problems) > before:
            return None
        lines = {key: line_number(self.text, index) for key, index in indices.items()}
        return _entry(common, values, line_number(self.text, chunk.start), lines)

    def _unknown(self, found: Tool, pair: Pair) -> int:
        """Note a field that is not read; return 1, the problems that leave the rest of the entry good."""
        if is_wide_colon(pair.name):
            self._slip(wide_colon(pair.at))
            return 0
        fault = unknown(pair.name, (*COMMON, *found.fields))
        self._add(pair.at, fault.message, fault.hint)
        return 1

    def _checked(self, found: Tool, entries: Iterator[Entry]) -> tuple[Entry, ...]:
        """Return the entries that their tool accepts after those before them; examples stand for themselves."""
        read = list(entries)
        accepted: dict[bool, list[Entry]] = {True: [], False: []}
        refused = set()
        for entry in sorted(read, key=lambda entry: entry.day):
            faults = list(found.check(entry, accepted[entry.example]))
            for fault in faults:
                line = entry.lines.get(fault.field, entry.line)
                self.problems.append(Problem(self.path, line, fault.message, fault.hint))
            if faults:
                refused.add(entry.line)
            else:
                accepted[entry.example].append(entry)
        return tuple(entry for entry in read if entry.line not in refused)


def _common(texts: Texts) -> tuple[dict[str, Value], list[Fault]]:
    """Return date, example and note of an entry, with a fault for each that is unreadable or missing."""
    values: dict[str, Value] = {}
    faults = []
    for word in COMMON:
        try:
            value = word.read(texts.get(word.key, ""))
        except FieldError as error:
            faults.append(Fault(word.key, error.message, error.hint))
            continue
        if value is not None:
            values[word.key] = value
        elif word is DATE:
            hint = _("Begin it with “- date: 2026-11-22”.")
            faults.append(Fault(DATE.key, _("The entry has no date."), hint))
    return values, faults


def _entry(
    common: Mapping[str, Value], values: Mapping[str, Value], line: int, lines: Mapping[str, int]
) -> Entry | None:
    day, note = common.get("date"), common.get("note")
    if not isinstance(day, date):
        return None
    text = note if isinstance(note, str) else ""
    return Entry(day, values, common.get("example") is True, text, line, lines)
