"""Cards to Anki and back, and the weekly review."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.learning.anki import AnkiNote, anki_notes, by_deck, cards_text, export_tsv, read_tsv
from studytui.learning.card_identity import match_cards
from studytui.learning.cards import Card, parse_cards

NOTE = """\
question with "quotes"\tand tab::answer

a:::b

- bullet
?
1. one
2. two::three

The ==first== and the ==second==^[ordinal] word.

In ==one==[^1], in ==two==[^2], in ==three==[^1]
"""


def cards(text: str) -> list[Card]:
    return parse_cards("t.md", "Topic", {"tags": ["flashcards/crm"]}, text)


def exported(text: str) -> str:
    found = cards(text)
    return export_tsv(anki_notes(found, match_cards([], found).ids))


def sides(found: list[Card]) -> list[tuple[str, str, str]]:
    return [(card.face, " ".join(card.front.split()), " ".join(card.answer.split())) for card in found]


def test_an_export_is_a_file_that_anki_reads() -> None:
    lines = exported("q::a\n\nc:::d").splitlines()
    assert lines[:5] == [
        "#separator:tab",
        "#html:false",
        "#guid column:1",
        "#notetype column:2",
        "#deck column:3",
    ]
    guid, kind, deck, tags, front, back = lines[6].split("\t")
    assert len(guid) == 12
    assert (kind, deck, tags, front, back) == ("Basic", "studytui::Topic", "flashcards::crm", "q", "a")
    assert lines[7].split("\t")[1:2] == ["Basic (and reversed card)"]
    assert len(lines) == 8
    assert "{{c1::first}} and the {{c2::second::ordinal}} word." in exported(NOTE)
    assert "In {{c1::one}}, in {{c2::two}}, in {{c1::three}}" in exported(NOTE)


def test_cards_come_back_as_they_went() -> None:
    notes = read_tsv(exported(NOTE))
    again = cards(cards_text(notes))
    assert sides(again) == sides(cards(NOTE))
    assert [note.kind for note in notes] == ["Basic", "Basic (and reversed card)", "Basic", "Cloze", "Cloze"]
    assert by_deck(notes).keys() == {"studytui::Topic"}


PLAIN = st.text(st.sampled_from("ab客户 \t\"'#?:-\n=<>&1.`"), min_size=1, max_size=24).filter(
    lambda text: any(letter.isalnum() for letter in text)
)


@given(PLAIN, PLAIN, st.booleans())
def test_any_two_sides_survive_the_way_there_and_back(front: str, back: str, both: bool) -> None:
    kind = "Basic (and reversed card)" if both else "Basic"
    (note,) = read_tsv(export_tsv([AnkiNote(kind, front, back, "deck", ("t",), "guid")]))
    assert (note.kind, note.deck, note.tags, note.guid) == (kind, "deck", ("t",), "guid")
    assert note.front.split() == front.split()
    assert note.back.split() == back.split()


def test_html_of_anki_becomes_markdown() -> None:
    (note,) = read_tsv(
        "#separator:tab\n#html:true\nWhat is <b>CRM</b>?&nbsp;[sound:x.mp3]\tCare<br><br>of<div>customers</div>"
    )
    assert note.front.startswith("What is **CRM**?")
    assert "sound" not in note.front
    assert [line.strip() for line in note.back.split("\n")] == ["Care", "of", "customers"]
    (plain,) = read_tsv("#html:false\na <b>\tb")
    assert plain.front == "a <b>"
    (guessed,) = read_tsv("a <b>bold</b>\tb")
    assert guessed.front == "a **bold**"


def test_cloze_notes_with_groups_hints_and_extra() -> None:
    text = cards_text(read_tsv("{{c1::Two}} purchases make a {{c2::repeat::stage}} customer\tA gate"))
    assert text == "==Two== purchases make a ==repeat==^[stage] customer\n\nA gate\n"
    grouped = cards_text(read_tsv("{{c1::a}} {{c2::b}} {{c1::c}}\t"))
    assert [card.answer for card in cards(grouped)] == ["a … c", "b"]


def test_other_separators_and_bare_files() -> None:
    assert read_tsv("#separator:Semicolon\na;b;x\n")[0].back == "b"
    assert read_tsv("\ufeffa\tb\r\n\r\nc\td\r\n")[1] == AnkiNote("Basic", "c", "d")
    headed = read_tsv("#deck:Marketing\n#tags:x y\n#notetype:Basic (and reversed card)\na\tb")[0]
    assert (headed.deck, headed.tags, headed.kind) == ("Marketing", ("x", "y"), "Basic (and reversed card)")
    assert read_tsv("") == []


def test_a_row_without_two_sides_is_named_by_its_line() -> None:
    with pytest.raises(StudyError, match="Line 4 "):
        read_tsv("#separator:tab\na\tb\nc\td\nonly one\n")


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("std::vector?", "a container"),
        ("ends in a colon:", "yes"),
        ("- a list", "of one"),
        ("# heading", "text"),
        ("two\nlines", "and\nthree\nmore"),
        ("?", "lone mark"),
        ("a", ":b"),
    ],
)
def test_sides_that_clash_with_our_syntax_are_still_one_card(front: str, back: str) -> None:
    found = cards(cards_text([AnkiNote("Basic", front, back)]))
    assert len(found) == 1
    assert found[0].answer == back
