"""Practice on the screen: the systems, one panel for every tool that follows while one types, the stages board."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from studytui import i18n
from studytui.practice.systems import SYSTEMS
from studytui.practice.tool import TOOL_IDS
from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.practice import PracticeScreen
from studytui.tui.screens.practice_board import BoardScreen
from studytui.tui.screens.practice_tool import ENTRIES, FORM, RESULT, ToolScreen
from studytui.tui.widgets.prompt import Confirm, Pick
from studytui.tui.widgets.report_view import ReportView
from studytui.workspace import create_workspace
from tests.conftest import FixedClock
from tests.tui_helpers import (
    HARMLESS,
    HOSTILE,
    press,
    running,
    screen_lines,
    screen_styles,
    screen_text,
    settle,
)

LANGS = ["en", "zh"]
LOOKS = [("en", (120, 40)), ("zh", (80, 24))]


def opened(tmp_path: Path, clock: FixedClock, lang: str = "en") -> Study:
    i18n.set_language(lang)
    return Study.open(create_workspace(tmp_path / "desk", lang), clock)


@pytest.fixture
def study(tmp_path: Path, clock: FixedClock) -> Study:
    return opened(tmp_path, clock)


async def type_over(pilot: Pilot[None], text: str) -> str:
    """Replace what stands in the focused field."""
    await pilot.press("end", "ctrl+u", *text)
    await settle(pilot)
    return screen_text(pilot.app)


async def tool(pilot: Pilot[None], name: str) -> ToolScreen:
    """Open a tool as Today does."""
    await pilot.app.open_subject("practice", name)
    await settle(pilot)
    assert isinstance(pilot.app.screen, ToolScreen)
    return pilot.app.screen


# --- the list -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "size"), LOOKS, ids=str)
async def test_the_room_lists_all_systems_and_says_what_is_done(
    tmp_path: Path, clock: FixedClock, lang: str, size: tuple[int, int]
) -> None:
    study = opened(tmp_path, clock, lang)
    async with running(StudyApp(study), size) as pilot:
        await press(pilot, "7")
        seen = [screen_text(pilot.app), *[await press(pilot, "pagedown") for _page in range(3)]]
        whole = "\n".join(seen)
        for system in SYSTEMS:
            name = system.topic.written(lang)
            assert name[: 10 if lang == "zh" else 18] in whole, name
        page = seen[-1]
        assert "0/19" in page and ("System 25" in page if lang == "en" else "25" in page)


async def test_a_system_with_its_own_room_leads_there_and_tools_open(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        await press(pilot, "7")
        screen = pilot.app.screen
        assert isinstance(screen, PracticeScreen)
        screen.tools.mark("room:cadence")
        text = await press(pilot)
        assert "Enter goes to People (6)." in text and "to contact now 0" in text
        await press(pilot, "enter")
        assert pilot.app.area == "people"
        await press(pilot, "7")
        screen.tools.mark("system:follow-up")
        await press(pilot, "enter")
        assert screen.marked is not None and screen.marked.tool.id == "follow-up"
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ToolScreen)
        await press(pilot, "escape", "escape")
        assert pilot.app.screen is screen


async def test_an_own_entry_and_what_is_due_show_in_the_list(study: Study, clock: FixedClock) -> None:
    study.practice.save(study.practice.record("misconceptions"), {"pushing": "no"})
    async with running(StudyApp(study)) as pilot:
        await press(pilot, "7")
        lines = screen_lines(pilot.app)
        assert "1/19" in lines[1]
        await press(pilot, "G")
        row = next(line for line in screen_lines(pilot.app) if "Misconceptions self-check" in line)
        assert "✓" in row
        clock.tick(days=20)
        await press(pilot, "1", "7")
        row = next(line for line in screen_lines(pilot.app) if "Misconceptions self-check" in line)
        assert "!" in row


# --- the panel ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "size"), LOOKS, ids=str)
async def test_every_tool_shows_its_examples_and_a_form(
    tmp_path: Path, clock: FixedClock, lang: str, size: tuple[int, int]
) -> None:
    study = opened(tmp_path, clock, lang)
    async with running(StudyApp(study), size) as pilot:
        for name in TOOL_IDS:
            screen = BoardScreen(name) if name == "stages" else ToolScreen(name)
            await pilot.app.push_screen(screen)
            await settle(pilot)
            text = screen_text(pilot.app)
            heading = screen_lines(pilot.app)[1]
            assert screen.tool.name[:20] in heading and ("examples" if lang == "en" else "示例") in heading
            assert screen.tool.fields[0].label in text
            if isinstance(screen.result, ReportView):
                assert study.practice.report(study.practice.record(name)).summary[:12] in text
            await pilot.app.pop_screen()


async def test_the_bars_move_while_one_types_and_nothing_is_written(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "funnel")
        before = {file: file.read_bytes() for file in study.workspace.notes.rglob("*.md")}
        assert "300 (4.0 %)" in screen_text(pilot.app)
        screen.form.enter("willing")
        text = await type_over(pilot, "3000")
        assert "3000 (40.0 %)" in text and "not saved" in text
        bars = [line.count("█") for line in text.splitlines() if "Willing  " in line and "█" in line]
        assert bars and bars[0] >= 4
        text = await type_over(pilot, "300")
        assert "300 (4.0 %)" in text and "not saved" not in text
        assert {file: file.read_bytes() for file in study.workspace.notes.rglob("*.md")} == before


async def test_bad_input_is_explained_beside_its_field_and_kept_as_typed(study: Study) -> None:
    async with running(StudyApp(study), (100, 30)) as pilot:
        screen = await tool(pilot, "funnel")
        screen.form.enter("willing")
        text = await type_over(pilot, "7,500")
        assert "✗" in text and "as before" in text and "4.0 %" in text
        assert screen.form.texts["willing"] == "7,500"
        rows = screen_lines(pilot.app)
        at = next(n for n, line in enumerate(rows) if "7,500" in line and "Willing" in line)
        assert "✗" in rows[at + 1]
        text = await type_over(pilot, "40000")
        told = " ".join(line.split("▏")[1].strip() for line in text.splitlines() if "▏" in line)
        assert "“willing” is 40000, more than all 7500 people together." in told
        await press(pilot, "ctrl+s")
        assert study.practice.record("funnel").examples, "nothing was saved"
        assert screen.form.texts["willing"] == "40000"


async def test_saving_keeps_an_entry_and_undo_takes_it_back(study: Study) -> None:
    async with running(StudyApp(study), (120, 40)) as pilot:
        screen = await tool(pilot, "funnel")
        screen.form.enter("willing")
        await type_over(pilot, "600")
        text = screen_text(pilot.app)
        assert "500 (example)" in text and "600 (example)" not in text
        text = await press(pilot, "ctrl+s")
        assert "Still as in the example: Strong 500, Medium 2000" in " ".join(text.split())
        await press(pilot, "enter")
        assert study.practice.record("funnel").examples, "No comes first, and keeps nothing"
        text = await press(pilot, "ctrl+s", "down", "enter")
        assert "Saved" in text and "600 (8.0 %)" in text and not screen.form.changed
        assert "(example)" not in text
        assert [entry.count("willing") for entry in study.practice.record("funnel").entries] == [300, 600]
        assert screen.entries.count == 2
        await press(pilot, "escape", "u")
        assert study.practice.record("funnel").examples and screen.entries.count == 1
        assert screen.form.texts["willing"] == "300"


async def test_what_is_missing_is_asked_for_only_when_one_saves(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "deal-summary")
        screen.form.enter("deal")
        assert "✗" not in await type_over(pilot, "a logo")
        text = await press(pilot, "ctrl+s")
        assert text.count("✗") == 2 and "is missing" in text
        assert screen.form.at == "person"


async def test_an_earlier_entry_is_changed_in_the_form_and_an_example_only_copied(
    study: Study, clock: FixedClock
) -> None:
    record = study.practice.record("ledger")
    study.practice.save(record, {"person": "Ann", "direction": "given", "what": "a lead"})
    clock.tick(days=1)
    async with running(StudyApp(study), (120, 40)) as pilot:
        screen = await tool(pilot, "ledger")
        await press(pilot, "ctrl+l")
        assert screen.panes.active == ENTRIES
        text = await press(pilot, "enter")
        assert "Entry of 2026-11-22" in text and screen.form.texts["what"] == "a lead"
        screen.form.enter("what")
        text = await type_over(pilot, "two leads")
        assert "two leads" in text
        await press(pilot, "ctrl+s")
        own = [entry for entry in study.practice.record("ledger").entries if not entry.example]
        assert [(entry.day.isoformat(), entry.text("what")) for entry in own] == [("2026-11-22", "two leads")]
        await press(pilot, "ctrl+l", "G", "enter")
        assert screen.entry is None and screen.form.changed and screen.form.texts["what"]
        await press(pilot, "ctrl+n")
        assert not screen.form.changed and screen.form.texts["what"] == ""


async def test_an_entry_is_removed_and_comes_back(study: Study) -> None:
    study.practice.save(study.practice.record("funnel"), {**_funnel(study), "willing": "600"})
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "funnel")
        assert "Mark an entry first" in await press(pilot, "escape", "d")
        await press(pilot, "ctrl+l", "g", "d")
        assert study.practice.record("funnel").examples
        await press(pilot, "u")
        assert [e.count("willing") for e in study.practice.record("funnel").entries] == [300, 600]
        assert screen.entries.count == 2


def _funnel(study: Study) -> dict[str, str]:
    record = study.practice.record("funnel")
    return record.usable().draft(record.entries, study.clock.now().date())


async def test_words_are_chosen_with_arrows_alone_or_from_a_list(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "ties")
        screen.form.enter("close")
        await press(pilot, "right")
        assert screen.form.texts["close"] == "yes"
        await press(pilot, "right", "right")
        assert screen.form.texts["close"] == ""
        await press(pilot, "left")
        assert screen.form.texts["close"] == "no"
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Pick)
        await press(pilot, "up", "enter")
        assert screen.form.texts["close"] == "yes"
        await press(pilot, "backspace")
        assert screen.form.texts["close"] == ""
        await press(pilot, "down")
        assert screen.form.at == "circle"


async def test_a_word_of_ones_own_where_the_field_takes_one(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "sources")
        screen.form.enter("source")
        await press(pilot, "enter", *"night market", "enter")
        assert screen.form.texts["source"] == "night market"
        assert "night market" in screen_text(pilot.app)


async def test_a_draft_is_picked_from_the_notes_and_checked_as_it_is_now(study: Study) -> None:
    (study.workspace.notes / "My draft.md").write_text("Soap. Soap, soap, soap! Buy now.", "utf-8")
    study.vault.scan()
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "soft-article")
        screen.form.enter("product")
        await type_over(pilot, "soap")
        screen.form.enter("draft")
        await press(pilot, "enter", *"My draft", "enter")
        text = screen_text(pilot.app)
        assert "named 4 times" in text and "Buy now" in text


async def test_leaving_a_form_that_is_not_saved_is_asked_about(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "funnel")
        screen.form.enter("willing")
        await type_over(pilot, "600")
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, Confirm) and screen.unsaved()
        await press(pilot, "enter")
        assert pilot.app.screen is screen and screen.form.texts["willing"] == "600"
        await press(pilot, "escape", "y")
        assert isinstance(pilot.app.screen, PracticeScreen)


async def test_the_result_goes_into_a_note(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        await tool(pilot, "win-win-win")
        await press(pilot, "ctrl+r")
        assert isinstance(pilot.app.screen, EditorScreen)
        note = study.note("Win-win-win calculator 2026-11-22")
        assert note.topic == "Win-win-win" and "All three win." in study.vault.read(note.path).body
        await press(pilot, "escape")
        await press(pilot, "escape", "escape")
        screen = pilot.app.screen
        assert isinstance(screen, PracticeScreen)
        screen.tools.mark(next(key for key in screen.found if key.startswith("win-win-win")))
        await press(pilot, "w")
        assert isinstance(pilot.app.screen, EditorScreen) and pilot.app.screen.path == note.path


async def test_the_report_is_scrolled_with_the_keys_of_a_text(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "misconceptions")
        screen.panes.enter(RESULT)
        top = screen_lines(pilot.app)[2]
        await press(pilot, "G")
        assert "Next: " in screen_text(pilot.app)
        await press(pilot, "g")
        assert screen_lines(pilot.app)[2] == top
        await press(pilot, "j", "j", "k", "space", "b")
        styles = screen_styles(pilot.app, "█") or screen_styles(pilot.app, "▌")
        await press(pilot, "right")
        assert screen.panes.active == FORM and styles is not None


async def test_every_letterless_path_works_with_an_input_method_on(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "confidence")
        assert screen.form.texts["product"] == "4", "a sheet goes on from the figures it has"
        await press(pilot, "left", "down")
        await press(pilot, *"五次成交", "enter", "left", "down")
        await press(pilot, *"有人夸", "down", "enter")
        entry = next(e for e in study.practice.record("confidence").entries if not e.example)
        assert (entry.count("product"), entry.text("product_proof")) == (3, "五次成交")
        assert (entry.count("self"), entry.text("self_proof")) == (2, "有人夸")
        assert not screen.form.changed


async def test_hostile_words_in_a_record_are_only_text(study: Study) -> None:
    text = (
        "---\ntitle: {evil}\nkind: practice\ntool: ledger\n---\n\n```yaml practice\n"
        "- date: 2026-11-22\n  person: {evil}\n  direction: given\n  what: {evil}\n"
        "- date: 2026-11-21\n  person: {evil}\n  direction: stolen\n  what: x\n```\n"
    )
    evil = '"' + HOSTILE.replace("\x1b", "\\e").replace("\x07", "\\a") + '"'
    (study.workspace.notes / "evil.md").write_text(text.replace("{evil}", evil), "utf-8")
    study.vault.scan()
    async with running(StudyApp(study), (120, 40)) as pilot:
        await press(pilot, "7")
        screen = pilot.app.screen
        assert isinstance(screen, PracticeScreen)
        screen.tools.mark("ledger\nnotes/evil.md")
        text = await press(pilot)
        assert HARMLESS[:20] in text and "evil.md:14" in text
        found = await tool(pilot, "ledger\nnotes/evil.md")
        assert HARMLESS in screen_text(pilot.app)
        found.form.enter("what")
        found.form.put({"what": HOSTILE, "person": HOSTILE, "direction": "given"})
        await settle(pilot)
        assert HARMLESS in screen_text(pilot.app)
        await press(pilot, "ctrl+s", "ctrl+l", "enter")
        screen_text(pilot.app)


@pytest.mark.parametrize(("size", "name"), [((59, 15), "satisfaction"), ((30, 6), "stages")], ids=str)
async def test_small_screens_show_one_pane_and_never_break(
    study: Study, size: tuple[int, int], name: str
) -> None:
    async with running(StudyApp(study), size) as pilot:
        screen = await tool(pilot, name)
        for pane in (RESULT, FORM, ENTRIES):
            screen.panes.enter(pane)
            await settle(pilot)
            assert sum(one.display for one in screen.panes.panes) == 1
            assert max(map(cell_len, screen_lines(pilot.app))) <= size[0] and screen_text(pilot.app)


# --- the board ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
async def test_the_board_shows_everybody_at_their_stage(tmp_path: Path, clock: FixedClock, lang: str) -> None:
    study = opened(tmp_path, clock, lang)
    async with running(StudyApp(study)) as pilot:
        screen = await tool(pilot, "stages")
        assert isinstance(screen, BoardScreen) and screen.panes.active == RESULT
        lines = [line.split("▏")[0].strip() for line in screen_lines(pilot.app)]
        if lang == "zh":
            at = lines.index("3 首次成交 · 1")
            assert lines[at + 1].startswith("欧阳先生") and "还差 1 次购买" in lines[at + 1]
        else:
            at = lines.index("3 first-purchase · 1")
            assert lines[at + 1].startswith("Mr Ortiz") and "still 1 purchase" in lines[at + 1]


async def test_a_move_needs_a_reason_and_an_open_gate(study: Study) -> None:
    async with running(StudyApp(study), (120, 40)) as pilot:
        screen = await tool(pilot, "stages")
        assert isinstance(screen, BoardScreen)
        await press(pilot, "greater_than_sign")
        assert screen.form.texts["person"] == "Ms Weiss"
        assert screen.form.texts["stage"] == "first-purchase"
        assert screen.form.at == "reason" and screen.panes.active == FORM
        text = screen_text(pilot.app)
        assert "✗" in text and "needs at least" in text, "the gate speaks before the reason is written"
        await press(pilot, *"paid for twenty", "ctrl+s")
        assert study.practice.record("stages").examples, "the gate is shut"
        screen.form.enter("purchases")
        text = await type_over(pilot, "1")
        assert "✗" not in text
        left = [line.split("▏")[0].strip() for line in text.splitlines()]
        at = next(n for n, line in enumerate(left) if line.startswith("3 first-purchase"))
        assert "Ms Weiss" in "".join(left[at + 1 : at + 3]), "the board shows the move before it is saved"
        screen.form.enter("reason")
        await type_over(pilot, "")
        text = await press(pilot, "ctrl+s")
        assert "is missing" in text and study.practice.record("stages").examples
        await press(pilot, *"paid for twenty", "ctrl+s")
        assert study.practice.record("stages").examples, "asked whether Ms Weiss is one's own customer"
        await press(pilot, "y")
        own = [entry for entry in study.practice.record("stages").entries if not entry.example]
        assert [(e.text("person"), e.text("stage"), e.text("reason")) for e in own] == [
            ("Ms Weiss", "first-purchase", "paid for twenty")
        ]
        screen.panes.enter(RESULT)
        await press(pilot, "less_than_sign")
        assert screen.form.texts["stage"] == "expected" and "✗" in screen_text(pilot.app)


async def test_the_board_says_when_nobody_is_marked(study: Study) -> None:
    file = study.workspace.notes / "practice" / "Customer stages board.md"
    file.write_text("---\ntitle: b\nkind: practice\ntool: stages\n---\n\n```yaml practice\n```\n", "utf-8")
    study.vault.scan()
    async with running(StudyApp(study)) as pilot:
        await tool(pilot, "stages")
        assert "Mark somebody" in await press(pilot, "greater_than_sign")
        assert isinstance(pilot.app.screen, BoardScreen)
