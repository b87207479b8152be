"""Cards to and from Anki as a text file with tabs (Anki manual, "Text Files": header lines begin with ``#``)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.learning.cards import Card
from studytui.text import clean_text, html_to_markdown

NoteType = Literal["Basic", "Basic (and reversed card)", "Cloze"]
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_HEADER = re.compile(r"#(?P<key>[a-z]+(?: column)?):(?P<value>.*)", re.IGNORECASE)
_SPECIAL = ("guid column", "notetype column", "deck column", "tags column")
_CLOZE = re.compile(r"\{\{c(?P<group>\d+)::(?P<word>.*?)(?:::(?P<hint>[^{}]*))?\}\}", re.DOTALL)
_MARKUP = re.compile(r"</?[a-z][^>]*>|&(?:[a-z]+|#\d+);", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:[^\]]*\]")
_NOT_INLINE = re.compile(r"::|\n|:$|^\s*(?:[-*+>#]|\d+[.)])(?:\s|$)")


@dataclass(frozen=True)
class AnkiNote:
    """One note of Anki's; of a cloze note ``front`` is the text with ``{{c1::…}}`` and ``back`` the extra field."""

    kind: NoteType
    front: str
    back: str
    deck: str = ""
    tags: tuple[str, ...] = ()
    guid: str = ""


def anki_notes(cards: Sequence[Card], ids: Sequence[str]) -> list[AnkiNote]:
    """Return the cards as Anki notes: siblings become one note, the id of the first its guid.

    So importing the same file again updates the notes in Anki instead of doubling them.
    """
    families: dict[tuple[str, int, bool], list[tuple[Card, str]]] = {}
    for card, card_id in zip(cards, ids, strict=True):
        families.setdefault((*card.family, card.face == "cloze"), []).append((card, card_id))
    return [_anki_note(family) for family in families.values()]


def export_tsv(notes: Iterable[AnkiNote]) -> str:
    """Return the text of an import file for Anki: guid, note type, deck, tags, front, back; plain text."""
    lines = io.StringIO()
    lines.write(
        "#separator:tab\n#html:false\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:4\n"
    )
    writer = csv.writer(lines, delimiter="\t", lineterminator="\n")
    for note in notes:
        writer.writerow([note.guid, note.kind, note.deck, " ".join(note.tags), note.front, note.back])
    return lines.getvalue()


def read_tsv(text: str) -> list[AnkiNote]:
    """Return the notes of a text file exported by Anki, or of any file with two columns and no header.

    Raises StudyError naming the line of a row without two sides.
    """
    headers, body, above = _split_headers(clean_text(text.removeprefix("\ufeff")))
    name = headers.get("separator", "tab").casefold()
    rows = csv.reader(io.StringIO(body), delimiter=_SEPARATORS.get(name, name if len(name) == 1 else "\t"))
    found: list[AnkiNote] = []
    line = above + 1
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                found.append(_read_row(row, headers, line))
            line = above + rows.line_num + 1
    except csv.Error as error:
        raise StudyError(
            _("Line {line} of the file cannot be read: {reason}.").format(line=line, reason=error),
            _("Export it again from Anki as “Notes in Plain Text”."),
        ) from error
    return found


def by_deck(notes: Iterable[AnkiNote]) -> dict[str, list[AnkiNote]]:
    """Return the notes by deck, so that each deck can become one of our notes."""
    found: dict[str, list[AnkiNote]] = {}
    for note in notes:
        found.setdefault(note.deck, []).append(note)
    return found


def cards_text(notes: Iterable[AnkiNote]) -> str:
    """Return Markdown in our card syntax, one card a paragraph, for the body of a note tagged ``flashcards``."""
    return "\n\n".join(filter(None, map(_card_text, notes))) + "\n"


def _split_headers(text: str) -> tuple[dict[str, str], str, int]:
    """Return (header values by name, the rest, how many header lines there were)."""
    headers: dict[str, str] = {}
    above = 0
    while (match := _HEADER.match(text)) is not None:
        headers[match["key"].casefold()] = match["value"].strip()
        text = text[match.end() :].removeprefix("\n")
        above += 1
    return headers, text, above


def _read_row(row: list[str], headers: dict[str, str], line: int) -> AnkiNote:
    places = {key: int(headers[key]) - 1 for key in _SPECIAL if headers.get(key, "").isdecimal()}
    values = {key: row[place].strip() for key, place in places.items() if place < len(row)}
    sides = [cell for place, cell in enumerate(row) if place not in places.values()]
    kind_name = values.get("notetype column") or headers.get("notetype", "")
    front, back = (
        _side(sides[0] if sides else "", headers),
        _side(sides[1] if len(sides) > 1 else "", headers),
    )
    kind: NoteType = "Basic (and reversed card)" if "reversed" in kind_name.casefold() else "Basic"
    kind = "Cloze" if _CLOZE.search(front) else kind
    if not front or (not back and kind != "Cloze"):
        raise StudyError(
            _("Line {line} of the file has no question and answer.").format(line=line),
            _("Each line needs two columns: the question, a tab, the answer."),
        )
    tags = tuple((values.get("tags column") or headers.get("tags", "")).split())
    deck = values.get("deck column") or headers.get("deck", "")
    return AnkiNote(kind, front, back, deck, tags, values.get("guid column", ""))


def _side(text: str, headers: dict[str, str]) -> str:
    """Return one field as Markdown without blank lines, which would end a card."""
    said = headers.get("html", "").casefold()
    if said == "true" or (not said and _MARKUP.search(text)):
        text = html_to_markdown(text)
    lines = (line.rstrip() for line in _SOUND.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line.strip()).strip()


def _card_text(note: AnkiNote) -> str:
    if note.kind == "Cloze":
        text = _cloze_text(_safe(note.front))
        return text if not note.back else f"{text}\n\n{_safe(note.back)}"
    both = note.kind == "Basic (and reversed card)"
    if _NOT_INLINE.search(note.front) or "\n" in note.back or note.back.startswith(":"):
        front = re.sub(r":(?=:)", ": ", _safe(note.front))
        return f"{front}\n{'??' if both else '?'}\n{_safe(note.back)}"
    return f"{note.front}{':::' if both else '::'}{note.back}"


def _safe(text: str) -> str:
    """Return ``text`` without lines that our syntax would read as a heading, a separator or a comment."""
    lines = (re.sub(r"^(\s*)(#{1,6}\s|\?{1,2}\s*$|<!--)", r"\1\\\2", line) for line in text.split("\n"))
    return "\n".join(lines)


def _cloze_text(text: str) -> str:
    """Return Anki's ``{{c1::word::hint}}`` as ``==word==^[hint]``, numbered where one group hides several words."""
    groups = [match["group"] for match in _CLOZE.finditer(text)]
    numbered = len(set(groups)) < len(groups)

    def marked(match: re.Match[str]) -> str:
        hint = f"^[{match['hint']}]" if match["hint"] else ""
        return f"=={match['word'].strip()}=={hint}" + (f"[^{match['group']}]" if numbered else "")

    return _CLOZE.sub(marked, text)


def _anki_note(family: Sequence[tuple[Card, str]]) -> AnkiNote:
    card, guid = family[0]
    deck = "::".join(part for part in ("studytui", card.title) if part)
    tags = tuple(tag.replace("/", "::") for tag in card.decks)
    if card.face == "cloze":
        return AnkiNote("Cloze", card.cloze, "", deck, tags, guid)
    kind: NoteType = "Basic (and reversed card)" if len(family) > 1 else "Basic"
    return AnkiNote(kind, card.front, card.back, deck, tags, guid)
