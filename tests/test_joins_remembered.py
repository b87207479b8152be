"""What waits by the day: gathered once, remembered while notes, journal, day and language are as before."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from studytui import i18n
from studytui.agenda import Due
from studytui.errors import StudyError
from studytui.joins.remembered import remembered, subscriptions
from studytui.reading.subscriptions.feedsfile import load_subscriptions
from studytui.study import Study
from studytui.workspace import Workspace, create_workspace
from tests.conftest import FixedClock


@pytest.fixture
def study(workspace: Workspace, clock: FixedClock) -> Study:
    return Study.open(workspace, clock)


class Counted:
    """Yields one thing to do and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> list[Due]:
        self.times += 1
        return [Due("person", f"{self.times}.md", "张三", 10, 0.1 + 0.2, detail="a\nb", because="c")]


def ask(study: Study, gather: Callable[[], list[Due]]) -> list[Due]:
    return remembered(study, study.clock.now(), gather)


def test_it_is_asked_once_and_comes_back_as_it_was(study: Study) -> None:
    gather = Counted()
    first = ask(study, gather)
    again = ask(Study.open(study.workspace, study.clock), gather)
    assert gather.times == 1
    assert again == first == [Due("person", "1.md", "张三", 10, 0.1 + 0.2, detail="a\nb", because="c")]


CHANGES: dict[str, Callable[[Study, FixedClock], object]] = {
    "a note": lambda study, clock: study.new_note("New"),
    "an edit": lambda study, clock: study.vault.edit("Old.md", lambda text: text + "more\n"),
    "midnight": lambda study, clock: clock.tick(hours=3),
    "a lesson": lambda study, clock: study.journal.append("lesson.state", subject="c.md\nOne", to="done"),
    "the language": lambda study, clock: i18n.set_language("zh"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_asked_again_after_a_change_of(change: str, study: Study, clock: FixedClock) -> None:
    study.new_note("Old")
    gather = Counted()
    ask(study, gather)
    CHANGES[change](study, clock)
    assert ask(study, gather)[0].subject == "2.md"


def test_reading_and_reviewing_and_an_hour_change_nothing(study: Study, clock: FixedClock) -> None:
    gather = Counted()
    ask(study, gather)
    study.journal.append("article.read", subject="0123456789ab", value=True, by="reading")
    study.journal.append("card.reviewed", subject="x", rating=3)
    clock.tick(hours=1)
    ask(study, gather)
    assert gather.times == 1


def test_an_undone_event_counts_as_a_change(study: Study) -> None:
    event = study.journal.append("lesson.state", subject="c.md\nOne", to="done")
    gather = Counted()
    ask(study, gather)
    study.journal.undo(event.id)
    ask(study, gather)
    assert gather.times == 2


def test_a_failure_is_not_remembered(study: Study) -> None:
    def fail() -> list[Due]:
        raise StudyError("no", "way")

    with pytest.raises(StudyError):
        ask(study, fail)
    assert ask(study, Counted())


def test_subscriptions_come_back_as_they_were_parsed(study: Study) -> None:
    create_workspace(study.workspace.root / "starter", "zh")
    starter = Workspace(study.workspace.root / "starter")
    parsed = load_subscriptions(starter.feeds_file)
    assert parsed.items and any(item.every for item in parsed.items)
    assert subscriptions(starter) == subscriptions(starter) == parsed


def test_a_changed_broken_or_missing_feeds_file_is_read_anew(study: Study) -> None:
    path = study.workspace.feeds_file
    path.write_text("feeds:\n  - name: A\n    url: https://a.example/feed\n", "utf-8")
    assert [item.name for item in study.subscriptions()] == ["A"]
    path.write_text("feeds:\n  - name: B\n    url: https://a.example/feed\n", "utf-8")
    assert [item.name for item in study.subscriptions()] == ["B"]
    (study.workspace.state / "cache" / "feeds.json").write_text('{"made by": 1, "sign"', "utf-8")
    assert [item.name for item in study.subscriptions()] == ["B"]
    path.write_text("feeds: [", "utf-8")
    for _again in range(2):
        with pytest.raises(StudyError, match=r"feeds\.yaml:"):
            study.subscriptions()
    path.unlink()
    with pytest.raises(StudyError, match=r"feeds\.yaml"):
        study.subscriptions()


def test_the_second_start_of_a_day_imports_no_area_that_was_remembered(workspace: Workspace) -> None:
    create_workspace(workspace.root, "en")
    code = (
        "import sys; from pathlib import Path; from studytui.study import Study;"
        "from studytui.workspace import Workspace;"
        "today = Study.open(Workspace(Path(sys.argv[1]))).today();"
        "print(len(today.queue), *sys.modules)"
    )
    command = [sys.executable, "-c", code, str(workspace.root)]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _start in "12"
    )
    assert first[0] == second[0] != "0"
    assert "studytui.practice.records" in first and "studytui.learning.reconcile" in first
    wanted = {name for name in second if name.startswith(("studytui.practice", "studytui.people"))}
    assert not wanted and "studytui.learning.reconcile" not in second
    assert "yaml" in first and "yaml" not in second
