"""feeds.yaml: what it may say, a sentence for every mistake, and edits that keep every other byte."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.i18n import set_language
from studytui.reading.subscriptions import yamltext
from studytui.reading.subscriptions.edit import add, edit, remove, rename, set_address, set_enabled
from studytui.reading.subscriptions.feedsfile import (
    Subscription,
    Subscriptions,
    load_subscriptions,
    parse_subscriptions,
)
from studytui.reading.subscriptions.feedstext import FeedsText, replace_value

ROOT = Path(__file__).parent.parent
EXAMPLE = """\
# your comments survive every edit the app makes
rsshub: https://rsshub.example.org    # optional
feeds:
  - name: HubSpot Marketing
    url: https://blog.hubspot.com/marketing/rss.xml
    tags: [en, inbound]

  # this one needs the server above
  - name: 鸟哥笔记
    url: rsshub:/niaogebiji/cat/103
  - name: 三节课                        # no feed: comes due for a visit
    site: https://www.sanjieke.cn
    every: 7d
# the end
"""


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(EXAMPLE, "utf-8")
    return path


def read(text: str | bytes) -> Subscriptions:
    return parse_subscriptions(Path("feeds.yaml"), text.encode() if isinstance(text, str) else text)


def entry(lines: str) -> Subscription:
    return read("feeds:\n  - " + lines.replace("\n", "\n    ")).items[0]


# --- reading -----------------------------------------------------------------------------------


def test_the_three_kinds_of_source(feeds: Path) -> None:
    loaded = load_subscriptions(feeds)
    assert loaded.rsshub == "https://rsshub.example.org"
    hubspot, bird, course = loaded
    assert hubspot == Subscription(
        "HubSpot Marketing",
        "url",
        "https://blog.hubspot.com/marketing/rss.xml",
        ("en", "inbound"),
        line=4,
        column=5,
    )
    assert (bird.kind, bird.address, bird.source) == (
        "rsshub",
        "/niaogebiji/cat/103",
        "rsshub:/niaogebiji/cat/103",
    )
    assert (course.kind, course.every, course.line) == ("site", timedelta(days=7), 11)
    assert loaded.warnings == ()


def test_what_is_downloaded(feeds: Path) -> None:
    loaded = load_subscriptions(feeds)
    assert [loaded.feed_url(item) for item in loaded] == [
        "https://blog.hubspot.com/marketing/rss.xml",
        "https://rsshub.example.org/niaogebiji/cat/103",
        "",
    ]
    without = read(EXAMPLE.replace("rsshub: https", "# rsshub: https"))
    assert without.feed_url(without.by_name("鸟哥笔记")) == ""


def test_a_route_may_have_a_key_of_its_own() -> None:
    assert entry("name: a\nrsshub: /zhihu/daily").source == "rsshub:/zhihu/daily"
    assert entry("name: a\nrsshub: rsshub:/zhihu/daily").source == "rsshub:/zhihu/daily"


@pytest.mark.parametrize(
    "text", ["no", "on", "12:30", "2026-11-22", "1e3", "0x1F", "007", "1_000", "yes", "=", ".inf"]
)
def test_words_that_other_versions_of_yaml_turn_into_something_else_stay_text(text: str) -> None:
    assert entry(f"name: {text}\nurl: https://a.com\ntags: [{text}]") == Subscription(
        text, "url", "https://a.com", (text,), line=2, column=5
    )


def test_tags_enabled_and_every() -> None:
    item = entry("name: a\nurl: https://a.com\ntags: 'zh, #seo, zh'\nenabled: false\nevery: 12H")
    assert (item.tags, item.enabled, item.every) == (("zh", "seo"), False, timedelta(hours=12))
    nothing = entry("name: a\nurl: https://a.com\ntags:\nenabled: ~\nevery: null")
    assert (nothing.tags, nothing.enabled, nothing.every) == ((), True, None)
    assert [entry(f"name: a\nsite: http://a.com\nevery: {every}").every for every in ("2w", "1m", "1 y")] == [
        timedelta(days=14),
        timedelta(days=30),
        timedelta(days=365),
    ]


def test_names_are_found_in_any_case_and_guessed_at(feeds: Path) -> None:
    loaded = load_subscriptions(feeds)
    assert loaded.by_name("hubspot marketing").name == "HubSpot Marketing"
    with pytest.raises(StudyError) as caught:
        loaded.by_name("HubSpot Marketting")
    assert caught.value.hint == "Did you mean “HubSpot Marketing”?"
    with pytest.raises(StudyError, match="has no feed called “x”"):
        loaded.by_name("x")


def test_the_exact_name_wins() -> None:
    loaded = read("feeds: [{name: A, url: http://a.com}, {name: a, url: http://b.com}]")
    assert loaded.by_name("a").address == "http://b.com"


def test_unknown_keys_are_kept_and_mentioned() -> None:
    loaded = read("colour: red\nfeeds:\n  - name: a\n    url: https://a.com\n    enable: false\n")
    assert loaded.warnings == (
        "feeds.yaml:1: “colour” is kept, but studytui does not know it.",
        "feeds.yaml:5: “enable” is kept, but studytui does not know it. Did you mean “enabled”?",
    )


def test_the_same_address_twice_is_mentioned() -> None:
    loaded = read("feeds: [{name: a, url: http://a.com}, {name: b, url: http://a.com}]")
    assert loaded.warnings == ("feeds.yaml:1: “b” has the address of “a”.",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# nothing yet\n",
        "---\n",
        "~",
        "feeds:",
        "feeds: []",
        "feeds: ~\n",
        "{}",
        "\ufeff",
        "rsshub:\n",
    ],
)
def test_a_file_without_feeds_follows_nothing(text: str) -> None:
    assert read(text).items == ()


def test_a_byte_order_mark_and_windows_line_ends() -> None:
    loaded = read("\ufeff" + EXAMPLE.replace("\n", "\r\n"))
    assert [item.line for item in loaded] == [4, 9, 11]
    assert loaded.items == read(EXAMPLE).items


# --- a sentence for every mistake --------------------------------------------------------------

GOOD = "url: https://a.com"


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("- name: a\n", "1:1", "must begin with “feeds:”"),
        ("just words", "1:1", "must begin with “feeds:”"),
        ("feeds: https://a.com", "1:8", "must be followed by a list"),
        ("feeds:\n  name: a\n", "2:3", "must be followed by a list"),
        ("feeds:\n  - https://a.com\n", "2:5", "needs a name and an address"),
        ("feeds:\n  - [a, b]\n", "2:5", "needs a name and an address"),
        (f"feeds:\n  - {GOOD}\n", "2:5", "has no name"),
        (f"feeds:\n  - name: ' '\n    {GOOD}\n", "2:5", "has no name"),
        (f"feeds:\n  - name: [a]\n    {GOOD}\n", "2:11", "“name” must be one piece of text"),
        ("feeds:\n  - name: a\n", "2:5", "has no address"),
        ("feeds:\n  - name: a\n    url:\n", "2:5", "has no address"),
        (f"feeds:\n  - name: a\n    {GOOD}\n    site: https://b.com\n", "4:11", "more than one address"),
        ("feeds:\n  - name: a\n    url: a.com/feed\n", "3:10", "“a.com/feed” is not a web address"),
        ("feeds:\n  - name: a\n    url: 'https://a b'\n", "3:10", "is not a web address"),
        ('feeds:\n  - name: a\n    url: "https://a\\e[31m"\n', "3:10", "is not a web address"),
        ("feeds:\n  - name: a\n    url: exec:rm -rf ~\n", "3:10", "is not a web address"),
        ("feeds:\n  - name: a\n    url: file:///etc/passwd\n", "3:10", "is not a web address"),
        ("feeds:\n  - name: a\n    site: rsshub:/x\n", "3:11", "is not a web address"),
        ("feeds:\n  - name: a\n    url: rsshub:zhihu\n", "3:10", "is not an RSSHub route"),
        ("feeds:\n  - name: a\n    rsshub: //evil.com/x\n", "3:13", "is not an RSSHub route"),
        (f"feeds:\n  - name: a\n    {GOOD}\n    tags: [[a]]\n", "4:12", "“tags” must be one piece of text"),
        (f"feeds:\n  - name: a\n    {GOOD}\n    enabled: no\n", "4:14", "“enabled” is true or false"),
        (f"feeds:\n  - name: a\n    {GOOD}\n    enabled: 'true'\n", "4:14", "“enabled” is true or false"),
        (f"feeds:\n  - name: a\n    {GOOD}\n    every: 0d\n", "4:12", "“every” does not know “0d”"),
        (f"feeds:\n  - name: a\n    {GOOD}\n    every: weekly\n", "4:12", "“every” does not know “weekly”"),
        (
            f"feeds:\n  - name: a\n    {GOOD}\n  - name: a\n    url: https://b.com\n",
            "4:5",
            "“a” is already the name of the entry in line 2",
        ),
        ("rsshub: yes\n", "1:9", "“yes” is not the address of an RSSHub server"),
        ("feeds: []\nfeeds: []\n", "2:1", "“feeds” stands here a second time; the first is in line 1"),
        (f"feeds:\n  - name: a\n    {GOOD}\n    name: b\n", "4:5", "stands here a second time"),
        ("feeds:\n\t- name: a\n", "2:1", "A tab stands where YAML wants blanks"),
        ("feeds:\n  - name: a\n\t\turl: x\n", "3:1", "tab"),
        ("feeds:\n  - name: a: b\n", "2:12", "A colon stands where none is expected"),
        ("feeds:\n  - name: a\n   url: b\n", "3:4", "does not fit the lines above it"),
        ("feeds:\n  - name: a\n     url: b\n", "3:9", "A colon stands where none is expected"),
        ("feeds:\n  - name 'a'\n", "2:5", "needs a name and an address"),
        ("feeds:\n  - name: 'a\n", "", "quotation mark is not closed"),
        ("feeds: [a, b\n", "", "bracket is not closed"),
        ("feeds: {a\n", "", "bracket is not closed"),
        ('feeds:\n  - name: "a\\q"\n', "2:", "backslash"),
        ("feeds:\n  - name: @a\n", "2:11", "cannot begin with this character"),
        ("feeds:\n  - name: `a`\n", "2:11", "cannot begin with this character"),
        ("feeds: &all []\n", "1:8", "Anchors (&name) are not used"),
        ("feeds: *all\n", "1:8", "References (*name) are not used"),
        ("feeds: []\n---\nfeeds: []\n", "2:1", "second document"),
        ("? [a]\n: b\n", "1:3", "A key must be a word"),
        ("feeds: \x00\n", "1:8", "invisible control character (U+0000)"),
        ("feeds:\n  - name: a\x1bb\n", "2:12", "invisible control character (U+001B)"),
        ("feeds: " + "[" * 200_000, "1:", "nested too deeply"),
        ("feeds: " + "- " * 200_000, "1:", ""),
        ("- " * 200_000, "1:", "nested too deeply"),
        ("%YAML 9.9\n---\nfeeds: []", "1:", ""),
    ],
)
def test_every_mistake_has_a_place_and_a_next_step(text: str, where: str, says: str) -> None:
    with pytest.raises(StudyError) as caught:
        read(text)
    assert caught.value.message.startswith(f"feeds.yaml:{where}")
    assert says in caught.value.message
    assert caught.value.hint.endswith((".", "feed"))
    assert len(str(caught.value)) < 400


def test_a_missing_scheme_is_offered() -> None:
    with pytest.raises(StudyError) as caught:
        read("feeds: [{name: a, url: blog.example.com/feed}]")
    assert caught.value.hint == "Write https://blog.example.com/feed"


def test_billions_of_laughs_end_at_the_first_anchor() -> None:
    lines = ["a: &a [ha, ha]"] + [
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20)
    ]
    with pytest.raises(StudyError, match="Anchors"):
        read("\n".join(lines))


def test_not_utf_8() -> None:
    with pytest.raises(StudyError) as caught:
        read("feeds:\n  - name: 三节课".encode("gbk"))
    assert caught.value.message == "feeds.yaml:2:11: The file is not UTF-8."
    with pytest.raises(StudyError, match="not UTF-8"):
        read(EXAMPLE.encode("utf-16"))


def test_a_missing_file_a_folder_and_a_giant(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"There is no .*feeds\.yaml") as caught:
        load_subscriptions(tmp_path / "feeds.yaml")
    assert "studytui init" in caught.value.hint
    with pytest.raises(StudyError, match="Could not read"):
        load_subscriptions(tmp_path)
    giant = tmp_path / "giant.yaml"
    giant.write_bytes(b"# x\n" * 2_500_000)
    with pytest.raises(StudyError, match="larger than 1 MB"):
        load_subscriptions(giant)


def test_the_sentences_come_in_the_screen_language() -> None:
    set_language("zh")
    with pytest.raises(StudyError) as caught:
        read("feeds:\n\t- a\n")
    assert caught.value.message.startswith("feeds.yaml:2:1: ")


@given(st.text(alphabet="feds:nam url-[]{}&*!|>'\"%@`#,?~\t\n\r 名0\x07\ufeff", max_size=60))
def test_no_text_at_all_brings_anything_but_a_study_error(text: str) -> None:
    try:
        read(text)
    except StudyError as error:
        assert error.message
        assert error.hint


@given(st.binary(max_size=60))
def test_no_bytes_at_all_bring_anything_but_a_study_error(raw: bytes) -> None:
    try:
        read(raw)
    except StudyError as error:
        assert error.hint


def test_both_parsers_of_pyyaml_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML without libyaml is what a machine without a wheel gets."""
    texts = [
        EXAMPLE,
        EXAMPLE.replace("\n", "\r\n"),
        "feeds: [{name: '𠀀', url: http://a.com}]",
        "feeds:\n\t- a",
    ]
    fast = [_outcome(text) for text in texts]
    monkeypatch.delattr(yaml, "CBaseLoader")
    assert [_outcome(text) for text in texts] == fast


