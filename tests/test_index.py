"""The note index: right when it is there, stale, damaged, foreign, gone, written by another or killed."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from studytui.search import index_child, store
from studytui.search.analyzer import fold
from studytui.search.index import NoteIndex
from studytui.search.query import Document, scan
from studytui.search.writer import WriterProcess

ARTICLES = Path(__file__).parents[2] / "shared" / "articles"
ASKED = [
    "客户",
    "软文",
    "07:00",
    "ＣＲＭ",
    "CRM系统",
    '"客户关系管理"',
    "market",
    "(",
    '"',
    "AND",
    "客戶關係",
]
OWN_TEXT = (
    "早上:07:00-09:00上班高峰期。用过CRM系统,ＣＲＭ很好(免费)。“客户关系管理”是“以客户为中心”。",
    'Soft articles (软文) never praise the product; the "market" decides AND supermarkets follow.',
    "客戶關係管理：營銷軟文。landing\npage optimization",
    "completely unrelated: cooking",
)


class Inline:
    """A writer without a process: what the child does, done here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[dict[str, Any]] = []

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        return index_child.handle(self.folder, request)

    def close(self) -> None:
        pass


def document(path: str, body: str, title: str = "", stamp: str = "1") -> Document:
    return Document(path, title or path, body, stamp)


def corpus(*bodies: str) -> dict[str, Document]:
    return {f"{n}.md": document(f"{n}.md", body) for n, body in enumerate(bodies)}


def texts() -> list[str]:
    return [file.read_text("utf-8") for file in sorted(ARTICLES.glob("*.txt"))] + list(OWN_TEXT)


def found(index: NoteIndex, query: str, documents: dict[str, Document], limit: int = 50) -> set[str]:
    return {hit.path for hit in index.search(query, documents, limit).hits}


def scanned(query: str, documents: dict[str, Document]) -> set[str]:
    return {hit.path for hit in scan(query, list(documents.values()), 50).hits}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "index"


@pytest.fixture
def index(folder: Path) -> Iterator[NoteIndex]:
    made = NoteIndex(folder, Inline)
    yield made
    made.close()


Indexed = tuple[NoteIndex, dict[str, Document]]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    """An index of real and made texts that no test writes to."""
    documents = corpus(*texts(), "先有流量,再有成交", "banana", "an analysis")
    made = NoteIndex(tmp_path_factory.mktemp("articles") / "index", Inline)
    made.sync(documents)
    yield made, documents
    made.close()


# --- finding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ASKED)
def test_finds_what_a_substring_search_finds(articles: Indexed, query: str) -> None:
    index, documents = articles
    wanted = {path for path, each in documents.items() if fold(query) in fold(each.body)}
    assert wanted <= found(index, query, documents)
    assert found(index, query, documents) == scanned(query, documents)


@pytest.mark.parametrize("query", [*ASKED, "流量成交", "optimized landing", "ana", "x" * 200, "客 户", ""])
def test_with_and_without_an_index_the_answer_is_the_same(
    articles: Indexed, index: NoteIndex, query: str
) -> None:
    indexed, documents = articles
    assert indexed.search(query, documents, 50) == index.search(query, documents, 50)
    assert indexed.count() == len(documents) and not index.folder.exists()


@given(st.text(max_size=40))
def test_no_query_raises(articles: Indexed, query: str) -> None:
    index, documents = articles
    assert found(index, query, documents) == scanned(query, documents)


def test_a_note_just_saved_is_found_before_it_is_indexed(index: NoteIndex) -> None:
    documents = corpus("客户", "market")
    index.sync(documents)
    documents["0.md"] = document("0.md", "软文", stamp="2")
    documents["new.md"] = document("new.md", "软文")
    del documents["1.md"]
    assert found(index, "软文", documents) == {"0.md", "new.md"}
    assert found(index, "客户", documents) == set()
    assert found(index, "market", documents) == set()


def test_nothing_is_written_when_nothing_changed(index: NoteIndex) -> None:
    documents = corpus("客户", "market")
    assert index.sync(documents).written == 2
    writer = index._writer
    assert isinstance(writer, Inline)
    before = len(writer.asked)
    assert index.sync(documents) == index.sync(dict(documents))
    assert len(writer.asked) == before


