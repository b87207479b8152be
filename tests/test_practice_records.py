"""The practice notes of a workspace: found, saved, changed, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.practice.records import Records
from studytui.practice.tool import TOOL_IDS
from studytui.workspace import Workspace
from tests.conftest import FixedClock

FUNNEL = {
    "strong": "10",
    "medium": "20",
    "weak": "70",
    "willing": "5",
    "interested": "10",
    "averse": "5",
    "daily": "9 3",
}
MOVE = {"person": "Mrs Tan", "stage": "expected", "reason": "asked"}


@pytest.fixture
def records(workspace: Workspace, clock: FixedClock) -> Records:
    return Records(workspace, clock)


def test_the_shipped_record_stands_in_until_the_first_entry(records: Records, workspace: Workspace) -> None:
    record = records.record("funnel", "en")
    assert record.starter and record.examples
    assert not (workspace.root / record.path).exists()
    saved = records.save("funnel", FUNNEL, "en")
    assert (workspace.root / record.path).read_bytes() == saved.after
    assert saved.after.startswith(record.raw[:100])
    again = records.record("funnel", "en")
    assert not again.starter and not again.examples
    assert again.report(records.context()).figures["total"] == 100


def test_a_sheet_saved_twice_on_a_day_holds_one_entry_and_on_the_next_day_two(
    records: Records, clock: FixedClock
) -> None:
    records.save("funnel", FUNNEL, "en")
    records.save("funnel", FUNNEL | {"willing": "6"}, "en")
    own = [entry for entry in records.record("funnel", "en").entries if not entry.example]
    assert [entry.count("willing") for entry in own] == [6]
    clock.tick(days=1)
    records.save("funnel", FUNNEL, "en")
    own = [entry for entry in records.record("funnel", "en").entries if not entry.example]
    assert [entry.count("willing") for entry in own] == [6, 5]


def test_every_entry_of_a_log_is_added(records: Records) -> None:
    records.save("stages", MOVE, "en")
    records.save("stages", MOVE | {"stage": "first-purchase", "purchases": "1"}, "en")
    assert len([e for e in records.record("stages", "en").entries if not e.example]) == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"willing": "x"}, "whole number"),
        ({"willing": ""}, "missing"),
        ({"averse": "1000"}, "more than all 100"),
    ],
)
def test_what_is_wrong_is_explained_and_nothing_is_written(
    records: Records, workspace: Workspace, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(StudyError, match=says) as error:
        records.save("funnel", FUNNEL | changes, "en")
    assert error.value.hint
    assert not (workspace.root / records.record("funnel", "en").path).exists()


def test_a_gate_looks_at_what_was_saved_before(records: Records) -> None:
    with pytest.raises(StudyError, match="at least 2 purchases"):
        records.save("stages", MOVE | {"stage": "repeat", "purchases": "1"}, "en")
    records.save("stages", MOVE | {"stage": "first-purchase", "purchases": "2"}, "en")
    records.save("stages", MOVE | {"stage": "repeat"}, "en")


def test_a_change_and_a_removal_and_taking_them_back(records: Records, workspace: Workspace) -> None:
    records.save("stages", MOVE, "en")
    record = records.record("stages", "en")
    changed = records.change(record, record.entries[-1], {"reason": "asked twice", "purchases": "0"})
    assert changed.record.entries[-1].text("reason") == "asked twice"
    removed = records.remove(changed.record, changed.record.entries[-1])
    assert len(removed.record.entries) == len(record.entries) - 1
    back = records.undo(removed)
    assert back.raw == changed.after
    assert records.undo(changed).raw == record.raw == (workspace.root / record.path).read_bytes()


def test_what_was_changed_elsewhere_is_never_overwritten(records: Records, workspace: Workspace) -> None:
    saved = records.save("stages", MOVE, "en")
    record = saved.record
    saved.file.write_bytes(saved.after + b"\nby hand\n")
    for act in (
        lambda: records.change(record, record.entries[-1], {"reason": "x"}),
        lambda: records.remove(record, record.entries[-1]),
        lambda: records.undo(saved),
    ):
        with pytest.raises(StudyError):
            act()
    assert saved.file.read_bytes().endswith(b"\nby hand\n")
    records.save("stages", MOVE | {"person": "Bea"}, "en")
    assert saved.file.read_bytes().endswith(b"\nby hand\n")


def test_a_broken_note_in_the_place_of_the_starter_is_shown_and_kept(
    records: Records, workspace: Workspace
) -> None:
    path = workspace.root / records.record("funnel", "en").path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"---\ntitle: x\ntool: funel\nlang: en\n---\n")
    broken = records.record("funnel", "en")
    assert not broken.starter and "funnel" in str(broken.problems[0])
    with pytest.raises(StudyError, match=r"Funnel sheet\.md:3: "):
        records.save("funnel", FUNNEL, "en")
    assert path.read_bytes() == b"---\ntitle: x\ntool: funel\nlang: en\n---\n"


def write(workspace: Workspace, name: str, front: str, block: str = "") -> Path:
    path = workspace.notes / "practice" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{front}---\n\n```yaml practice\n{block}```\n", "utf-8")
    return path


OWN = "- date: 2026-11-20\n  what: tea\n  to_whom: us\n"


def test_a_learner_s_own_note_comes_before_examples_and_others_can_be_named(
    records: Records, workspace: Workspace
) -> None:
    write(workspace, "a.md", "tool: project\n", OWN.replace("  what", "  example: yes\n  what"))
    write(workspace, "sub/b.md", 'title: B\n"tool": project\n', OWN)
    write(workspace, "c.md", "tool: project\nlang: zh\n", OWN)
    found = records.records("en")["project"]
    assert [record.path for record in found] == ["notes/practice/sub/b.md", "notes/practice/a.md"]
    assert records.record("project", "en").path == "notes/practice/sub/b.md"
    assert records.record("project", "en", "notes/practice/a.md").examples
    saved = records.save("project", {"what": "x", "to_whom": "y"}, "en", "notes/practice/a.md")
    assert saved.file.name == "a.md"
    with pytest.raises(StudyError, match="no record"):
        records.record("project", "en", "notes/practice/c.md")


def test_all_tools_have_a_record_and_unknown_ones_are_named(records: Records) -> None:
    for lang in ("en", "zh"):
        found = records.records(lang)
        assert tuple(found) == TOOL_IDS
        assert all(record.starter and record.lang == lang for group in found.values() for record in group)
    with pytest.raises(StudyError, match="no tool"):
        records.record("funel", "en")


def test_without_a_shipped_record_a_bare_one_takes_its_place(
    workspace: Workspace, clock: FixedClock, tmp_path: Path
) -> None:
    records = Records(workspace, clock, starter=tmp_path)
    assert records.record("project", "en").entries == ()
    saved = records.save("project", {"what": "tea", "to_whom": "us"}, "en")
    assert saved.file.read_text("utf-8").endswith("  what: tea\n  to_whom: us\n```\n")


def test_only_what_the_learner_began_comes_due(records: Records, clock: FixedClock) -> None:
    assert records.due("en") == []
    records.save("misconceptions", {"pushing": "no"}, "en")
    records.save(
        "follow-up",
        {"person": "Mo", "contact": "call", "next": "ring again", "next_date": "2026-12-05"},
        "en",
    )
    assert [(tool.id, due.day.isoformat()) for tool, due in records.due("en")] == [
        ("follow-up", "2026-12-05")
    ]
    clock.tick(days=12)
    due = [(tool.id, due.day.isoformat()) for tool, due in records.due("en")]
    assert due == [("misconceptions", "2026-12-01"), ("follow-up", "2026-12-05")]


def test_a_draft_is_read_by_its_title(records: Records, workspace: Workspace) -> None:
    (workspace.notes / "drafts").mkdir()
    (workspace.notes / "drafts" / "What？ now.md").write_text("I think so.", "utf-8")
    assert records.read_note("What? now") == "I think so."
    assert records.read_note("Nowhere") is None
    records.save("soft-article", {"draft": "What? now", "product": "tea"}, "en")
    figures = records.record("soft-article", "en").report(records.context()).figures
    assert figures["found"] and figures["opinions"] == 1


def test_a_note_list_from_elsewhere_can_be_searched(workspace: Workspace, clock: FixedClock) -> None:
    path = workspace.notes / "anywhere.md"
    path.write_text(f"---\ntool: project\n---\n\n```yaml practice\n{OWN}```\n", "utf-8")
    records = Records(workspace, clock, paths=lambda: [path])
    assert records.record("project", "en").path == "notes/anywhere.md"


def test_fields_may_be_named_in_either_language(records: Records) -> None:
    saved = records.save("project", {"卖什么": "tea", "To whom": "us"}, "en")
    assert saved.after.endswith(b"  what: tea\n  to_whom: us\n```\n")
    changed = records.change(saved.record, saved.record.entries[-1], {"卖什么": "coffee"})
    assert changed.after == saved.after.replace(b"what: tea", b"what: coffee")


def test_a_preview_replaces_what_saving_would_replace(records: Records) -> None:
    records.save("funnel", FUNNEL, "en")
    record = records.record("funnel", "en")
    report, faults = record.usable().preview(record.entries, FUNNEL | {"willing": "9"}, records.context())
    assert not faults and report.figures["willing"] == 9
    assert not [block for block in report.blocks if type(block).__name__ == "Trend"]
