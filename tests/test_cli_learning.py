"""Learning in the shell: plain text and JSON, scripts on standard input, sentences for what cannot be."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from studytui.cli import run
from studytui.journal import Journal
from studytui.workspace import SystemClock, Workspace
from tests.answer import Answer
from tests.learning_desk import COURSE, furnish, write
from tests.tui_helpers import HARMLESS, HOSTILE

Shell = Callable[..., Answer]


@pytest.fixture
def shell(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """Run a command line; ``typed`` comes in on standard input, and no traceback ever comes out."""
    furnish(workspace)

    def run_in(*words: str, typed: str = "") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), "utf-8"))
        capsys.readouterr()
        code = run(["--workspace", str(workspace.root), *words])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        assert "\x1b" not in captured.out and "\x07" not in captured.out.replace("\a", "")
        return Answer(code, captured.out, captured.err)

    yield run_in


def reviews(workspace: Workspace) -> list[int]:
    journal = Journal(workspace.journal, "reader", SystemClock())
    return [event.data["rating"] for event in journal.events() if event.kind == "card.reviewed"]


# --- cards ------------------------------------------------------------------------------------------------


def test_review_in_a_plain_terminal(shell: Shell, workspace: Workspace) -> None:
    answer = shell("review", typed="\n3\n\nx\n1\n\n4\n\n4\n\n4\n\n4\n")
    assert answer.code == 0
    front, back = answer.out.index("What is a funnel?"), answer.out.index("What stays at each step.")
    assert front < back and "Type a number from 1 to 4" in answer.out
    assert reviews(workspace)[:4] == [3, 1, 4, 4]
    assert "remembered" in answer.out.splitlines()[-1]


def test_review_stops_where_one_wants(shell: Shell, workspace: Workspace) -> None:
    assert shell("review", "--limit", "2", typed="\n3\n\n3\n\n3\n").code == 0
    assert reviews(workspace) == [3, 3]
    assert shell("review", typed="q\n").code == 0
    assert shell("review", typed="\nq\n").code == 0
    assert shell("review", typed="").code == 0
    assert reviews(workspace) == [3, 3]


def test_cards_as_a_table_and_as_json(shell: Shell) -> None:
    listed = shell("cards", "--json").json
    assert [card["front"] for card in listed][:2] == ["What is a funnel?", "What is a weak tie?"]
    assert listed[0].keys() == {
        "id", "note", "line", "face", "front", "back", "state", "due", "reviews", "lapses",
    }  # fmt: skip
    identity = listed[0]["id"]
    assert identity in shell("cards").out
    assert shell("cards", "suspend", identity[:7]).code == 0
    assert identity not in {card["id"] for card in shell("cards", "--due", "--json").json}
    assert shell("cards", "--json").json[0]["state"] == "suspended"
    assert shell("cards", "suspend", identity, "--off").code == 0
    assert shell("cards", "bury", identity).code == 0
    assert len(shell("cards", "--due", "--json").json) == 3
    assert shell("undo").code == 0
    assert len(shell("cards", "--due", "--json").json) == 4


def test_cards_to_anki_and_back(shell: Shell, workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    assert "4 cards" in shell("cards", "export", str(file)).out
    assert file.read_text("utf-8") == shell("cards", "export", "-").out
    answer = shell("cards", "import", str(file))
    assert answer.code == 0 and "4 cards" in answer.out
    assert Path(answer.out.splitlines()[0]).is_relative_to(workspace.notes)
    file.write_text("just one column\n", "utf-8")
    assert "Line 1" in shell("cards", "import", str(file)).err
    assert shell("cards", "import", str(tmp_path / "none.txt")).code == 1


# --- explain ----------------------------------------------------------------------------------------------


def test_explaining_in_the_shell(shell: Shell, workspace: Workspace) -> None:
    write(workspace, "topics/Funnel.md", "---\ntitle: Funnel\nkind: topic\nlang: en\n---\n\nStarter.\n")
    assert "Funnel" in shell("explain").out
    spoken = shell("explain", "Funnel", typed="\n\n9\n4\n")
    assert spoken.code == 0 and "at most 2 counts" in spoken.out and "2 of 5 counts" in spoken.out
    listed = shell("explain", "--json").json
    assert listed == [{"topic": "Funnel", "question": None, "strength": 2.0, "score": 2, "attempts": 1}]
    write(workspace, "mine.md", "---\ntitle: Mine\ntopic: Funnel\n---\n\nHalf stays.\n")
    assert "4 of 5 counts" in shell("explain", "Funnel", "--score", "4").out
    assert "[[Mine]]" in shell("explain", "--page").out
    assert shell("explain", "Funnel", typed="q\n").code == 1
    assert shell("explain", "Funnel", typed="\n\n").code == 1
    assert shell("explain", "Funnel", "--json", typed="").json == shell("explain", "--json").json[:1]
    recorded = shell("explain", "Funnel", "--score", "3", "--json").json
    assert [(row["topic"], row["score"], row["attempts"]) for row in recorded] == [("Funnel", 3, 3)]
    asked = shell("explain", "Funnel", "--ask", "Why half?")
    assert asked.code == 0 and "topic: Funnel" in Path(asked.out.strip()).read_text("utf-8")
    assert {row["question"] for row in shell("explain", "--json").json} == {None, "Why half?"}


# --- courses ----------------------------------------------------------------------------------------------


def test_a_course_new_imported_due_asked_and_done(shell: Shell, workspace: Workspace, tmp_path: Path) -> None:
    made = shell(
        "course", "new", "Fresh", "--price", "99 元", "--hours", "3", typed="# One\nFirst 20min\nSecond\n"
    )
    assert made.code == 0
    path = Path(made.out.strip())
    text = path.read_text("utf-8")
    assert "price: 99" in text and "currency: CNY" in text and "- [ ] First 20min" in text
    file = tmp_path / "bought.csv"
    file.write_text("module,lesson,duration\nA,One,10\nA,Two,20\n", "utf-8")
    assert shell("course", "import", str(file)).code == 0
    assert shell("courses", "bought", "--json").json[1] == {
        "number": 2, "module": "A", "title": "Two", "state": "todo", "due": None, "minutes": 20.0,
    }  # fmt: skip
    day = (datetime.now().date() + timedelta(days=7)).isoformat()
    assert day in shell("course", "due", "Fresh", "1", "+7").out
    assert f"📅 {day}" in path.read_text("utf-8")
    assert shell("course", "ask", "Fresh", "Second", "What now").code == 0
    assert "What now?" in path.read_text("utf-8")
    done = shell("lesson", "Fresh", "Second", "--state", "done", "--point", "P", "--words", "W", "--use", "U")
    assert done.code == 0 and "1/2" in done.out
    note = Path(done.out.splitlines()[0]).read_text("utf-8")
    assert "W" in note and "lesson: Second" in note
    again = shell("lesson", "Fresh", "Second", "--point", "P2")
    assert again.code == 1 and "already" in again.err


def test_settling_what_was_changed_outside(shell: Shell, workspace: Workspace) -> None:
    shell("lesson", "Ads", "Ties", "--state", "done")
    write(workspace, "courses/ads.md", COURSE)
    assert "settle" in shell("courses", "Ads").out
    assert shell("course", "settle", "Ads", "--json").json == [
        {"lesson": "Ties", "question": "unticked", "before": "Ties", "state": "done"}
    ]
    assert shell("course", "settle", "Ads", "Ties").code == 2
    assert shell("course", "settle", "Ads", "Ties", "--keep").out.strip().endswith("done")
    assert shell("course", "settle", "Ads", "--json").json == []
    assert shell("course", "settle", "Ads", "Ties", "--anew").code == 1


def test_unsorted_is_listed_and_settled(shell: Shell) -> None:
    assert shell("unsorted", "--json").json == []
    shell("lesson", "Ads", "Ties", "--state", "done")
    row = shell("unsorted", "--json").json[0]
    assert (row["kind"], row["title"], row["from"]) == ("lesson", "Ties", "Ads")
    assert shell("unsorted", "--settle", "9").code == 1
    assert shell("unsorted", "--settle", "1").code == 0
    assert shell("unsorted", "--json").json == []
    assert shell("undo").code == 0
    assert shell("unsorted", "--settle", "Ties").code == 0


# --- the diary --------------------------------------------------------------------------------------------


def test_goal_stats_and_week(shell: Shell, workspace: Workspace) -> None:
    shell("lesson", "Ads", "Ties", "--state", "done")
    shell("explain", "Funnel", "--score", "2")
    assert shell("goal", "7", "--minutes", "90").code == 0
    assert shell("goal", "--json").json == {
        "acts": 2, "goal": 7, "minutes": 0.0, "minutes_goal": 90, "reached": False, "streak": 1, "grace_left": 2,
    }  # fmt: skip
    found = shell("stats", "--json").json
    today = datetime.now().date().isoformat()
    assert found["days"][today]["acts"] == 2 and len(found["days"][today]["events"]) == 2
    assert sum(item["acts"] for item in found["windows"].values()) == 2
    assert {kind: item["acts"] for kind, item in found["kinds"].items()} == {"explain": 1, "lesson": 1}
    assert "2 of 7 acts" in shell("stats").out
    assert "Finished the lesson “Ties”" in shell("stats", "--day", today).out
    assert len(shell("stats", "--day", today, "--json").json) == 2
    week = shell("week", "--json").json
    assert (week["lessons"], week["explained"], week["note"]) == (["Ties"], ["Funnel"], None)
    written = shell("week", "--change", "Less")
    path = Path(written.out.strip())
    assert (
        written.code == 0 and path.parent == workspace.notes / "weekly" and "Less" in path.read_text("utf-8")
    )
    assert "written already" in shell("week").err
    today_row = shell("today", "--json").json
    assert today_row["week"]["goal"] == 7 and today_row["streak"] == 1


def test_settings_are_listed_shown_and_changed(shell: Shell) -> None:
    assert "cards that a day proposes at most" in shell("settings").out
    assert shell("settings", "day_cap", "12").out.strip() == "day_cap = 12"
    assert shell("settings", "day_cap").out.strip() == "day_cap = 12"
    assert shell("settings", "windows", "7：00～9:00，21:00-23:00").code == 0
    found = {item["name"]: item["value"] for item in shell("settings", "--json").json}
    assert (found["day_cap"], found["windows"]) == (12, ["07:00-09:00", "21:00-23:00"])
    assert "Possible: 0.7 - 0.97" in shell("settings", "retention", "1").err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("settings", "nope"), 1),
        (("settings", "day_new", "many"), 1),
        (("review", "--limit", "0"), 2),
        (("cards", "suspend", "zzz"), 1),
        (("cards", "nonsense"), 2),
        (("explain", "nothing of the kind"), 1),
        (("explain", "Funnel", "--score", "6"), 2),
        (("goal", "0"), 2),
        (("stats", "--day", "yesterday"), 2),
        (("course", "due", "Ads", "Ties", "soon"), 1),
        (("course", "new", "Empty"), 1),
        (("course", "new", "X", "--from", "/nowhere.txt"), 1),
        (("course", "settle", "nothing"), 1),
        (("lesson", "Ads", "Ties"), 2),
        (("unsorted", "--settle", "x"), 1),
    ],
)
def test_what_cannot_be_is_a_sentence(shell: Shell, words: tuple[str, ...], code: int) -> None:
    answer = shell(*words)
    assert answer.code == code and answer.err.strip()


def test_hostile_text_comes_out_harmless(shell: Shell, workspace: Workspace) -> None:
    write(
        workspace,
        "h.md",
        f"---\ntitle: {HARMLESS!r}\ntags: [flashcards]\nexplain: {HARMLESS!r}\n---\n\n{HOSTILE}::{HOSTILE}\n",
    )
    write(workspace, "courses/h.md", f"---\ntitle: H\nkind: course\n---\n\n- [ ] {HOSTILE}\n")
    for words in (
        ("cards",),
        ("cards", "--json"),
        ("explain",),
        ("courses", "H"),
        ("today",),
        ("cards", "export", "-"),
    ):
        assert HARMLESS in shell(*words).out or words == ("today",)
    shell("lesson", "H", "1", "--state", "done")
    for words in (
        ("unsorted",),
        ("stats",),
        ("week", "--json"),
        ("undo", "--list"),
        ("courses", "H", "--json"),
    ):
        shell(*words)
    assert HARMLESS in shell("review", typed="\n" + "3\n\n" * 20).out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_in_both_languages(shell: Shell, lang: str) -> None:
    for words in (
        ("review",), ("cards",), ("cards", "export"), ("explain",), ("goal",), ("stats",), ("week",), ("course",),
        ("course", "new"), ("course", "settle"), ("unsorted",), ("lesson",), ("courses",),
    ):  # fmt: skip
        answer = shell("--lang", lang, *words, "--help")
        assert answer.code == 0 and len(answer.out.splitlines()) > 4
