"""Links: found as written, resolved by path, file, title, alias; kept alive by renames; mentions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.notes import syntax
from studytui.notes.history import Disk
from studytui.notes.links import LinkGraph, Names, asked_path
from studytui.notes.note import parse_note
from studytui.notes.relink import link_mention, move_note, rename_note, take_links
from studytui.notes.vault import Vault
from studytui.workspace import Workspace
from tests.conftest import FixedClock


@pytest.fixture(autouse=True)
def _no_plug_to_pull(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def vault(workspace: Workspace, journal: Journal) -> Vault:
    return Vault(workspace, journal)


class QuickDisk(Disk):
    """No fsync: nobody pulls the plug in these tests."""

    def write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def put(vault: Vault, files: dict[str, str]) -> None:
    for path, text in files.items():
        place = vault.workspace.notes / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    vault.scan()


def links_of(text: str) -> list[tuple[str, str, str, str]]:
    return [(k, t, h, label) for _s, _e, k, t, h, label, *_ in syntax.find_links(syntax.mask(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a [[T]] b", [("wiki", "T", "", "")]),
        ("[[file|text]]", [("wiki", "file", "", "text")]),
        ("[[n#Head ing]]", [("wiki", "n", "#Head ing", "")]),
        ("[[n#^block|x]]", [("wiki", "n", "#^block", "x")]),
        ("[[#own]]", [("wiki", "", "#own", "")]),
        ("![[pic.png]]", [("embed", "pic.png", "", "")]),
        ("| [[a\\|b]] |", [("wiki", "a", "", "b")]),
        ("[x](a%20b.md#h)", [("markdown", "a b.md", "#h", "x")]),
        ('[x](<a b.md> "t")', [("markdown", "a b.md", "", "x")]),
        ("![x](p(1).png)", [("image", "p(1).png", "", "x")]),
        ("[x]: a.md\n", [("reference", "a.md", "", "x")]),
        ("[x](https://a.b) [y](mailto:a@b) [z](#h) [w](//h/x)", []),
        ("`[[a]]` ``[[b]] ` `` \\[[c]] \\`[[d]]`", [("wiki", "d", "", "")]),
        ("```\n[[a]]\n```\n[[b]]", [("wiki", "b", "", "")]),
        ("~~~md\n[[a]]\n```\n~~~~\n[[b]]", [("wiki", "b", "", "")]),
        ("- x\n  ```\n  [[a]]\n  ```\n  [[b]]", [("wiki", "b", "", "")]),
        ("> ```\n> [[a]]\n> ```\n[[b]]", [("wiki", "b", "", "")]),
        ("p\n\n    [[code]]\n\n[[b]]", [("wiki", "b", "", "")]),
        ("- l\n\n    [[not code]]", [("wiki", "not code", "", "")]),
        ("<!-- [[a]] --> [[b]] <!-- open [[c]]", [("wiki", "b", "", ""), ("wiki", "c", "", "")]),
        ("```\nnever closed [[a]]", []),
        ("[[ ]] [[]] [[a\nb]] [[a]b]]", [("wiki", "", "", ""), ("wiki", "", "", "")]),
    ],
)
def test_links_as_written(text: str, found: list[tuple[str, str, str, str]]) -> None:
    assert links_of(text) == found
    assert links_of(text.replace("\n", "\r\n")) == [(k, t, h, label) for k, t, h, label in found]


@given(st.text(alphabet="`~[]()|#^!\\ \n\t>-ab客.<:'\"", max_size=60))
def test_any_text_has_links_inside_it_in_order(text: str) -> None:
    masked = syntax.mask(text)
    assert len(masked) == len(text)
    for link in syntax.find_links(masked):
        # A definition of a reference ends with its target.
        assert 0 <= link.start < link.inner <= link.inner_end <= link.end <= len(text)
    for tag in syntax.find_tags(masked, 0, syntax.find_links(masked)):
        assert text[tag.start : tag.end] == tag.name


def test_long_odd_lines_do_not_take_for_ever() -> None:
    for piece in (
        "[",
        "[[a|",
        "`",
        "` `` ",
        "![",
        "[a](",
        "<!--",
        '[a](b "',
        "#",
        "[ [x] ",
        "(",
        "> ",
        "- ",
        "**",
        "\t",
    ):
        text = piece * (40_000 // len(piece))
        parse_note(text.encode(), "a.md")
        parse_note((text + "\n").encode() * 2, "a.md")


def test_resolution_order_and_shortest_path() -> None:
    files = {
        "a/Funnel.md": "# Other title",
        "x/y/Funnel.md": "",
        "b.md": "---\ntitle: Funnel\n---\n",
        "c.md": "---\naliases: [漏斗, ＣＲＭ 系统]\n---\n# Tall",
        "d/e.md": "",
    }
    names = Names(parse_note(text.encode(), path) for path, text in files.items())
    assert names.resolve("Funnel") == "a/Funnel.md"
    assert names.resolve("y/funnel") == "x/y/Funnel.md"
    assert names.resolve("funnel.md") == "a/Funnel.md"
    assert names.resolve("crm  系统") == "c.md"
    assert names.resolve("TALL") == "c.md"
    assert names.resolve("none") is None
    assert names.resolve("e.md", "d/x.md", relative=True) == "d/e.md"
    assert names.resolve("../b.md", "d/e.md", relative=True) == "b.md"
    assert names.resolve("../../../etc/passwd", "d/e.md", relative=True) is None
    assert names.resolve("", "b.md") == "b.md"
    names.remove("a/Funnel.md")
    assert names.resolve("Funnel") == "x/y/Funnel.md"
    names.remove("x/y/Funnel.md")
    assert names.resolve("Funnel") == "b.md"


def test_backlinks_with_the_sentence_around(vault: Vault) -> None:
    put(
        vault,
        {
            "t.md": "# 漏斗\n",
            "a.md": "前一句。看[[漏斗]]的图！后一句。\n",
            "b.md": "- One. See [[t|the funnel]] e.g. here? Two.\n",
            "c.md": "topic: no\n",
            "d.md": "---\ntopic: 漏斗\n---\n[x](t.md)\n",
        },
    )
    back = {b.note.path: (b.sentence, b.line) for b in vault.graph.backlinks("t.md")}
    assert back == {
        "a.md": ("看[[漏斗]]的图！", 1),
        "b.md": ("See [[t|the funnel]] e.g. here?", 1),
        "d.md": ("[x](t.md)", 4),
    }
    assert [n.path for n in vault.graph.orphans()] == ["c.md"]


def test_graph_follows_single_changes(vault: Vault) -> None:
    put(vault, {"a.md": "[[b]] [[zz]] [[pic.png]] ![x](y.png) [m](n.md) [w](folder/)\n"})
    assert [d.name for d in vault.graph.dead()] == ["b", "zz", "n"]
    vault.create("b")
    assert [d.name for d in vault.graph.dead()] == ["zz", "n"]
    assert vault.graph.sources("b.md") == {"a.md"}
    vault.edit("a.md", lambda source: source.replace("[[b]]", "b"))
    assert vault.graph.sources("b.md") == set()
    vault.trash("a.md")
    assert vault.graph.dead() == []


def test_mentions_chinese_inside_a_sentence_latin_as_words_longest_first(vault: Vault) -> None:
    put(
        vault,
        {
            "k.md": "---\ntitle: 客户\naliases: [CRM]\n---\n",
            "g.md": "# 客户关系管理\n",
            "a.md": "---\ntitle: 客户手册\n---\n我们的客户很好。客户关系管理不同。"
            "[[客户]] `客户` https://x/客户 crm2 xCRM crm系统\n",
            "b.md": "```\n客户\n```\n",
        },
    )
    found = vault.graph.mentions("k.md")
    assert [(m.note.path, m.text) for m in found] == [("a.md", "客户"), ("a.md", "crm")]
    assert found[0].sentence == "我们的客户很好。"
    assert [(m.text) for m in vault.graph.mentions("g.md")] == ["客户关系管理"]
    before = vault.read("a.md").source
    link_mention(vault, "k.md", found[0])
    assert vault.read("a.md").source == before.replace("我们的客户很", "我们的[[客户]]很")
    with pytest.raises(StudyError):
        link_mention(vault, "k.md", found[1])
    link_mention(vault, "k.md", vault.graph.mentions("k.md")[0])
    assert "[[crm]]系统" in vault.read("a.md").source
    assert vault.graph.mentions("k.md") == []
    assert [b.note.path for b in vault.graph.backlinks("k.md")] == ["a.md"] * 3


def test_rename_follows_title_file_aliases_topics_and_tables(vault: Vault) -> None:
    put(
        vault,
        {
            "t/Funnel.md": "---\ntitle: Funnel\naliases: [漏斗]\n---\nSelf [[Funnel#x]]\n",
            "a.md": '---\ntopic: Funnel\nrel: "[[Funnel]]"\n---\n'
            "[[funnel]] [[漏斗]] [[t/Funnel|x]] [y](t/Funnel.md#z)\n"
            "| [[Funnel\\|q]] |\n`[[Funnel]]` ![[Funnel#h]]\r\n",
        },
    )
    done = rename_note(vault, "t/Funnel.md", 'Net: "wide"')
    assert (done.note.path, done.note.title, done.links) == ("t/Net： ＂wide＂.md", 'Net: "wide"', 8)
    assert vault.read("a.md").source == (
        '---\ntopic: \'Net: "wide"\'\nrel: "[[Net: ＂wide＂]]"\n---\n'.replace(
            "'Net: \"wide\"'", '"Net: \\"wide\\""'
        )
        + '[[Net: "wide"]] [[漏斗]] [[t/Net： ＂wide＂|x]] [y](t/Net：%20＂wide＂.md#z)\n'
        '| [[Net: "wide"\\|q]] |\n`[[Funnel]]` ![[Net: "wide"#h]]\r\n'
    )
    assert vault.graph.dead() == []
    assert str(vault.operations()[0]).startswith('Renamed “Funnel” to “Net: "wide"”')
    vault.undo(vault.operations()[0].id)
    assert "[[funnel]] [[漏斗]]" in vault.read("a.md").source


def test_a_title_changed_by_another_program_takes_its_links_along_when_asked(vault: Vault) -> None:
    put(
        vault,
        {
            "t.md": "---\ntitle: 'New'\n---\nSelf [[Old#x]]\n",
            "a.md": "---\ntopic: Old\n---\n[[old|x]] [[Old#h]] [[t]] `[[Old]]`\r\n",
            "b.md": "[[Other]]\n",
        },
    )
    with pytest.raises(StudyError):
        take_links(vault, "t.md", "T")
    with pytest.raises(StudyError):
        take_links(vault, "t.md", " ")
    before = {name: vault.read(name).source for name in ("t.md", "a.md")}
    assert take_links(vault, "t.md", "Old").links == 4
    assert vault.read("a.md").source == "---\ntopic: New\n---\n[[New|x]] [[New#h]] [[t]] `[[Old]]`\r\n"
    assert vault.read("t.md").source == "---\ntitle: 'New'\n---\nSelf [[New#x]]\n"
    assert [dead.name for dead in vault.graph.dead()] == ["Other"]
    assert take_links(vault, "t.md", "Old").links == 0
    vault.undo(vault.operations()[0].id)
    assert {name: vault.read(name).source for name in before} == before


@pytest.mark.parametrize("now", [None, "", "short", "another text altogether, and longer than it was\n"])
def test_backlinks_of_a_file_written_since_the_last_look(vault: Vault, now: str | None) -> None:
    put(vault, {"t.md": "# T\n", "a.md": "a long beginning, then a link to [[T]] here.\n", "b.md": "[[T]]\n"})
    file = vault.workspace.notes / "a.md"
    file.unlink() if now is None else file.write_text(now, "utf-8")
    assert "b.md" in [back.note.path for back in vault.graph.backlinks("t.md")]
    vault.scan()
    assert [back.note.path for back in vault.graph.backlinks("t.md")] == ["b.md"]


def test_the_kind_of_a_box_is_no_mention(vault: Vault) -> None:
    put(vault, {"note.md": "# Deep one\n", "a.md": "> [!note] Title\n> > [!note]- and this note here\n"})
    assert [mention.start for mention in vault.graph.mentions("note.md")] == [38]


@pytest.mark.parametrize(
    ("target", "origin", "relative", "asked"),
    [
        ("Home", "a/b.md", False, "Home"),
        ("deep/Home.md", "a/b.md", False, "deep/Home"),
        ("../Home", "a/b/c/d.md", False, "a/b/Home"),
        ("Home.md", "a/b.md", True, "a/Home"),
        ("./x/../Home.md", "a/b.md", True, "a/Home"),
        ("../../../Home", "a/b.md", False, "Home"),
        ("/Home", "a/b.md", False, "Home"),
    ],
)
def test_where_a_link_asks_for_a_note(target: str, origin: str, relative: bool, asked: str) -> None:
    assert asked_path(target, origin, relative=relative) == asked


def test_five_hundred_backlinks_in_one_go(workspace: Workspace, journal: Journal) -> None:
    vault = Vault(workspace, journal, QuickDisk())
    put(vault, {"t.md": "# Old\n", **{f"n/{i}.md": f"x [[Old]] {i}\n" for i in range(500)}})
    assert rename_note(vault, "t.md", "New").links == 500
    assert all("[[New]]" in vault.read(f"n/{i}.md").source for i in range(500))
    vault.undo(vault.operations()[0].id)
    assert all("[[Old]]" in vault.read(f"n/{i}.md").source for i in range(500))


def test_move_keeps_markdown_links_true_for_programs_that_know_no_names(vault: Vault) -> None:
    put(vault, {"x.md": "[b](b.md#h) <!-- [c](b.md) --> [n](b)", "b.md": "[x](x.md) [[x]] [y](<./x.md>)"})
    move_note(vault, "x.md", "my notes")
    assert vault.read("b.md").source == "[x](my%20notes/x.md) [[x]] [y](<my notes/x.md>)"
    assert vault.read("my notes/x.md").source == "[b](../b.md#h) <!-- [c](b.md) --> [n](../b.md)"
    move_note(vault, "my notes/x.md", "")
    assert vault.read("b.md").source == "[x](x.md) [[x]] [y](<x.md>)"


@pytest.mark.parametrize(
    "into",
    [
        "templates",
        "templates/x",
        ".hidden",
        "a/.b",
        "x.md",
        "C#",
        "[x]",
        "a|b",
        "a^b",
        "a\nb",
        "../out",
        "/tmp",
    ],
)
def test_a_folder_whose_notes_could_not_be_listed_or_linked_is_refused(vault: Vault, into: str) -> None:
    put(vault, {"a.md": "# A\n", "b.md": "[[a]]\n"})
    for folder in (into, "n" * 300, "\udcff"):
        with pytest.raises(StudyError):
            move_note(vault, "a.md", folder)
    assert (vault.read("a.md").source, vault.operations()) == ("# A\n", [])


@pytest.mark.parametrize("into", ["deep", "deep/", "./deep", "deep//", "deep/."])
def test_a_note_is_not_moved_to_where_it_is(vault: Vault, into: str) -> None:
    put(vault, {"deep/a.md": "# A\n"})
    done = move_note(vault, "deep/a.md", into)
    assert (done.note.path, done.changed, vault.operations()) == ("deep/a.md", False, [])
    assert move_note(vault, "deep/a.md", f"{into}/er/./x").note.path == "deep/er/x/a.md"


def test_a_name_as_long_as_a_name_can_be_gives_way_when_it_is_taken(vault: Vault) -> None:
    long = "长" * 84
    put(vault, {f"{long}.md": "# A\n", f"deep/{long}.md": "# B\n"})
    assert move_note(vault, f"{long}.md", "deep").note.title == "A"
    assert sorted(note.title for note in vault.notes()) == ["A", "B"]


@pytest.mark.parametrize(
    ("link", "moved"),
    [
        ("![p](/etc/hostname)", "![p](/etc/hostname)"),
        ("![p](../outside.png)", "![p](../../outside.png)"),
        ("![p](..p.png)", "![p](../..p.png)"),
        ("[d](sub/)", "[d](../sub/)"),
        ("[x](<C%23.md>)", "[x](<../C%23.md>)"),
        ("[x](<50%2525.md>)", "[x](<../50%2525.md>)"),
        ("![p](<a%3Eb.png>)", "![p](<../a%3Eb.png>)"),
        ("[x](漏斗.md)", "[x](../漏斗.md)"),
        (f"[x]({'n' * 300})", f"[x]({'n' * 300})"),
    ],
)
def test_what_a_moved_note_points_at_stays_within_reach(vault: Vault, link: str, moved: str) -> None:
    put(
        vault,
        {
            "x.md": link,
            "..p.png": "",
            "sub/y.md": "",
            "C#.md": "",
            "50%25.md": "",
            "a>b.png": "",
            "漏斗.md": "",
        },
    )
    (vault.workspace.root / "outside.png").write_text("")
    move_note(vault, "x.md", "deep")
    assert vault.read("deep/x.md").source == moved


@pytest.mark.parametrize("name", ["Old", "Old.md", "deep/Old.md"])
def test_links_that_say_a_lost_name_as_a_path_are_led_too(vault: Vault, name: str) -> None:
    put(
        vault,
        {
            "new.md": "# New name\n",
            "a/a.md": "[[Old]] [[deep/Old]] [x](deep/Old.md) [y](Old.png) [z](other.md)\n",
        },
    )
    assert take_links(vault, "new.md", name).links == 3
    assert vault.read("a/a.md").source == "[[New name]] [[new]] [x](../new.md) [y](Old.png) [z](other.md)\n"
    again = take_links(vault, "new.md", name)
    assert (again.links, again.changed, len(vault.operations())) == (0, False, 1)


def test_move_keeps_relative_links_and_pictures(vault: Vault) -> None:
    put(vault, {"a/x.md": "[b](../b.md) ![p](p.png) [self](x.md)", "b.md": "[x](a/x.md)", "a/p.png": ""})
    moved = move_note(vault, "a/x.md", "c/d").note
    assert moved.path == "c/d/x.md"
    assert vault.read("c/d/x.md").source == "[b](../../b.md) ![p](../../a/p.png) [self](x.md)"
    assert vault.read("b.md").source == "[x](c/d/x.md)"


def test_notes_with_problems_are_named_not_touched(vault: Vault) -> None:
    put(vault, {"t.md": "# Old\n", "broken.md": "---\na: b: c\n---\n[[Old]] [[t]]\n"})
    assert rename_note(vault, "t.md", "New").skipped == ("broken.md",)
    assert "[[Old]]" in (vault.workspace.notes / "broken.md").read_text()
    with pytest.raises(StudyError):
        rename_note(vault, "broken.md", "x")


NAMES = st.sampled_from(
    ["A", "a", "B", "Ｂ", "C/D", "D", "客户", "客户关系", "A 2", "x#y", "[z]", "con", "D.md", "E|F"]
)
FOLDERS = st.sampled_from(["", "f", "f/g", "h"])


@st.composite
def vaults(draw: st.DrawFn) -> dict[str, str]:
    """A folder of notes that share names, with every kind of link between them."""
    files: dict[str, str] = {}
    stems = ["A", "B", "D", "客户", "客户关系", "n1", "n2"]
    for folder, stem in draw(
        st.lists(st.tuples(FOLDERS, st.sampled_from(stems)), min_size=2, max_size=6, unique=True)
    ):
        path = f"{folder}/{stem}.md" if folder else f"{stem}.md"
        front = draw(st.sampled_from(["", "title: {}\n", "aliases: ['{}']\n", "topic: ['{}', A]\n"]))
        lines = [draw(NAMES) for _ in range(draw(st.integers(0, 4)))]
        shapes = st.sampled_from(
            ["[[{}]]", "[[{}|x]]", "[[{}#h]]", "![[{}]]", "[[f/{}]]", "[x]({}.md)", "[x](../{}.md)"]
        )
        body = " ".join(draw(shapes).format(n) for n in lines)
        named = front.format(draw(st.sampled_from(["A", "B", "客户", "T t"])))
        files[path] = (
            (f"---\n{named}---\n" if named else "")
            + draw(st.sampled_from(["", "# A\n", "# 客户关系\n"]))
            + body
        )
    return files


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=vaults(), pick=st.integers(0, 5), title=NAMES, into=FOLDERS, move=st.booleans())
def test_rename_keeps_every_link_leading_where_it_led(
    tmp_path_factory: pytest.TempPathFactory,
    clock: FixedClock,
    files: dict[str, str],
    pick: int,
    title: str,
    into: str,
    move: bool,
) -> None:
    workspace = Workspace(tmp_path_factory.mktemp("v"))
    workspace.prepare()
    vault = Vault(workspace, Journal(workspace.journal, "desk", clock), QuickDisk())
    put(vault, files)
    path = sorted(files)[pick % len(files)]
    before = _led(vault)
    renamed = move_note(vault, path, into) if move else rename_note(vault, path, title)
    after = _led(vault)
    for (note, n), targets in before.items():
        moved_to = renamed.note.path if note == path else note
        wanted = {renamed.note.path if target == path else target for target in targets}
        assert wanted <= after[moved_to, n], vault.read(moved_to).source
    fresh = LinkGraph(
        (
            parse_note(p.read_bytes(), p.relative_to(workspace.notes).as_posix())
            for p in workspace.notes.rglob("*.md")
        ),
        str,
    )
    assert {k: fresh.names.of(link, k[0]) for k, link in _links(vault).items()} == {
        k: vault.graph.names.of(link, k[0]) for k, link in _links(vault).items()
    }
    vault.undo(vault.operations()[0].id) if vault.operations() else None
    found = {
        p.relative_to(workspace.notes).as_posix(): p.read_bytes().decode()
        for p in workspace.notes.rglob("*.md")
    }
    assert found == files
    assert not [p for p in workspace.notes.rglob("*") if p.is_dir() and not any(p.iterdir())]


def _links(vault: Vault) -> dict[tuple[str, int], syntax.Link]:
    return {(note.path, n): link for note in vault.notes() for n, link in enumerate(note.links)}


def _led(vault: Vault) -> dict[tuple[str, int], set[str]]:
    """Return where each link leads, and under -1 where the topics do: two names of one topic may become one."""
    names = vault.graph.names
    led = {
        key: {target} if (target := names.of(link, key[0])) else set() for key, link in _links(vault).items()
    }
    for note in vault.notes():
        led[note.path, -1] = {target for topic in note.topics if (target := names.resolve(topic, note.path))}
    return led
