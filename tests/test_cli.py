"""The shell: every command in plain text and JSON, the exit codes, sentences instead of tracebacks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studytui.cli import run
from studytui.workspace import Workspace
from tests.answer import Answer
from tests.feedserver import FeedServer

Shell = Callable[..., Answer]
RSS = """<?xml version="1.0"?><rss version="2.0"><channel>
<title>Soap diary</title><link>https://soap.example</link>
<item><title>{first}</title><link>https://soap.example/1</link><guid>1</guid>
<pubDate>Sat, 21 Nov 2026 10:00:00 +0800</pubDate>
<description>&lt;p&gt;客户关系 and soap&lt;/p&gt;</description></item>
<item><title>Second</title><link>https://soap.example/2</link><guid>2</guid>
<pubDate>Fri, 20 Nov 2026 10:00:00 +0800</pubDate><description>plain</description></item></channel></rss>"""


@pytest.fixture
def shell(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Run a command line in ``workspace``; a traceback anywhere fails the test."""

    def run_in(*words: str, root: Path | None = workspace.root) -> Answer:
        capsys.readouterr()
        code = run([*(("--workspace", str(root)) if root else ()), *words])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Answer(code, captured.out, captured.err)

    return run_in


@pytest.fixture
def server(workspace: Workspace, parsed_here: None) -> Any:
    with FeedServer() as feeds:
        feeds.put("/soap.xml", RSS.format(first="First").encode())
        lines = ["feeds:", "  - name: Soap", f"    url: {feeds.url('/soap.xml')}"]
        workspace.feeds_file.write_text("\n".join(lines) + "\n", "utf-8")
        yield feeds


def test_pull_read_note_search_undo_once_round(
    shell: Shell, server: FeedServer, workspace: Workspace
) -> None:
    pulled = shell("pull", "--json")
    assert pulled.code == 0
    assert pulled.json == [
        {
            "name": "Soap",
            "url": server.url("/soap.xml"),
            "status": "new",
            "new": 2,
            "updated": 0,
            "title": "Soap diary",
            "entries": 2,
            "error": None,
        }
    ]
    assert shell("pull", "--json").json[0]["status"] == "unchanged"
    articles = shell("articles", "--json").json
    assert [a["title"] for a in articles] == ["First", "Second"]
    assert articles[0].keys() == {"id", "title", "feed", "url", "published", "read", "starred"}
    identity = articles[0]["id"]
    assert "客户关系" in shell("show", identity).out
    path = Path(
        shell("note", "new", "--from", identity, "--tag", "crm", "--body", "My own words").out.strip()
    )
    assert path.is_relative_to(workspace.notes)
    text = path.read_text("utf-8")
    assert "url: https://soap.example/1" in text and "source: Soap" in text and "My own words" in text
    again = shell("note", "new", "--from", identity)
    assert Path(again.out.strip()) == path and "already" in again.err
    hits = shell("search", "own", "words", "--json").json
    assert hits[0]["kind"] == "note" and hits[0]["path"] == path.name and hits[0]["snippet"]
    found = shell("search", "客户", "--kind", "article", "--json").json
    assert [hit["id"] for hit in found] == [identity]
    assert shell("undo").code == 0
    assert not path.exists()


def test_marks_and_their_undo(shell: Shell, server: FeedServer) -> None:
    shell("pull")
    identity = shell("articles", "--json").json[0]["id"]
    shell("mark", identity, "--read", "--star")
    state = shell("articles", "--json").json[0]
    assert (state["read"], state["starred"]) == (True, True)
    assert [a["title"] for a in shell("articles", "--unread", "--json").json] == ["Second"]
    assert "Starred" in shell("undo").out
    assert shell("articles", "--json").json[0]["starred"] is False
    assert shell("mark", "--all-read").code == 0
    assert shell("articles", "--unread", "--json").json == []
    assert "Marked" in shell("undo", "--list").out


def test_exit_code_three_when_some_failed_and_one_when_all_did(shell: Shell, server: FeedServer) -> None:
    shell("feed", "add", server.url("/nothing.xml"), "--name", "Gone")
    both = shell("pull", "--json")
    assert both.code == 3
    assert [row["status"] for row in both.json] == ["new", "failed"]
    assert both.json[1]["error"]
    assert shell("pull", "Gone").code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nonsense",), 2),
        (("search",), 2),
        (("articles", "--limit", "0"), 2),
        (("mark",), 2),
        (("note", "new"), 2),
        (("lesson", "a", "b", "--state", "soon"), 2),
        (("show", "nothing"), 1),
        (("note", "show", "nothing"), 1),
        (("courses", "nothing"), 1),
        (("pull", "nothing"), 1),
        (("articles", "--feed", "nothing"), 1),
        (("note", "restore", "../../etc/passwd"), 1),
        (("undo",), 1),
    ],
)
def test_wrong_usage_and_failures_are_sentences(shell: Shell, words: tuple[str, ...], code: int) -> None:
    answer = shell(*words)
    assert answer.code == code
    assert answer.err.strip()


