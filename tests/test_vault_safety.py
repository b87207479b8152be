"""No operation is ever half done: failures and crashes at every write, and undo of long random histories."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.notes import map as maps
from studytui.notes import tags
from studytui.notes.history import Disk
from studytui.notes.relink import link_mention, move_note, rename_note
from studytui.notes.vault import Vault
from studytui.workspace import Clock, SystemClock, Workspace
from tests.conftest import FixedClock
from tests.victims import Victim, save_and_rename


@pytest.fixture(autouse=True)
def _no_plug_to_pull(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here is order and wholeness; waiting for the disk would only make it slow."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


class Crash(BaseException):
    """The process is gone; nothing after this runs."""


class FailingDisk(Disk):
    """Fails at the ``at``-th change of the disk, before or after it took place, then works or goes on failing."""

    def __init__(self, at: int, error: BaseException, after: bool = False, sticky: bool = False) -> None:
        self.left, self.error, self.after, self.sticky = at, error, after, sticky
        self.failed = False

    def _strike(self, do: Callable[[], None]) -> None:
        self.left -= 1
        if self.left == 0 or (self.failed and self.sticky):
            self.failed = True
            if self.after and self.left == 0:
                do()
            raise self.error
        do()

    def write(self, path: Path, content: bytes) -> None:
        self._strike(lambda: _quick(path, content))

    def remove(self, path: Path) -> None:
        self._strike(path.unlink)

    def rename(self, old: Path, new: Path) -> None:
        self._strike(lambda: _replace(old, new))


class QuickDisk(Disk):
    """No fsync."""

    def write(self, path: Path, content: bytes) -> None:
        _quick(path, content)


def _quick(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _replace(old: Path, new: Path) -> None:
    old.replace(new)


FILES = {
    "t.md": "---\ntitle: Old\ntags: [x]\n---\n# body\n",
    "a.md": "one [[Old]] two Old three #x\r\n",
    "f/b.md": "[[Old]] [[t|label]] [md](../t.md)",
    "f/c.md": "---\ntopic: Old\n---\nOld\n",
}


def _save(vault: Vault) -> None:
    vault.save("a.md", vault.read("a.md").text + "more\n", vault.read("a.md").digest)


def _restore(vault: Vault) -> None:
    vault.restore(vault.trashed()[0].id)


OPERATIONS: dict[str, Callable[[Vault], object]] = {
    "create": lambda vault: vault.create("new", "x", into="deep/er"),
    "save": _save,
    "rename": lambda vault: rename_note(vault, "t.md", "New name"),
    "move": lambda vault: move_note(vault, "t.md", "f/g"),
    "trash": lambda vault: vault.trash("f/b.md"),
    "restore": _restore,
    "retag": lambda vault: tags.rename_tag(vault, "x", "y/z"),
    "undo": lambda vault: vault.undo(vault.operations()[0].id),
}


def desk(root: Path, clock: Clock, disk: Disk) -> Vault:
    workspace = Workspace(root)
    workspace.prepare()
    return Vault(workspace, Journal(workspace.journal, "desk", clock), disk)


def tree(vault: Vault) -> dict[str, bytes]:
    root = vault.workspace.root
    files = [p for base in ("notes", ".studytui/trash") for p in (root / base).rglob("*") if p.is_file()]
    return {_timeless(p.relative_to(root).as_posix()): p.read_bytes() for p in files}


def _timeless(path: str) -> str:
    """Leave out the random part of a folder in the trash."""
    parts = path.split("/")
    return "/".join([*parts[:2], *parts[3:]]) if parts[1] == "trash" else path


def prepared(root: Path, clock: Clock, name: str) -> None:
    vault = desk(root, clock, QuickDisk())
    for path, text in FILES.items():
        _quick(vault.workspace.notes / path, text.encode())
    if name in ("restore", "undo"):
        vault.trash("f/b.md")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_write_may_fail_or_crash(name: str, tmp_path: Path, clock: FixedClock) -> None:
    count = 0
    outcomes = set()
    prepared(tmp_path / "whole", clock, name)
    vault = desk(tmp_path / "whole", clock, QuickDisk())
    before = tree(vault)
    OPERATIONS[name](vault)
    done = tree(vault)
    errors: list[tuple[BaseException, bool]] = [
        (OSError(28, "No space left on device"), False),
        (Crash(), True),
    ]
    for error, crash in errors:
        for after in (False, True):
            for sticky in (False, True):
                for at in range(1, 99):
                    count += 1
                    root = tmp_path / f"r{count}"
                    prepared(root, clock, name)
                    disk = FailingDisk(at, error, after, sticky)
                    vault = desk(root, clock, disk)
                    vault.scan()
                    told = ""
                    try:
                        OPERATIONS[name](vault)
                    except StudyError as problem:
                        told = problem.hint or "x"
                    except Crash:
                        told = "crash"
                    halfway = tree(vault)
                    for path, content in halfway.items():
                        assert content in (before.get(path), done.get(path)), (path, at)
                    kept = set(before.values()) & set(done.values())
                    assert kept <= set(halfway.values())
                    fresh = desk(root, clock, QuickDisk())
                    fresh.scan()
                    assert tree(fresh) in (before, done), (at, after, sticky)
                    finished = tree(fresh) == done
                    outcomes.add(finished)
                    assert not list((root / ".studytui/pending").glob("*"))
                    if not told:
                        assert finished
                    if told and not crash and not sticky:
                        assert not finished and halfway == before
                    known = [op for op in fresh.operations() if op.kind != "note.trashed" or name == "trash"]
                    if name != "undo":
                        assert len(known) == int(finished)
                    if finished and name != "undo":
                        fresh.undo(fresh.operations()[0].id)
                        assert tree(fresh) == before
                    if not disk.failed:
                        break
    assert outcomes == {True, False}


def test_a_damaged_pending_record_is_put_aside(tmp_path: Path, clock: FixedClock) -> None:
    vault = desk(tmp_path, clock, QuickDisk())
    _quick(tmp_path / ".studytui/pending/x.zip", b"no zip")
    assert vault.create("a").title == "a"
    assert not list((tmp_path / ".studytui/pending").glob("*.zip"))


def test_a_change_made_by_hand_after_a_crash_is_kept(tmp_path: Path, clock: FixedClock) -> None:
    prepared(tmp_path, clock, "rename")
    vault = desk(tmp_path, clock, FailingDisk(3, Crash()))
    with pytest.raises(Crash):
        rename_note(vault, "t.md", "New")
    _quick(tmp_path / "notes/f/b.md", b"by hand")
    fresh = desk(tmp_path, clock, QuickDisk())
    fresh.scan()
    assert (tmp_path / "notes/f/b.md").read_bytes() == b"by hand"
    assert fresh.get("New") is not None and "[[New]]" in fresh.read("a.md").source


def test_real_writes_leave_no_temporary_files(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(tmp_path, clock, "save")
    vault = desk(tmp_path, clock, Disk())
    before = tree(vault)

    def full(old: Path, new: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StudyError, match="No space left"):
        _save(vault)
    assert tree(vault) == before
    assert not list(tmp_path.rglob("*.tmp"))


WORDS = ["客户", "漏斗", "Funnel", "A", "a", "B: c", "x" * 300, "客" * 100, "con", "...", "T#1"]


def _random_operation(vault: Vault, dice: random.Random) -> None:
    notes = [note.path for note in vault.notes()]
    word = dice.choice(WORDS)
    kind = dice.choice(
        [
            "create",
            "save",
            "rename",
            "move",
            "trash",
            "restore",
            "retag",
            "tag",
            "file",
            "mention",
            "map",
            "undo",
            "conflict",
        ]
    )
    if kind == "create" or not notes:
        body = " ".join(dice.choice([f"[[{w}]]", w, f"#{w}"]) for w in dice.choices(WORDS[:6], k=4))
        front = dice.choice([{}, {"kind": "topic"}, {"kind": "map"}, {"tags": ["a", "b/c"]}])
        vault.create(
            word,
            dice.choice([body, f"- [[{word}]]\n  - {body}"]),
            front=front,
            into=dice.choice(["", "f", "f/g"]),
        )
        return
    path = dice.choice(notes)
    if kind == "save":
        vault.save(path, vault.read(path).text + f"{word}\n", vault.read(path).digest)
    elif kind == "conflict":
        vault.save(path, f"other {word}", "0" * 64)
    elif kind == "rename":
        rename_note(vault, path, word)
    elif kind == "move":
        move_note(vault, path, dice.choice(["", "f", "h"]))
    elif kind == "trash":
        vault.trash(path)
    elif kind == "restore" and vault.trashed():
        vault.restore(dice.choice(vault.trashed()).id)
    elif kind == "retag":
        tags.rename_tag(vault, dice.choice(["a", "b", "客户"]), dice.choice(["z", "b/c", "a/b"]))
    elif kind == "tag":
        tags.add_tag(vault, path, "客户/新")
    elif kind == "file":
        maps.file_under(vault, path, dice.choice(notes))
    elif kind == "mention":
        found = vault.graph.mentions(path, limit=3)
        if found:
            link_mention(vault, path, found[0])
    elif kind == "map":
        places = [place for root in maps.topic_tree(vault) for place in root.walk()]
        if places:
            dice.choice([maps.nest_place, maps.unnest_place, maps.remove_place])(vault, dice.choice(places))
    elif kind == "undo" and vault.operations():
        vault.undo(vault.operations(1)[0].id)


@pytest.mark.parametrize("seed", range(2))
def test_two_hundred_operations_and_all_taken_back(seed: int, tmp_path: Path, clock: FixedClock) -> None:
    dice = random.Random(seed)
    prepared(tmp_path, clock, "")
    vault = desk(tmp_path, clock, QuickDisk())
    before = tree(vault)
    for n in range(200):
        clock.tick(seconds=1)
        _random_operation(vault, dice)
        if n % 50 == 0:
            vault = desk(tmp_path, clock, QuickDisk())
    assert tree(vault) != before
    changes = vault.scan()
    assert not changes, "the vault knows what it did itself"
    for operation in desk(tmp_path, clock, QuickDisk()).operations():
        vault.undo(operation.id)
    assert tree(vault) == before
    assert not [p for p in vault.workspace.notes.rglob("*") if p.is_dir() and p.name != "f"]
    assert vault.operations() == [] and not vault.scan()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_twenty_kills_during_saves_and_renames_lose_nothing_confirmed(
    tmp_path: Path, clock: FixedClock
) -> None:
    vault = desk(tmp_path, SystemClock(), QuickDisk())
    _quick(tmp_path / "notes/Hub.md", b"# Hub\n")
    for n in range(6):
        _quick(tmp_path / f"notes/{n}.md", b"see [[Hub]]\n")
    dice, confirmed = random.Random(3), 1
    for _kill in range(20):
        worker = Victim(save_and_rename, tmp_path)
        told = [worker.hear()]
        time.sleep(dice.random() * 0.05)
        told += worker.kill()
        assert told[0] is not None and told[-1] is not None
        confirmed = int(told[-1][0])
        vault = desk(tmp_path, SystemClock(), QuickDisk())
        vault.scan()
        hub = vault.get("Hub") or vault.get("Bub")
        assert hub is not None and len(vault.notes()) == 7
        lines = vault.read(hub.path).text.splitlines()
        assert lines[1:] == [f"line {n}" for n in range(2, len(lines) + 1)] and len(lines) >= confirmed
        assert len(vault.graph.sources(hub.path)) == 6 and vault.graph.dead() == []
