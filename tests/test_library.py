"""The library: a cache of articles that loses nothing the learner did."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.reading.library.library import Library
from studytui.reading.parse.entry import ParsedEntry, ParsedFeed
from tests.conftest import FixedClock

A, B = "https://a.example/feed", "https://b.example/feed"
NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)
FEEDS = [("Alpha", A, True), ("Beta", B, True)]


def entry(
    key: str, *, title: str | None = None, hours: float | None = 0, body: str = "", url: str = ""
) -> ParsedEntry:
    """An entry published that many hours before NOW; None is undated."""
    url = url or f"https://a.example/{key}"
    published = None if hours is None else NOW - timedelta(hours=hours)
    return ParsedEntry(
        key, f"Title {key}" if title is None else title, url, url, "Ann", published, body or f"Text {key}"
    )


def feed(*entries: ParsedEntry, title: str = "A blog") -> ParsedFeed:
    return ParsedFeed(title, "https://a.example/", entries)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "library.db"


@pytest.fixture
def opened(path: Path, journal: Journal) -> Iterator[Callable[..., Library]]:
    """Open the library as often as a test likes; all are closed at the end."""
    libraries: list[Library] = []

    def open_library(**options: object) -> Library:
        made = Library(path, journal, **options)  # type: ignore[arg-type]
        made.follow(FEEDS)
        libraries.append(made)
        return made

    yield open_library
    for one in libraries:
        one.close()


@pytest.fixture
def library(opened: Callable[..., Library]) -> Library:
    return opened()


def titles(library: Library, **filters: object) -> list[str]:
    return [one.title for one in library.articles(**filters)]  # type: ignore[arg-type]


class TestLists:
    def test_newest_first_ties_and_undated_in_document_order(self, library: Library) -> None:
        library.store(A, feed(entry("x", hours=5), entry("y", hours=1), entry("z", hours=5)), now=NOW)
        library.store(B, feed(entry("u", hours=None), entry("v", hours=None)), now=NOW)
        assert titles(library) == ["Title u", "Title v", "Title y", "Title x", "Title z"]
        assert titles(library, feed="Alpha", order="feed") == ["Title x", "Title y", "Title z"]

    def test_feed_order_puts_later_pulls_first(self, library: Library) -> None:
        old = [entry("x", hours=5), entry("y", hours=9)]
        library.store(A, feed(*old), now=NOW)
        library.store(A, feed(entry("n", hours=20), entry("m", hours=1), *old), now=NOW + timedelta(hours=1))
        assert titles(library, order="feed") == ["Title n", "Title m", "Title x", "Title y"]
        assert [one.position for one in library.articles(order="feed")] == [1, 2, 1, 2]

    def test_paging_and_filters(self, library: Library) -> None:
        library.store(A, feed(*(entry(str(n), hours=n) for n in range(10))), now=NOW)
        library.store(B, feed(*(entry(f"b{n}", hours=n + 0.5) for n in range(3))), now=NOW)
        ids = library.ids()
        assert len(set(ids)) == 13
        assert library.ids(limit=4, offset=3) == ids[3:7]
        library.set_read(ids[:2])
        library.set_starred(ids[5:6])
        assert library.ids(unread=True) == ids[2:]
        assert library.ids(starred=True) == [ids[5]]
        assert library.count() == 13
        assert library.count(unread=True, feed="Alpha") == len(library.ids(unread=True, feed="Alpha"))
        assert [one.id for one in library.summaries([ids[7], "nothing", ids[1]])] == [ids[7], ids[1]]

    def test_an_untitled_article_is_called_by_its_beginning(self, library: Library) -> None:
        library.store(A, feed(entry("x", title="", body="**Bold** [link](https://x) words\n\nmore")), now=NOW)
        (one,) = library.articles()
        assert one.title == ""
        assert one.heading == "Bold link words more"

    def test_a_heading_shows_no_formatting_tags(self, library: Library) -> None:
        titles_ = ["1930ft<sup>2</sup> <span class='x'>₹</span>4", "a < b <- c", "<unknown> stays", "<b></b>"]
        library.store(A, feed(*(entry(str(n), title=one, hours=n) for n, one in enumerate(titles_))), now=NOW)
        assert titles(library) == titles_
        headings = [one.heading for one in library.articles()]
        assert headings == ["1930ft2 ₹4", "a < b <- c", "<unknown> stays", "https://a.example/3"]

    def test_an_article_by_the_beginning_of_its_id(self, library: Library) -> None:
        library.store(A, feed(entry("x", body="# Text")), now=NOW)
        (identity,) = library.ids()
        article = library.article(identity[:4])
        assert (article.id, article.body, article.author, article.link) == (
            identity,
            "# Text",
            "Ann",
            "https://a.example/x",
        )
        for wrong in ("", "zzz", "%", "_", "' OR 1"):
            with pytest.raises(StudyError, match="no article"):
                library.article(wrong)

    def test_an_ambiguous_beginning_is_refused(self, library: Library) -> None:
        library.store(A, feed(*(entry(str(n)) for n in range(40))), now=NOW)
        first = {identity[0] for identity in library.ids()}
        with pytest.raises(StudyError, match="More than one"):
            library.article(next(one for one in first if sum(i[0] == one for i in library.ids()) > 1))

    def test_an_unknown_feed_is_an_error(self, library: Library) -> None:
        with pytest.raises(StudyError, match="Gamma"):
            library.articles(feed="Gamma")

    def test_next_unread_goes_round(self, library: Library) -> None:
        library.store(A, feed(*(entry(str(n), hours=n) for n in range(5))), now=NOW)
        ids = library.ids()
        library.set_read([ids[1], ids[2]])
        assert library.next_unread(None) == ids[0]
        assert library.next_unread(ids[0]) == ids[3]
        assert library.next_unread(ids[4]) == ids[0]
        assert library.next_unread(ids[3], backwards=True) == ids[0]
        assert library.next_unread(ids[0], backwards=True) == ids[4]
        library.set_read([ids[0], ids[3]])
        assert library.next_unread(ids[4]) is None
        assert library.next_unread(ids[4], backwards=True) is None
        assert library.next_unread(ids[4], feed="Beta") is None

    def test_next_unread_agrees_with_the_list(self, library: Library) -> None:
        for pull, address in enumerate((A, B, A)):
            entries = (entry(f"{pull}-{n}", hours=n // 4) for n in range(12))
            library.store(address, feed(*entries), now=NOW + timedelta(minutes=pull))
        ids = library.ids()
        forward = [library.next_unread(one) for one in ids]
        assert forward == [*ids[1:], ids[0]]
        assert [library.next_unread(one, backwards=True) for one in ids] == [ids[-1], *ids[:-1]]

    def test_feed_counts(self, library: Library) -> None:
        library.store(A, feed(entry("x"), entry("y"), title="Blog A"), now=NOW)
        library.set_read(library.ids()[:1])
        library.set_starred(library.ids())
        alpha, beta = library.feeds()
        assert (alpha.name, alpha.title, alpha.unread, alpha.total, alpha.starred) == (
            "Alpha",
            "Blog A",
            1,
            2,
            2,
        )
        assert (alpha.status, alpha.checked_at) == ("ok", NOW)
        assert (beta.status, beta.total, beta.checked_at) == ("never", 0, None)


class TestStore:
    def test_a_second_time_changes_nothing(self, library: Library, path: Path) -> None:
        document = feed(entry("x"), entry("y", hours=None))
        assert library.store(A, document, now=NOW).new == 2
        before = dump(path)
        stored = library.store(A, document, now=NOW)
        assert (stored.new, stored.updated) == (0, 0)
        assert dump(path) == before

    def test_changed_content_is_an_update_and_stays_read(self, library: Library) -> None:
        library.store(A, feed(entry("x", body="old")), now=NOW)
        library.set_read(library.ids())
        stored = library.store(A, feed(entry("x", title="New", body="new", hours=None)), now=NOW)
        assert (stored.new, stored.updated) == (0, 1)
        (one,) = library.articles()
        assert (one.title, one.read, one.published) == ("New", True, NOW)
        assert library.article(one.id).body == "new"

    def test_what_the_feed_drops_is_kept(self, library: Library) -> None:
        library.store(A, feed(entry("x")), now=NOW)
        library.store(A, feed(entry("y")), now=NOW)
        library.store(A, feed(), now=NOW)
        assert library.count() == 2

    def test_two_feeds_never_share_an_article(self, library: Library) -> None:
        library.store(A, feed(entry("x")), now=NOW)
        library.store(B, feed(entry("x")), now=NOW)
        assert library.count() == 2

    def test_new_guids_under_known_links_keep_their_state(self, library: Library) -> None:
        library.store(
            A, feed(*(entry(f"?p={n}", hours=n, url=f"https://a.example/{n}") for n in range(6))), now=NOW
        )
        ids = library.ids()
        library.set_read(ids)
        changed = [entry(f"guid-{n}", hours=n, url=f"http://a.example/{n}?utm_source=rss") for n in range(6)]
        stored = library.store(A, feed(entry("really-new"), *changed), now=NOW)
        assert (stored.new, stored.updated) == (1, 6)
        assert library.count(unread=True) == 1
        assert set(ids) < set(library.ids())
        assert library.store(A, feed(*changed), now=NOW).new == 0

    def test_one_link_for_all_entries_hides_no_news(self, library: Library) -> None:
        home = "https://a.example/"
        library.store(A, feed(entry("1", url=home), entry("2", url=home, hours=1)), now=NOW)
        assert library.store(A, feed(entry("3", url=home), entry("2", url=home, hours=1)), now=NOW).new == 1
        library.store(B, feed(entry("1", url=home)), now=NOW)
        assert library.store(B, feed(entry("2", url=home)), now=NOW).new == 1

    def test_an_identity_that_falls_back_to_the_link_is_recognised(self, library: Library) -> None:
        library.store(A, feed(entry("g", url="https://a.example/1"), entry("h", hours=1)), now=NOW)
        library.set_read(library.ids())
        # The guid "g" is repeated now, so the entry goes by its link.
        now = [
            entry("a.example/1", title="Title g", url="https://a.example/1", body="Text g"),
            entry("h", hours=1),
        ]
        stored = library.store(A, feed(*now, entry("a.example/2", hours=2)), now=NOW)
        assert (stored.new, stored.updated) == (1, 0)

    def test_a_feed_that_is_not_followed_is_an_error(self, library: Library) -> None:
        with pytest.raises(StudyError, match=r"c\.example"):
            library.store("https://c.example/", feed(entry("x")), now=NOW)

    def test_a_failure_changes_no_article(self, library: Library) -> None:
        library.store(A, feed(entry("x")), now=NOW, etag='"1"')
        library.record_failure(
            A, now=NOW, error="No answer.", hint="Wait.", retry_at=NOW + timedelta(hours=1)
        )
        library.record_failure(A, now=NOW + timedelta(days=1), error="No answer.", hint="Wait.")
        state = library.feed_state(A)
        assert (state.etag, state.failures, state.failing_since, state.retry_at) == ('"1"', 2, NOW, None)
        assert (library.feeds()[0].status, library.feeds()[0].error, library.count()) == (
            "failed",
            "No answer.",
            1,
        )
        library.record_unchanged(A, now=NOW)
        assert (library.feed_state(A).failures, library.feeds()[0].error) == (0, "")


class TestFollow:
    def test_order_and_names_follow_the_list(self, library: Library) -> None:
        library.follow([("Second", B, True), ("First", A, True)])
        assert [(one.name, one.address) for one in library.feeds()] == [("Second", B), ("First", A)]

    def test_a_feed_that_left_is_out_of_sight_but_not_gone(self, library: Library) -> None:
        library.store(A, feed(entry("x"), entry("y", hours=1)), now=NOW)
        first, second = library.ids()
        library.set_starred([second])
        library.follow(FEEDS[1:])
        assert library.ids() == [second]
        assert library.article(first).title == "Title x"
        library.follow(FEEDS)
        assert library.ids() == [first, second]

    def test_a_paused_feed_keeps_its_articles_in_sight(self, library: Library) -> None:
        library.store(A, feed(entry("x")), now=NOW)
        library.follow([("Alpha", A, False), ("Beta", B, False), ("New", "https://n.example/", False)])
        assert [(one.name, one.enabled) for one in library.feeds()] == [("Alpha", False)]
        assert library.count() == 1

    def test_a_new_address_under_the_same_name_keeps_ids_even_in_a_new_library(
        self, library: Library, opened: Callable[..., Library], path: Path
    ) -> None:
        library.store(A, feed(entry("x")), now=NOW, etag='"1"')
        ids = library.ids()
        library.set_read(ids)
        moved = [("Alpha", "https://new.example/feed", True), FEEDS[1]]
        library.follow(moved)
        assert library.feed_state(moved[0][1]).etag == ""
        library.store(moved[0][1], feed(entry("x")), now=NOW)
        assert library.ids() == ids
        wipe(library, path)
        again = opened()
        again.follow(moved)
        again.store(moved[0][1], feed(entry("x")), now=NOW)
        assert [(one.id, one.read) for one in again.articles()] == [(ids[0], True)]


class TestState:
    def test_marking_returns_what_undoes_it(self, library: Library, journal: Journal) -> None:
        library.store(A, feed(entry("x"), entry("y")), now=NOW)
        ids = library.ids()
        events = library.set_read(ids)
        assert len(events) == 2
        assert library.set_read(ids) == []
        undo = journal.undo(*(event.id for event in events))
        assert library.refresh()
        assert library.count(unread=True) == 2
        journal.undo(undo.id)
        library.refresh()
        assert library.count(unread=True) == 0

    def test_all_read_of_one_feed(self, library: Library) -> None:
        library.store(A, feed(entry("x"), entry("y")), now=NOW)
        library.store(B, feed(entry("z")), now=NOW)
        assert len(library.mark_all_read("Alpha")) == 2
        assert library.count(unread=True) == 1
        assert len(library.mark_all_read()) == 1

    def test_hidden_articles_leave_every_list(self, library: Library) -> None:
        library.store(A, feed(entry("x"), entry("y", hours=1)), now=NOW)
        first, second = library.ids()
        library.set_hidden([first])
        assert library.ids() == [second]
        assert library.feeds()[0].total == 1
        library.set_hidden([first], False)
        assert library.ids() == [first, second]

    def test_state_survives_a_deleted_library(
        self, library: Library, opened: Callable[..., Library], path: Path
    ) -> None:
        document = feed(*(entry(str(n), hours=n) for n in range(6)))
        library.store(A, document, now=NOW)
        ids = library.ids()
        library.set_read(ids[:3])
        library.set_read(ids[1:2], False)
        library.set_starred(ids[4:])
        library.set_noted(ids[0], "inbox/a.md")
        before = library.articles()
        wipe(library, path)
        again = opened()
        # Starred and noted ones are back before any pull.
        assert set(again.ids()) == {ids[0], ids[4], ids[5]}
        again.store(A, document, now=NOW)
        assert again.articles() == before

    def test_renamed_guids_survive_a_deleted_library(
        self, library: Library, opened: Callable[..., Library], path: Path
    ) -> None:
        library.store(
            A, feed(*(entry(f"old{n}", hours=n, url=f"https://a.example/{n}") for n in range(4))), now=NOW
        )
        new = feed(*(entry(f"new{n}", hours=n, url=f"https://a.example/{n}") for n in range(4)))
        library.store(A, new, now=NOW)
        library.set_read(library.ids())
        ids = library.ids()
        wipe(library, path)
        again = opened()
        again.store(A, new, now=NOW)
        assert again.ids() == ids
        assert again.count(unread=True) == 0

    def test_a_kept_article_outlives_its_feed_and_follows_its_text(
        self, library: Library, opened: Callable[..., Library], path: Path
    ) -> None:
        library.store(A, feed(entry("x", title='A "title": 网络', body="First\n---\ntext")), now=NOW)
        library.set_starred(library.ids())
        library.store(A, feed(entry("x", title='A "title": 网络', body="Second\n---\ntext")), now=NOW)
        before = library.article(library.ids()[0])
        wipe(library, path)
        again = opened()
        assert again.article(before.id) == before
        again.store(A, feed(), now=NOW)
        assert again.article(before.id).body == "Second\n---\ntext"
        again.set_starred([before.id], False)
        assert list(again.kept.iterdir()) == []
        assert again.article(before.id).body == "Second\n---\ntext"

    def test_an_edited_side_file_is_not_trusted(
        self, library: Library, opened: Callable[..., Library], path: Path
    ) -> None:
        library.store(A, feed(*(entry(str(n)) for n in range(4))), now=NOW)
        ids = library.ids()
        library.set_starred(ids)
        wipe(library, path)
        side = [library.kept / f"{identity}.md" for identity in ids]
        side[0].write_bytes(b"\xff\x00nonsense")
        side[1].write_text(
            side[1].read_text().replace("https://a", "javascript:https://a").replace("Text", "\x1b[31m")
        )
        side[2].write_text(
            side[2].read_text().replace('"first_seen": ', "").replace("first_seen: ", "first_seen: 1e999")
        )
        again = opened()
        assert set(again.ids()) == {ids[1], ids[3]}
        assert again.article(ids[1]).link == ""
        assert "\x1b" not in again.article(ids[1]).body

    def test_a_hostile_subject_touches_no_file(
        self, library: Library, journal: Journal, tmp_path: Path
    ) -> None:
        victim = tmp_path / "victim.md"
        victim.write_text("mine")
        library.kept.mkdir(parents=True, exist_ok=True)
        journal.append("article.starred", subject="../../victim", value=False)
        journal.append("article.starred", subject="*", value=True)
        journal.append("article.starred", subject="", value=True)
        library.refresh()
        assert victim.read_text() == "mine"

    def test_another_device_counts_whatever_order_its_file_arrives_in(
        self, library: Library, journal: Journal, clock: FixedClock
    ) -> None:
        library.store(A, feed(entry("x")), now=NOW)
        (identity,) = library.ids()
        library.set_read([identity])
        earlier = FixedClock(clock.moment - timedelta(hours=1))
        Journal(journal.folder, "phone", earlier).append("article.read", subject=identity, value=False)
        library.refresh()
        assert library.articles()[0].read
        later = FixedClock(clock.moment + timedelta(hours=1))
        phone = Journal(journal.folder, "tablet", later)
        phone.append("article.read", subject=identity, value=False)
        library.refresh()
        assert not library.articles()[0].read
        phone.file.unlink()
        library.refresh()
        assert library.articles()[0].read

    @given(data=st.data())
    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_the_incremental_state_is_that_of_a_fresh_library(
        self, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, clock: FixedClock
    ) -> None:
        folder = tmp_path_factory.mktemp("state")
        devices = [Journal(folder / "journal", name, FixedClock(clock.moment)) for name in ("a", "b")]
        library = Library(folder / "library.db", devices[0])
        library.follow(FEEDS)
        document = feed(*(entry(str(n), hours=n) for n in range(3)))
        library.store(A, document, now=NOW)
        ids = library.ids()
        events: list[str] = []
        for _step in range(data.draw(st.integers(1, 12))):
            device = data.draw(st.sampled_from(devices))
            device.clock.tick(seconds=data.draw(st.integers(-5, 5)))  # type: ignore[attr-defined]
            if events and data.draw(st.booleans()):
                events.append(device.undo(data.draw(st.sampled_from(events))).id)
            else:
                kind = data.draw(st.sampled_from(["article.read", "article.starred", "article.hidden"]))
                subject, value = data.draw(st.sampled_from(ids)), data.draw(st.booleans())
                events.append(device.append(kind, subject=subject, value=value).id)
            if data.draw(st.booleans()):
                library.refresh()
        library.refresh()
        fresh = Library(folder / "other.db", devices[1], kept=folder / "kept2")
        fresh.follow(FEEDS)
        fresh.store(A, document, now=NOW)
        assert fresh.articles() == library.articles()
        assert {one.id for one in library.articles(starred=True)} <= {
            p.stem for p in (folder / "kept").glob("*.md")
        }
        library.close()
        fresh.close()


class TestSearch:
    @staticmethod
    def found(library: Library, match: str | None) -> set[str]:
        return {one.title for one in library.search(match)}

    def test_titles_at_once_texts_when_idle_nothing_missing_meanwhile(
        self, opened: Callable[..., Library]
    ) -> None:
        library = opened(index_text=str.casefold)
        library.store(A, feed(entry("x", body="apples and pears"), entry("y", body="Plums")), now=NOW)
        assert self.found(library, '"pears"') == {"Title x", "Title y"}  # both still unindexed: candidates
        assert library.search('"x"')[0].title == "Title x"
        assert library.index_pending(1) == 1
        assert library.index_pending(10) == 0
        assert self.found(library, '"pears"') == {"Title x"}
        assert self.found(library, '"plums" OR "pears"') == {"Title x", "Title y"}
        assert self.found(library, None) == {"Title x", "Title y"}

    def test_an_update_is_found_by_its_new_words_only(self, opened: Callable[..., Library]) -> None:
        library = opened(index_text=str.casefold)
        library.store(A, feed(entry("x", body="apples")), now=NOW)
        library.index_pending()
        library.store(A, feed(entry("x", title="Renamed", body="pears")), now=NOW)
        assert library.index_pending() == 0
        assert self.found(library, '"apples"') == set()
        assert self.found(library, '"title"') == set()
        assert self.found(library, '"pears" AND "renamed"') == {"Renamed"}

    def test_every_printable_character_is_part_of_a_token(self, opened: Callable[..., Library]) -> None:
        library = opened(index_text=lambda text: text)
        library.store(A, feed(entry("x", body="07:00 c++ a'b q\"r 客户 AND")), now=NOW)
        library.index_pending()
        for token in ("07:00", "c++", "a'b", "客户", "AND", 'q""r'):
            assert self.found(library, f'"{token}"') == {"Title x"}, token
        assert self.found(library, '"07"') == set()

    def test_another_analyzer_starts_the_index_afresh(self, opened: Callable[..., Library]) -> None:
        first = opened(index_text=str.casefold, analyzer="1")
        first.store(A, feed(entry("x", body="apples")), now=NOW)
        assert first.index_pending() == 0
        second = opened(index_text=lambda text: text[::-1], analyzer="2")
        assert self.found(second, '"selppa"') == {"Title x"}
        assert second.index_pending() == 0
        assert self.found(second, '"selppa"') == {"Title x"}
        assert self.found(second, '"apples"') == set()
        second.forget_index()
        assert second.index_pending(0) == 1

    def test_hidden_articles_are_not_found(self, opened: Callable[..., Library]) -> None:
        library = opened(index_text=str.casefold)
        library.store(A, feed(entry("x", body="apples")), now=NOW)
        library.set_hidden(library.ids())
        assert library.search('"apples"') == []
        library.index_pending()
        assert library.search('"apples"') == library.search(None) == []


class TestTwoAtOnce:
    def test_two_instances_see_each_other(self, library: Library, opened: Callable[..., Library]) -> None:
        other = opened()
        library.store(A, feed(entry("x")), now=NOW)
        assert other.count() == 1
        other.set_read(other.ids())
        library.refresh()
        assert library.count(unread=True) == 0
        other.store(A, feed(entry("x"), entry("y")), now=NOW)
        assert library.count() == 2

    def test_threads_and_instances_write_at_once(
        self, library: Library, opened: Callable[..., Library]
    ) -> None:
        other = opened()
        problems: list[BaseException] = []

        def work(one: Library, address: str, seed: int) -> None:
            chance = random.Random(seed)
            try:
                for step in range(15):
                    one.store(address, feed(*(entry(f"{seed}-{step}-{n}") for n in range(5))), now=NOW)
                    one.set_read(chance.sample(one.ids(), 3))
                    one.index_pending(3)
            except BaseException as problem:
                problems.append(problem)

        threads = [
            threading.Thread(target=work, args=(one, address, seed))
            for seed, (one, address) in enumerate([(library, A), (library, B), (other, A), (other, B)])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        assert library.count() == other.count() == 4 * 15 * 5
        library.refresh()
        other.refresh()
        assert library.articles() == other.articles()
        assert library.check() == ""

    def test_two_opening_a_new_library_at_once(self, path: Path, journal: Journal) -> None:
        problems: list[BaseException] = []
        libraries: list[Library] = []

        def start() -> None:
            try:
                libraries.append(Library(path, journal))
            except BaseException as problem:
                problems.append(problem)

        threads = [threading.Thread(target=start) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        for one in libraries:
            one.close()


class TestDamage:
    @pytest.mark.parametrize("how", ["text", "short", "half", "empty-header", "foreign", "table missing"])
    def test_a_damaged_file_is_put_aside_and_the_program_goes_on(
        self, how: str, library: Library, opened: Callable[..., Library], path: Path
    ) -> None:
        document = feed(*(entry(str(n), body="text " * 500) for n in range(50)))
        library.store(A, document, now=NOW)
        library.set_read(library.ids()[:2])
        library.close()
        damage(path, how)
        again = opened()
        assert "damaged" in again.rebuilt
        assert path.with_name("library.damaged.db").exists()
        assert again.count() == 0
        again.store(A, document, now=NOW)
        assert again.count(unread=True) == 48
        again.close()
        assert opened().rebuilt == ""

    def test_damage_found_in_use_is_said_and_mended_at_the_next_start(
        self, library: Library, opened: Callable[..., Library], path: Path
    ) -> None:
        library.store(A, feed(*(entry(str(n), body="text " * 2000) for n in range(50))), now=NOW)
        library.close()
        raw = bytearray(path.read_bytes())
        half = len(raw) // 2
        raw[half:] = b"\xaa" * (len(raw) - half)
        path.write_bytes(raw)
        again = opened()
        assert again.rebuilt == ""
        with pytest.raises(StudyError, match="damaged"):
            [again.article(identity) for identity in again.ids()]
        again.close()
        again = opened()
        assert again.rebuilt
        again.store(A, feed(entry("x")), now=NOW)
        assert again.count() == 1

    def test_a_newer_library_is_left_alone(
        self, library: Library, opened: Callable[..., Library], path: Path
    ) -> None:
        library.close()
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA user_version = 99")
        database.close()
        before = path.read_bytes()
        with pytest.raises(StudyError, match="newer"):
            opened()
        assert path.read_bytes() == before

    def test_a_folder_in_its_place_is_a_sentence(self, path: Path, journal: Journal) -> None:
        path.mkdir(parents=True)
        with pytest.raises(StudyError, match="cannot be used"):
            Library(path, journal)

    def test_a_sound_library_says_so(self, library: Library) -> None:
        library.store(A, feed(entry("x")), now=NOW)
        assert library.check() == ""
        assert library.rebuilt == ""


class TestSize:
    def test_fifty_thousand_articles_are_listed_from_the_indexes_alone(self, library: Library) -> None:
        columns = "id, feed, link_key, title, lead, url, link, author, first_seen, sort, position, digest"
        with library._database.writing() as database:
            database.executemany(
                f"INSERT INTO article ({columns}) VALUES (?, ?, '', 't', '', '', '', '', 1, ?, ?, x'')",
                ((f"{n:012x}", 1 + n % 2, n // 10, n % 10) for n in range(50_000)),
            )
            statements: list[str] = []
            database.set_trace_callback(statements.append)
            ids = library.ids()
            assert len(ids) == 50_000
            assert len(library.ids(feed="Alpha", unread=True)) == 25_000
            assert len(library.summaries(ids[30_000:30_060])) == 60
            assert library.next_unread(ids[777]) == ids[778]
            assert library.next_unread(ids[777], feed="Alpha", backwards=True) in ids[700:777]
            assert library.feeds()[0].unread == 25_000
            database.set_trace_callback(None)
            for query in statements:
                plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {query}")]
                touching = [step for step in plan if " a" in step or "article" in step]
                assert all("INDEX" in step for step in touching if "id=?" not in step), plan
                sorting = any("TEMP B-TREE FOR ORDER BY" in step for step in plan)
                assert not sorting or "FROM article a WHERE" not in query, plan


def dump(path: Path) -> list[str]:
    database = sqlite3.connect(path)
    try:
        return [line for line in database.iterdump() if "checked_at" not in line]
    finally:
        database.close()


def wipe(library: Library, path: Path) -> None:
    """Delete the database as a learner may at any time."""
    library.close()
    for file in path.parent.glob("library.db*"):
        file.unlink()


def damage(path: Path, how: str) -> None:
    raw = path.read_bytes()
    if how == "text":
        path.write_text("this is no database, it is a text that somebody saved here " * 50)
    elif how == "short":
        path.write_bytes(raw[:50])
    elif how == "half":
        path.write_bytes(raw[: len(raw) // 2])
    elif how == "empty-header":
        path.write_bytes(b"\0" * len(raw))
    else:
        if how == "foreign":
            path.unlink()
        database = sqlite3.connect(path)
        database.execute("CREATE TABLE photos (x)" if how == "foreign" else "DROP TABLE article_text")
        database.commit()
        database.close()
