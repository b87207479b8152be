"""Keep the Chinese catalogue complete: extract the strings of the code, merge, compile, complain.

python tools/catalogue.py           update studytui.po from the code and compile studytui.mo
python tools/catalogue.py --check   change nothing; exit 1 when a string lacks Chinese or the .mo is stale
python tools/catalogue.py --merge F take the translations of the PO fragment F as well
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PO = ROOT / "studytui/locale/zh/LC_MESSAGES/studytui.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"\{(\w*)")


def extract() -> Catalog:
    """Return every message of the package with the files it comes from (no line numbers: they churn)."""
    catalog = Catalog(locale="zh_Hans_CN", project="studytui", charset="utf-8", fuzzy=False)
    found = extract_from_dir(ROOT / "studytui", [("**.py", "python")], keywords=KEYWORDS)
    for file, _line, message, _comments, context in found:
        catalog.add(message, locations=[(f"studytui/{file}", 0)], context=context)
    return catalog


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
        if set(PLACEHOLDER.findall(string)) != wanted:
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
    """Return the .mo bytes of ``catalog``."""
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