def _outcome(text: str) -> object:
    try:
        return yamltext.parse(text)
    except yamltext.YamlError as error:
        return error.line, error.column, error.message


# --- spelling ----------------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=30))
def test_what_is_spelled_is_read_back(text: str) -> None:
    for shape in ("feeds: {}", "feeds:\n  - x: {}   # c\n  - y"):
        node = yamltext.parse(shape.format(yamltext.spell(text)).replace("{}", ""))
        assert isinstance(node, yamltext.Mapping)
        value = node.pairs[0][1]
        if isinstance(value, yamltext.Sequence):
            value = value.items[0].pairs[0][1]  # type: ignore[attr-defined]
        assert isinstance(value, yamltext.Scalar)
        assert value.text == text


@pytest.mark.parametrize(
    "text",
    ["no", "On", "y", "null", "12:30", "2026-11-22", "007", "1e3", "0x1F", "1_000", "true", "3.14", "12345"],
)
def test_no_other_yaml_reader_takes_what_is_spelled_for_anything_but_text(text: str) -> None:
    assert yaml.safe_load(f"a: {yamltext.spell(text)}") == {"a": text}


@pytest.mark.parametrize(
    "text",
    ["人人都是产品经理 · 产品运营", "36氪", "199IT 互联网数据", "https://a.com/feed?x=1&y=2", "HubSpot (EN)"],
)
def test_ordinary_text_needs_no_quotation_marks(text: str) -> None:
    assert yamltext.spell(text) == text


