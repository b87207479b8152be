"""The Read screen and the search over it, on a real library filled by real pulls."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.tui.screens.read import ReadScreen
from studytui.tui.screens.search import SearchScreen
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.feedserver import FeedServer
from tests.tui_helpers import HARMLESS, HOSTILE, running, screen_text, settle

pytestmark = pytest.mark.usefixtures("parsed_here")
ITEM = (
    "<item><title>{0}</title><link>https://x.example/{1}</link><guid>{1}</guid><description>{2}</description>"
    "<pubDate>{3}, 10:00 +0800</pubDate></item>"
)
PAGE = (
    b"<html><head><link rel=alternate type='application/rss+xml' href='/soap.xml' title='Soap'></head></html>"
)


def feed(title: str, *items: tuple[str, str, str]) -> bytes:
    """Return a feed of (title, text, day) items."""
    entries = "".join(
        ITEM.format(name, f"{title}-{n}", text, day) for n, (name, text, day) in enumerate(items)
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>".encode()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as feeds:
        escaped = HOSTILE.replace("\x1b", "&#27;").replace("\x07", "&#7;")
        soap = (("First", "客户关系 one", "20 Nov 2026"), ("Second", "two", "19 Nov 2026"))
        feeds.put("/soap.xml", feed("Soap", *soap, (escaped, escaped, "18 Nov 2026")))
        feeds.put("/ads.xml", feed("Ads", ("Third", "客户 three", "10 Nov 2026")))
        feeds.put("/page.html", PAGE, content_type="text/html")
        yield feeds


@pytest.fixture
def study(workspace: Workspace, server: FeedServer, clock: FixedClock) -> Iterator[Study]:
    lines = ["feeds:"]
    for name, path in (("Soap", "/soap.xml"), ("Ads", "/ads.xml"), ("Broken", "/nothing.xml")):
        lines += [f"  - name: {name}", f"    url: {server.url(path)}"]
    lines += [
        "  - name: Route",
        "    url: rsshub:/x/y",
        "  - name: Square",
        "    site: https://square.example",
    ]
    workspace.feeds_file.write_text("\n".join(lines) + "\n", "utf-8")
    opened = Study.open(workspace, clock)
    asyncio.run(opened.pull())
    yield opened
    opened.close()


@pytest.fixture
def visited() -> list[str]:
    return []


@pytest.fixture
def app(study: Study, visited: list[str]) -> StudyApp:
    return StudyApp(study, opener=lambda url: not visited.append(url))


async def go(pilot: Any, *keys: str) -> str:
    """Press keys one after the other, each settled, and return the screen."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
    return screen_text(pilot.app)


async def test_once_round_open_star_unread_note_and_undo(app: StudyApp, study: Study) -> None:
    async with running(app, (120, 30)) as pilot:
        assert "4 All articles" in await go(pilot, "2")
        text = await go(pilot, "right", "enter")
        assert "客户关系 one" in text and "3 All articles" in text
        await go(pilot, "m")
        assert study.library.count(starred=True) == 1
        await go(pilot, "w")
        assert [note.title for note in study.notes()] == ["First"]
        assert "has a note" in await go(pilot, "escape")
        await go(pilot, "w", "escape")
        assert len(study.notes()) == 1
        assert "4 All articles" in await go(pilot, "N")
        await go(pilot, "u", "u")
        assert not study.notes() and "has a note" not in screen_text(app)


async def test_hostile_titles_are_text_in_every_pane(app: StudyApp) -> None:
    async with running(app, (120, 30)) as pilot:
        assert HARMLESS in await go(pilot, "2", "right", "down", "down", "enter")
        assert HARMLESS in await go(pilot, "w", "escape", "slash", *"click")


async def test_mark_all_read_means_the_list_in_front(app: StudyApp, study: Study) -> None:
    async with running(app, (120, 30)) as pilot:
        await go(pilot, "2", "right", "m", "M", "A")
        assert study.library.count(unread=True) == 3
        await go(pilot, "u")
        assert study.library.count(unread=True) == 4
        screen = app.screen
        assert isinstance(screen, ReadScreen)
        screen.sources.mark("site:Square")
        await go(pilot, "A")
        assert study.library.count(unread=True) == 4
        screen.sources.mark("feed:Ads")
        await settle(pilot)
        await go(pilot, "A")
        assert study.library.count(unread=True) == 3 and study.library.count(feed="Ads", unread=True) == 0


