"""Practice on a workspace: entries through the vault, previews that change nothing, what is done of each system."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from studytui import agenda, i18n
from studytui.errors import StudyError
from studytui.practice.systems import SYSTEMS
from studytui.practice.tool import TOOL_IDS
from studytui.study import Study
from studytui.workspace import Workspace, create_workspace
from tests.conftest import FixedClock

LANGS = ("en", "zh")
STAGES = "notes/practice/Customer stages board.md"
TRIAL = {"trial": "market stall", "route": "B", "until": "2026-11-29"}


@pytest.fixture
def study(tmp_path: Path, clock: FixedClock) -> Study:
    """The starter workspace in English."""
    return Study.open(create_workspace(tmp_path / "starter", "en"), clock)


@pytest.fixture
def bare(workspace: Workspace, clock: FixedClock) -> Study:
    """A workspace without any practice note."""
    return Study.open(workspace, clock)


def practised(study: Study) -> list[str]:
    events = study.library.events("act.finished")
    return [event.subject for event in events if event.data["act"] == "practice"]


def draft(study: Study, tool: str, **changed: str) -> dict[str, str]:
    record = study.practice.record(tool)
    return record.usable().draft(record.entries, study.clock.now().date()) | changed


def test_an_entry_is_one_act_and_undo_restores_every_byte(study: Study) -> None:
    record = study.practice.record("funnel")
    file = study.workspace.root / record.path
    before = file.read_bytes()
    saved = study.practice.save(record, draft(study, "funnel", willing="400"))
    assert not saved.examples and file.read_bytes().startswith(before[: before.rindex(b"```")])
    assert study.practice.report(study.practice.record("funnel")).figures["willing"] == 400
    assert practised(study) == ["practice/Funnel sheet.md"]
    assert "Funnel sheet" in study.undo()
    assert file.read_bytes() == before and practised(study) == []


def test_a_shipped_record_becomes_a_note_with_its_first_entry_and_undo_takes_it_away(bare: Study) -> None:
    record = bare.practice.record("stages")
    assert record.starter and not (bare.workspace.root / record.path).exists()
    bare.practice.save(record, {"person": "Mr Ng", "stage": "expected", "reason": "asked for a price"})
    assert [note.kind for note in bare.notes()] == ["practice"]
    held = bare.practice.record("stages")
    assert held.path == record.path and not held.starter
    assert bare.practice.report(held).figures["people"] == 1, "the examples stopped counting"
    bare.undo()
    assert not (bare.workspace.root / record.path).exists() and bare.practice.record("stages").starter


def test_a_preview_says_what_would_be_and_changes_nothing(study: Study) -> None:
    record = study.practice.record("funnel")
    before = (study.workspace.root / record.path).read_bytes()
    preview = study.practice.preview(record, draft(study, "funnel", willing="750"))
    assert preview.faults == () and preview.report.figures["willing_share"] == 0.1
    refused = study.practice.preview(record, draft(study, "funnel", willing="40000"))
    assert [fault.field for fault in refused.faults] == ["willing"]
    assert refused.report.figures["willing"] == 300 and list(refused.entries) == list(record.entries)
    assert (study.workspace.root / record.path).read_bytes() == before


def test_an_earlier_entry_is_previewed_changed_and_removed(study: Study, clock: FixedClock) -> None:
    study.practice.save(study.practice.record("funnel"), draft(study, "funnel", willing="100"))
    clock.tick(days=1)
    study.practice.save(study.practice.record("funnel"), draft(study, "funnel", willing="200"))
    record = study.practice.record("funnel")
    first = next(entry for entry in record.entries if entry.count("willing") == 100)
    texts = {field.key: field.text(first.values.get(field.key)) for field in record.usable().fields}
    preview = study.practice.preview(record, texts | {"willing": "150"}, first)
    assert [entry.count("willing") for entry in preview.entries if not entry.example] == [150, 200]
    changed = study.practice.change(record, first, texts | {"willing": "150"})
    assert [entry.count("willing") for entry in changed.entries if not entry.example] == [150, 200]
    again = next(entry for entry in changed.entries if entry.count("willing") == 150)
    left = study.practice.remove(changed, again)
    assert [entry.count("willing") for entry in left.entries if not entry.example] == [200]
    study.undo()
    study.undo()
    assert study.practice.record("funnel").entries == record.entries


def test_what_another_program_changed_meanwhile_is_never_overwritten(study: Study) -> None:
    study.practice.save(study.practice.record("funnel"), draft(study, "funnel"))
    record = study.practice.record("funnel")
    own = next(entry for entry in record.entries if not entry.example)
    file = study.workspace.root / record.path
    file.write_bytes(file.read_bytes() + b"\nmine\n")
    with pytest.raises(StudyError, match="changed meanwhile"):
        study.practice.change(record, own, {"willing": "1"})
    assert file.read_bytes() == record.raw + b"\nmine\n"


def test_a_move_through_a_shut_gate_is_refused_and_nothing_is_written(study: Study) -> None:
    record = study.practice.record("stages")
    texts = {"person": "Mr Ng", "stage": "long-term", "reason": "likes us", "purchases": "1"}
    assert study.practice.preview(record, texts).faults[0].field == "stage"
    with pytest.raises(StudyError, match="bought only once"):
        study.practice.save(record, texts)
    assert (study.workspace.root / STAGES).read_bytes() == record.raw


def test_a_result_becomes_one_note_a_day_filed_under_its_topic(study: Study, clock: FixedClock) -> None:
    record = study.practice.record("funnel")
    note, made = study.practice.write_note(record, study.practice.report(record))
    assert made and note.topic == "Funnel and daily decay" and note.tags == ("practice",)
    body = study.vault.read(note.path).body
    assert "[[Funnel sheet]]" in body and "- Willing: 300 (4.0 %)" in body
    assert study.practice.write_note(record, study.practice.report(record)) == (note, False)
    clock.tick(days=1)
    assert study.practice.write_note(record, study.practice.report(record))[1]
    project = study.practice.record("project")
    assert study.practice.write_note(project, study.practice.report(project))[0].topic == ""


def test_two_records_of_one_tool_are_kept_apart(study: Study) -> None:
    own = "---\ntitle: Soap\nkind: practice\ntool: funnel\n---\n\n```yaml practice\n```\n"
    (study.workspace.notes / "Soap.md").write_text(own, "utf-8")
    study.vault.scan()
    assert {one.record.title for one in study.practice.all()["funnel"]} == {"Soap", "Funnel sheet"}
    record = study.practice.record("funnel", "notes/Soap.md")
    study.practice.save(record, draft(study, "funnel"))
    found = {one.record.title: one.own for one in study.practice.all()["funnel"]}
    assert found == {"Soap": 1, "Funnel sheet": 0}
    assert study.practice.record("funnel").title == "Soap", "one's own comes first"


def test_a_draft_is_read_from_the_notes_by_its_title(study: Study) -> None:
    (study.workspace.notes / "My draft.md").write_text("Buy the soap now. Soap, soap, soap!", "utf-8")
    study.vault.scan()
    assert "My draft" in [note.title for note in study.practice.drafts()]
    record = study.practice.record("soft-article")
    figures = study.practice.preview(record, {"draft": "My draft", "product": "soap"}).report.figures
    assert figures["found"] and figures["mentions"] == 4
    gone = study.practice.preview(record, {"draft": "Nowhere", "product": "soap"})
    assert gone.report.figures["found"] is False and gone.report.warnings


# --- Today --------------------------------------------------------------------------------------------------


def test_today_knows_self_checks_trials_and_next_steps_of_ones_own_only(
    study: Study, clock: FixedClock
) -> None:
    assert study.practice.waiting() == [], "examples ask for nothing"
    study.practice.save(study.practice.record("misconceptions"), {"pushing": "no"})
    study.practice.save(study.practice.record("routes"), TRIAL)
    study.practice.save(
        study.practice.record("follow-up"),
        {"person": "Ms Ito", "contact": "call", "next": "send the sheet", "next_date": "2026-12-02"},
    )
    assert study.practice.waiting() == []
    clock.tick(days=8)
    assert [(one.tool, one.day.isoformat()) for one in study.practice.waiting()] == [("routes", "2026-11-29")]
    clock.tick(days=3)
    waiting = study.practice.waiting()
    assert [one.tool for one in waiting] == ["routes", "misconceptions", "follow-up"]
    acts = [agenda.act(due) for due in study.today().of("practice")]
    assert any("market stall" in act for act in acts) and any("Ms Ito: send the sheet" in act for act in acts)
    study.practice.save(study.practice.record("misconceptions"), {"pushing": "no"})
    study.practice.save(
        study.practice.record("routes"), TRIAL | {"visitors": "40", "deals": "2", "logged_in": "order book"}
    )
    assert [one.tool for one in study.practice.waiting()] == ["follow-up"]


def test_what_waits_is_told_in_the_language_of_the_screen(study: Study, clock: FixedClock) -> None:
    study.practice.save(study.practice.record("misconceptions"), {"pushing": "no"})
    clock.tick(days=20)
    english = study.practice.waiting()[0].text
    assert study.practice.waiting()[0].text == english, "from the cache"
    i18n.set_language("zh")
    study.practice.save(study.practice.record("misconceptions"), {"pushing": "否"})
    clock.tick(days=30)
    assert study.practice.waiting()[0].text not in ("", english)


# --- learn, practise, use -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_every_system_tells_what_is_done(tmp_path: Path, clock: FixedClock, lang: str) -> None:
    i18n.set_language(lang)
    study = Study.open(create_workspace(tmp_path / "w", lang), clock)
    for system in SYSTEMS:
        done = study.practice.of_topic(system.topic.written(lang))
        assert done is not None and done.system is system
        assert done.lessons >= 1 and done.cards >= 3 and (done.lessons_done, done.cards_learned) == (0, 0)
        assert done.learn and done.practise and done.use
        assert len(done.records) == len(system.tools) and bool(done.elsewhere) != bool(system.tools)
    assert study.practice.of_topic("Map") is None


def test_what_is_done_grows_with_what_is_done(study: Study, clock: FixedClock) -> None:
    def funnel() -> tuple[int, int, int, int | None]:
        done = study.practice.of_topic("Funnel and daily decay")
        assert done is not None
        return done.lessons_done, sum(one.own for one in done.records), done.own_notes, done.score

    assert funnel() == (0, 0, 0, None)
    study.practice.save(study.practice.record("funnel"), draft(study, "funnel"))
    course = study.learning.courses.all()[0]
    lesson = next(one for one in course.lessons if "Funnel and daily decay" in one.links)
    study.learning.courses.set_state(course, lesson, "done")
    study.vault.create("My funnel", "\nEighty saw it.\n", front={"topic": "Funnel and daily decay"})
    explaining = study.learning.explaining
    explaining.record(explaining.find("Funnel and daily decay").prompt, 4, 50, 60)
    lessons, own, notes, score = funnel()
    assert (lessons, own, score) == (1, 1, 4) and notes >= 1
    done = study.practice.of_topic("Funnel and daily decay")
    assert done is not None and "1 entry of your own, the last on 2026-11-22" in done.practise


def test_systems_with_a_room_count_what_is_there(study: Study) -> None:
    def told(title: str) -> str:
        done = study.practice.of_topic(title)
        assert done is not None
        return done.practise

    assert "people 0, events 0" in told("Meet practitioners")
    study.people.add("Rosa Chen 2026-08-01 talked")
    study.people.add_event("Salon", study.clock.now().date() + timedelta(3))
    study.people.add_question("How do I set a first bid?")
    assert "people 1, events 1" in told("Meet practitioners")
    assert "to contact now 1" in told("Follow-up cadence")
    assert "questions open 1" in told("Job news and stuck questions")


def test_every_tool_has_a_record_in_any_workspace(bare: Study) -> None:
    every = bare.practice.all()
    assert tuple(every) == TOOL_IDS
    assert all(one.record.starter and one.record.examples for found in every.values() for one in found)
    assert all(bare.practice.report(found[0].record).summary for found in every.values())
