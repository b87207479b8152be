"""The shell on people: capture, log, who is due, events, in and out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from studytui.workspace import Workspace
from tests.test_cli import Shell, shell

__all__ = ("shell",)

EVIL = "[/bold][@click=app.quit]x\x1b]2;P\x07"


def ago(days: int) -> str:
    return (date.today() - timedelta(days)).isoformat()


def ahead(days: int) -> str:
    return ago(-days)


def test_from_one_line_to_an_answered_question(shell: Shell, workspace: Workspace) -> None:
    added = shell("person", "add", f"张三 运营@某公司 {ago(9)} #微信群 聊了投放 ? 预算多少 -> 发案例 >7d")
    assert added.code == 0 and "张三" in added.out
    note = workspace.notes / "people" / "张三.md"
    assert str(note) in added.out
    due = shell("people", "--due", "--json").json
    assert [(one["name"], one["state"], one["last_question"]) for one in due] == [("张三", "due", "预算多少")]
    assert due[0]["due"] == ago(2) and due[0]["next_step"] == "发案例" and due[0]["role"] == "运营"
    listed = shell("people").out
    assert "due" in listed and "? 预算多少" in listed
    shown = shell("person", "show", "张三").out.splitlines()
    assert shown[1] == f"Answer first: 预算多少 ({ago(9)})"
    log = shell(
        "person", "log", "张", "sent", "the", "case", "--answered", "--done", "--outcome", "warm", "--wait", "2w"
    )  # fmt: skip
    assert log.code == 0 and f"due {ahead(14)}" in log.out
    assert f"- {ago(0)} sent the case (warm, answered, done) >14d\n" in note.read_text("utf-8")
    page = shell("person", "show", "张三", "--json").json
    assert page["pending"] == [] and page["last_question"] is None and page["next_step"] is None
    assert [contact["outcome"] for contact in page["contacts"]] == ["neutral", "warm"]
    assert shell("people", "--due", "--json").json == []
    assert "Nobody is waiting" in shell("people", "--due").out
    assert "张三" in shell("undo").out
    assert shell("people", "--due", "--json").json[0]["last_question"] == "预算多少"


def test_fields_and_questions_of_a_person(shell: Shell) -> None:
    shell("person", "add", "Rosa Chen, ads manager@TeaCo talked")
    assert f"due {ahead(10)}" in shell("person", "set", "Rosa", "--ideal", "10d", "--tie", "weak").out
    assert shell("people", "--json").json[0]["tie"] == "weak"
    wrong = shell("person", "set", "Rosa", "--tie", "iron")
    assert wrong.code == 1 and "iron" in wrong.err and "weak" in wrong.err
    asked = shell("person", "ask", "Rosa", "How", "do", "I", "set", "a", "bid?")
    assert Path(asked.out.strip()).exists()
    found = shell("person", "show", "Rosa", "--json").json["could_answer"]
    assert [one["question"] for one in found] == ["How do I set a bid?"] and found[0]["why"]
    assert "How do I set a bid?" in shell("person", "show", "Rosa").out


def test_an_event_with_questions_and_people(shell: Shell) -> None:
    shell("event", "add", "Salon", "--date", ahead(3), "--place", "Shanghai")
    assert "write three questions" in shell("events").out
    for question in ("one?", "two?", "three?"):
        answer = shell("event", "ask", "Salon", question)
    assert answer.out == "1. one?\n2. two?\n3. three?\n"
    shell("event", "add", "Fair", "--date", ago(1))
    assert [(one["title"], one["phase"]) for one in shell("events", "--json").json] == [
        ("Fair", "ask"),
        ("Salon", "ready"),
    ]
    assert "Li Lei is new" in shell("event", "met", "fair", "Li Lei, owner@Shop talked").out
    fair = next(one for one in shell("events", "--json").json if one["title"] == "Fair")
    assert fair["phase"] == "done" and fair["met"] == ["Li Lei"]


def test_in_and_out(shell: Shell, tmp_path: Path) -> None:
    file, rest, out = tmp_path / "in.csv", tmp_path / "rest.txt", tmp_path / "out.csv"
    file.write_text("name,tie,company\nAnn,iron,A\n,weak,Nobody Ltd\n", "utf-8")
    answer = shell("people", "import", str(file), "--rejected", str(rest))
    assert answer.code == 3
    assert "1 person added." in answer.out and "iron" in answer.out and "in.csv:3: " in answer.err
    assert rest.read_text("utf-8") == ",weak,Nobody Ltd\n"
    again = shell("people", "import", str(file))
    assert again.code == 1 and "There already" in again.out
    assert shell("people", "export", str(out)).code == 0
    assert "Ann" in out.read_text("utf-8-sig")
    refused = shell("people", "export", str(out))
    assert refused.code == 1 and "--force" in refused.err
    assert shell("people", "export", str(out), "--force").code == 0
    assert shell("people", "export", str(tmp_path / "no" / "folder.csv")).code == 1


def test_an_export_of_notes_says_whom_it_still_names(shell: Shell, workspace: Workspace) -> None:
    shell("person", "add", "Rosa Chen talked")
    (workspace.notes / "Plain.md").write_text("Rosa Chen said so.\n", "utf-8")
    quiet = shell("export")
    assert "Rosa Chen" in quiet.out and "It still names Rosa Chen." in quiet.err
    assert "talked" not in quiet.out
    assert shell("export", "--people").err == ""
    site = shell("export", str(workspace.root / "site"), "--as", "site")
    assert "It still names Rosa Chen." in site.err
    assert not any("talked" in page.read_text("utf-8") for page in (workspace.root / "site").rglob("*.html"))


def test_cards_about_people_stay_out_of_the_file_for_anki(shell: Shell, workspace: Workspace) -> None:
    shell("person", "add", "Rosa Chen talked")
    note = next((workspace.notes / "people").glob("*.md"))
    note.write_text(note.read_text("utf-8") + "\n#flashcards\n\nHer dog::Bo\n", "utf-8")
    (workspace.notes / "Own.md").write_text("#flashcards\n\nWho said so?::Rosa Chen\n", "utf-8")
    quiet = shell("cards", "export", "-")
    assert "Her dog" not in quiet.out and "Who said so?" in quiet.out
    assert "It still names Rosa Chen." in quiet.err
    asked = shell("cards", "export", "-", "--people")
    assert "Her dog" in asked.out and asked.err == ""


def test_chinese_answers_have_chinese_colons(shell: Shell) -> None:
    shell("person", "add", "张三 运营@某公司 聊了投放")
    told = shell("--lang", "zh", "person", "log", "张三", "又聊了").out
    assert told.startswith("张三：太早。上次联系") and ": " not in told


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("person", "show", "Nobody"), 1),
        (("person", "log", "Nobody", "x"), 1),
        (("person", "add", "#salon"), 1),
        (("person", "log", "Ann", "x", "--wait", "3q"), 2),
        (("person", "log", "Ann", "x", "--day", "2099-01-01"), 1),
        (("person", "log", "Ann", "x", "--day", "soon"), 2),
        (("person", "log", "Ann", "x", "--outcome", "hot"), 2),
        (("person", "set", "Ann"), 2),
        (("person", "set", "Ann", "--ideal", "3x"), 1),
        (("event", "ask", "Nothing", "x"), 1),
        (("event", "add", "Salon", "--date", "32.1."), 2),
        (("people", "import", "nothing.csv"), 1),
    ],
)
def test_mistakes_are_sentences(shell: Shell, words: tuple[str, ...], code: int) -> None:
    shell("person", "add", "Ann talked")
    answer = shell(*words)
    assert answer.code == code and answer.err.strip()


def test_empty_rooms_say_how_to_begin_in_both_languages(shell: Shell) -> None:
    assert "studytui person add" in shell("people").out
    assert "studytui event add" in shell("events").out
    chinese = shell("--lang", "zh", "people").out
    assert "studytui person add" in chinese and "Nobody" not in chinese


def test_hostile_words_come_out_as_text(shell: Shell, workspace: Workspace) -> None:
    note = workspace.notes / "people" / "evil.md"
    note.parent.mkdir()
    note.write_text(
        f"---\ntitle: {EVIL!r}\nkind: person\ntie: {EVIL!r}\n---\n- 2026-01-01 {EVIL} ? {EVIL} -> {EVIL}\n",
        "utf-8",
    )
    shell("person", "add", f"Ann, {EVIL}@{EVIL} {EVIL}")
    shell("event", "add", f"Salon {EVIL}", "--place", EVIL)
    for words in (("people",), ("people", "--json"), ("person", "show", "people/evil.md"), ("events",)):
        answer = shell(*words)
        assert answer.code == 0
        assert "\x1b" not in answer.out + answer.err and "\x07" not in answer.out + answer.err
