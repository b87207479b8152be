"""The vault: scanning, saving without overwriting, trash, undo, names, and what it must leave alone."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.notes import cache, folder
from studytui.notes.cache import Listing, Stored
from studytui.notes.note import Note
from studytui.notes.relink import rename_note
from studytui.notes.vault import Vault, VaultChanges
from studytui.workspace import Workspace
from tests.conftest import FixedClock

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def vault(workspace: Workspace, journal: Journal) -> Vault:
    return Vault(workspace, journal)


def tree(workspace: Workspace) -> dict[str, bytes]:
    return {
        p.relative_to(workspace.notes).as_posix(): p.read_bytes()
        for p in workspace.notes.rglob("*")
        if p.is_file()
    }


def test_create_read_and_list(vault: Vault, workspace: Workspace) -> None:
    note = vault.create(
        "漏斗: 什么?", "正文 #营销/漏斗", front={"tags": ["a"], "url": "https://a.b"}, into="topics"
    )
    assert note.path == "topics/漏斗： 什么？.md"
    assert (note.title, note.tags, note.date) == ("漏斗: 什么?", ("a", "营销/漏斗"), "2026-11-22")
    assert vault.read(note.path).body == "\n正文 #营销/漏斗\n"
    again = vault.create("漏斗: 什么?", into="topics")
    assert again.path == "topics/漏斗： 什么？ 2.md"
    assert {n.path for n in vault.notes()} == {note.path, again.path}
    assert vault.get("漏斗: 什么?") is not None
    assert vault.find("url", "https://a.b") == note
    assert vault.find("url", "x") is None


def test_scan_reports_each_change_once(vault: Vault, workspace: Workspace) -> None:
    (workspace.notes / "a.md").write_text("# A\n")
    assert vault.scan() == VaultChanges(added=("a.md",))
    assert vault.scan() == VaultChanges()
    (workspace.notes / "a.md").write_text("# B\n")
    assert vault.scan() == VaultChanges(modified=("a.md",))
    (workspace.notes / "a.md").rename(workspace.notes / "b.md")
    assert vault.scan() == VaultChanges(added=("b.md",), removed=("a.md",))


def test_a_second_session_reads_only_what_changed(
    vault: Vault, workspace: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        file = workspace.notes / f"{name}.md"
        file.write_text(f"---\ntags: [x]\naliases: [Alias {name}]\n---\n# {name} [[b]]\n")
        os.utime(file, (1, 1))
    read: list[str] = []
    real = folder.read_bytes
    monkeypatch.setattr(folder, "read_bytes", lambda path: read.append(Path(path).name) or real(path))
    # The change time cannot be set back, so the file system's tick is waited out in the clock instead.
    monkeypatch.setattr("studytui.notes.vault.time_ns", lambda: 1 << 62)
    vault.scan()
    assert sorted(read) == ["a.md", "b.md", "c.md"]
    read.clear()
    fresh = Vault(workspace, journal)
    assert not fresh.scan()
    assert read == []
    assert list(fresh.notes()) == list(vault.notes())
    assert [n.links for n in fresh.notes()] == [n.links for n in vault.notes()]
    (workspace.notes / "b.md").write_text("changed")
    assert Vault(workspace, journal).scan() == VaultChanges(modified=("b.md",))
    assert read == ["b.md"]


@pytest.mark.parametrize("lang", [None, "en", "zh"])
def test_an_unchanged_folder_lists_its_first_notes_without_making_the_others(
    vault: Vault, workspace: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch, lang: str | None
) -> None:
    for number in range(60):
        front = f"---\nlang: {('zh', 'en')[number % 2]}\n---\n" if number % 3 else ""
        file = workspace.notes / f"n{number:02d}.md"
        file.write_text(f"{front}# 客户 {number} [[n01]]\n\n#t{number}\n")
        os.utime(file, ns=(number % 7, number % 7))
    monkeypatch.setattr("studytui.notes.vault.time_ns", lambda: 1 << 62)
    vault.scan()
    whole = list(vault.notes(lang))
    assert [note.lang for note in whole if lang and note.lang not in ("", lang)] == []

    def fresh() -> tuple[Vault, Listing]:
        again = Vault(workspace, journal)
        return again, again.notes(lang)

    with monkeypatch.context() as made:
        made.setattr(Stored, "notes", property(lambda _stored: pytest.fail("all notes were made")))
        again, notes = fresh()
        assert len(notes) == len(whole) and notes.paths == [note.path for note in whole]
        assert (notes[0], notes[-1], list(notes[3:9]), list(notes[5:5])) == (
            whole[0],
            whole[-1],
            whole[3:9],
            [],
        )
        assert notes[2].links == whole[2].links
        assert not again.scan() and list(again.notes(lang)[:2]) == whole[:2]
    assert list(notes) == whole and notes[::-2] == whole[::-2] and list(notes[3:9]) == whole[3:9]
    assert again.get("n07") == vault.get("n07") and list(again.notes(lang)) == whole
    (workspace.notes / "n07.md").write_text("# Changed\n")
    again, notes = fresh()
    assert notes[0].title == "Changed" and len(again.notes()) == 60
    assert fresh()[0].refresh(["n08.md"]) == VaultChanges()


def test_folders_that_changed_places_are_seen(vault: Vault, workspace: Workspace, journal: Journal) -> None:
    for folder_, text in (("one", "# A\n"), ("two", "# B\n")):
        (workspace.notes / folder_).mkdir()
        (workspace.notes / folder_ / "n.md").write_text(text)
    texts = [workspace.notes / name / "n.md" for name in ("one", "two")]
    for file in texts:
        os.utime(file, ns=(5, 5))
    vault.scan()
    changed = texts[0].stat().st_ctime_ns
    seen = vault._known()
    # As when both were unpacked within one tick of the file system's clock.
    for path, one in list(seen.items()):
        seen[path] = one._replace(signature=(5, changed, 4, one.signature[3]), settled=True)
    cache.save(workspace.state / "notes.cache", list(seen.values()))
    for old, new in (("one", "t"), ("two", "one"), ("t", "two")):
        (workspace.notes / old).rename(workspace.notes / new)
    for looking in (vault, Vault(workspace, journal)):
        looking.scan()
        assert [looking.read(f"{n}/n.md").note.title for n in ("one", "two")] == ["B", "A"]
        assert {note.path: note.title for note in looking.notes()} == {"one/n.md": "B", "two/n.md": "A"}


def test_every_damaged_bit_of_the_cache_is_noticed(vault: Vault, workspace: Workspace) -> None:
    for name in ("a", "b", "c"):
        vault.create(name, f"[[{name}]] #tag")
    file = workspace.state / "notes.cache"
    vault.scan()
    whole = file.read_bytes()
    assert cache.load(file) is not None
    for at in range(len(whole) * 8):
        damaged = bytearray(whole)
        damaged[at // 8] ^= 1 << at % 8
        file.write_bytes(damaged)
        assert cache.load(file) is None, at


@pytest.mark.parametrize("inode", [1, (1 << 63) + 5, (1 << 64) - 1])
@pytest.mark.parametrize("modified", [-5, 0, 1 << 61])
def test_any_inode_and_any_time_come_back(tmp_path: Path, inode: int, modified: int) -> None:
    seen = cache.Seen((modified, 7, 3, inode), True, Note("a.md", "A", size=3, modified=modified))
    cache.save(tmp_path / "c", [seen])
    stored = cache.load(tmp_path / "c")
    assert stored is not None and stored.seen() == {"a.md": seen}
    assert stored.unchanged(cache.Look(["a.md"], [modified, 7, 3, inode]))
    assert not stored.unchanged(cache.Look(["a.md"], [modified, 7, 3, inode - 1]))


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
def test_what_is_no_file_is_never_waited_for(vault: Vault, workspace: Workspace) -> None:
    os.mkfifo(workspace.notes / "pipe.md")
    (workspace.notes / "folder.md").mkdir()
    (workspace.notes / "folder.md/inside.md").write_text("x")
    vault.scan()
    assert not vault.refresh(["pipe.md", "folder.md", "folder.md/inside.md"])
    assert not vault.notes()


def test_the_folder_is_looked_at_as_well_where_it_has_no_descriptor(
    vault: Vault, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.notes / "deep").mkdir()
    (workspace.notes / "deep/er.md").write_text("x")
    (workspace.notes / "a.md").write_text("# A\n")
    looked = folder.look(workspace.notes)
    assert sorted(looked.paths) == ["a.md", "deep/er.md"]
    monkeypatch.setattr(os, "supports_fd", set())
    assert folder.look(workspace.notes) == looked


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"studytui notes 1 0\x1e1", b"HEAD", b"CUT", None])
def test_a_damaged_cache_is_only_a_cache(
    vault: Vault, workspace: Workspace, journal: Journal, damage: bytes | None
) -> None:
    vault.create("A")
    file = workspace.state / "notes.cache"
    vault.scan()
    whole = file.read_bytes()
    parts = {b"HEAD": whole.partition(b"\n")[0], b"CUT": whole[:60], None: whole[:-9]}
    file.write_bytes(parts.get(damage, damage))
    fresh = Vault(workspace, journal)
    fresh.scan()
    assert [n.title for n in fresh.notes()] == ["A"]


def test_a_note_that_holds_the_signs_of_the_cache_is_read_again_and_the_others_are_not(
    vault: Vault, workspace: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studytui.notes.vault.time_ns", lambda: 1 << 62)
    texts = {"odd.md": '---\nkind: "a\\u001fb"\n---\n', "b.md": "# B [[c]]\n", "gbk.md": "\u5ba2"}
    for name, text in texts.items():
        (workspace.notes / name).write_bytes(text.encode("gbk"))
    vault.scan()
    stored = cache.load(workspace.state / "notes.cache")
    assert stored is not None and set(stored.seen()) == {"b.md", "gbk.md"}
    fresh = Vault(workspace, journal)
    fresh.scan()
    assert list(fresh.notes()) == list(vault.notes()) and fresh.get("odd.md") is not None


def test_same_size_change_within_one_tick_is_seen(vault: Vault, workspace: Workspace) -> None:
    file = workspace.notes / "a.md"
    file.write_text("one")
    os.utime(file, ns=(5, 5))
    vault.scan()
    file.write_text("two")
    os.utime(file, ns=(5, 5))
    assert vault.scan().modified == ("a.md",)


def test_what_is_listed_with_a_reason_and_never_touched(vault: Vault, workspace: Workspace) -> None:
    odd = {
        "gbk.md": "客户".encode("gbk"),
        "binary.md": b"a\0b",
        "front.md": b"---\na: b: c\n---\n# T [[gbk]] #tag\n",
        "large.md": b"x" * 10_000_001,
    }
    for name, content in odd.items():
        (workspace.notes / name).write_bytes(content)
    vault.scan()
    reasons = {n.path: str(n.problem) for n in vault.notes()}
    assert "GBK" in reasons["gbk.md"] and "binary" in reasons["binary.md"] and "10 MB" in reasons["large.md"]
    assert "line 2" in reasons["front.md"]
    for name in odd:
        with pytest.raises(StudyError):
            vault.edit(name, lambda source: source + "x")
    with pytest.raises(StudyError, match="GBK"):
        vault.read("gbk.md")
    assert vault.read("front.md").body == "# T [[gbk]] #tag\n"
    assert tree(workspace) == odd


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file_is_listed(vault: Vault, workspace: Workspace) -> None:
    file = workspace.notes / "a.md"
    file.write_text("x")
    file.chmod(0)
    vault.scan()
    assert "opened" in str(vault.notes()[0].problem)


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_links_hidden_folders_and_templates_are_left_out(
    vault: Vault, workspace: Workspace, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (workspace.notes / "link.md").symlink_to(outside / "secret.md")
    (workspace.notes / "folder").symlink_to(outside)
    for name in (".obsidian/a.md", ".trash/b.md", "templates/c.md", "deep/templates/d.md", "x.txt", ".e.md"):
        (workspace.notes / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace.notes / name).write_text("x")
    os.mkfifo(workspace.notes / "pipe.md")
    vault.scan()
    assert [n.path for n in vault.notes()] == ["deep/templates/d.md"]
    for path in (
        "link.md",
        "folder/secret.md",
        "../feeds.yaml",
        "/etc/passwd",
        ".git/x.md",
        "a/../../b.md",
        "",
    ):
        with pytest.raises(StudyError):
            vault.read(path)
        with pytest.raises(StudyError):
            vault.save(path, "x", "")
    with pytest.raises(StudyError):
        vault.create("A", into="folder")
    assert (outside / "secret.md").read_text() == "secret"
    assert not (outside / "A.md").exists()


def test_notes_behind_a_symbolic_link_are_not_followed(journal: Journal, tmp_path: Path) -> None:
    root = tmp_path / "linked"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (root / "notes").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StudyError, match="symbolic link"):
        Vault(Workspace(root), journal).scan()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_name_that_is_no_text(vault: Vault, workspace: Workspace) -> None:
    Path(os.fsdecode(os.fsencode(workspace.notes) + b"/\xff\xfe.md")).write_text("x")
    vault.scan()
    assert "UTF-8" in str(vault.notes()[0].problem)
    vault.notes()[0].path.encode()


def test_save_keeps_line_ends_bom_and_missing_final_newline(vault: Vault, workspace: Workspace) -> None:
    raw = "\ufeff# A\r\none\r\ntwo\nthree".encode()
    (workspace.notes / "a.md").write_bytes(raw)
    opened = vault.read("a.md")
    assert opened.text == "# A\none\ntwo\nthree"
    vault.save("a.md", opened.text, opened.digest)
    assert (workspace.notes / "a.md").read_bytes() == raw
    saved = vault.save("a.md", "# A\none\nnew\ntwo\nthree", opened.digest)
    assert (workspace.notes / "a.md").read_bytes() == "\ufeff# A\r\none\r\nnew\r\ntwo\nthree".encode()
    assert saved.conflict is None and saved.note.digest != opened.digest


def test_a_change_by_another_program_is_never_overwritten(vault: Vault, workspace: Workspace) -> None:
    note = vault.create("A", "one")
    opened = vault.read(note.path)
    (workspace.notes / note.path).write_text("theirs")
    saved = vault.save(note.path, opened.text + "mine\n", opened.digest)
    assert saved.conflict == "A (conflict 2026-11-22 2107).md"
    assert (workspace.notes / note.path).read_text() == "theirs"
    assert vault.read(saved.conflict).text == opened.text + "mine\n"
    assert vault.save(note.path, "third", opened.digest).conflict == "A (conflict 2026-11-22 2107) 2.md"


def test_two_instances_on_one_workspace(vault: Vault, workspace: Workspace, clock: FixedClock) -> None:
    other = Vault(workspace, Journal(workspace.journal, "desk", clock))
    vault.scan()
    note = other.create("A", "one")
    assert vault.scan().added == (note.path,)
    first, second = vault.read(note.path), other.read(note.path)
    assert vault.save(note.path, "mine\n", first.digest).conflict is None
    assert other.save(note.path, "yours\n", second.digest).conflict is not None
    threads = [threading.Thread(target=v.create, args=("same",)) for v in (vault, other) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([name for name in tree(workspace) if name.startswith("same")]) == 10


def test_a_note_deleted_meanwhile_is_written_again(vault: Vault, workspace: Workspace) -> None:
    note = vault.create("A", "one")
    opened = vault.read(note.path)
    (workspace.notes / note.path).unlink()
    assert vault.save(note.path, "again\n", opened.digest).conflict is None
    assert (workspace.notes / note.path).read_text() == "again\n"


def test_trash_restore_and_undo_across_restarts(vault: Vault, workspace: Workspace, journal: Journal) -> None:
    note = vault.create("A", "one", into="deep/er")
    before = tree(workspace)
    kept = vault.trash(note.path)
    assert not vault.notes() and tree(workspace) == {}
    assert [(t.id, t.path, t.title) for t in vault.trashed()] == [(kept, "deep/er/A.md", "A")]
    vault.create("A", "other", into="deep/er")
    fresh = Vault(workspace, journal)
    assert fresh.restore(kept).path == "deep/er/A 2.md"
    assert fresh.trashed() == []
    assert [str(o) for o in fresh.operations()] == [
        "Restored “A” from the trash",
        "Created “A”",
        "Moved “A” to the trash",
        "Created “A”",
    ]
    for operation in fresh.operations()[:3]:
        fresh.undo(operation.id)
    assert tree(workspace) == before
    assert fresh.trashed() == []
    fresh.undo(fresh.operations()[0].id)
    assert tree(workspace) == {} and not (workspace.notes / "deep").exists()
    assert fresh.operations() == []


def test_records_of_undo_are_kept_a_year_and_the_newest_for_ever_and_the_trash_stays(
    vault: Vault, workspace: Workspace, journal: Journal, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studytui.notes.history.KEPT", 2)
    undo = workspace.state / "undo"
    kept = vault.trash(vault.create("Old", "text").path)
    (undo / "mine.zip").write_bytes(b"not ours")
    clock.tick(days=364)
    Vault(workspace, journal).create("A")
    assert len(list(undo.glob("2*.zip"))) == 3
    clock.tick(days=2)
    fresh = Vault(workspace, journal)
    fresh.create("B")
    assert len(list(undo.glob("2*.zip"))) == 2 and (undo / "mine.zip").exists()
    with pytest.raises(StudyError, match="not kept"):
        fresh.undo(fresh.operations()[-1].id)
    assert fresh.restore(kept).title == "Old"
    clock.tick(days=999)
    last = Vault(workspace, journal)
    last.undo(last.operations()[0].id)
    assert [one.id for one in last.trashed()] == [kept]


def test_undo_is_refused_when_the_file_changed_since(vault: Vault, workspace: Workspace) -> None:
    note = vault.create("A")
    (workspace.notes / note.path).write_text("by hand")
    with pytest.raises(StudyError, match=r"A\.md has changed since"):
        vault.undo(vault.operations()[0].id)
    assert (workspace.notes / note.path).read_text() == "by hand"
    with pytest.raises(StudyError, match="nothing to undo"):
        vault.undo("no such event")


def test_acts_of_other_areas_are_undone_with_the_note(vault: Vault, journal: Journal) -> None:
    vault.create("A", also=lambda path: [("article.noted", {"subject": "abc", "note": path})])
    assert [e.kind for e in journal.events()] == ["note.created", "article.noted"]
    vault.undo(vault.operations()[0].id)
    assert journal.events() == []


def test_listeners_hear_of_every_change(vault: Vault, workspace: Workspace) -> None:
    heard: list[VaultChanges] = []
    vault.scan()
    vault.listeners.append(heard.append)
    note = vault.create("A")
    (workspace.notes / "b.md").write_text("b")
    vault.refresh([workspace.notes / "b.md", workspace.root / "feeds.yaml", workspace.notes / ".x.md.1.tmp"])
    vault.trash(note.path)
    assert heard == [
        VaultChanges(added=("A.md",)),
        VaultChanges(added=("b.md",)),
        VaultChanges(removed=("A.md",)),
    ]


def test_a_listener_may_change_notes_itself(vault: Vault, workspace: Workspace) -> None:
    vault.create("A")
    vault.listeners.append(lambda changes: None if vault.get("B") else (vault.create("B"), None)[1])
    (workspace.notes / "c.md").write_text("c")
    rename_note(vault, "A.md", "New")
    assert {note.title for note in vault.notes()} == {"New", "B", "c"}


def test_a_watcher_that_only_names_a_folder(vault: Vault, workspace: Workspace) -> None:
    vault.create("A", into="one")
    (workspace.notes / "one").rename(workspace.notes / "two")
    assert vault.refresh([workspace.notes / "one"]) == VaultChanges(
        added=("two/A.md",), removed=("one/A.md",)
    )
    (workspace.notes / "two").rename(workspace.notes / "three")
    assert vault.refresh(["three", ".studytui", ""]).added == ("three/A.md",)


def test_language_filter(vault: Vault) -> None:
    vault.create("en", front={"lang": "en"})
    vault.create("zh", front={"lang": "zh"})
    vault.create("mine")
    assert {n.title for n in vault.notes("zh")} == {"zh", "mine"}
    assert len(vault.notes()) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_private_notes_stay_private(vault: Vault, workspace: Workspace) -> None:
    note = vault.create("A")
    (workspace.notes / note.path).chmod(0o600)
    restored = vault.restore(vault.trash(note.path))
    assert (workspace.notes / restored.path).stat().st_mode & 0o777 == 0o600