def test_without_a_workspace_it_says_how_to_make_one(shell: Shell, tmp_path: Path) -> None:
    answer = shell("articles", root=tmp_path / "nowhere")
    assert answer.code == 1
    assert "studytui init" in answer.err


def test_init_makes_a_workspace_once(shell: Shell, tmp_path: Path) -> None:
    root = tmp_path / "new desk"
    assert shell("init", str(root), "--lang", "zh", root=None).code == 0
    before = sorted(root.rglob("*.md"))
    assert shell("init", str(root), root=None).code == 0
    assert sorted(root.rglob("*.md")) == before
    assert "互联网营销第一步" in shell("courses", root=root).out


def test_lessons_change_one_line_of_their_note(shell: Shell, workspace: Workspace) -> None:
    note = workspace.notes / "courses" / "c.md"
    note.parent.mkdir()
    before = "---\ntitle: Ads\nkind: course\n---\n\n## One\n\n- [ ] First (5min)\n- [ ] Second\n"
    note.write_text(before, "utf-8")
    assert shell("courses", "--json").json == [
        {"path": "courses/c.md", "title": "Ads", "done": 0, "total": 2, "percent": 0}
    ]
    assert shell("lesson", "Ads", "First", "--state", "done").code == 0
    changed = [
        (a, b) for a, b in zip(before.split("\n"), note.read_text("utf-8").split("\n"), strict=True) if a != b
    ]
    assert len(changed) == 1 and changed[0][1].startswith("- [x] First (5min) ✅ ")
    assert shell("courses", "--json").json[0]["percent"] == 50
    shell("undo")
    assert note.read_text("utf-8") == before


def test_a_broken_feeds_file_names_its_line_and_spares_the_rest(shell: Shell, workspace: Workspace) -> None:
    workspace.feeds_file.write_text("feeds:\n  - name: a\n    url: [\n", "utf-8")
    broken = shell("pull")
    assert broken.code == 1
    assert "feeds.yaml:" in broken.err
    assert shell("notes").code == 0
    assert shell("today").code == 0
    assert shell("doctor").code == 1
    assert workspace.feeds_file.read_text("utf-8").endswith("url: [\n")


def test_hostile_titles_come_out_as_text(shell: Shell, server: FeedServer) -> None:
    evil = "[/bold][@click=app.quit]x\x1b]2;P\x07"
    server.put("/soap.xml", RSS.format(first=evil.replace("\x1b", "&#27;").replace("\x07", "&#7;")).encode())
    shell("pull")
    identity = shell("articles", "--json").json[0]["id"]
    shell("note", "new", evil)
    for words in (
        ("articles",),
        ("articles", "--json"),
        ("show", identity),
        ("search", "click"),
        ("search", "click", "--json"),
        ("notes",),
        ("today",),
        ("undo", "--list"),
    ):
        out = shell(*words).out
        assert "\x1b" not in out and "\x07" not in out and "\\u001b" not in out


def test_every_source_gets_a_line_and_a_reason(
    shell: Shell, server: FeedServer, workspace: Workspace
) -> None:
    with workspace.feeds_file.open("a", encoding="utf-8") as feeds:
        feeds.write(
            "  - name: Route\n    url: rsshub:/x/y\n  - name: Square\n    site: https://square.example\n"
        )
    *lines, summary = shell("pull").out.splitlines()
    assert sorted(lines) == [
        "Route comes through RSSHub, and no RSSHub server is set. "
        "Write “rsshub: https://…” at the top of feeds.yaml, or leave this feed off.",
        "Soap: 2 new, 0 updated",
    ]
    assert summary == "New articles: 2. Sources unchanged: 0, failed: 0."
    assert "Soap: nothing new" in shell("pull", "Soap").out
    assert "It comes due for a visit" in shell("pull", "Square").out
    rows = {row["name"]: row["status"] for row in shell("feed", "list", "--json").json}
    assert rows == {"Soap": "ok", "Route": "off", "Square": "site"}
    assert "to visit" in shell("feed", "list").out


def test_a_list_in_json_has_one_item_a_line(shell: Shell, server: FeedServer) -> None:
    shell("pull")
    lines = shell("articles", "--json").out.splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("[", "]", 4)
    assert shell("notes", "--json").json == []


