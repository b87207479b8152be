"""Templates: built in for both languages, overridden by files, always valid front matter, never executed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui import i18n
from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.notes import templates
from studytui.notes.front import split
from studytui.notes.note import parse_note
from studytui.notes.vault import Vault
from studytui.study import Study
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.learning_desk import articles


@pytest.fixture
def vault(workspace: Workspace, journal: Journal) -> Vault:
    return Vault(workspace, journal)


def own(vault: Vault, name: str, text: str) -> None:
    folder = vault.workspace.notes / "templates"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", templates.BUILTIN)
def test_every_builtin_makes_a_sound_note(vault: Vault, name: str, lang: str) -> None:
    note = templates.create_from(
        vault, name, "A: “b”", {"tags": ["x", "y z"], "quote": "one\n\ntwo"}, lang=lang
    )
    assert note.problem is None and note.title == "A: “b”" and note.kind == name and note.date == "2026-11-22"
    text = vault.read(note.path).text
    assert "{{" not in text and "\n\n\n" not in text and "::" not in text and "==" not in text
    assert note.path.startswith(templates.BUILTIN[name][1])
    if lang == "zh":
        assert any("\u4e00" <= c <= "\u9fff" for c in text)
    assert "article" not in note.front and "url" not in note.front


def test_article_note_carries_where_it_comes_from(vault: Vault) -> None:
    values = {
        "url": "https://a.b/c?d#e",
        "source": "Blog: x",
        "article": "012345678901",
        "quote": "q\nr",
        "point": "P",
    }
    note = templates.create_from(vault, "article", "T", values)
    assert (note.url, note.source) == ("https://a.b/c?d#e", "Blog: x")
    assert vault.find("article", "012345678901") == note
    assert "> q\n> r\n\n## The point\n\nP\n" in vault.read(note.path).text


def test_own_template_overrides_and_own_keys_are_added(vault: Vault) -> None:
    own(
        vault,
        "article.md",
        "---\nnote: 'by {{author}}'\nx: \"{{title}}\"\nl: [a, {{tags}}]\n---\n# {{title}} {{what}}\n{{time}}\n",
    )
    own(vault, "Mine.md", "plain {{date}} {{week}}\n")
    note = templates.create_from(
        vault,
        "article",
        'He said "no"',
        {"author": "O'Hara", "tags": ["b: c"]},
        front={"article": "1e5", "url": ""},
    )
    assert dict(note.front) == {
        "note": "by O'Hara",
        "x": 'He said "no"',
        "l": ["a", "b: c"],
        "article": "1e5",
        "title": 'He said "no"',
    }
    assert vault.read(note.path).body == '# He said "no" {{what}}\n21:07\n'
    assert [t.name for t in templates.templates(vault.workspace)][-1] == "Mine"
    mine = templates.create_from(vault, "Mine", "M")
    assert vault.read(mine.path).text == "---\ntitle: M\n---\nplain 2026-11-22 2026-W47\n"
    assert all(n.path != "templates/article.md" for n in vault.notes())


def test_a_template_may_carry_its_title_in_the_screen_language(vault: Vault) -> None:
    own(vault, "Ad teardown.md", "mine\n")
    assert templates.template(vault.workspace, "teardown").text == "mine\n"
    assert templates.template(vault.workspace, "Ad teardown").name == "teardown"


def test_broken_or_missing_templates_are_explained(vault: Vault) -> None:
    own(vault, "article.md", "---\na: [x\n---\n")
    with pytest.raises(StudyError, match=r"article\.md.*line 3"):
        templates.create_from(vault, "article", "T")
    with pytest.raises(StudyError, match="no template nope"):
        templates.template(vault.workspace, "nope")
    own(vault, "lesson.md", "x")
    (vault.workspace.notes / "templates/lesson.md").write_bytes("课".encode("gbk"))
    with pytest.raises(StudyError, match=r"lesson\.md"):
        templates.templates(vault.workspace)
    assert not vault.notes()


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3), st.sampled_from(sorted(templates.BUILTIN)))
def test_any_value_stays_a_value(title: str, other: str, tags: list[str], name: str) -> None:
    i18n.set_language("en")
    for shape in (
        templates._builtin(name, "zh"),
        '---\na: "{{title}}"\nb: x {{title}}\nc: [{{tags}}]\n---\n{{quote}}\n',
    ):
        rendered = templates.render(shape, {"title": title, "source": other, "quote": other, "tags": tags})
        front, _start = split(rendered)
        assert "{{" not in str(front.get("kind"))
        note = parse_note(rendered.encode(), "x.md")
        assert note.problem is None
        cleaned = templates.clean_line(title)
        if "b" in front:
            assert front["a"] == cleaned
        elif cleaned:
            assert front["title"] == cleaned


def test_values_of_the_clock(clock: FixedClock) -> None:
    assert templates.moment_values(clock.now()) == {"date": "2026-11-22", "time": "21:07", "week": "2026-W47"}


def test_a_note_about_an_article_begins_as_the_template_and_the_learners_own_wins(
    workspace: Workspace, clock: FixedClock
) -> None:
    workspace.feeds_file.write_text("feeds:\n  - name: Alpha\n    url: https://a.example/feed\n")
    study = Study.open(workspace, clock)
    first, second = articles(study, 2)
    note, made = study.note_about(first, body="Half is lost.")
    text = study.vault.read(note.path).text
    assert made and note.kind == "article" and note.front["article"] == first
    assert "tags" not in note.front, "an empty list says nothing"
    assert "## In my own words\n\nHalf is lost.\n\n## How I will use it" in text
    assert study.note_about(first) == (note, False)
    folder = workspace.notes / "templates"
    folder.mkdir()
    (folder / "article.md").write_text("---\nkind: mine\nwho: {{author}}\n---\nMy form\n")
    own, _made = study.note_about(second, tags=["crm"], body="Mine.")
    assert (own.kind, own.tags, own.front["article"]) == ("mine", ("crm",), second)
    assert own.source and own.url and study.vault.read(own.path).body == "My form\n\nMine.\n"
    study.close()
