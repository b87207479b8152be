"""Out as a web site that opens from disk: one page a note, search included, no network, no foreign markup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from studytui.errors import StudyError
from studytui.i18n import _, language
from studytui.notes import folder
from studytui.notes.export import Chapter, Rewriter, Selection, select, slug
from studytui.notes.links import PICTURES
from studytui.notes.names import file_key, file_stem, free_name
from studytui.notes.note import SIZE_LIMIT, Note
from studytui.notes.vault import Vault
from studytui.privacy import is_about_people
from studytui.text import clean_line, clean_text, safe_url
from studytui.workspace import write_atomic

_MARK = ".studytui-site"
_PAGES, _FILES = "notes", "files"


def export_site(
    vault: Vault, target: Path, topic: str | None = None, *, lang: str | None = None, people: bool = False
) -> Path:
    """Write the selection as a site into the folder ``target`` and return its index.html.

    The folder must be new, empty, or hold an earlier export, whose pages are replaced.  Raises StudyError.
    """
    _claim(target)
    selection = select(vault, topic, lang=lang, people=people)
    site = _Site(vault, selection, target, people)
    site.write()
    return target / "index.html"


def _claim(target: Path) -> None:
    """Make ``target`` ours, or refuse: nothing of anybody else's is ever replaced."""
    try:
        if target.exists() and (
            not target.is_dir() or (any(target.iterdir()) and not (target / _MARK).is_file())
        ):
            raise StudyError(
                _("{path} holds other files.").format(path=target),
                _("Choose a new or empty folder for the site."),
            )
        target.mkdir(parents=True, exist_ok=True)
        write_atomic(target / _MARK, b"")
        for page in [*(target / _PAGES).glob("*.html"), *(target / _FILES).glob("*")]:
            page.unlink()
    except OSError as error:
        raise StudyError(
            _("Could not write {path}: {reason}.").format(path=target, reason=error.strerror),
            _("Choose another folder, or check the permissions."),
        ) from error


