"""People on a workspace: every change one undoable act, what is due known to Today, nothing given out unasked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from studytui import agenda
from studytui.errors import StudyError
from studytui.notes.export import export_markdown
from studytui.study import Study
from studytui.workspace import Workspace
from tests.conftest import FixedClock

TODAY = date(2026, 11, 22)
ZHANG = "张三 运营@某公司 #微信群 聊了投放 ? 预算多少才起步 -> 发案例 >7d"


@pytest.fixture
def study(workspace: Workspace, clock: FixedClock) -> Study:
    return Study.open(workspace, clock)


def text(study: Study, path: str) -> str:
    return (study.workspace.notes / path).read_text("utf-8")


def write(study: Study, path: str, content: str) -> None:
    file = study.workspace.notes / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, "utf-8")
    study.vault.scan()


def logged(study: Study) -> list[str]:
    return [event.subject for event in study.library.events("contact.logged")]


def test_one_line_makes_a_person_a_contact_and_one_act_to_undo(study: Study) -> None:
    person, new = study.people.add(ZHANG)
    assert new and (person.name, person.role, person.company) == ("张三", "运营", "某公司")
    assert person.path == "people/张三.md"
    assert "- 2026-11-22 #微信群 聊了投放 ? 预算多少才起步 -> 发案例 >7d\n" in text(study, person.path)
    assert study.people.standing(person).due == TODAY + timedelta(7)
    assert logged(study) == [person.path]
    study.undo()
    assert study.people.all() == [] and logged(study) == []
    assert not (study.workspace.notes / person.path).exists()


def test_a_line_about_somebody_known_is_logged_and_loses_no_word(study: Study) -> None:
    study.people.add("Rosa Chen talked")
    before = text(study, "people/Rosa Chen.md")
    rosa, new = study.people.add("Rosa Chen, ads manager@TeaCo showed numbers")
    assert not new and (rosa.role, rosa.company) == ("ads manager", "TeaCo")
    again, _new = study.people.add("Rosa Chen, founder@Own moved on")
    assert (again.role, again.company) == ("ads manager", "TeaCo"), "what the note says stays"
    assert "- 2026-11-22 founder@Own moved on\n" in text(study, again.path)
    study.undo()
    study.undo()
    assert text(study, "people/Rosa Chen.md") == before


def test_a_line_that_names_nobody_is_refused(study: Study) -> None:
    with pytest.raises(StudyError, match="names nobody"):
        study.people.add("#salon >7d")
    assert study.people.all() == []


def test_a_contact_moves_the_day_and_is_undone_as_one_act(study: Study, clock: FixedClock) -> None:
    person, _new = study.people.add(ZHANG)
    before = text(study, person.path)
    clock.tick(days=9)
    assert [p.name for p, _s in study.people.due()] == ["张三"]
    line = study.people.line("发了案例", answered=True, done=True, outcome="warm", wait=14)
    assert study.people.with_contact(person, line).last_question is None
    person = study.people.log(person, line)
    assert study.people.standing(person).due == TODAY + timedelta(9 + 14)
    assert person.last_question is None and person.next_step == ""
    assert study.people.due() == [] and len(logged(study)) == 2
    assert "张三" in study.undo()
    assert text(study, person.path) == before and len(logged(study)) == 1


def test_a_contact_of_tomorrow_is_a_plan_and_not_logged(study: Study) -> None:
    person, _new = study.people.add("Rosa Chen talked")
    before = text(study, person.path)
    with pytest.raises(StudyError, match="still to come"):
        study.people.log(person, study.people.line("call", day=TODAY + timedelta(1)))
    assert text(study, person.path) == before


def test_an_answer_is_marked_on_the_questions_own_line(study: Study) -> None:
    person, _new = study.people.add("Rosa Chen talked ? what does a click cost")
    assert person.last_question is not None
    study.people.answered(person.last_question)
    assert study.people.find("Rosa").last_question is None
    assert "? what does a click cost (answered)\n" in text(study, person.path)


def test_fields_are_set_with_every_other_byte_kept(study: Study) -> None:
    write(
        study, "people/Rosa.md", "---\ntitle: Rosa\nkind: person\nmine: 'x'   # kept\ntie:\n---\nFree text\n"
    )
    rosa = study.people.find("Rosa")
    wanted = study.people.fields(rosa) | {"tie": "弱", "ideal": "2w", "max": "6w"}
    assert study.people.wrong(wanted) == {}
    assert study.people.with_fields(rosa, wanted).ideal == 14
    rosa = study.people.set_fields(rosa, wanted)
    assert (rosa.tie, rosa.ideal, rosa.max) == ("weak", 14, 42)
    after = text(study, rosa.path)
    assert "mine: 'x'   # kept\n" in after and after.endswith("---\nFree text\n")
    study.people.set_fields(rosa, study.people.fields(rosa) | {"ideal": "never"})
    assert not study.people.find("Rosa").remind


@pytest.mark.parametrize(
    ("field", "value"), [("tie", "stron"), ("ideal", "3x"), ("max", "soon"), ("max", "never"), ("max", "3d")]
)
def test_fields_that_cannot_be_are_explained_and_nothing_changes(
    study: Study, field: str, value: str
) -> None:
    person, _new = study.people.add("Rosa talked")
    study.people.set_fields(person, study.people.fields(person) | {"ideal": "14d"})
    before = text(study, person.path)
    wanted = study.people.fields(study.people.find("Rosa")) | {field: value}
    assert list(study.people.wrong(wanted)) == [field]
    with pytest.raises(StudyError):
        study.people.set_fields(study.people.find("Rosa"), wanted)
    assert text(study, person.path) == before


def test_an_event_from_its_questions_to_whom_one_met(study: Study, clock: FixedClock) -> None:
    event = study.people.add_event("Salon", TODAY + timedelta(2), "Shanghai")
    assert event.phase(TODAY) == "prepare"
    for question in ("first?", "second?", "third?"):
        event = study.people.ask_at(event, question)
    assert event.questions == ("first?", "second?", "third?") and event.phase(TODAY) == "ready"
    clock.tick(days=2)
    before = text(study, event.path)
    person, new = study.people.add("Li Lei, owner@Shop wants to stream", event)
    assert new and person.source == "Salon"
    found = study.people.find_event("sal")
    assert [met.note for met in found.met] == ["Li Lei"] and found.phase(clock.now().date()) == "done"
    assert [one.title for one in study.people.page(person).met_at] == ["Salon"]
    study.undo()
    assert text(study, event.path) == before, "the person and the event go back together"
    assert study.people.all() == []


def test_a_question_of_ones_own_stands_on_the_page_of_who_could_answer(study: Study) -> None:
    person, _new = study.people.add("Rosa Chen, ads manager@TeaCo talked")
    study.people.add_question("How do I set a first bid?", person)
    page = study.people.page(person)
    assert [match.question.title for match in page.matches] == ["How do I set a first bid?"]
    assert "Rosa Chen" in page.matches[0].reasons[0]
    other, _new = study.people.add("Li Lei, cook@Canteen talked")
    assert study.people.page(other).matches == ()


def test_who_wants_attention_first_and_what_cannot_be_read(study: Study) -> None:
    for line in (
        "Annie 2026-11-20 talked",
        "Ben 2026-10-15 talked",
        "Cora 2026-06-01 talked",
        "Dora 2026-11-01 talked >30d",
    ):
        study.people.add(line)
    write(study, "people/broken.md", "---\ntitle: [\n---\n")
    write(study, "people/Odd.md", "---\ntitle: Odd\nkind: person\ntie: iron\n---\n## Contacts\n\n- someday\n")
    roster = study.people.roster()
    states = [(person.name, standing.state) for person, standing in roster.people]
    assert states[:2] == [("Cora", "fading"), ("Ben", "due")] and states[-1] == ("Odd", "new")
    assert any(problem.startswith("people/broken.md: ") for problem in roster.problems)
    assert any("people/Odd.md:4: " in problem for problem in roster.problems)
    assert any("people/Odd.md:8: " in problem for problem in roster.problems)


def test_rhythms_of_ones_own_come_from_a_note(study: Study) -> None:
    person, _new = study.people.add("Rosa talked")
    assert study.people.standing(person).due == TODAY + timedelta(30)
    write(study, "Rhythms.md", "---\nkind: cadence\neverybody: 5d 9d\nties:\n  weak: x\n---\n")
    assert study.people.standing(person).due == TODAY + timedelta(5)
    assert any("Rhythms.md:" in problem for problem in study.people.roster().problems)


def test_a_line_changed_by_hand_counts_as_it_stands(study: Study) -> None:
    person, _new = study.people.add("Rosa talked >7d")
    write(study, person.path, text(study, person.path).replace("2026-11-22 talked", "2026-11-01 talked"))
    assert study.people.due()[0][1].due == date(2026, 11, 8)


# --- in and out ---------------------------------------------------------------------------------------------


def test_an_import_adds_who_is_new_as_one_act_and_leaves_the_others(study: Study, tmp_path: Path) -> None:
    study.people.add("Rosa Chen talked")
    before = text(study, "people/Rosa Chen.md")
    file = tmp_path / "people.csv"
    file.write_text(
        '姓名,公司,标签\n张三,甲公司,"投放, 直播"\nRosa Chen,Other,\n,乙公司,\n张三,丙公司,\n', "utf-8"
    )
    taken = study.people.take_in(file)
    assert (taken.added, taken.known) == (("张三", "张三"), ("Rosa Chen",))
    assert [problem.problem.line for problem in taken.read.rejected] == [4]
    assert text(study, "people/Rosa Chen.md") == before
    assert {person.path for person in study.people.all()} == {
        "people/Rosa Chen.md", "people/张三.md", "people/张三 2.md",
    }  # fmt: skip
    study.undo()
    assert [person.name for person in study.people.all()] == ["Rosa Chen"]


def test_an_address_book_comes_in_and_an_export_reads_back(study: Study, tmp_path: Path) -> None:
    card = tmp_path / "book.txt"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:王芳\nORG:某店\nEND:VCARD\n", "utf-8")
    assert study.people.take_in(card).added == ("王芳",)
    study.people.add("王芳 #电话 说了价格 (annoyed) ? 能便宜吗")
    out = tmp_path / "out.csv"
    out.write_bytes(study.people.give_out())
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    study.vault.trash("people/王芳.md")
    assert study.people.take_in(out).added == ("王芳",)
    person = study.people.find("王芳")
    assert person.last_question is not None and person.last_question.text == "能便宜吗"
    assert person.contacts[0].outcome == "annoyed"


def test_a_file_that_is_not_there_is_a_sentence(study: Study, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="Could not read"):
        study.people.take_in(tmp_path / "nothing.csv")


def test_nothing_about_people_leaves_unless_asked(study: Study) -> None:
    study.people.add(ZHANG)
    study.people.add_event("Salon", TODAY)
    study.people.add_question("How do I set a first bid?", study.people.find("张三"))
    write(study, "Plain.md", "---\ntitle: Plain\n---\n\nSaid by [[张三]] at the [[Salon]].\n")
    write(study, "People/Wide.md", "---\ntitle: Wide\n---\n\nA secret.\n")
    out = export_markdown(study.vault)
    for word in ("张三", "预算多少", "某公司", "Salon", "secret"):
        assert word not in out
    assert "预算多少" in export_markdown(study.vault, people=True)
    assert study.people.named_in("Ask 张三 about it") == ["张三"]


# --- Today --------------------------------------------------------------------------------------------------


def test_today_knows_the_overdue_with_their_question_and_the_events(study: Study, clock: FixedClock) -> None:
    study.people.add(ZHANG)
    study.people.add_event("Far", TODAY + timedelta(30))
    study.people.add_event("Salon", TODAY + timedelta(10), "Shanghai")
    assert study.today().of("person") == () == study.today().of("event")
    clock.tick(days=8)
    due = study.today().of("person")[0]
    assert (due.subject, due.title, due.detail) == ("people/张三.md", "张三", "预算多少才起步")
    assert due.lateness == pytest.approx(1 / 7) and "张三" in agenda.act(due)
    asked = study.today().of("event")
    assert [agenda.act(one) for one in asked] == ["Write three questions for “Salon”"]
    clock.tick(days=2)
    asked = study.today().of("event")
    assert [(one.subject, agenda.act(one)) for one in asked] == [
        ("events/Salon.md", "Note whom you met at “Salon”")
    ]
    assert agenda.why(asked[0])
    study.people.add("Li Lei talked", study.people.find_event("Salon"))
    assert study.today().of("event") == ()


def test_a_hundred_people_are_looked_through_again_only_when_they_change(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100):
        write(study, f"people/P{number}.md", f"---\ntitle: P{number}\nkind: person\n---\n- 2026-11-01 met\n")
    study.people.roster()
    read = study.vault.read
    opened: list[str] = []

    def counting(path: str) -> object:
        opened.append(path)
        return read(path)

    monkeypatch.setattr(study.vault, "read", counting)
    write(study, "people/P7.md", "---\ntitle: P7\nkind: person\n---\n- 2026-11-02 met\n")
    study.people.roster()
    assert opened == ["people/P7.md"]
