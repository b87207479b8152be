"""The journal: fsynced lines, torn ends, one merge everywhere, undo, a mirror that is only a cache."""

from __future__ import annotations

import itertools
import json
import sqlite3
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studytui.journal import Event, Journal, parse_line, select
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.victims import Victim, append_events

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_an_event_is_one_json_line_with_the_documented_keys(journal: Journal) -> None:
    event = journal.append("article.read", subject="a1", value=True)
    record = json.loads(journal.file.read_text("utf-8"))
    assert record == {
        "v": 1,
        "id": event.id,
        "at": "2026-11-22T21:07:03+08:00",
        "kind": "article.read",
        "subject": "a1",
        "value": True,
    }


@given(st.lists(st.tuples(texts, texts), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_appended_is_read_back(tmp_path_factory: object, acts: list[tuple[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        clock = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
        journal = Journal(Path(folder) / "journal", "d", clock)
        written = [journal.append("k", subject=a, note=b) for a, b in acts]
        assert journal.events() == written


def test_a_torn_last_line_is_closed_and_costs_only_itself(journal: Journal) -> None:
    first = journal.append("a", subject="1")
    with journal.file.open("ab") as handle:
        handle.write(b'{"v":1,"id":"torn","at":"2026-')
    second = journal.append("a", subject="2")
    assert journal.events() == [first, second]
    assert journal.damaged() == [(journal.file, 2)]


def test_a_whole_last_line_without_its_newline_still_counts(journal: Journal) -> None:
    first = journal.append("a", subject="1")
    journal.file.write_bytes(journal.file.read_bytes().rstrip(b"\n"))
    assert journal.events() == [first]
    second = journal.append("a", subject="2")
    assert journal.events() == [first, second]


def test_lines_that_are_not_events_are_skipped(journal: Journal) -> None:
    good = journal.append("a", subject="1")
    rest = [
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"v":1,"id":"x","at":"2026-01-01T00:00:00","kind":"k"}',
        b'{"v":1,"id":"x","at":"soon","kind":"k"}',
        b"[" * 100_000,
    ]
    with journal.file.open("ab") as handle:
        handle.write(b"\n".join(rest) + b"\n")
    assert journal.events() == [good]
    assert len(journal.damaged()) == len(rest)


def test_devices_merge_to_the_same_history_in_any_order(tmp_path: Path) -> None:
    moments = [datetime(2026, 11, 22, 9, minute, tzinfo=UTC) for minute in range(6)]
    lines = {
        name: [
            Event(
                f"{name}{n}", moment.astimezone(timezone(timedelta(hours=hours))).isoformat(), "k", {"n": n}
            )
            for n, moment in enumerate(moments)
        ]
        for name, hours in (("laptop", 8), ("phone", -5), ("desk", 0))
    }
    seen = set()
    for order in itertools.permutations(lines):
        folder = tmp_path / "-".join(order)
        folder.mkdir()
        for name in order:
            (folder / f"{name}.jsonl").write_bytes(b"".join(e.to_line() for e in lines[name]))
        seen.add(tuple(e.id for e in Journal(folder, "new", FixedClock(moments[0])).events()))
    assert len(seen) == 1
    assert seen.pop()[:3] == ("desk0", "laptop0", "phone0")


def test_undo_takes_back_and_undoing_the_undo_brings_back(journal: Journal) -> None:
    act = journal.append("a", subject="1")
    undo = journal.undo(act.id)
    assert journal.events() == []
    journal.undo(undo.id)
    assert journal.events() == [act]


def test_undos_that_name_each_other_do_not_loop(journal: Journal) -> None:
    lines = [
        Event("u1", "2026-11-22T10:00:00+08:00", "undo", {"events": ["u2"]}),
        Event("u2", "2026-11-22T10:00:00+08:00", "undo", {"events": ["u1", "a"]}),
        Event("a", "2026-11-22T09:00:00+08:00", "k", {}),
    ]
    journal.folder.mkdir(exist_ok=True)
    journal.file.write_bytes(b"".join(e.to_line() for e in lines))
    assert isinstance(journal.events(), list)


def mirror() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


def test_the_mirror_answers_like_the_files(journal: Journal) -> None:
    database = mirror()
    for n in range(5):
        journal.append("k", subject=str(n % 2), n=n)
    gone = journal.append("k", subject="1", n=9)
    journal.undo(gone.id)
    journal.append("other", subject="1")
    assert journal.sync(database)
    assert not journal.sync(database)
    assert list(select(database)) == journal.events()
    assert [e.data["n"] for e in select(database, "k", subject="1")] == [1, 3]
    assert list(select(database, "k", since=journal.clock.now() + timedelta(seconds=1))) == []


def test_the_mirror_takes_only_new_lines_and_notices_replaced_files(journal: Journal) -> None:
    database = mirror()
    journal.append("k", subject="1")
    journal.sync(database)
    journal.append("k", subject="2")
    other = journal.folder / "phone.jsonl"
    other.write_bytes(Event("p", "2020-01-01T00:00:00+00:00", "k", {"subject": "0"}).to_line())
    assert journal.sync(database)
    assert [e.subject for e in select(database)] == ["0", "1", "2"]
    other.write_bytes(Event("q", "2020-01-01T00:00:00+00:00", "k", {"subject": "q"}).to_line())
    assert journal.sync(database)
    assert [e.subject for e in select(database)] == ["q", "1", "2"]
    other.unlink()
    journal.sync(database)
    assert [e.subject for e in select(database)] == ["1", "2"]


def test_the_mirror_waits_for_the_end_of_a_line(journal: Journal) -> None:
    database = mirror()
    line = Event("p", "2020-01-01T00:00:00+00:00", "k", {"subject": "0"}).to_line()
    journal.folder.mkdir(exist_ok=True)
    other = journal.folder / "phone.jsonl"
    other.write_bytes(line[:20])
    journal.sync(database)
    assert list(select(database)) == []
    other.write_bytes(line)
    journal.sync(database)
    assert [e.id for e in select(database)] == ["p"]


@given(st.binary(max_size=200))
def test_no_line_ever_raises(line: bytes) -> None:
    parse_line(line)


@pytest.mark.parametrize(
    "at",
    [
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2026-11-22T10:00:00",
        "2026-13-01T00:00:00+00:00",
    ],
)
def test_a_time_that_cannot_be_reckoned_with_is_an_unreadable_line(at: str) -> None:
    good = Event("1", "2026-11-22T10:00:00+08:00", "k")
    assert parse_line(good.to_line()) == good
    assert parse_line(Event("1", at, "k").to_line()) is None


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_twenty_kills_lose_nothing_that_was_confirmed(journal: Journal) -> None:
    confirmed: list[tuple[str, ...] | None] = []
    for round_number in range(20):
        writer = Victim(append_events, journal.folder)
        confirmed.append(writer.hear())
        time.sleep(0.002 * round_number)
        confirmed += writer.kill()
    assert len(confirmed) > 20
    found = {(event.id,) for event in journal.events()}
    assert set(confirmed) <= found
    assert journal.append("k", subject="after") in journal.events()


def test_growth_is_what_came_after_the_mark(journal: Journal) -> None:
    journal.append("a", subject="1")
    start = journal.since(None)
    assert start.whole and start.events == ()
    assert journal.since(start.mark) == (nothing := journal.since(start.mark)) and not nothing.events
    second = journal.append("b", subject="2")
    grown = journal.since(json.loads(json.dumps(start.mark)))
    assert not grown.whole and grown.events == (second,)
    assert journal.since(grown.mark).events == ()


def test_an_undo_brings_its_target_back_into_sight_and_so_does_undoing_it(journal: Journal) -> None:
    old, other = journal.append("a", subject="1"), journal.append("a", subject="2")
    mark = journal.since(None).mark
    undo = journal.undo(old.id)
    first = journal.since(mark)
    assert first.events == (old,)
    journal.undo(undo.id)
    assert journal.since(first.mark).events == (old,) and other not in journal.since(mark).events


def test_another_device_is_growth_and_a_replaced_file_makes_everything_new(
    journal: Journal, workspace: Workspace, clock: FixedClock
) -> None:
    journal.append("a", subject="1")
    mark = journal.since(None).mark
    theirs = Journal(workspace.journal, "phone", clock).append("a", subject="2")
    grown = journal.since(mark)
    assert grown.events == (theirs,) and not grown.whole
    (workspace.journal / "phone.jsonl").write_bytes(b"")
    assert journal.since(grown.mark).whole
    (workspace.journal / "phone.jsonl").unlink()
    assert journal.since(grown.mark).whole
