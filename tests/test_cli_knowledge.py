"""The shell on notes as a system: links, map, tags, rename, filing, export and import."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.workspace import Workspace
from tests.test_cli import Answer, Shell, shell

__all__ = ("shell",)


@pytest.fixture
def vault(workspace: Workspace) -> Path:
    """Three notes and a map: one filed, one linked, one alone."""
    for name, text in {
        "Ties.md": "---\ntitle: Ties\nkind: topic\ntags: [marketing/crm]\n---\n\nSee [[Funnel]] and [[Nowhere]].\n",
        "Funnel.md": "---\ntitle: Funnel\n---\n\nNumbers. #maths\n",
        "Alone.md": "---\ntitle: Alone\n---\n\nThe Funnel is only named here.\n",
        "Map.md": "---\ntitle: Map\nkind: map\n---\n\n- [[Ties]]\n",
    }.items():
        (workspace.notes / name).write_text(text, "utf-8")
    return workspace.notes


def test_links_of_a_note(shell: Shell, vault: Path) -> None:
    found = shell("links", "Funnel", "--json").json
    assert [one["title"] for one in found["backlinks"]] == ["Ties"]
    assert found["backlinks"][0]["sentence"] == "See [[Funnel]] and [[Nowhere]]."
    assert [one["path"] for one in found["mentions"]] == ["Alone.md"]
    assert shell("links", "Ties", "--json").json["dead"] == ["Nowhere"]
    assert "leads nowhere" in shell("links", "Ties").out


def test_rename_takes_the_links_along_and_undo_brings_them_back(shell: Shell, vault: Path) -> None:
    before = {file.name: file.read_bytes() for file in vault.iterdir()}
    renamed: Answer = shell("note", "rename", "Funnel", "The funnel")
    assert Path(renamed.out.splitlines()[0]).name == "The funnel.md"
    assert "[[The funnel]]" in (vault / "Ties.md").read_text("utf-8")
    shell("undo")
    assert {file.name: file.read_bytes() for file in vault.iterdir()} == before


def test_links_follow_a_title_that_was_changed_by_hand(shell: Shell, vault: Path) -> None:
    file = vault / "Funnel.md"
    file.write_text("# The wide funnel\n", "utf-8")
    file.rename(vault / "wide.md")
    assert shell("links", "Ties", "--json").json["dead"] == ["Funnel", "Nowhere"]
    assert shell("note", "relink", "wide", "Funnel").out == "1 link follows.\n"
    assert "[[The wide funnel]]" in (vault / "Ties.md").read_text("utf-8")
    assert shell("note", "relink", "wide", "Ties").code == 1
    shell("undo")
    assert "[[Funnel]]" in (vault / "Ties.md").read_text("utf-8")


def test_filing_and_the_map(shell: Shell, vault: Path) -> None:
    assert shell("map", "--json").json["topics"] == [
        {"title": "Ties", "path": "Ties.md", "notes": 1, "children": []}
    ]
    assert shell("note", "link", "Alone", "Ties").code == 0
    found = shell("map", "--json").json
    assert found["topics"][0]["notes"] == 2 and "Alone.md" not in found["unfiled"]
    assert "Ties · 2 notes" in shell("map").out


def test_a_note_is_moved_and_links_by_path_follow(shell: Shell, vault: Path) -> None:
    (vault / "by path.md").write_text("[here](../notes/Funnel.md) [there](Funnel.md)\n")
    moved = shell("note", "move", "Funnel", "topics/deep/")
    assert moved.code == 0 and "1 link follows." in moved.out
    assert Path(moved.out.splitlines()[0]) == vault / "topics/deep/Funnel.md"
    assert "[there](topics/deep/Funnel.md)" in (vault / "by path.md").read_text()
    assert shell("note", "move", "Funnel", ".").code == 0 and (vault / "Funnel.md").exists()
    outside = shell("note", "move", "Funnel", "../elsewhere")
    assert outside.code == 1 and "cannot be a folder of notes" in outside.err
    assert (vault / "Funnel.md").exists() and not (vault.parent / "elsewhere").exists()


def test_tags_are_counted_and_renamed(shell: Shell, vault: Path) -> None:
    counts = {row["tag"]: row["notes"] for row in shell("tags", "--json").json}
    assert counts == {"marketing": 1, "marketing/crm": 1, "maths": 1}
    assert shell("tags", "--rename", "marketing", "sales").code == 0
    assert "sales/crm" in (vault / "Ties.md").read_text("utf-8")


def test_export_and_import(shell: Shell, vault: Path, tmp_path: Path) -> None:
    assert "# " in shell("export").out
    page = Path(shell("export", str(tmp_path / "site"), "--as", "site").out.strip())
    assert page.is_file() and "Ties" in page.read_text("utf-8")
    assert shell("export", "--as", "site").code == 2
    source = tmp_path / "obsidian"
    source.mkdir()
    (source / "New.md").write_text("# New\n", "utf-8")
    (source / "Alone.md").write_text("# Another\n", "utf-8")
    assert shell("import", str(source)).code == 0
    assert (vault / "New.md").read_text("utf-8") == "# New\n"
    assert (vault / "Alone 2.md").is_file() and "named here" in (vault / "Alone.md").read_text("utf-8")
