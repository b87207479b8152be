"""Notes: what is read from real-world Markdown, and edits that change only what they must."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.notes import front_edit, names, syntax
from studytui.notes.front import FrontError, split
from studytui.notes.map import Filing
from studytui.notes.note import body_start, parse_note, shown, with_body, with_tag, with_text
from studytui.notes.tags import tag_counts
from studytui.notes.vault import Vault
from studytui.workspace import Workspace

ODD = Path(__file__).parent / "notes_odd"
FILES = {file.relative_to(ODD).as_posix(): file for file in sorted(ODD.rglob("*.md"))}


def odd(name: str) -> tuple[object, str]:
    raw = FILES[name].read_bytes()
    return parse_note(raw, name), raw.decode()


def test_reading_of_odd_notes() -> None:
    notes = {name: parse_note(file.read_bytes(), name) for name, file in FILES.items()}
    titles = {name: note.title for name, note in notes.items()}
    assert titles["crlf-bom.md"] == "Windows note" and notes["crlf-bom.md"].tags == ("a", "b")
    assert titles["mixed-ends.md"] == "Mixed" and titles["no-front.md"] == "no-front"
    assert titles["dots-end.md"] == "Ends with dots" and titles["unclosed-front.md"] == "Heading"
    assert titles["rule-first.md"] == "rule-first" and notes["rule-first.md"].problem is None
    assert titles["headings.md"] == "Indented One"
    assert titles["中文 文件名（全角）.md"] == "客户关系：第一课"
    assert titles["yaml-styles.md"] == "Quoted: title"
    assert notes["yaml-styles.md"].tags == ("one", "two", "three four", "five")
    assert notes["obsidian-props.md"].aliases == ("别名一", "Alias: two")
    assert notes["obsidian-props.md"].front["rating"] == 4.5
    assert notes["obsidian-props.md"].front["created"] == "2024-05-06T07:08:09"
    assert notes["obsidian-props.md"].tags == ("todo",)
    assert notes["tags-string.md"].tags == ("a", "b", "c", "inline", "全角/嵌套", "a1", "bracket")
    assert "\x1b" not in titles["controls.md"]
    problems = {name: note.problem.kind for name, note in notes.items() if note.problem}
    assert problems == {
        "binary.md": "binary",
        "dup-key.md": "front",
        "gbk.md": "encoding",
        "latin1.md": "encoding",
        "list-front.md": "front",
        "tab-front.md": "front",
        "truncated-utf8.md": "encoding",
        "utf16.md": "binary",
    }
    assert str(notes["dup-key.md"].problem) == (
        "The front matter cannot be read (line 3): the same key stands there twice."
    )


def test_links_of_the_zoo() -> None:
    note = parse_note(FILES["links-zoo.md"].read_bytes(), "links-zoo.md")
    assert [(link.kind, link.target, link.label) for link in note.links] == [
        ("wiki", "no-front", ""),
        ("wiki", "no-front", "label"),
        ("wiki", "no-front", ""),
        ("wiki", "no-front", ""),
        ("wiki", "", ""),
        ("embed", "embed.png", "100"),
        ("embed", "no-front", ""),
        ("markdown", "no-front.md", "md"),
        ("markdown", "./no-front.md", "md2"),
        ("markdown", "no-front.md", "md3"),
        ("markdown", "sub folder/deep note.md", "md4"),
        ("image", "pic.png", "img"),
        ("wiki", "x", ""),
        ("wiki", "a", "b|c"),
        ("wiki", "spaced", ""),
        ("reference", "no-front.md", "r"),
        ("wiki", "no-front", "in table"),
        ("wiki", "no-front", ""),
        ("wiki", "no-front", ""),
        ("wiki", "math", ""),
    ]
    assert note.tags == ()


def test_an_obsidian_vault_is_opened_and_nothing_changes(workspace: Workspace, journal: Journal) -> None:
    shutil.copytree(ODD, workspace.notes, dirs_exist_ok=True)
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in workspace.notes.rglob("*") if p.is_file()}
    for _session in range(2):
        vault = Vault(workspace, journal)
        vault.scan()
        listed = [note.path for note in vault.notes()]
        assert sorted(listed) == sorted(FILES)
        for note in vault.notes():
            vault.graph.backlinks(note.path)
            vault.graph.mentions(note.path)
            vault.graph.outgoing(note.path)
        vault.graph.dead(), vault.graph.orphans(), tag_counts(vault.notes()), Filing(vault).unfiled()
    assert {
        p: (p.read_bytes(), p.stat().st_mtime_ns) for p in workspace.notes.rglob("*") if p.is_file()
    } == before
    assert journal.events() == []


def changed(old: str, new: str) -> tuple[str, str]:
    """Return what was taken out and what was put in, the common start and end left away."""
    head = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    old, new = old[head:], new[head:]
    tail = next(
        (n for n, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b),
        min(len(old), len(new)),
    )
    return old[: len(old) - tail], new[: len(new) - tail]


def check_edits(source: str) -> None:
    """Every kind of edit changes only its own thing, in any note that can be edited at all."""
    try:
        front, start = split(source)
    except FrontError:
        with pytest.raises(StudyError):
            front_edit.set_key(source, "zz", "new")
        return
    edited = front_edit.set_key(source, "zz", "new")
    out, put = changed(source, edited)
    assert out == ""
    # Where the text goes on with the same signs, the difference may be seen some signs further on.
    assert sorted("".join(put.split())) in (sorted("zz:new"), sorted("---zz:new---"))
    removed = front_edit.set_key(edited, "zz", None)
    assert removed == source or (not front and removed[split(removed)[1] :] == source[start:])
    for key in front:
        if key in ("anchored", "again"):
            continue  # an anchor and its use: refused, see below
        edited = front_edit.set_key(source, key, "new value")
        kept = [line for line in source.split("\n") if line not in edited.split("\n")]
        assert edited[split(edited)[1] :] == source[start:]
        assert all(other in edited for other in source[:start].split("\n") if other.lstrip().startswith("#"))
        assert len(kept) <= 6
    tagged = with_tag(source, "新/tag")
    assert parse_note(tagged.encode(), "x").tags != () and tagged[split(tagged)[1] :] == source[start:]
    assert with_tag(tagged, "新/tag") == tagged
    text = shown(source)
    assert with_text(source, text) == source
    lines = text.split("\n")
    for n in {0, len(lines) // 2, len(lines) - 1}:
        new = with_text(source, "\n".join([*lines[:n], lines[n] + "✎", *lines[n + 1 :]]))
        out, put = changed(source, new)
        # Where the same sign ends the line before, the difference may be seen one line end further on.
        assert (out, put) == ("", "✎")
    assert shown(with_text(source, text + "more")) == text + "more"
    body = shown(source[body_start(source) :])
    assert with_body(source, body) == source
    assert with_body(source, body + "x\n")[: body_start(source)] == source[: body_start(source)]


@pytest.mark.parametrize("name", FILES)
def test_one_edit_changes_one_thing_in_odd_notes(name: str) -> None:
    raw = FILES[name].read_bytes()
    note = parse_note(raw, name)
    if note.problem is None or note.problem.kind == "front":
        check_edits(raw.decode())


WORDS = st.sampled_from(
    ["客户", "a", "B c", "[[x]]", "#t", "`c`", "- l", "> q", "", "==z==", "k: v", "\t", "é", "\u3000"]
)
VALUE = st.sampled_from(
    [
        "x",
        '"q: y"',
        "[a, b]",
        "12:30",
        "",
        "'s'",
        "[[n]]",
        "\n  - i\n  - j  # c",
        "|\n  block\n",
        "{a: 1}",
        "x # c",
        "2",
    ]
)


@st.composite
def notes(draw: st.DrawFn) -> str:
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    keys = draw(st.lists(st.sampled_from(["title", "tags", "k1", "键", "topic"]), unique=True, max_size=4))
    front = "".join(f"{draw(st.sampled_from(['', '# c' + chr(10)]))}{key}: {draw(VALUE)}\n" for key in keys)
    body = "\n".join(draw(st.lists(WORDS, max_size=8)))
    fenced = f"---\n{front}---\n" if keys or draw(st.booleans()) else ""
    text = (fenced + body + draw(st.sampled_from(["", "\n"]))).replace("\n", newline)
    return draw(st.sampled_from(["", "\ufeff"])) + text


@given(notes())
def test_every_edit_changes_one_thing(source: str) -> None:
    check_edits(source)


def test_one_random_edit_in_a_thousand_generated_notes() -> None:
    dice = random.Random(7)
    for _note in range(1_000):
        source, line = _generated(dice), dice.choice(["✎", "two\nlines", ""])
        kind = dice.choice(["set", "remove", "tag", "body", "line"])
        front, start = split(source)
        if kind in ("set", "remove"):
            key = dice.choice([*front, "new"])
            edited = front_edit.set_key(source, key, "v: 1" if kind == "set" else None)
            wanted = {**front, key: "v: 1"} if kind == "set" else {k: v for k, v in front.items() if k != key}
            assert split(edited)[0] == wanted and edited[split(edited)[1] :] == source[start:]
            untouched = [
                text for text in source[:start].splitlines() if text.partition(":")[0] in set(wanted) - {key}
            ]
            assert all(text in edited.splitlines() for text in untouched)
        elif kind == "tag":
            edited = with_tag(source, "neu/er")
            assert (
                "neu/er" in parse_note(edited.encode(), "").tags
                and edited[split(edited)[1] :] == source[start:]
            )
        else:
            lines = shown(source[start:] if kind == "body" else source).split("\n")
            at = dice.randrange(len(lines))
            text = "\n".join([*lines[:at], line, *lines[at + 1 :]])
            edited = with_body(source, text) if kind == "body" else with_text(source, text)
            out, put = changed(source, edited)
            assert shown(out).strip("\n") in shown(lines[at] + "\n") or len(out) <= len(lines[at]) + 4
            assert len(put) <= len(line) + 4 and edited.startswith("\ufeff") == source.startswith("\ufeff")


def _generated(dice: random.Random) -> str:
    keys = dice.sample(["title", "tags", "date", "键", "aliases", "url"], dice.randint(0, 5))
    values = [
        "x",
        '"q: y"',
        "[a, b]",
        "12:30",
        "'s'",
        "\n  - i\n  - j  # c",
        "|\n  block",
        "{a: 1}",
        "x # c",
        "2",
    ]
    front = "".join(f"{key}: {dice.choice(values)}\n" for key in keys)
    words = [
        "客户关系",
        "a b c.",
        "[[x|y]]",
        "#t/u",
        "`code`",
        "- [ ] l",
        "> q",
        "",
        "==z==",
        "k: v",
        "| a | b |",
        "é",
    ]
    body = "\n".join(dice.choices(words, k=dice.randint(0, 30))) + dice.choice(["", "\n"])
    text = (f"---\n{front}---\n" if keys else "") + body
    return dice.choice(["", "\ufeff"]) + text.replace("\n", dice.choice(["\n", "\r\n"]))


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_make_a_note(raw: bytes) -> None:
    note = parse_note(raw, "f/名.md")
    assert (note.title and note.problem is None) or str(note.problem)
    assert note.title == note.title.strip() and "\n" not in note.title and "\x1b" not in note.title


@given(st.text(alphabet="a\n\r\ufeff客b", max_size=14), st.text(alphabet="a\n客b", max_size=14))
def test_any_text_can_become_any_other(source: str, text: str) -> None:
    assert shown(with_text(source, text)) == text.removeprefix("\ufeff")


# --- names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("a/b: c?", "a／b： c？"),
        ("con", "con_"),
        ("Aux.txt", "Aux_.txt"),
        ("LPT1", "LPT1_"),
        (".hidden", "．hidden"),
        ("end. . ", "end"),
        ("...", "Untitled"),
        ("", "Untitled"),
        ("\x1b]2;x\x07[b]", "［b］"),
        ("e\u0301", "é"),
        ("客" * 200, "客" * 84),
        ("a\nb\tc", "a b c"),
    ],
)
def test_file_names(title: str, stem: str) -> None:
    assert names.file_stem(title) == stem


@given(st.text(max_size=300), st.integers(0, 3))
def test_any_title_gives_a_sound_file_name(title: str, copies: int) -> None:
    taken: set[str] = set()
    for _copy in range(copies + 1):
        name = names.free_name(names.file_stem(title), taken)
        assert len(name.encode()) <= 255 and not name.startswith(".") and names.file_key(name) not in taken
        assert (
            not set(name) & set('\\/:*?"<>|#^[]\0\n')
            and name == name.strip()
            and not name[:-3].endswith((".", " "))
        )
        assert names.name_key(name[:-3]) or name
        taken.add(names.file_key(name))


def test_names_that_careless_file_systems_confuse() -> None:
    taken = {names.file_key("Café.md")}
    assert names.free_name("CAFE\u0301", taken) == "CAFE\u0301 2.md"
    assert names.cut_bytes("ae\u0301", 2) == "a"
    assert names.name_key(" ＣＲＭ  系统") == names.name_key("crm 系统")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("甲。乙[[x]]丙！丁", "乙[[x]]丙！"),
        ("One. Two [[x]] e.g. three. Four", "Two [[x]] e.g. three."),
        ("- [ ] task [[x]]\nnext", "task [[x]]"),
        ("> 1. quoted “[[x]]。” more", "quoted “[[x]]。”"),
        ("## Head [[x]]", "Head [[x]]"),
        ("v1.2 of [[x]] is 3.14, ok", "v1.2 of [[x]] is 3.14, ok"),
        ("a; b？[[x]]", "[[x]]"),
    ],
)
def test_sentence_around(text: str, sentence: str) -> None:
    at = text.index("[[x]]")
    first, last = syntax.sentence_around(text, at, at + 5)
    assert text[first:last] == sentence


@pytest.mark.parametrize("text", ["# 题目\n", "\n# 题目\n", "---\ntags: [a]\n---\n# 题目\n"])
def test_a_byte_order_mark_hides_no_title(text: str) -> None:
    note = parse_note(f"\ufeff{text}".encode(), "bom.md")
    assert (note.title, note.titled) == ("题目", "heading")
