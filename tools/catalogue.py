"""Keep the Chinese catalogue complete: extract the strings of the code, merge, compile, complain.

python tools/catalogue.py           update studytui.po from the code and compile studytui.mo
python tools/catalogue.py --check   change nothing; exit 1 when a string lacks Chinese or the .mo is stale
python tools/catalogue.py --merge F take the translations of the PO fragment F as well
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PO = ROOT / "studytui/locale/zh/LC_MESSAGES/studytui.po"
MO = PO.with_suffix(".mo")
PLACEHOLDER = re.compile(r"\{(\w*)")
FUNCTIONS = {"_": 1, "N_": 1, "ngettext": 2}  # how many of the first arguments are message ids

# What Click asks gettext for by itself, where a learner can meet it; releases 8.1 to 8.5 differ a little.  Its bare
# words ("file", "path") are left out: they would be taken for ours.
CLICK: tuple[str | tuple[str, str], ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Positional arguments",
    "Show this message and exit.",
    "Show the version and exit.",
    "default: {default}",
    "required",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "No such option: {name}",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    "Option {name!r} does not take a value.",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "Choose from:\n\t{choices}",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "{value!r} is not a valid {number_type}.",
    ("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}."),
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
    "Could not open file {filename!r}: {message}",
    "unknown error",
)


def extract() -> Catalog:
    """Return every message of the package with the files it comes from (no line numbers: they churn)."""
    catalog = Catalog(locale="zh_Hans_CN", project="studytui", charset="utf-8", fuzzy=False)
    for path in sorted((ROOT / "studytui").rglob("*.py")):
        for message in messages(path.read_text("utf-8")):
            catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    for message in CLICK:
        catalog.add(message, locations=[("click", 0)])
    return catalog


def messages(source: str) -> Iterator[str | tuple[str, ...]]:
    """Yield the message ids in Python ``source``; a plural one as (singular, plural).

    The syntax tree is read because a tokenizer misses what stands inside an f-string before Python 3.12.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            wanted = node.args[: FUNCTIONS.get(node.func.id, 0)]
            ids = [arg.value for arg in wanted if isinstance(arg, ast.Constant)]
            texts = [text for text in ids if isinstance(text, str) and text]
            if texts and len(texts) == len(wanted):
                yield texts[0] if len(texts) == 1 else tuple(texts)


def merged(fragments: list[Path]) -> Catalog:
    """Return the code's messages with the translations that the catalogue and ``fragments`` know."""
    known: dict[str, tuple[str, ...]] = {}
    for source in [PO, *fragments] if PO.exists() else fragments:
        for message in read_po(io.BytesIO(source.read_bytes()), locale="zh_Hans_CN"):
            if message.id and _translated(message):
                known[_key(message)] = _strings(message)
    catalog = extract()
    for message in catalog:
        if message.id and (strings := known.get(_key(message))):
            message.string = strings[:1] if message.pluralizable else strings[0]
    return catalog


def problems(catalog: Catalog) -> list[str]:
    """Return one line for each message without Chinese, or whose placeholders differ from the English."""
    return [
        f"{message.id!r}: {fault}"
        for message in catalog
        if message.id and (fault := _fault(message)) is not None
    ]


def _fault(message: Message) -> str | None:
    if not _translated(message):
        return "no Chinese"
    english = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
    wanted = set(PLACEHOLDER.findall(english))
    for string in _strings(message):
        found = set(PLACEHOLDER.findall(string))
        # Click fills in English words such as "integer range", which Chinese sentences may leave out.
        if not found <= wanted or (found != wanted and message.locations != [("click", 0)]):
            return f"placeholders differ: {string!r}"
    return None


def _translated(message: Message) -> bool:
    return all(_strings(message)) and not message.fuzzy


def _key(message: Message) -> str:
    """Return the singular, under which gettext files a message."""
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, (tuple, list)) else (string or "",)


def compiled(catalog: Catalog) -> bytes:
    """Return the .mo bytes of ``catalog``; without a date, so that the same words give the same bytes."""
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main(arguments: list[str]) -> int:
    """Update or check the catalogue; return the exit code."""
    check = "--check" in arguments
    catalog = merged([Path(a) for a in arguments if not a.startswith("--")])
    faults = problems(catalog)
    if check and (
        not MO.exists() or MO.read_bytes() != compiled(read_po(PO.open("rb"), locale="zh_Hans_CN"))
    ):
        faults.append("studytui.mo is not what studytui.po gives: run make locale")
    if not check:
        PO.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        write_po(buffer, catalog, width=110, sort_output=True, include_lineno=False, omit_header=False)
        text = re.sub(rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By)[^\n]*\n', b"", buffer.getvalue())
        PO.write_bytes(text)
        MO.write_bytes(compiled(read_po(io.BytesIO(text), locale="zh_Hans_CN")))
    for fault in faults:
        print(fault)
    print(f"{sum(1 for m in catalog if m.id)} messages, {len(faults)} problems")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
