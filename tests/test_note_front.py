"""Front matter: the fast path equals PyYAML, the core schema holds, edits change one key only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.notes import front, front_edit

WORDS = st.sampled_from(
    [
        "no",
        "on",
        "12:30",
        "2026-11-22",
        "1.5",
        "0x1F",
        "1e3",
        "007",
        "~",
        "null",
        "客户",
        "a: b",
        "a #b",
        "'x'",
        '"y"',
        "[a, b]",
        "[1, null]",
        "[]",
        "[a, ]",
        "- x",
        "x:",
        "#c",
        "\n    ",
        "*a",
        "&a b",
        "!!str 1",
        "{a: b}",
        '"a\\nb"',
        "@x",
        "`x",
        "%x",
        ">",
        "?",
        "-",
        "--",
        "true",
        "Yes",
        "http://a.b/c#d",
        "＃x",
        "\u3000",
        "a\tb",
        "[[x]]",
        '"[[x]]"',
        "-1\n    ",
        "['a', \"b\"]",
        "[a b, c-d, e/f]",
        "- - a",
        "- a: b",
        "+.5",
        "1_000",
        ".inf",
        "é",
        "",
    ]
)
KEYS = st.sampled_from(
    ["title", "tags", "a", "null", "true", "键", "a b", "1", "x-y", "_k", '"q"', "? x", ""]
)
LINES = st.one_of(
    st.builds(lambda k, v: f"{k}: {v}", KEYS, WORDS),
    st.builds(lambda k: f"{k}:", KEYS),
    st.builds(lambda n, v: " " * n + f"- {v}", st.integers(0, 4), WORDS),
    st.builds(lambda n, v: " " * n + v, st.integers(0, 3), WORDS),
    st.text(alphabet="ab:- #'\"[]{},\n\t客０é\u0085\u2028\ufeff\U0001f600", max_size=12),
)


def _slow(text: str) -> object:
    try:
        return front.load_yaml(text)
    except front.FrontError:
        return "broken"


@settings(max_examples=400)
@given(st.lists(LINES, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_fast_path_equals_pyyaml_wherever_it_answers(lines: list[str], newline: str) -> None:
    text = newline.join([*lines, ""])
    quick = front.load_simple(text)
    if quick is not None:
        slow = _slow(text)
        assert quick == slow
        assert repr(quick) == repr(slow)


def test_fast_path_answers_for_what_notes_have() -> None:
    text = 'title: "A: b"\ntags: [a, 客户关系, x/y]\ndate: 2026-11-22\nurl: https://a.b/c\n'
    text += "explain:\n  - Why?\n  - 为什么？\nn: 3\n"
    assert front.load_simple(text) == {
        "title": "A: b",
        "tags": ["a", "客户关系", "x/y"],
        "date": "2026-11-22",
        "url": "https://a.b/c",
        "explain": ["Why?", "为什么？"],
        "n": 3,
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-11-22", "2026-11-22"),
        ("true", True),
        ("0o17", 15),
        ("0x1f", 31),
        ("017", 17),
        ("1e3", 1000.0),
        ("~", None),
        ("!!str 12", "12"),
        ("'7'", "7"),
    ],
)
def test_core_schema(text: str, value: object) -> None:
    assert front.load_yaml(f"k: {text}\n") == {"k": value}
    assert front.load(f"k: {text}\n") == {"k": value}


@pytest.mark.parametrize(
    ("text", "line", "detail"),
    [
        ("a: 1\nb: x: y\n", 3, "quotation"),
        ("a: 1\na: 2\n", 3, "twice"),
        ("a: [1, 2\n", 3, "bracket"),
        ("a: 'x\n", 3, "quotation"),
        ("a:\n\t- b\n", 3, "tab"),
        ("- a\n- b\n", 2, "list"),
        ("a: *b\n", 2, "starts with *"),
        ("a: &a [*a, *a]\n", 2, "anchors"),
        ("a: \x01\n", 2, "control"),
    ],
)
def test_broken_front_matter_names_line_and_cure(text: str, line: int, detail: str) -> None:
    with pytest.raises(front.FrontError) as caught:
        front.load(text)
    assert (caught.value.line, detail in caught.value.detail) == (line, True), caught.value.detail


def test_a_few_anchors_cannot_blow_up() -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    with pytest.raises(front.FrontError):
        front.load(bomb)
    with pytest.raises(front.FrontError):
        front.load("a: " + "[" * 5000)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_set_key_changes_only_that_key(newline: str, bom: str) -> None:
    lines = [
        "---",
        "title:   Old  # why",
        "tags:",
        "  - a   # first",
        "  - b",
        "# mine",
        "x: 1",
        "---",
        "body",
        "x",
    ]
    source = bom + newline.join(lines)
    assert front_edit.set_key(source, "title", "New: one") == source.replace("Old", '"New: one"')
    assert front_edit.set_key(source, "x", None) == source.replace("x: 1" + newline, "", 1)
    assert front_edit.set_key(source, "topic", "T") == source.replace("x: 1", "x: 1" + newline + "topic: T")
    assert front_edit.add_item(source, "tags", "c") == source.replace("- b", "- b" + newline + "  - c")
    assert front_edit.replace_items(source, "tags", {"a": "z"}) == source.replace("- a", "- z")
    assert front_edit.set_key(source, "tags", ["q"]) == source.replace(
        newline.join(["tags:", "  - a   # first", "  - b"]), "tags: [q]"
    )
    assert front_edit.set_key(source, "tags", None) == source.replace(
        newline.join(["tags:", "  - a   # first", "  - b", ""]), ""
    )


def test_set_key_without_front_matter_and_removing_the_last_key() -> None:
    assert front_edit.set_key("\ufeffbody\r\n", "a", 1) == "\ufeff---\r\na: 1\r\n---\r\nbody\r\n"
    assert front_edit.set_key("---\na: 1\n---\nbody", "a", None) == "body"
    assert front_edit.set_key("---\n---\nbody", "a", "b") == "---\na: b\n---\nbody"
    assert front_edit.set_key("---\n\na:\nb: 2\n---\n", "a", "x") == "---\n\na: x\nb: 2\n---\n"
    assert (
        front_edit.add_item("---\ntags: [a, b]  # t\n---\n", "tags", "c d")
        == "---\ntags: [a, b, c d]  # t\n---\n"
    )
    assert front_edit.add_item("---\ntags: a\n---\n", "tags", "b") == "---\ntags: [a, b]\n---\n"
    assert front_edit.set_key("---\nt: |\n  x\n  y\n\nz: 1\n---\n", "t", "q") == "---\nt: q\n\nz: 1\n---\n"


def test_broken_front_matter_is_never_edited() -> None:
    with pytest.raises(StudyError, match="line 2"):
        front_edit.set_key("---\na: b: c\n---\n", "x", 1)


VALUES = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
    WORDS,
    st.integers(-5, 5),
    st.booleans(),
    st.lists(st.one_of(WORDS, st.text(alphabet="a,b[]:#' \"客", max_size=6)), min_size=1, max_size=4),
)


@given(st.lists(LINES, max_size=6), KEYS.filter(bool), VALUES, st.sampled_from(["\n", "\r\n"]))
def test_any_edit_reads_back_or_is_refused(lines: list[str], key: str, value: object, newline: str) -> None:
    source = newline.join(["---", *lines, "---", "body # x", ""])
    try:
        before, start = front.split(source)
        edited = front_edit.set_key(source, key, value)
    except (front.FrontError, StudyError):
        return
    after, end = front.split(edited)
    assert after == {**before, key: value}
    assert edited[end:] == source[start:]


@given(VALUES)
def test_a_rendered_value_reads_back(value: object) -> None:
    assert front.load(f"k: {front_edit.render_value(value)}\n") == {"k": value}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "- [", "[ \n "])
def test_thousands_of_levels_are_a_problem_and_no_crash(opening: str) -> None:
    text = f"x:\n  {opening * 40_000}\n"
    with pytest.raises(front.FrontError):
        front.load(text)
