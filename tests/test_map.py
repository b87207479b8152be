"""The map: the outline's lines, filing, the inbox; and tags everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.notes import map as maps
from studytui.notes import outline, tags
from studytui.notes.vault import Vault
from studytui.workspace import Workspace

MAP = """---
kind: map
lang: en
---
# My map

Words before the list.

## Learning
- [[Keep at it]]
  - [[Sort|sorted]]
    more about it
  - Group
    - [[Explain]]
- [[Sites]]

## Selling

- [[Stages]]
"""


@pytest.fixture
def vault(workspace: Workspace, journal: Journal) -> Vault:
    made = Vault(workspace, journal)
    (workspace.notes / "Map.md").write_text(MAP)
    for title in ("Keep at it", "Sort", "Explain", "Stages"):
        (workspace.notes / f"{title}.md").write_text(f"---\nkind: topic\n---\n# {title}\n")
    made.scan()
    return made


def shown(vault: Vault) -> list[str]:
    return ["  " * p.depth + p.title for root in maps.topic_tree(vault, "en") for p in root.walk()]


def at(vault: Vault, title: str) -> maps.Place:
    return next(p for root in maps.topic_tree(vault) for p in root.walk() if p.title == title)


def test_tree_of_headings_and_nested_items(vault: Vault) -> None:
    assert shown(vault) == [
        "My map",
        "  Learning",
        "    Keep at it",
        "      Sort",
        "      Group",
        "        Explain",
        "    Sites",
        "  Selling",
        "    Stages",
    ]
    assert at(vault, "Sites").linked and at(vault, "Sites").note is None
    assert not at(vault, "Group").linked
    assert maps.topic_tree(vault, "zh") == []


def test_moving_nesting_adding_and_removing_keep_the_other_lines(vault: Vault) -> None:
    def text() -> str:
        return vault.read("Map.md").source

    maps.move_place(vault, at(vault, "Keep at it"), down=True)
    keep = "- [[Keep at it]]\n  - [[Sort|sorted]]\n    more about it\n  - Group\n    - [[Explain]]\n"
    assert text() == MAP.replace(f"{keep}- [[Sites]]\n", f"- [[Sites]]\n{keep}")
    maps.move_place(vault, at(vault, "Keep at it"), down=False)
    assert text() == MAP
    maps.nest_place(vault, at(vault, "Sites"))
    assert text() == MAP.replace("- [[Sites]]", "  - [[Sites]]")
    maps.unnest_place(vault, at(vault, "Sort"))
    assert "  - [[Sites]]\n- [[Sort|sorted]]\n  more about it\n\n## Selling" in text()
    maps.remove_place(vault, at(vault, "Group"))
    assert "- [[Keep at it]]\n  - [[Explain]]\n  - [[Sites]]\n" in text()
    maps.add_place(vault, "Map.md", "Explain.md", at(vault, "Stages"))
    assert text().endswith("- [[Stages]]\n  - [[Explain]]\n")
    maps.move_place(vault, at(vault, "Selling"), down=False)
    assert text().index("## Selling") < text().index("## Learning")
    while vault.operations():
        vault.undo(vault.operations()[0].id)
    assert text() == MAP


def test_a_place_that_moved_meanwhile_is_not_edited(vault: Vault) -> None:
    place = at(vault, "Sites")
    vault.edit("Map.md", lambda source: source.replace("Words before", "Two\nlines\n\nbefore"))
    with pytest.raises(StudyError, match="changed meanwhile"):
        maps.nest_place(vault, place)


def test_filing_and_inbox(vault: Vault) -> None:
    one = vault.create("One", "text")
    two = vault.create("Two", "see [[Explain]]")
    vault.create("Person", front={"kind": "person"})
    vault.edit("Stages.md", lambda source: source + "[[One]]\n")
    filing = maps.Filing(vault, "en")
    assert [n.title for n in filing.notes("Stages.md")] == ["One"]
    assert [n.title for n in filing.notes("Explain.md")] == ["Two"]
    assert filing.unfiled() == []
    vault.edit("Stages.md", lambda source: source.replace("[[One]]", ""))
    assert [n.path for n in maps.Filing(vault).unfiled()] == [one.path]
    before = vault.read(one.path).source
    maps.file_under(vault, one.path, "Stages.md")
    assert vault.read(one.path).source == before.replace("2026-11-22\n", "2026-11-22\ntopic: Stages\n")
    maps.file_under(vault, one.path, "Sort.md")
    maps.file_under(vault, one.path, "Sort.md")
    assert vault.read(one.path).note.topics == ("Stages", "Sort")
    assert maps.Filing(vault).unfiled() == []
    assert [n.path for n in maps.recent_topics(vault)] == ["Sort.md", "Stages.md"]
    assert maps.Filing(vault).touched("Sort.md") is not None
    assert two.path not in [n.path for n in maps.Filing(vault).unfiled()]
    vault.create("Loose", front={"kind": "topic"})
    assert [n.title for n in maps.loose_topics(vault)] == ["Loose"]


LINES = st.lists(
    st.builds(
        lambda indent, sign, word: " " * indent + sign + word,
        st.sampled_from([0, 0, 2, 4, 6]),
        st.sampled_from(["- ", "* ", "1. ", "", "## ", "- [[", "\t- "]),
        st.sampled_from(["a", "b", "客户", ""]),
    ),
    max_size=9,
)


@given(LINES, st.data(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_outline_edits_move_whole_lines(
    lines: list[str], data: st.DataObject, newline: str, final: bool
) -> None:
    source = newline.join(lines) + (newline if final and lines else "")
    entries = [e for root in outline.parse(source) for e in _all(root)]
    if not entries:
        return
    entry = data.draw(st.sampled_from(entries))
    line = entry.line
    for edited in (
        outline.move(source, line, True),
        outline.move(source, line, False),
        outline.nest(source, line),
        outline.unnest(source, line),
    ):
        assert sorted(map(str.strip, edited.split("\n"))) == sorted(map(str.strip, source.split("\n")))
        assert edited.endswith("\n") == source.endswith("\n")
    assert outline.move(outline.move(source, line, True), _after(source, entry, True), False) == source
    added = outline.add(source, "[[new]]", line)
    parent = next(e for root in outline.parse(added) for e in _all(root) if "[[new]]" in e.text).parent
    assert parent is None or entry.is_heading or parent.text == entry.text


def _after(source: str, entry: outline.Entry, down: bool) -> int:
    """Return the line on which ``entry`` stands once it was moved."""
    moved = outline.move(source, entry.line, down)
    if moved == source:
        return -1
    lines = source.split("\n")
    siblings = entry.parent.children if entry.parent else outline.parse(source)
    below = next(s for s in siblings if s.line > entry.line)
    end = below.end
    while end > below.line + 1 and not lines[end - 1].strip():
        end -= 1
    own = entry.end
    while own > entry.line + 1 and not lines[own - 1].strip():
        own -= 1
    return end - (own - entry.line)


def _all(entry: outline.Entry) -> list[outline.Entry]:
    return [entry, *(below for child in entry.children for below in _all(child))]


# --- tags -----------------------------------------------------------------------------------------------------


def test_tag_counts_are_nested_and_case_blind(vault: Vault) -> None:
    vault.create("a", "＃营销/漏斗 #x", front={"tags": ["CRM"]})
    vault.create(
        "b",
        "#营销 #crm #123 C# a#b http://x/#y `#code` [[n#h]] (#营销/漏斗)",
        front={"tags": "crm, CRM/tools"},
    )
    assert [(t.name, t.own, t.total) for t in tags.tag_counts(vault.notes())] == [
        ("CRM", 2, 2),
        ("CRM/tools", 1, 1),
        ("x", 1, 1),
        ("营销", 1, 2),
        ("营销/漏斗", 2, 2),
    ]


def test_rename_tag_everywhere_and_back(vault: Vault) -> None:
    one = vault.create("a", "＃营销/漏斗 and #营销 `#营销` #营销部", front={"tags": ["营销", "b"]})
    two = vault.create("b", "x", front={"tags": "营销 crm"})
    before = [vault.read(n.path).source for n in (one, two)]
    assert tags.rename_tag(vault, "#营销", "市场/网络") == 2
    assert vault.read(one.path).source == before[0].replace("＃营销/漏斗", "＃市场/网络/漏斗").replace(
        "and #营销 ", "and #市场/网络 "
    ).replace("[营销, b]", "[市场/网络, b]")
    assert vault.read(two.path).note.tags == ("市场/网络", "crm")
    assert str(vault.operations()[0]) == "Renamed the tag #营销 to #市场/网络 (2 files)"
    vault.undo(vault.operations()[0].id)
    assert [vault.read(n.path).source for n in (one, two)] == before
    for bad in ("", "a b", "1", "a//b", "#"):
        with pytest.raises(StudyError):
            tags.rename_tag(vault, "营销", bad)


def test_add_and_remove_one_tag(vault: Vault) -> None:
    note = vault.create("a", "one #x two #x/y\n#x", front={"tags": ["b"]})
    before = vault.read(note.path).source
    tags.add_tag(vault, note.path, "＃new")
    assert vault.read(note.path).source == before.replace("[b]", "[b, new]")
    tags.add_tag(vault, note.path, "NEW")
    tags.remove_tag(vault, note.path, "new")
    assert vault.read(note.path).source == before
    tags.remove_tag(vault, note.path, "x")
    assert vault.read(note.path).source == before.replace("one #x two", "one two").replace("\n#x\n", "\n\n")
    tags.remove_tag(vault, note.path, "b")
    assert "tags" not in vault.read(note.path).note.front