# --- edits -------------------------------------------------------------------------------------


def difference(before: str, after: str) -> list[str]:
    """Return the changed lines as a diff shows them."""
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), n=0)
    return [line for line in lines if line[:1] in "+-" and not line.startswith(("---", "+++"))]


def change(path: Path, act: Callable[..., None], *args: object) -> list[str]:
    before = path.read_bytes().decode()
    act(path, *args)
    return difference(before, path.read_bytes().decode())


def test_switching_off_adds_a_line_and_switching_on_changes_it(feeds: Path) -> None:
    assert change(feeds, set_enabled, "鸟哥笔记", False) == ["+    enabled: false\n"]
    assert change(feeds, set_enabled, "鸟哥笔记", False) == []
    assert change(feeds, set_enabled, "鸟哥笔记", True) == ["-    enabled: false\n", "+    enabled: true\n"]
    assert change(feeds, set_enabled, "HubSpot Marketing", True) == []


def test_renaming_keeps_the_comment_beside_the_name(feeds: Path) -> None:
    assert change(feeds, rename, "三节课", "三节课: 产品") == [
        "-  - name: 三节课                        # no feed: comes due for a visit\n",
        '+  - name: "三节课: 产品"                        # no feed: comes due for a visit\n',
    ]


def test_a_permanent_move(feeds: Path) -> None:
    assert change(feeds, set_address, "HubSpot Marketing", "https://hubspot.com/feed#new") == [
        "-    url: https://blog.hubspot.com/marketing/rss.xml\n",
        '+    url: "https://hubspot.com/feed#new"\n',
    ]
    assert change(feeds, set_address, "鸟哥笔记", "/niaogebiji/cat/104") == [
        "-    url: rsshub:/niaogebiji/cat/103\n",
        "+    url: rsshub:/niaogebiji/cat/104\n",
    ]


