"""People on the screen: who is due first, the page, one-line capture, contacts, events."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from studytui import i18n
from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.people import CaptureLine, PeopleScreen
from studytui.tui.screens.people_forms import FieldsScreen, LogScreen
from studytui.tui.widgets.prompt import AskLine, Confirm
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.tui_helpers import HARMLESS, HOSTILE, press, running, screen_lines, screen_text, settle

TODAY = date(2026, 11, 22)
LOOKS = [("en", (120, 40)), ("zh", (80, 24)), ("en", (80, 24)), ("zh", (120, 40))]


@pytest.fixture
def study(workspace: Workspace, clock: FixedClock) -> Study:
    """Four people at four states, two events, one question."""
    made = Study.open(workspace, clock)
    made.people.add("张三 运营@某公司 2026-11-10 #微信群 聊了投放 ? 预算多少 -> 发案例 >7d")
    made.people.add("Rosa Chen, ads manager@TeaCo 2026-11-20 #salon talked about bids (warm)")
    made.people.add("Li Lei, owner@Bookshop 2026-06-01 asked about members")
    made.people.add_event("Salon", TODAY + timedelta(9), "Shanghai")
    made.people.add_event("Fair", TODAY - timedelta(2))
    made.people.add_question("How do I set a first bid?", made.people.find("Rosa"))
    return made


async def room(pilot: Pilot[None], path: str = "") -> PeopleScreen:
    """Show the People room, at somebody as other rooms do it."""
    await (pilot.app.open_subject("people", path) if path else pilot.press("6"))
    await settle(pilot)
    assert isinstance(pilot.app.screen, PeopleScreen)
    return pilot.app.screen


def page(text: str) -> str:
    """Return the last pane of a screen as running text."""
    return " ".join(line.rpartition("▏")[2].strip() for line in text.splitlines() if "▏" in line)


@pytest.mark.parametrize(("lang", "size"), LOOKS, ids=str)
async def test_who_wants_attention_comes_first_with_glyph_and_word(
    study: Study, lang: str, size: tuple[int, int]
) -> None:
    i18n.set_language(lang)
    async with running(StudyApp(study), size) as pilot:
        screen = await room(pilot)
        left = [line.split("▏")[0].rstrip() for line in screen_lines(pilot.app)]
        names = [line for line in left if any(name in line for name in ("Li Lei", "张三", "Rosa"))]
        words = ["fading", "due", "too early"] if lang == "en" else ["快淡了", "该联系", "太早"]
        order = ["Li Lei", "张三", "Rosa Chen"]
        glyphs = ["!", "●", "·"]
        for line, glyph, word, name in zip(names, glyphs, words, order, strict=True):
            assert glyph in line and word in line and name in line
        assert left[left.index(names[1]) + 1].strip() == "? 预算多少", "the open question stands below"
        assert "Fair" in "\n".join(left) and "Salon" in "\n".join(left)
        assert screen.person is not None and screen.person.name == "Li Lei"


async def test_the_page_has_the_open_question_on_top_and_the_reason_why(study: Study) -> None:
    async with running(StudyApp(study), (120, 40)) as pilot:
        screen = await room(pilot, "people/张三.md")
        told = page(screen_text(pilot.app))
        assert told.index("Answer first") < told.index("预算多少") < told.index("● due")
        assert "due 2026-11-17" in told and "7 days, as you wrote" in told
        assert "Next step: 发案例" in told and "运营 @ 某公司" in told
        screen.list.mark("person:people/Rosa Chen.md")
        told = page(await press(pilot))
        assert "How do I set a first bid?" in told and "the question names Rosa Chen" in told
        assert "too early" in told and "(warm)" in told


async def test_n_goes_round_those_who_are_due(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await room(pilot)
        await press(pilot, "n")
        assert screen.person is not None and screen.person.name == "张三"
        assert "Nobody more" in await press(pilot, "n")
        await press(pilot, "p")
        assert screen.person.name == "Li Lei"


async def test_one_line_adds_somebody_and_says_how_it_is_understood(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        await room(pilot)
        await press(pilot, "a")
        assert isinstance(pilot.app.screen, CaptureLine)
        text = await press(pilot, *"王芳 设计@工作室 #展会 看了海报 ? 多少钱")
        assert "王芳  |  设计 @ 工作室  |  2026-11-22 #展会 看了海报 ? 多少钱" in text
        text = await press(pilot, "enter")
        assert "王芳 is new here." in text and "多少钱" in page(text)
        assert study.people.find("王芳").company == "工作室"
        await press(pilot, "ctrl+n", *"王芳 又见面", "enter")
        assert len(study.people.find("王芳").contacts) == 2
        await press(pilot, "u", "u")
        assert [person.name for person in study.people.all()].count("王芳") == 0


async def test_an_empty_line_and_one_without_a_name_are_refused_in_place(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        await room(pilot)
        assert "Type something first" in await press(pilot, "a", "enter")
        assert "names nobody" in await press(pilot, *"#salon", "enter")


async def test_a_contact_with_what_was_open_first_and_its_effect_beside(study: Study) -> None:
    async with running(StudyApp(study), (120, 40)) as pilot:
        await room(pilot, "people/张三.md")
        text = await press(pilot, "c")
        screen = pilot.app.screen
        assert isinstance(screen, LogScreen) and screen.form.at == "answered"
        assert "They asked: “预算多少” Have you answered it?" in page(text)
        await press(
            pilot, "right", "down", *"sent the case", "enter", "right", "down", "right", "down", "down"
        )
        assert screen.form.at == "step"
        text = await press(pilot, "down", *"2w")
        left = " ".join(line.split("▏")[0].strip() for line in text.splitlines())
        assert "- 2026-11-22 sent the case (warm, answered, done) >14d" in left
        assert "due 2026-12-06" in left and "Answer first" not in left and "Next step:" not in left
        note = study.workspace.notes / "people" / "张三.md"
        before = note.read_bytes()
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, PeopleScreen)
        line = b"- 2026-11-22 sent the case (warm, answered, done) >14d\n"
        assert note.read_bytes() == before + line
        assert "too early" in page(screen_text(pilot.app))
        await press(pilot, "u")
        assert note.read_bytes() == before and "● due" in page(screen_text(pilot.app))


async def test_a_contact_that_cannot_be_is_explained_beside_its_field(study: Study) -> None:
    async with running(StudyApp(study), (120, 40)) as pilot:
        await room(pilot, "people/Rosa Chen.md")
        await press(pilot, "c")
        screen = pilot.app.screen
        assert isinstance(screen, LogScreen)
        text = await press(pilot, "ctrl+s")
        assert "✗ Write a word or two" in text and screen.form.at == "text"
        await press(pilot, *"talked")
        screen.form.enter("wait")
        assert "“3q” is no interval" in await press(pilot, *"3q")
        screen.form.enter("day")
        assert "still to come" in page(await press(pilot, "ctrl+u", *"2026-12-24"))
        await press(pilot, "ctrl+s")
        assert len(study.people.find("Rosa").contacts) == 1
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Confirm)
        await press(pilot, "y")
        assert isinstance(pilot.app.screen, PeopleScreen)


async def test_tie_stage_and_intervals_and_what_follows_from_them(study: Study) -> None:
    async with running(StudyApp(study), (120, 40)) as pilot:
        await room(pilot, "people/Rosa Chen.md")
        await press(pilot, "t")
        screen = pilot.app.screen
        assert isinstance(screen, FieldsScreen) and screen.form.texts["role"] == "ads manager"
        text = await press(pilot, "right")
        assert "tie: strong" in text and "from the tie strong" in text.replace("\n", " ").replace("  ", " ")
        screen.form.enter("ideal")
        assert "“3x” is no interval" in await press(pilot, *"3x")
        text = await press(pilot, "ctrl+u", *"8d")
        assert "due 2026-11-26" in text, "two days sooner for a warm contact"
        await press(pilot, "ctrl+s")
        rosa = study.people.find("Rosa")
        assert (rosa.tie, rosa.ideal) == ("strong", 8)


async def test_answered_is_one_key(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        await room(pilot, "people/张三.md")
        assert "Answer first" not in await press(pilot, "x")
        assert study.people.find("张三").last_question is None
        assert "No question is open" in await press(pilot, "x")


async def test_an_event_asks_for_questions_before_and_for_people_after(
    study: Study, clock: FixedClock
) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await room(pilot, "events/Salon.md")
        assert screen.event is not None and "write three questions" in page(screen_text(pilot.app))
        text = await press(pilot, "c")
        assert isinstance(pilot.app.screen, AskLine) and "Question 1 for “Salon”" in text
        await press(pilot, *"one?", "enter")
        await press(pilot, *"two?", "enter")
        text = await press(pilot, *"three?", "enter")
        assert pilot.app.screen is screen and "questions ready" in text and "3. three?" in text
        clock.tick(days=9)
        text = await press(pilot, "1", "6", "c")
        assert "Whom did you meet at “Salon”?" in text
        await press(pilot, *"Mia Kim, buyer@Shop liked it", "enter")
        text = await press(pilot, *"Rosa Chen came too", "enter")
        assert isinstance(pilot.app.screen, CaptureLine), "one after the other"
        await press(pilot, "escape")
        assert [met.note for met in study.people.find_event("Salon").met] == ["Mia Kim", "Rosa Chen"]
        assert study.people.find("Mia").source == "Salon"
        screen.panes.enter(1)
        await press(pilot, "tab", "enter")
        assert screen.person is not None and screen.person.name == "Mia Kim"


async def test_a_new_event_goes_on_to_its_questions(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        await room(pilot)
        await press(pilot, "v", *"Meetup", "enter", "ctrl+u", *"soon")
        assert "year-month-day" in await press(pilot, "enter")
        await press(pilot, "ctrl+u", *"2026-12-24", "enter")
        text = await press(pilot, *"Wuhan", "enter")
        assert "Question 1 for “Meetup”" in text
        await press(pilot, "escape")
        event = study.people.find_event("Meetup")
        assert (event.day, event.place) == (date(2026, 12, 24), "Wuhan")


async def test_a_question_for_somebody_the_note_and_the_trash(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        screen = await room(pilot, "people/Li Lei.md")
        text = await press(pilot, "w", *"What do members buy?", "enter")
        assert "What do members buy?" in page(text)
        await press(pilot, "e")
        assert isinstance(pilot.app.screen, EditorScreen) and pilot.app.screen.path == "people/Li Lei.md"
        await press(pilot, "escape")
        await press(pilot, "d")
        assert "Li Lei" not in [person.name for person in study.people.all()]
        assert screen.person is None or screen.person.name != "Li Lei"
        await press(pilot, "u")
        assert "Li Lei" in screen_text(pilot.app)


async def test_files_in_and_out_when_asked(study: Study, tmp_path: Path) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("name,company\nMia Kim,Shop\n,Nobody\n", "utf-8")
    async with running(StudyApp(study)) as pilot:
        await room(pilot)
        text = await press(pilot, "I", *str(file), "enter")
        assert "1 person added." in text and "in.csv:3: " in text and "Mia Kim" in text
        text = await press(pilot, "X", "ctrl+u", *str(file), "enter")
        assert "there already" in text
        await press(pilot, "ctrl+u", *str(out), "enter")
        assert "Mia Kim" in out.read_text("utf-8-sig")
        assert "Could not read" in await press(pilot, "I", *"/nowhere.csv", "enter")


async def test_an_empty_room_says_what_it_is_one_key_and_an_example(
    workspace: Workspace, clock: FixedClock
) -> None:
    async with running(StudyApp(Study.open(workspace, clock))) as pilot:
        text = await press(pilot, "6")
        assert "a adds somebody" in text and "Rosa Chen" in text
        for keys in ("c", "x", "t", "w", "d", "e", "n", "enter"):
            await press(pilot, keys)
        assert isinstance(pilot.app.screen, PeopleScreen)


@pytest.mark.parametrize("size", [(80, 24), (30, 8)], ids=str)
async def test_hostile_notes_are_only_text_and_are_told_with_their_line(
    study: Study, size: tuple[int, int]
) -> None:
    evil = '"' + HOSTILE.replace("\x1b", "\\e").replace("\x07", "\\a") + '"'
    text = (
        f"---\ntitle: {evil}\nkind: person\nrole: {evil}\ntie: {evil}\n---\n## Contacts\n\n"
        f"- 2026-01-01 {HOSTILE} ? {HOSTILE} -> {HOSTILE} >9x\n"
    )
    (study.workspace.notes / "people" / "evil.md").write_text(text, "utf-8")
    (study.workspace.notes / "people" / "broken.md").write_bytes(b"---\ntitle: [\n---\n\xff")
    (study.workspace.notes / "events" / "evil.md").write_text(
        f"---\ntitle: {evil}\nkind: event\ndate: {evil}\n---\n", "utf-8"
    )
    study.vault.scan()
    async with running(StudyApp(study), size) as pilot:
        screen = await room(pilot, "people/evil.md")
        assert max(map(cell_len, screen_lines(pilot.app))) <= size[0]
        if size[0] == 80:
            assert HARMLESS in page(screen_text(pilot.app))
            assert "people/evil.md:5: " in "".join(screen.reader.markdown.split("\\"))
        await press(pilot, "c")
        await press(pilot, "down", *"hello", "ctrl+s")
        screen.list.mark("event:events/evil.md")
        await press(pilot, "G")
        screen_text(pilot.app)
    assert len(study.people.find("people/evil.md").contacts) == 2


async def test_today_leads_to_the_person(study: Study) -> None:
    async with running(StudyApp(study)) as pilot:
        assert "Get in touch with Li Lei" in screen_text(pilot.app)
        await press(pilot, "enter")
        screen = pilot.app.screen
        assert isinstance(screen, PeopleScreen)
        assert screen.person is not None and screen.person.name == "Li Lei"