class _Site:
    """One export under way."""

    def __init__(self, vault: Vault, selection: Selection, target: Path, people: bool) -> None:
        self.vault, self.selection, self.target = vault, selection, target
        self.names = _page_names(selection.notes)
        self.rewriter = Rewriter(vault, {path: f"{quote(name)}" for path, name in self.names.items()}, people)
        self.people = people
        self.taken: set[str] = set()
        self.copied: dict[str, str] = {}

    def write(self) -> None:
        """Write every page, the index, the style and the search."""
        found = []
        for note in self.selection.notes:
            html = self._html(note, self.rewriter.body(note))
            self._put(f"{_PAGES}/{self.names[note.path]}", self._page(note, html))
            page = f"{_PAGES}/{quote(self.names[note.path])}"
            found.append({"title": note.title, "page": page, "text": _plain(html)})
        self._put("index.html", self._index())
        shared = Path(__file__).parent
        self._put("style.css", (shared / "site.css").read_text("utf-8"))
        self._put("search.js", (shared / "site.js").read_text("utf-8"))
        self._put("search-data.js", f"const NOTES = {json.dumps(found)};\n")

    def _put(self, name: str, text: str) -> None:
        write_atomic(self.target / name, text.encode("utf-8", "replace"))

    def _page(self, note: Note, html: str) -> str:
        url = safe_url(note.url)
        facts = [escape(note.date), escape(clean_line(note.source))]
        facts.append(f'<a href="{escape(url)}" rel="noreferrer">{escape(url)}</a>' if url else "")
        line = " · ".join(fact for fact in facts if fact)
        tags = " ".join(f"#{escape(tag)}" for tag in note.tags)
        parts = [
            f"<h1>{escape(note.title)}</h1>",
            f'<p class="facts">{line}</p>' if line else "",
            html,
            f'<p class="tags">{tags}</p>' if tags else "",
            self._backlinks(note),
        ]
        return self._frame(note.title, "\n".join(part for part in parts if part), "../", note.lang)

    def _backlinks(self, note: Note) -> str:
        sources = [path for path in sorted(self.vault.graph.sources(note.path)) if path in self.names]
        if not sources:
            return ""
        items = "".join(
            f'<li><a href="{escape(quote(self.names[path]))}">{escape(_title(self.vault, path))}</a></li>'
            for path in sources
        )
        heading = escape(_("Linked from"))
        return f"<h2>{heading}</h2>\n<ul>{items}</ul>"

    def _index(self) -> str:
        lines = [f"<h1>{escape(self.selection.title)}</h1>", _tree(self.selection.chapters, self.names)]
        return self._frame(self.selection.title, "\n".join(lines), "", "")

    def _frame(self, title: str, inside: str, base: str, lang: str) -> str:
        tongue = lang if lang in ("en", "zh") else language()
        home = f'<a href="{base}index.html">{escape(self.selection.title)}</a>'
        hint = escape(_("Search"))
        return f"""<!DOCTYPE html>
<html lang="{"zh-Hans" if tongue == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{base}style.css">
</head>
<body data-base="{base}">
<header><nav>{home}</nav><input id="search" type="search" placeholder="{hint}" aria-label="{hint}"></header>
<ul id="results" aria-live="polite"></ul>
<main>
{inside}
</main>
<script src="{base}search-data.js"></script>
<script src="{base}search.js"></script>
</body>
</html>
"""

    # --- Markdown to HTML ---------------------------------------------------------------------------------

    def _html(self, note: Note, body: str) -> str:
        """Return ``body`` as HTML: raw HTML is shown as text, only safe addresses become links."""
        from markdown_it import MarkdownIt
        from mdit_py_cjk_friendly import cjk_friendly

        parser = (
            MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).use(cjk_friendly)
        )
        own = {quote(name) for name in self.names.values()}

        def allowed(url: str) -> bool:
            inside = url.startswith("#") or url.partition("#")[0] in own
            return inside or bool(safe_url(url)) or bool(self._picture(note, url))

        parser.validateLink = allowed  # type: ignore[method-assign]
        tokens = parser.parse(clean_text(body))
        for place, token in enumerate(tokens):
            if token.type == "heading_open":
                token.attrSet("id", slug(tokens[place + 1].content))
            for child in token.children or ():
                self._settle(note, child)
        return str(parser.renderer.render(tokens, parser.options, {}))

    def _settle(self, note: Note, token: Any) -> None:
        """Pictures of our own are copied, foreign ones become text: the page asks no server for anything."""
        if token.type == "link_open":
            token.attrSet("rel", "noreferrer")
            return
        if token.type != "image":
            return
        source = str(token.attrGet("src") or "")
        copied = self._picture(note, source)
        if copied:
            token.attrSet("src", copied)
            return
        label = "".join(child.content for child in token.children or ()) or source
        shown = _("[image: {label}]").format(label=label)
        token.type, token.content, token.children = "text", shown, None

    def _picture(self, note: Note, address: str) -> str:
        """Copy a picture from below notes/ once and return its address for a page; "" when it is none of ours."""
        path = unquote(address).partition("#")[0].partition("?")[0]
        if not path.lower().endswith(tuple(f".{ending}" for ending in PICTURES)) or ":" in path:
            return ""
        for candidate in (f"{note.folder}/{path}" if note.folder else path, path):
            name = self._copied(_normal(candidate))
            if name:
                return f"../{_FILES}/{quote(name)}"
        return ""

    def _copied(self, path: str) -> str:
        if path in self.copied or not path:
            return self.copied.get(path, "")
        try:
            content = folder.read_bytes(folder.place(self.vault.workspace.notes, path))
        except (OSError, StudyError):
            return ""
        if len(content) > SIZE_LIMIT or (not self.people and is_about_people(path)):
            return ""
        name = free_name(file_stem(PurePosixPath(path).stem), self.taken, PurePosixPath(path).suffix.lower())
        self.taken.add(file_key(name))
        write_atomic(self.target / _FILES / name, content)
        self.copied[path] = name
        return name


def _normal(path: str) -> str:
    """Return ``path`` without "." and ".."; "" when it leaves the notes folder."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _page_names(notes: Sequence[Note]) -> dict[str, str]:
    names: dict[str, str] = {}
    taken: set[str] = set()
    for note in notes:
        name = free_name(file_stem(note.title, room=8), taken, ".html")
        taken.add(file_key(name))
        names[note.path] = name
    return names


def _tree(chapters: Sequence[Chapter], names: Mapping[str, str]) -> str:
    """Return the chapters as nested lists, each with the notes filed under it."""
    lines: list[str] = []
    opened = 0
    for chapter in chapters:
        if chapter.depth >= opened:
            lines.append('<ul class="map"><li>')
        else:
            lines.append("</li>" + "</ul></li>" * (opened - chapter.depth - 1) + "<li>")
        opened = chapter.depth + 1
        lines.append(_entry(chapter.title, names.get(chapter.note.path) if chapter.note else None))
        if chapter.notes:
            items = "".join(f"<li>{_entry(note.title, names[note.path])}</li>" for note in chapter.notes)
            lines.append(f"<ul>{items}</ul>")
    return "\n".join([*lines, "</li></ul>" * opened])


def _entry(title: str, page: str | None) -> str:
    return f'<a href="{_PAGES}/{escape(quote(page))}">{escape(title)}</a>' if page else escape(title)


def _title(vault: Vault, path: str) -> str:
    note = vault.get(path)
    return note.title if note else path


def _plain(html: str) -> str:
    from studytui.text import html_to_text

    return clean_line(html_to_text(html), 100_000)
