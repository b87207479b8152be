"""The shell on practice: the list, a tool's fields and entries, what it says of given numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studytui.practice.systems import SYSTEMS
from studytui.practice.tool import TOOL_IDS
from studytui.workspace import Workspace, create_workspace
from tests.test_cli import Shell, shell

__all__ = ("shell",)


@pytest.fixture
def starter(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "starter", "en")


def test_the_list_has_every_tool_with_its_systems(shell: Shell, starter: Workspace) -> None:
    rows = shell("practice", "list", "--json", root=starter.root).json
    assert [row["tool"] for row in rows] == list(TOOL_IDS)
    listed = {number for row in rows for number in row["systems"]}
    assert listed == {system.number for system in SYSTEMS if system.tools}
    assert all(row["own_entries"] == 0 and row["last"] is None and row["problems"] == [] for row in rows)
    assert "Funnel" in shell("practice", "list", root=starter.root).out


def test_the_articles_figures(shell: Shell, starter: Workspace) -> None:
    answer = shell("practice", "run", "funnel", "--json", root=starter.root)
    figures = answer.json["figures"]
    shares = [figures[f"{part}_share"] for part in ("willing", "interested", "averse", "undecided")]
    assert [f"{share:.1%}" for share in shares] == ["4.0%", "26.7%", "13.3%", "56.0%"]
    assert figures["kept"] == [0.4, 0.5] and round(figures["mean_factor"], 3) == 0.447
    out = shell("practice", "run", "funnel", root=starter.root).out
    assert "█" in out and "4200 (56.0 %)" in out and "these are example entries" in out.casefold()


@pytest.mark.parametrize("tool", TOOL_IDS)
def test_every_tool_runs_and_shows_in_any_workspace(shell: Shell, tool: str) -> None:
    ran = shell("practice", "run", tool, "--json")
    assert ran.code == 0 and ran.json["summary"] and ran.json["tool"] == tool
    assert shell("practice", "run", tool).out.startswith(ran.json["summary"][:20])
    shown = shell("practice", "show", tool, "--json").json
    assert shown["fields"] and shown["entries"] and shown["rule"]
    assert shown["entries"][0]["example"] is True
    assert shell("practice", "show", tool).out.splitlines()[0].startswith(shown["title"])


def test_given_numbers_are_reckoned_and_kept_only_when_asked(shell: Shell, starter: Workspace) -> None:
    root = starter.root
    tried = shell("practice", "run", "funnel", "--set", "willing=750", "--json", root=root)
    assert tried.json["figures"]["willing_share"] == 0.1 and tried.json["faults"] == []
    assert shell("practice", "run", "funnel", "--json", root=root).json["figures"]["willing"] == 300
    told = shell("practice", "run", "funnel", "--set", "willing=750", root=root).out
    assert "! Still as in the example: strong, medium, weak, interested, averse, daily." in told
    refused = shell("practice", "run", "funnel", "--set", "愿意买=750", "--save", root=root)
    assert refused.code == 1 and "Nothing of your own yet for: strong, medium" in refused.err
    assert shell("practice", "run", "funnel", "--json", root=root).json["figures"]["willing"] == 300
    kept = shell("practice", "run", "funnel", *OWN_DAY, "--set", "愿意买=750", "--save", "--json", root=root)
    assert kept.code == 0 and kept.json["figures"]["kept"] == [], "the example's days are not one's own"
    assert shell("practice", "run", "funnel", "--json", root=root).json["figures"]["willing"] == 750
    assert shell("practice", "list", "--json", root=root).json[12]["own_entries"] == 1
    shell("undo", root=root)
    assert shell("practice", "run", "funnel", "--json", root=root).json["figures"]["willing"] == 300


# All that a day of the funnel needs but the number of those who are willing.
OWN_DAY = tuple(
    word
    for key, n in {"strong": 500, "medium": 2000, "weak": 5000, "interested": 2000, "averse": 1000}.items()
    for word in ("--set", f"{key}={n}")
)


@pytest.mark.parametrize(
    ("tool", "sets", "said"),
    [
        ("funnel", ("willing=40000",), "more than all 7500 people"),
        ("funnel", ("willing=7,500",), "Write 7500"),
        ("funnel", ("wiling=3", "willing=3"), "Did you mean willing?"),
        ("stages", ("person=A", "stage=long-term", "reason=x", "purchases=1"), "bought only once"),
        ("stages", ("person=A", "stage=expcted", "reason=x"), "Did you mean expected?"),
        ("stages", ("person=A",), "missing"),
        ("misconceptions", ("pushing=",), "Nothing is filled in yet"),
        ("routes", ("trial=t", "route=A", "visitors=3", "deals=4", "logged_in=x"), "exceeds"),
    ],
)
def test_bad_input_is_explained_and_nothing_is_kept(
    shell: Shell, starter: Workspace, tool: str, sets: tuple[str, ...], said: str
) -> None:
    before = {file: file.read_bytes() for file in starter.notes.rglob("*.md")}
    typed = [*(OWN_DAY if tool == "funnel" else ()), *(word for pair in sets for word in ("--set", pair))]
    for more in ((), ("--save",), ("--note",)):
        answer = shell("practice", "run", tool, *typed, *more, root=starter.root)
        assert answer.code == 1 and said in answer.err
    told = shell("practice", "run", tool, *typed, "--json", root=starter.root)
    assert told.code == 1 and told.json["faults"]
    assert {file: file.read_bytes() for file in starter.notes.rglob("*.md")} == before


def test_a_result_goes_into_a_note(shell: Shell, starter: Workspace) -> None:
    answer = shell("practice", "run", "win-win-win", "--note", root=starter.root)
    note = Path(answer.out.splitlines()[-1])
    assert note.is_relative_to(starter.notes) and "All three win." in note.read_text("utf-8")
    asked = shell("practice", "run", "win-win-win", "--note", "--json", root=starter.root)
    assert asked.json["summary"] == "All three win." and str(note) in asked.err


def test_customers_in_practice_notes_stay_out_of_exports_unless_asked(
    shell: Shell, starter: Workspace
) -> None:
    root = starter.root
    given = ("--set", "person=Ada Wong", "--set", "stage=expected", "--set", "reason=asked")
    shell("practice", "run", "stages", *given, "--save", root=root)
    quiet = shell("export", root=root)
    assert "Ada Wong" not in quiet.out and quiet.err == ""
    assert "Ada Wong" in shell("export", "--people", root=root).out
    shell("practice", "run", "stages", "--note", root=root)
    told = shell("export", root=root)
    assert "It still names Ada Wong." in told.err, "a result that was made a note is the learner's own text"


def test_a_broken_record_names_file_and_line(shell: Shell, starter: Workspace) -> None:
    file = starter.notes / "practice" / "Funnel sheet.md"
    file.write_text(file.read_text("utf-8").replace("willing: 300", "willing: lots"), "utf-8")
    line = next(
        n for n, text in enumerate(file.read_text("utf-8").splitlines(), 1) if "willing: lots" in text
    )
    place = f"notes/practice/Funnel sheet.md:{line}: "
    row = next(
        r for r in shell("practice", "list", "--json", root=starter.root).json if r["tool"] == "funnel"
    )
    assert row["problems"][0].startswith(place)
    assert place in shell("practice", "show", "funnel", root=starter.root).err
    assert place in shell("practice", "run", "funnel", root=starter.root).out.replace("\n  ", " ")
    assert "to mend" in shell("practice", "list", root=starter.root).out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "funel"), 1),
        (("show", "nothing"), 1),
        (("run", "funnel", "--set", "willing"), 2),
        (("run", "funnel", "--save"), 2),
        (("run", "funnel", "--record", "notes/none.md"), 1),
        (("run",), 2),
    ],
)
def test_mistakes_are_sentences(shell: Shell, words: tuple[str, ...], code: int) -> None:
    answer = shell("practice", *words)
    assert answer.code == code and answer.err.strip()


def test_the_tools_speak_chinese(shell: Shell) -> None:
    out = shell("--lang", "zh", "practice", "run", "funnel").out
    assert "愿意买" in out and "Willing" not in out
    assert json.loads(shell("--lang", "zh", "practice", "list", "--json").out)[1]["title"] == "客户的八个阶段"