async def test_an_empty_list_and_a_filter_say_why(app: StudyApp) -> None:
    async with running(app, (120, 30)) as pilot:
        assert "Nothing has a star yet." in await go(pilot, "2", "M")
        text = await go(pilot, "M", "U")
        assert "unread only · 4" in text
        assert "Nothing unread here." in await go(pilot, "A")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("feed:Broken", "has no feed at this address"),
        ("feed:Route", "no RSSHub server is set"),
        ("site:Square", "last visited: never"),
        ("feed:Soap", ""),
        ("all", ""),
    ],
)
async def test_the_marked_source_says_how_it_is(app: StudyApp, key: str, said: str) -> None:
    async with running(app) as pilot:
        await go(pilot, "2")
        screen = app.screen
        assert isinstance(screen, ReadScreen)
        screen.sources.mark(key)
        await settle(pilot)
        assert screen.about.display is bool(said)
        assert said in screen_text(app).replace("\n", "")
        await go(pilot, "right")
        assert not screen.about.display


async def test_pulling_one_source_tells_why_it_failed(app: StudyApp) -> None:
    async with running(app, (120, 30)) as pilot:
        await go(pilot, "2")
        screen = app.screen
        assert isinstance(screen, ReadScreen)
        for key, said in (
            ("feed:Broken", "Broken: 127.0.0.1 has no feed"),
            ("site:Square", "without a feed"),
        ):
            screen.sources.mark(key)
            await go(pilot, "r")
            assert any(said in one.text for one in app.standing)


async def test_a_site_comes_due_and_is_visited(app: StudyApp, study: Study, visited: list[str]) -> None:
    async with running(app) as pilot:
        await app.open_subject("read", "Square")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ReadScreen) and screen.sources.key == "site:Square"
        await go(pilot, "enter")
        assert visited == ["https://square.example"]
        assert study.sites()[0][1] == study.clock.now()


async def test_another_screen_opens_an_article(app: StudyApp, study: Study) -> None:
    identity = study.library.ids(feed="Ads")[0]
    async with running(app) as pilot:
        await app.open_subject("read", identity)
        await settle(pilot)
        assert "客户 three" in screen_text(app)


async def test_a_page_becomes_the_feed_it_names(app: StudyApp, study: Study, server: FeedServer) -> None:
    async with running(app, (120, 30)) as pilot:
        study.remove_source("Soap")
        await go(pilot, "2", "a")
        await pilot.press(*server.url("/page.html"), "enter")
        await settle(pilot)
        assert "Soap" in screen_text(app) and "3 entries" in screen_text(app)
        await go(pilot, "enter", "enter")
        assert study.subscriptions().by_name("Soap").address == server.url("/soap.xml")


async def test_a_page_without_a_feed_becomes_a_site(app: StudyApp, study: Study, server: FeedServer) -> None:
    server.put("/plain.html", b"<html>hello</html>", content_type="text/html")
    async with running(app, (120, 30)) as pilot:
        await go(pilot, "2", "a")
        await pilot.press(*server.url("/plain.html"), "enter")
        await settle(pilot)
        await go(pilot, "enter", "enter")
        assert study.subscriptions().by_name("127.0.0.1").kind == "site"


async def test_a_broken_feeds_file_is_said_once_and_what_is_there_stays(app: StudyApp, study: Study) -> None:
    async with running(app) as pilot:
        await go(pilot, "2")
        study.workspace.feeds_file.write_text("feeds: [\n", "utf-8")
        text = await go(pilot, "1", "2", "right", "enter")
        assert "客户关系 one" in text
        assert sum("feeds.yaml:" in one.text for one in app.standing) == 1


async def test_the_best_hit_of_the_newest_query_is_marked(app: StudyApp) -> None:
    async with running(app) as pilot:
        await go(pilot, "slash", "t", "h")
        screen = app.screen
        assert isinstance(screen, SearchScreen)
        await go(pilot, "backspace", "backspace", "客")
        first = next(key for key in screen.hits.keys_shown if key)
        await go(pilot, "户")
        assert screen.hits.key == next(key for key in screen.hits.keys_shown if key)
        assert first
        text = await go(pilot, "enter")
        assert isinstance(app.screen, ReadScreen) and "客户" in text


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (200, 60)])
async def test_any_size(app: StudyApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await go(pilot, "2", "right", "enter", "escape", "escape", "slash", "f", "escape")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "All articles" in screen_text(app)
