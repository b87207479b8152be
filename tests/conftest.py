"""Fixtures shared by all tests: own clock, own home, empty workspace; the machine does not leak in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from studytui import i18n
from studytui.journal import Journal
from studytui.workspace import Workspace

# No test is timed, so a busy machine must not fail one.  `make fuzz` looks at many more examples.
settings.register_profile(
    "studytui", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=30
)
settings.register_profile("thorough", settings.get_profile("studytui"), max_examples=1_000)
settings.load_profile("studytui")
CHINA = timezone(timedelta(hours=8))


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest collect garbage once at its end: five times take seconds and find nothing more."""
    with suppress(ImportError):  # a private name
        from _pytest.unraisableexception import gc_collect_iterations_key

        config.stash[gc_collect_iterations_key] = 1


def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are processors: some tests wait for another process."""
    return (os.cpu_count() or 1) + 1


class FixedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def tick(self, **by: float) -> None:
        """Move on by the given timedelta arguments."""
        self.moment += timedelta(**by)


@pytest.fixture(scope="session")
def _nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home for tests that touch no files."""
    home = tmp_path_factory.mktemp("nowhere")
    yield home
    assert not list(home.iterdir())


@pytest.fixture(autouse=True)
def _own_world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _nowhere: Path) -> None:
    """Every test starts in English, in an empty home, with no workspace in the environment."""
    i18n.set_language("en")
    home = _nowhere
    if "tmp_path" in request.fixturenames:
        home = request.getfixturevalue("tmp_path") / "home"
        home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    for name in ("STUDYTUI_WORKSPACE", "STUDYTUI_LANG", "LANGUAGE", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> FixedClock:
    """Sunday 22 November 2026, 21:07 in China: inside the evening time window."""
    return FixedClock(datetime(2026, 11, 22, 21, 7, 3, tzinfo=CHINA))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace: a feeds.yaml without feeds, no notes."""
    root = tmp_path / "desk"
    made = Workspace(root)
    made.prepare()
    made.feeds_file.write_text("feeds: []\n", "utf-8")
    return made


@pytest.fixture
def journal(workspace: Workspace, clock: FixedClock) -> Journal:
    """The journal of ``workspace`` as device "desk"."""
    return Journal(workspace.journal, "desk", clock)


@pytest.fixture
def parsed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse feeds in the test's own process, where the one that can be killed is not what is tested."""
    from studytui.reading.parse import child, parser

    async def ask(_parser: object, request: bytes, body: bytes) -> bytes:
        return child.answer(request, body)

    monkeypatch.setattr(parser.FeedParser, "_ask", ask)