def test_only_the_difference_is_written(index: NoteIndex) -> None:
    documents = corpus("one", "two", "three")
    index.sync(documents)
    documents["1.md"] = document("1.md", "changed", stamp="2")
    del documents["2.md"]
    documents["4.md"] = document("4.md", "four")
    synced = index.sync(documents)
    assert (synced.state, synced.written, synced.removed) == ("done", 2, 1)
    assert index.count() == 3
    assert isinstance(index._writer, Inline)
    assert set(index._writer.asked[-1]["add"]) == {"1.md", "4.md"}


def test_warming_does_what_the_first_search_would(index: NoteIndex) -> None:
    documents = corpus(*["客户"] * 20)
    index.warm(documents)
    assert all("text" in vars(each) for each in documents.values())
    assert len(found(index, "客户", documents)) == 20


def test_progress_counts_what_is_written(index: NoteIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studytui.search.index.CHUNK", 2)
    seen: list[tuple[int, int]] = []
    index.sync(corpus("a", "b", "c", "d", "e"), lambda done, total: seen.append((done, total)))
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_a_path_that_is_no_unicode_is_found_by_scanning(index: NoteIndex) -> None:
    documents = {"\udcff.md": Document("\udcff.md", "odd", "客户 \ud800"), **corpus("客户")}
    assert index.sync(documents).state == "done"
    assert found(index, "客户", documents) == {"\udcff.md", "0.md"}
    assert index.count() == 1


@settings(max_examples=12)
@given(st.data())
def test_any_history_leaves_what_a_dict_would_hold(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    index = NoteIndex(tmp_path_factory.mktemp("history") / "index", Inline)
    documents: dict[str, Document] = {}
    words = ["客户", "软文", "market", "流量"]
    for stamp in range(data.draw(st.integers(1, 12))):
        for path in data.draw(st.lists(st.sampled_from("abcdefgh"), max_size=4)):
            if data.draw(st.booleans()) and path in documents:
                del documents[path]
            else:
                documents[path] = document(path, data.draw(st.sampled_from(words)), stamp=str(stamp))
        assert index.sync(documents).state == "done"
    for word in words:
        assert found(index, word, documents) == scanned(word, documents)
        assert _candidates(index, word) == scanned(word, documents)
    assert index.count() == len(documents)
    index.close()


def _candidates(index: NoteIndex, term: str) -> set[str]:
    """What Whoosh alone answers."""
    snapshot = store.Snapshot(index.folder)
    try:
        return snapshot.candidates([[term if not term.isascii() else term[:5]]])
    finally:
        snapshot.close()


def test_many_single_changes_leave_few_segments(index: NoteIndex) -> None:
    documents: dict[str, Document] = {}
    for n in range(60):
        documents[f"{n}.md"] = document(f"{n}.md", f"客户 {n}")
        documents["same.md"] = document("same.md", f"软文 {n}", stamp=str(n))
        index.sync(documents)
    segments = {file.name.partition(".")[0] for file in index.folder.glob("MAIN_*.trm")}
    assert len(segments) <= 2 * store.WIDTH
    assert index.count() == 61
    assert _candidates(index, "客户") == {f"{n}.md" for n in range(60)}
    assert _candidates(index, "软文") == {"same.md"}


# --- trouble ------------------------------------------------------------------------------------------------


def _truncate(folder: Path, pattern: str) -> None:
    for file in folder.glob(pattern):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "the folder is gone": shutil.rmtree,
    "the seal is gone": lambda folder: (folder / store.SEAL).unlink(),
    "the seal is torn": lambda folder: (folder / store.SEAL).write_text('{"format'),
    "terms are cut": lambda folder: _truncate(folder, "*.trm"),
    "postings are cut": lambda folder: _truncate(folder, "*.pst"),
    "postings are gone": lambda folder: [file.unlink() for file in folder.glob("*.pst")],
    "stored values are cut": lambda folder: _truncate(folder, "*.col"),
    "contents are cut": lambda folder: _truncate(folder, "*.toc"),
    "contents are nonsense": lambda folder: [f.write_bytes(b"nonsense") for f in folder.glob("*.toc")],
    "contents are gone": lambda folder: [file.unlink() for file in folder.glob("*.toc")],
    "a file is in its place": lambda folder: (shutil.rmtree(folder), folder.write_text("x")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_still_answers_and_is_rebuilt(folder: Path, damage: str) -> None:
    documents = corpus(*OWN_TEXT)
    first = NoteIndex(folder, Inline)
    first.sync(documents)
    first.close()
    DAMAGE[damage](folder)
    index = NoteIndex(folder, Inline)
    for query in ASKED:
        assert found(index, query, documents) == scanned(query, documents)
    synced = index.sync(documents)
    assert (synced.state, synced.anew, index.count()) == (
        "done",
        damage != "the folder is gone",
        len(documents),
    )
    assert not index.sync(documents).anew
    assert _candidates(index, "客户") >= {"0.md"}
    assert found(index, "客户", documents) == scanned("客户", documents)
    index.close()


def test_damage_while_it_is_open_is_survived(index: NoteIndex, folder: Path) -> None:
    documents = corpus(*texts())
    index.sync(documents)
    assert found(index, "客户", documents)
    shutil.rmtree(folder)
    assert found(index, "客户", documents) == scanned("客户", documents)
    assert index.sync(documents).written == len(documents)
    assert index.count() == len(documents)


class Evil:
    """What a contents file may hold, being a pickle: a call."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.witness),)


def test_a_copied_index_is_foreign_and_never_opened(folder: Path, tmp_path: Path) -> None:
    documents = corpus("客户")
    first = NoteIndex(folder, Inline)
    first.sync(documents)
    first.close()
    copy, witness = tmp_path / "other" / "index", tmp_path / "witness"
    shutil.copytree(folder, copy)
    TOC(store.SCHEMA, [Evil(witness)], 99).write(FileStorage(str(copy)), "MAIN")
    index = NoteIndex(copy, Inline)
    assert found(index, "客户", documents) == {"0.md"}
    assert not witness.exists()
    with contextlib.suppress(Exception):
        store.open_dir(str(copy), schema=store.SCHEMA)
    assert witness.exists(), "the trap was no trap"
    witness.rmdir()
    index.sync(documents)
    assert index.count() == 1
    assert not witness.exists()
    index.close()


def test_an_index_of_another_analyzer_is_built_anew(
    index: NoteIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = corpus("客户")
    index.sync(documents)
    monkeypatch.setattr(store, "VERSION", 999)
    assert index.count() is None
    assert index.sync(documents).written == 1
    assert index.count() == 1


def test_while_another_program_writes_searches_scan(index: NoteIndex, folder: Path) -> None:
    documents = corpus("客户")
    folder.parent.mkdir(parents=True)
    with FileLock(folder.with_name("index.lock")):
        assert index.sync(documents).state == "busy"
        assert found(index, "客户", documents) == {"0.md"}
    assert index.sync(documents).state == "done"


def test_two_programs_share_one_index(folder: Path) -> None:
    one, two = NoteIndex(folder, Inline), NoteIndex(folder, Inline)
    documents = corpus("客户", "market")
    one.sync(documents)
    assert two.count() == 2
    documents["0.md"] = document("0.md", "软文", stamp="2")
    two.sync(documents)
    assert found(one, "软文", documents) == {"0.md"}
    assert one.sync(documents).written == 0
    assert one.clear().state == "done"
    assert two.count() == 0
    two.sync(documents)
    assert one.count() == 2
    one.close()
    two.close()


def test_a_full_disk_keeps_the_index(index: NoteIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = corpus("客户")
    index.sync(documents)

    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("whoosh.writing.SegmentWriter.commit", full)
        documents["1.md"] = document("1.md", "market")
        synced = index.sync(documents)
    assert (synced.state, "No space" in synced.reason) == ("refused", True)
    assert index.count() == 1
    assert found(index, "market", documents) == {"1.md"}
    (index.folder / "MAIN_WRITELOCK").unlink()  # as when the process ends that failed
    assert index.sync(documents).state == "done"
    assert index.count() == 2


def test_leftovers_of_killed_commits_are_swept(index: NoteIndex, folder: Path) -> None:
    documents = corpus("客户")
    index.sync(documents)
    litter = [folder / "_MAIN_9.toc.1234.5", folder / "MAIN_zzzz.pst", folder / "MAIN.tmp" / "x.run"]
    litter[-1].parent.mkdir(exist_ok=True)
    for file in litter:
        file.write_bytes(b"x")
    documents["1.md"] = document("1.md", "market")
    index.sync(documents)
    assert not any(file.exists() for file in litter)
    assert index.count() == 2


def test_a_clearing_leaves_the_folders_of_others_alone(index: NoteIndex, folder: Path) -> None:
    stranger = folder / "mine" / "deep" / "file"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("precious")
    index.sync(corpus("客户"))
    assert stranger.read_text() == "precious"


# --- the process --------------------------------------------------------------------------------------------


def test_writing_happens_in_a_process_that_ends_with_us(folder: Path) -> None:
    documents = corpus(*texts())
    index = NoteIndex(folder)
    assert index._writer is None
    assert index.sync(documents).state == "done"
    writer = index._writer
    assert isinstance(writer, WriterProcess)
    assert writer._process is not None
    process = writer._process
    documents["x.md"] = document("x.md", "客户")
    assert index.sync(documents).written == 1
    assert writer._process is process
    assert found(index, "客户", documents) == scanned("客户", documents)
    index.close()
    assert process.poll() is not None


def test_the_process_ends_when_its_parent_does(folder: Path) -> None:
    command = [sys.executable, "-m", "studytui.search.index_child", str(folder)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(20) == 0
    assert child.stdout is not None
    child.stdout.close()


def test_a_module_in_the_current_folder_is_not_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    index = NoteIndex(folder)
    assert index.sync(corpus("客户")).state == "done"
    index.close()


def test_closing_does_not_wait_for_the_work(folder: Path) -> None:
    documents = corpus(
        *("".join(random.Random(n).choices("客户关系管理市场营销", k=2000)) for n in range(200))
    )
    index = NoteIndex(folder)
    states: list[str] = []
    thread = threading.Thread(target=lambda: states.append(index.sync(documents).state))
    thread.start()
    deadline = time.monotonic() + 30
    while not list(folder.glob("MAIN_*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    index.close()
    thread.join(20)
    assert states == ["gone"]


def test_killed_twenty_times_nothing_is_lost(folder: Path) -> None:
    """kill -9 at any moment of the writing: the next start works, finds all, and the index holds what it says."""
    rng = random.Random(2)
    documents = corpus(*("".join(rng.choices("客户关系管理市场营销流量成交", k=60)) for _ in range(40)))
    setup = NoteIndex(folder, Inline)
    setup.sync(documents)
    setup.close()
    for round_ in range(20):
        for n in rng.sample(range(40), 12):
            body = f"第{round_}轮 " + "".join(rng.choices("客户关系管理市场营销流量成交", k=60))
            documents[f"{n}.md"] = document(f"{n}.md", body, stamp=f"round {round_}")
        process = WriterProcess(folder)
        index = NoteIndex(folder, lambda _folder, process=process: process)  # type: ignore[misc]
        thread = threading.Thread(target=index.sync, args=(documents,))
        thread.start()
        _kill_soon(process, folder, rng)
        thread.join(30)
        assert not thread.is_alive()
        for query in ("客户", "流量成交", f"第{round_}轮"):
            assert found(index, query, documents) == scanned(query, documents)
        index.close()
    last = NoteIndex(folder, Inline)
    assert last.sync(documents).state == "done"
    assert last.count() == 40
    assert _candidates(last, "客户") == scanned("客户", documents)
    last.close()


def _kill_soon(process: WriterProcess, folder: Path, rng: random.Random) -> None:
    """Kill the writer once it has touched the folder, after a moment more."""
    before = set(folder.iterdir())
    deadline = time.monotonic() + 10
    while set(folder.iterdir()) == before and time.monotonic() < deadline:
        time.sleep(0.0005)
    time.sleep(rng.random() * 0.1)
    process._closed = True
    if process._process is not None:
        process._process.kill()