def test_adding_goes_to_the_end_of_the_list(feeds: Path) -> None:
    new = Subscription("知乎: 日报", "rsshub", "/zhihu/daily", ("zh", "q & a"), False, timedelta(hours=36))
    assert change(feeds, add, new, Subscription("b", "site", "https://b.com", every=timedelta(days=14))) == [
        '+  - name: "知乎: 日报"\n',
        "+    url: rsshub:/zhihu/daily\n",
        '+    tags: [zh, "q & a"]\n',
        "+    every: 36h\n",
        "+    enabled: false\n",
        "+  - name: b\n",
        "+    site: https://b.com\n",
        "+    every: 14d\n",
    ]
    assert load_subscriptions(feeds).by_name("知乎: 日报") == Subscription(
        new.name, new.kind, new.address, new.tags, new.enabled, new.every, 14, 5
    )
    assert feeds.read_text("utf-8").endswith("# the end\n")


def test_removing_takes_the_entry_and_no_comment_of_others(feeds: Path) -> None:
    assert change(feeds, remove, "鸟哥笔记") == [
        "-  - name: 鸟哥笔记\n",
        "-    url: rsshub:/niaogebiji/cat/103\n",
    ]
    change(feeds, remove, "三节课")
    change(feeds, remove, "HubSpot Marketing")
    assert feeds.read_text("utf-8") == (
        "# your comments survive every edit the app makes\n"
        "rsshub: https://rsshub.example.org    # optional\n"
        "feeds:\n\n  # this one needs the server above\n# the end\n"
    )
    change(feeds, add, Subscription("a", "url", "https://a.com"))
    assert [item.name for item in load_subscriptions(feeds)] == ["a"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "feeds:\n  - name: a\n    url: https://a.com\n"),
        ("# hello", "# hello\nfeeds:\n  - name: a\n    url: https://a.com"),
        ("feeds:", "feeds:\n  - name: a\n    url: https://a.com"),
        ("feeds: []\n# end\n", "feeds:\n  - name: a\n    url: https://a.com\n# end\n"),
        ("feeds: [] # mine\n", "feeds: # mine\n  - name: a\n    url: https://a.com\n"),
        ("feeds: ~\r\nx: 1\r\n", "feeds:\r\n  - name: a\r\n    url: https://a.com\r\nx: 1\r\n"),
        ("rsshub: https://x.org\n", "rsshub: https://x.org\nfeeds:\n  - name: a\n    url: https://a.com\n"),
        (
            "feeds:\n- name: b\n  url: http://b.com",
            "feeds:\n- name: b\n  url: http://b.com\n- name: a\n  url: https://a.com",
        ),
        (
            "feeds:\n  - name: b\n    url: |-\n      http://b.com\n\n# end\n",
            "feeds:\n  - name: b\n    url: |-\n      http://b.com\n\n  - name: a\n    url: https://a.com\n# end\n",
        ),
        (
            "feeds: [{name: b, url: 'http://b.com'} ,]\n",
            "feeds: [{name: b, url: 'http://b.com'}, {name: a, url: \"https://a.com\"} ,]\n",
        ),
        ("feeds: [ # none\n]\n", 'feeds: [{name: a, url: "https://a.com"} # none\n]\n'),
        ("{}", '{feeds: [{name: a, url: "https://a.com"}]}'),
        ('{"x": 1}', '{"x": 1, feeds: [{name: a, url: "https://a.com"}]}'),
        ('{"feeds": []}', '{"feeds": [{name: a, url: "https://a.com"}]}'),
        ("{feeds: }", '{feeds:  [{name: a, url: "https://a.com"}]}'),
    ],
)
def test_adding_to_lists_of_every_style(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(before.encode())
    add(path, Subscription("a", "url", "https://a.com"))
    assert path.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("feeds: [{name: a, url: http://a.com}]", "feeds: []"),
        (
            "feeds: [{name: a, url: http://a.com}, {name: b, url: http://b.com}]",
            "feeds: [ {name: b, url: http://b.com}]",
        ),
        (
            "feeds: [{name: b, url: http://b.com}, {name: a, url: http://a.com}]",
            "feeds: [{name: b, url: http://b.com} ]",
        ),
        (
            "feeds: [\n  {name: a, url: http://a.com}, # a, of course\n  {name: b, url: http://b.com}, # b\n]",
            "feeds: [\n   # a, of course\n  {name: b, url: http://b.com}, # b\n]",
        ),
        ("feeds:\n  -\n    # why\n    name: a\n    url: http://a.com", "feeds:\n"),
        ("feeds:\n  - name: a\n    url: >-\n      http://a.com\n\n# end\n", "feeds:\n# end\n"),
        ("feeds:\n  - {name: a, url: http://a.com}  # c\nx: 1\n", "feeds:\nx: 1\n"),
        ("feeds:\n  - name: a\n    url: http://a.com\n    tags:\n  # b\n", "feeds:\n  # b\n"),
    ],
)
def test_removing_from_lists_of_every_style(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(before.encode())
    remove(path, "a")
    assert path.read_bytes().decode() == after


def test_an_entry_of_any_style_can_be_switched_off(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    for before, after in [
        ("feeds: [{name: a, url: http://a.com,}]", "feeds: [{name: a, url: http://a.com, enabled: false,}]"),
        (
            "feeds:\n  - name: a\n    url: >-\n      http://a.com\n",
            "feeds:\n  - name: a\n    enabled: false\n    url: >-\n      http://a.com\n",
        ),
        (
            "feeds:\n  - name: >-\n      a\n    url: |-\n      http://a.com\n",
            "feeds:\n  - enabled: false\n    name: >-\n      a\n    url: |-\n      http://a.com\n",
        ),
    ]:
        path.write_text(before)
        set_enabled(path, "a", False)
        assert path.read_text() == after


def test_a_folded_value_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n  - name: >-\n      a\n      b\n    url: http://a.com\n")
    rename(path, "a b", "c")
    assert path.read_text() == "feeds:\n  - name: c\n    url: http://a.com\n"


@pytest.mark.parametrize(
    ("act", "args", "says"),
    [
        (rename, ("三节课", "鸟哥笔记"), "There is a feed called “鸟哥笔记” already"),
        (rename, ("三节课", " "), "has no name"),
        (rename, ("nobody", "a"), "has no feed called"),
        (remove, ("nobody",), "has no feed called"),
        (set_enabled, ("nobody", True), "has no feed called"),
        (set_address, ("HubSpot Marketing", "file:///etc/passwd"), "is not a web address"),
        (set_address, ("鸟哥笔记", "zhihu"), "is not an RSSHub route"),
        (add, (Subscription("鸟哥笔记", "url", "http://a.com"),), "There is a feed called"),
        (
            add,
            (Subscription("a", "site", "https://www.sanjieke.cn"),),
            "follow this address already, as “三节课”",
        ),
        (add, (Subscription("", "url", "http://a.com"),), "has no name"),
        (add, (Subscription("a", "url", "|cmd"),), "is not a web address"),
        (
            add,
            (Subscription("a", "url", "http://a.com"), Subscription("a", "url", "http://b.com")),
            "called “a”",
        ),
    ],
)
def test_an_edit_that_makes_no_sense_changes_nothing(
    feeds: Path, act: Callable[..., None], args: tuple[object, ...], says: str
) -> None:
    with pytest.raises(StudyError, match=says) as caught:
        act(feeds, *args)
    assert caught.value.hint
    assert feeds.read_text("utf-8") == EXAMPLE


def test_a_name_cannot_smuggle_anything_in(feeds: Path) -> None:
    rename(feeds, "三节课", "x\nfeeds: []\x1b]2;P\x07 # \u2028- name: y")
    assert len(load_subscriptions(feeds).items) == 3
    assert load_subscriptions(feeds).items[2].name == "x feeds: [] # - name: y"


def test_a_broken_file_is_never_written_to(feeds: Path) -> None:
    broken = EXAMPLE.replace("    every: 7d", "  every: 7d")
    feeds.write_text(broken, "utf-8")
    with pytest.raises(StudyError, match=r"feeds\.yaml:13:"):
        add(feeds, Subscription("a", "url", "https://a.com"))
    assert feeds.read_text("utf-8") == broken


def test_an_edit_that_would_say_something_else_is_refused(feeds: Path) -> None:
    """A splice gone wrong is caught by reading the result again, before anything is written."""

    def wrong(file: FeedsText) -> tuple[list[tuple[int, int, str]], dict[str, object]]:
        _index, node = file.entry("三节课")
        start, end, _text = replace_value(file, node, "name", "x")
        return [(start, end + 40, "x")], file.meaning()

    with pytest.raises(StudyError, match="does not understand") as caught:
        edit(feeds, wrong)
    assert "editor" in caught.value.hint
    assert feeds.read_text("utf-8") == EXAMPLE


def test_old_macintosh_line_ends_are_refused_not_mangled(feeds: Path) -> None:
    old = EXAMPLE.replace("\n", "\r").encode()
    feeds.write_bytes(old)
    assert len(load_subscriptions(feeds).items) == 3
    with pytest.raises(StudyError, match="does not understand"):
        remove(feeds, "鸟哥笔记")
    assert feeds.read_bytes() == old


def test_a_save_by_another_program_in_between_is_kept(feeds: Path) -> None:
    saves = iter([EXAMPLE.replace("# the end", "# saved meanwhile")])

    def renaming(file: FeedsText) -> tuple[list[tuple[int, int, str]], dict[str, object]]:
        for text in saves:
            feeds.write_text(text, "utf-8")
        index, node = file.entry("三节课")
        meaning = file.meaning()
        meaning["feeds"][index]["name"] = "x"
        return [replace_value(file, node, "name", "x")], meaning

    edit(feeds, renaming)
    assert "# saved meanwhile" in feeds.read_text("utf-8")
    assert load_subscriptions(feeds).by_name("x")


def test_a_file_that_never_stands_still_is_left_alone(feeds: Path) -> None:
    count = iter(range(100))

    def renaming(file: FeedsText) -> tuple[list[tuple[int, int, str]], dict[str, object]]:
        feeds.write_text(EXAMPLE + f"# {next(count)}\n", "utf-8")
        index, node = file.entry("三节课")
        meaning = file.meaning()
        meaning["feeds"][index]["name"] = "x"
        return [replace_value(file, node, "name", "x")], meaning

    with pytest.raises(StudyError, match="being changed by another program"):
        edit(feeds, renaming)
    assert "三节课" in feeds.read_text("utf-8")


def test_an_edit_goes_through_a_link_to_the_file(feeds: Path, tmp_path: Path) -> None:
    link = tmp_path / "desk" / "feeds.yaml"
    link.parent.mkdir()
    link.symlink_to(feeds)
    remove(link, "三节课")
    assert link.is_symlink()
    assert "三节课" not in feeds.read_text("utf-8")


# --- generated files ---------------------------------------------------------------------------

NAMES = st.text(
    alphabet=st.sampled_from("abcZ 客户名𠀀·:#'\"-,[]{}&*!|>%@`0139.é?~"), min_size=1, max_size=12
).map(lambda text: " ".join(text.split()))


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A feeds.yaml in many hands: comments, blank lines, quotation marks, braces, odd indents, CRLF."""
    names = draw(st.lists(NAMES.filter(bool), unique=True, min_size=1, max_size=4))
    indent = draw(st.sampled_from(["", "  ", "      "]))
    lines = draw(
        st.lists(
            st.sampled_from(["# 注释 - name: x", "", "rsshub: http://r.org", "x-mine: [1, {a: b}]"]),
            unique=True,
        )
    )
    lines.append("feeds:" + draw(st.sampled_from(["", "   # list"])))
    for number, name in enumerate(names):
        lines += draw(st.lists(st.sampled_from([indent + "# between", "", "#- name: gone"]), max_size=2))
        lines += draw(entries(number, name, indent))
    lines += draw(st.lists(st.sampled_from(["# end", "", "x-last: {q: ['a', b]}"]), unique=True))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = draw(st.sampled_from(["", "\ufeff"])) + newline.join(lines)
    return text + draw(st.sampled_from(["", newline])), names


@st.composite
def entries(draw: st.DrawFn, number: int, name: str, indent: str) -> list[str]:
    quoted = "'" + name.replace("'", "''") + "'"
    spelled = draw(st.sampled_from([quoted, yamltext.spell(name)]))
    pairs = [f"url: http://{number}.org/feed", "tags: [a, 'b: c']", "every: 7d", "enabled: true", "mine: |-"]
    chosen = [pair for pair in pairs if pair.startswith("url") or draw(st.booleans())]
    if draw(st.booleans()):
        inside = [pair for pair in chosen if not pair.endswith("|-")]
        return [f"{indent}- {{name: {quoted}, {', '.join(inside)}}}" + draw(st.sampled_from(["", " # f"]))]
    step = draw(st.sampled_from(["- ", "-   "]))
    column = indent + " " * len(step)
    lines = [f"{indent}{step}name: {spelled}" + draw(st.sampled_from(["", "  # why"]))]
    for pair in draw(st.permutations(chosen)):
        lines.append(column + pair)
        if pair.endswith("|-"):
            lines += [column + "  kept # as it is", ""]
        elif draw(st.booleans()):
            lines[-1] += "   # c"
    return lines


@given(files(), st.data())
def test_an_edit_keeps_every_other_byte(file: tuple[str, list[str]], data: st.DataObject) -> None:
    text, names = file
    path = Path("feeds.yaml")
    before = parse_subscriptions(path, text.encode())
    assert [item.name for item in before] == names
    name = data.draw(st.sampled_from(names))
    index = names.index(name)
    new_name = data.draw(NAMES.filter(lambda new: new not in ("", *names)))
    act = data.draw(st.sampled_from(["off", "rename", "address", "add", "remove"]))
    after_text = edited(text, act, name, new_name)
    after = parse_subscriptions(path, after_text.encode())
    expected = [(item.name, item.source, item.enabled, item.tags, item.every) for item in before]
    old = expected[index]
    if act == "off":
        expected[index] = (*old[:2], False, *old[3:])
    elif act == "rename":
        expected[index] = (new_name, *old[1:])
    elif act == "address":
        expected[index] = (old[0], "https://new.org/a?b=c", *old[2:])
    elif act == "add":
        expected.append((new_name, "https://new.org/feed", True, ("t",), None))
    else:
        del expected[index]
    assert [(item.name, item.source, item.enabled, item.tags, item.every) for item in after] == expected
    assert after_text.count("# between") == text.count("# between")
    gone, come = middle(text, after_text), middle(after_text, text)
    match act:
        case "off":
            assert (gone, come) == ("tru", "fals") or (gone == "" and "enabled: false" in after_text)
        case "rename":
            assert gone in yamltext.spell(name) or gone in "'" + name.replace("'", "''") + "'"
        case "address":
            assert gone in f"http://{index}.org/feed"
        case "add":
            assert gone == ""
        case _:
            assert come == ""


def middle(text: str, other: str) -> str:
    """Return what is left of ``text`` without what it shares with ``other`` at both ends."""
    start = common(text, other)
    return text[start : len(text) - common(text[start:][::-1], other[start:][::-1])]


def common(one: str, other: str) -> int:
    """Return how many characters two texts share at the start."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def edited(text: str, act: str, name: str, new_name: str) -> str:
    """Run one edit over a real file and return what is in it afterwards."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feeds.yaml"
        path.write_bytes(text.encode())
        match act:
            case "off":
                set_enabled(path, name, False)
            case "rename":
                rename(path, name, new_name)
            case "address":
                set_address(path, name, "https://new.org/a?b=c")
            case "add":
                add(path, Subscription(new_name, "url", "https://new.org/feed", ("t",)))
            case _:
                remove(path, name)
        return path.read_bytes().decode()


# --- the file we ship --------------------------------------------------------------------------


def shipped() -> Subscriptions:
    return load_subscriptions(ROOT / "feeds.yaml")


def test_the_shipped_file_has_every_source_once_and_no_warnings() -> None:
    loaded = shipped()
    assert loaded.warnings == ()
    assert loaded.rsshub == ""
    kinds = [item.kind for item in loaded]
    assert {kind: kinds.count(kind) for kind in kinds} == {"url": 70, "rsshub": 6, "site": 7}
    assert len({item.name for item in loaded}) == len({item.source for item in loaded}) == 83
    assert all(item.tags and item.tags[0] in ("zh", "en") for item in loaded)
    assert all(item.every for item in loaded if item.kind == "site")


def test_the_sites_that_the_first_article_names_are_there() -> None:
    names = ("插座学院", "踏浪100", "鸟哥笔记", "网易云课堂", "知乎", "三节课")
    assert [shipped().by_name(name).kind for name in names] == [
        "site",
        "site",
        "rsshub",
        "site",
        "rsshub",
        "site",
    ]


def test_what_is_switched_on_to_begin_with() -> None:
    on = [item for item in shipped() if item.enabled]
    assert sorted(item.name for item in on if item.kind == "url") == sorted(
        [
            "人人都是产品经理 · 产品运营",
            "人人都是产品经理 · 产品经理",
            "36氪",
            "少数派",
            "199IT 互联网数据",
            "爱范儿",
            "数英 DIGITALING",
            "梅花网",
            "运营派",
            "HubSpot Marketing Blog",
            "Ahrefs Blog",
            "Backlinko",
            "Copyblogger",
            "Buffer Resources",
            "Google Search Central Blog",
            "Seth's Blog",
            "Search Engine Journal",
        ]
    )
    assert [item.name for item in on if item.kind != "url"] == ["鸟哥笔记", "网易云课堂", "三节课"]


def test_other_programs_read_the_shipped_file_the_same_way() -> None:
    plain = yaml.safe_load((ROOT / "feeds.yaml").read_text("utf-8"))
    assert [entry["name"] for entry in plain["feeds"]] == [item.name for item in shipped()]
    assert [entry.get("enabled", True) for entry in plain["feeds"]] == [item.enabled for item in shipped()]


def test_the_line_that_the_shipped_file_offers_for_rsshub_works(tmp_path: Path) -> None:
    text = (ROOT / "feeds.yaml").read_text("utf-8")
    loaded = read(text.replace("# rsshub: https://rsshub", "rsshub: https://rsshub"))
    assert loaded.feed_url(loaded.by_name("知乎")) == "https://rsshub.example.org/zhihu/daily"


def test_the_shipped_file_survives_edits(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes((ROOT / "feeds.yaml").read_bytes())
    assert change(path, set_enabled, "Moz Blog", True) == ["-    enabled: false\n", "+    enabled: true\n"]
    assert change(path, set_enabled, "36氪", False) == ["+    enabled: false\n"]
    assert len(change(path, remove, "Search Engine Roundtable")) == 4
    assert len(change(path, remove, "插座学院")) == 5
    assert len(load_subscriptions(path).items) == 81
