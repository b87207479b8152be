"""Out and in: one Markdown file, a site from disk, talking points, folders brought in; people stay at home."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.notes.export import export_markdown, import_folder, select, talking_points
from studytui.notes.site import export_site
from studytui.notes.vault import Vault
from studytui.workspace import Workspace

FILES = {
    "Map.md": "---\nkind: map\n---\n## Selling\n- [[Funnel]]\n  - [[Ties]]\n- [[Unwritten]]\n",
    "topics/Funnel.md": "---\nkind: topic\ntitle: Funnel\nexplain:\n  - Why *not*?\n---\n"
    "# Funnel\n\nIt narrows. See [[Ties#Kinds|ties]].\n\n"
    "## An example\n\nA tea shop.\n\n## Cards\n\nq::a\n",
    "topics/Ties.md": "---\nkind: topic\n---\n# Ties\n\n## Kinds\n\nStrong. **客户关系：**后面\n",
    "a.md": "---\ntopic: Funnel\nurl: https://a.b/?x=1&y=2\nsource: Blog\ndate: 2026-11-22\n---\n"
    "# 笔记 A\n\n## The point\n\nPoint of A.\n\n"
    "I met [[Zhang San|my friend]] and [md](people/zhang.md) at [[Salon]]. "
    "![p](img/p.png) [x](topics/Ties.md) [[Gone]]\n",
    "people/zhang.md": "---\nkind: person\ntitle: Zhang San\ntopic: Funnel\n---\nSecret\n",
    "events/Salon.md": "Secret salon\n",
    "odd.md": '# <script>alert(1)</script> "q"\n\n<img src=x onerror=alert(2)> '
    "[j](javascript:alert(3)) ![r](https://evil/x.png) "
    "[f](file:///etc/passwd) ![up](../../feeds.yaml.png)\n\n[ok](https://ok.example/)\n",
    "broken.md": "---\na: b: c\n---\nx\n",
    "img/p.png": "PNG",
    ".obsidian/x.md": "x",
}


@pytest.fixture
def vault(workspace: Workspace, journal: Journal) -> Vault:
    fill(workspace.notes)
    made = Vault(workspace, journal)
    made.scan()
    return made


def fill(folder: Path) -> None:
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def test_selection_follows_the_map_and_takes_every_note_once(vault: Vault) -> None:
    chosen = select(vault)
    assert [(c.title, c.depth, [n.title for n in c.notes]) for c in chosen.chapters][:4] == [
        ("Selling", 0, []),
        ("Funnel", 1, ["笔记 A"]),
        ("Ties", 2, []),
        ("Unwritten", 1, []),
    ]
    paths = [n.path for n in chosen.notes]
    assert len(paths) == len(set(paths)) and "broken.md" not in paths and "people/zhang.md" not in paths
    assert {n.path for n in select(vault, people=True).notes} - set(paths) == {
        "people/zhang.md",
        "events/Salon.md",
    }
    assert [n.path for n in select(vault, "topics/Funnel.md").notes] == [
        "topics/Funnel.md",
        "a.md",
        "topics/Ties.md",
    ]


def test_one_markdown_file_with_links_inside(vault: Vault) -> None:
    text = export_markdown(vault)
    assert "Secret" not in text and "Zhang" not in text and "my friend" not in text and "Salon" not in text
    assert text.count("(not shared)") == 3
    assert "### Funnel\n\nIt narrows. See [ties](<#kinds>).\n\n#### An example" in text
    assert "#### 笔记 A\n\n2026-11-22 · Blog · <https://a.b/?x=1&y=2>\n\n##### The point" in text
    assert "[x](<#ties>)" in text and "- [Funnel](<#funnel>)" in text and "Gone" in text and "[[" not in text
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    assert "Kinds" in headings and "Ties" in headings
    assert "my friend" in export_markdown(vault, people=True)
    assert export_markdown(vault, "topics/Ties.md").startswith("# Ties\n")


def test_talking_points_give_a_page_a_topic(vault: Vault) -> None:
    pages = talking_points(vault).split("\n---\n\n")
    assert len(pages) == 2
    assert pages[0] == (
        "# Funnel\n\nIt narrows. See ties.\n\n**An example** A tea shop.\n\n"
        "**What I can show**\n\n- 笔记 A: Point of A.\n\n**Questions to expect**\n\n- Why \\*not\\*?\n"
    )


class Page(HTMLParser):
    """Collects what a browser would load, follow or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.stack: list[str] = []
        self.feed(text)
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "link", "img", "input", "br", "hr"):
            self.stack.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.add(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in ("meta", "link", "img", "input", "br", "hr"):
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def test_site_is_whole_and_harmless(vault: Vault, tmp_path: Path) -> None:
    index = export_site(vault, tmp_path / "site")
    pages = {p: Page(p.read_text()) for p in index.parent.rglob("*.html")}
    assert len(pages) == 1 + len(select(vault).notes)
    for path, page in pages.items():
        assert page.tags.count("script") == 2
        for link in page.links:
            assert not link.startswith(("javascript:", "file:", "//"))
            if not link.startswith("https://"):
                place, _sign, anchor = unquote(link).partition("#")
                target = (path.parent / place).resolve() if place else path
                assert target.is_file() and index.parent in target.parents, link
                assert not anchor or anchor in pages[target].ids, link
    everything = "".join(p.read_text() for p in index.parent.rglob("*") if p.suffix in (".html", ".js"))
    assert "Secret" not in everything and "Zhang" not in everything and 'evil/x.png"' not in everything
    note = next(p for p in pages if p.stem == "笔记 A")
    assert "../files/p.png" in note.read_text() and (index.parent / "files/p.png").read_text() == "PNG"
    assert '<a href="Ties.html"' in note.read_text() and "<strong>客户关系：</strong>" in everything
    assert "Linked from" in (index.parent / "notes/Ties.html").read_text()
    assert not (index.parent / "feeds.yaml.png").exists()


@pytest.mark.skipif(shutil.which("node") is None, reason="runs the page's own search")
def test_search_of_the_site_finds_chinese_and_english(vault: Vault, tmp_path: Path) -> None:
    site = export_site(vault, tmp_path / "site").parent
    data = json.loads((site / "search-data.js").read_text().removeprefix("const NOTES = ").rstrip(";\n"))
    asked = ["客户关系", "ＰＯＩＮＴ of", "narrows tea", "nothing here", "ties", "", "secret"]
    script = "const {find}=require(process.argv[1]);const [n,q]=JSON.parse(require('fs').readFileSync(0));"
    script += "console.log(JSON.stringify(q.map(x=>find(n,x).map(h=>h.note.title))))"
    ran = subprocess.run(
        ["node", "-e", script, str(site / "search.js")],
        input=json.dumps([data, asked]), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert json.loads(ran.stdout) == [["Ties"], ["笔记 A"], ["Funnel"], [], ["Ties", "Funnel"], [], []]


def test_a_folder_with_other_files_is_never_written_into(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/index.html").write_text("mine")
    with pytest.raises(StudyError, match="other files"):
        export_site(vault, tmp_path / "mine")
    assert (tmp_path / "mine/index.html").read_text() == "mine"
    export_site(vault, tmp_path / "site")
    (tmp_path / "site/notes/stale.html").write_text("old")
    export_site(vault, tmp_path / "site")
    assert not (tmp_path / "site/notes/stale.html").exists()


def test_import_copies_everything_and_overwrites_nothing(
    workspace: Workspace, journal: Journal, tmp_path: Path
) -> None:
    source = tmp_path / "vault"
    fill(source)
    (source / "gbk.md").write_bytes("客户".encode("gbk"))
    (source / "big.md").write_bytes(b"x" * 10_000_001)
    (source / "tool.exe").write_bytes(b"x")
    (source / "link.md").symlink_to(source / "a.md")
    before = {p: p.read_bytes() for p in source.rglob("*") if p.is_file()}
    (workspace.notes / "a.md").write_text("mine")
    (workspace.notes / "odd.md").write_text(FILES["odd.md"])
    vault = Vault(workspace, journal)
    done = import_folder(vault, source)
    assert done.renamed == [("a.md", "a 2.md")] and done.same == ["odd.md"]
    assert {path for path, _why in done.left_out} == {"big.md", "tool.exe", "link.md"}
    assert (workspace.notes / "a.md").read_text() == "mine"
    assert (workspace.notes / "a 2.md").read_text() == FILES["a.md"]
    assert (workspace.notes / "gbk.md").read_bytes() == "客户".encode("gbk")
    assert not (workspace.notes / ".obsidian").exists()
    assert {p: p.read_bytes() for p in source.rglob("*") if p.is_file()} == before
    assert import_folder(vault, source, "again").renamed == []
    for operation in vault.operations():
        vault.undo(operation.id)
    assert sorted(p.name for p in workspace.notes.rglob("*")) == ["a.md", "odd.md"]


def test_import_refuses_the_workspace_itself(vault: Vault, tmp_path: Path) -> None:
    for folder in (
        vault.workspace.notes,
        vault.workspace.notes / "topics",
        vault.workspace.root,
        tmp_path / "none",
    ):
        with pytest.raises(StudyError):
            import_folder(vault, folder)