def test_open_takes_articles_and_notes_and_only_safe_addresses(
    shell: Shell, server: FeedServer, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    server.put(
        "/soap.xml", RSS.format(first="First").replace("https://soap.example/2", "javascript:x").encode()
    )
    shell("pull")
    first, second = (article["id"] for article in shell("articles", "--json").json)
    (workspace.notes / "good.md").write_text("---\nurl: https://good.example/\n---\n# Good\n")
    (workspace.notes / "bad.md").write_text("---\nurl: file:///etc/passwd\n---\n# Bad\n")
    assert [shell("open", name).code for name in (first, second, "Good", "Bad", "None")] == [0, 1, 0, 1, 1]
    assert opened == ["https://soap.example/1", "https://good.example/"]


def test_marks_outlive_the_library_whether_deleted_or_damaged(
    shell: Shell, server: FeedServer, workspace: Workspace
) -> None:
    shell("pull")
    first, second = (article["id"] for article in shell("articles", "--json").json)
    shell("mark", first, "--read")
    shell("mark", second, "--star")
    note = shell("note", "new", "--from", second).out
    before = shell("articles", "--json").out
    for damage in (workspace.library.unlink, lambda: workspace.library.write_bytes(b"no database")):
        for leftover in workspace.state.glob("library.db-*"):
            leftover.unlink()
        damage()
        assert (
            "put aside" in shell("articles").err or not workspace.library.with_suffix(".damaged.db").exists()
        )
        shell("pull")
        assert shell("articles", "--json").out == before
        assert shell("note", "new", "--from", second).out == note
    assert workspace.state.joinpath("library.damaged.db").read_bytes() == b"no database"


def test_a_new_note_with_a_body_has_one_blank_line_and_tells_of_its_namesake(
    shell: Shell, workspace: Workspace
) -> None:
    first = Path(shell("note", "new", "Soap", "--body", "Words.").out.strip())
    assert first.read_text("utf-8").endswith("---\n\nWords.\n")
    second = shell("note", "new", "soap")
    assert second.code == 0 and "Soap.md" in second.err and second.out.strip().endswith("soap 2.md")


def test_notes_are_found_though_the_library_cannot_be_used(shell: Shell, workspace: Workspace) -> None:
    shell("note", "new", "Soap")
    workspace.library.unlink(missing_ok=True)
    workspace.library.mkdir()
    found = shell("search", "soap")
    assert found.code == 3 and "Soap.md" in found.out and "library" in found.err
    assert shell("search", "soap", "--kind", "article").code == 1


def test_snippets_show_words_not_marks(shell: Shell, workspace: Workspace) -> None:
    body = "## Why **soap**\n\n- [ ] see [[Ties|weak ties]] and [a page](https://soap.example/long)\n> *so* `it` goes"
    shell("note", "new", "Marks", "--body", body)
    assert (
        shell("search", "weak", "--json").json[0]["snippet"] == "Why soap see weak ties and a page so it goes"
    )
    assert "https://soap.example/long" in shell("search", "soap.example", "--json").json[0]["snippet"]


@pytest.mark.parametrize("words", ["review", "note new Closed --body -", "today", ""])
def test_closed_streams_are_as_good_as_empty_ones(workspace: Workspace, words: str) -> None:
    command = f"{sys.executable} -m studytui --workspace {workspace.root} {words} <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], check=False, timeout=60).returncode == (0 if words else 1)
    assert not workspace.log.exists() or "Traceback" not in workspace.log.read_text("utf-8")


def test_a_damaged_index_is_built_anew_and_told_of(shell: Shell, workspace: Workspace) -> None:
    shell("note", "new", "Soap")
    assert shell("index").err == "", "nothing was damaged when there was none"
    for contents in workspace.index.glob("*.toc"):
        contents.write_bytes(b"nonsense")
    assert shell("search", "soap").code == 0
    assert shell("doctor").code == 1
    built = shell("index")
    assert built.code == 0 and "built anew" in built.err
    assert (shell("index").err, shell("doctor").code) == ("", 0)


@pytest.mark.parametrize("words", ["today", "pull", "search soap", "articles --json", "doctor"])
def test_whatever_is_asked_first_a_replaced_library_is_told_of(
    shell: Shell, server: FeedServer, workspace: Workspace, words: str
) -> None:
    shell("pull")
    for leftover in workspace.state.glob("library.db-*"):
        leftover.unlink()
    workspace.library.write_bytes(b"no database")
    told = shell(*words.split()).err
    assert told.count("put aside") == 1 and "library.damaged.db" in told
    assert "put aside" not in shell(*words.split()).err


def test_today_in_words_and_json(shell: Shell, server: FeedServer) -> None:
    shell("pull")
    today = shell("today", "--json").json
    assert today["next"]["kind"] == "article" and today["counts"]["article"] == 2
    assert "Read “First”" in shell("today").out


def test_the_language_of_help_and_mistakes(shell: Shell) -> None:
    assert "搜索" in shell("--lang", "zh", "search", "--help").out
    assert "用法" in shell("--lang", "zh", "--help").out
    assert "Search" in shell("--lang", "en", "search", "--help").out


def test_doctor_is_content_with_a_fresh_workspace(shell: Shell) -> None:
    answer = shell("doctor", "--json")
    assert answer.code == 0
    assert {finding["part"] for finding in answer.json} >= {
        "workspace",
        "locale",
        "feeds.yaml",
        "index",
        "library",
        "editor",
    }
