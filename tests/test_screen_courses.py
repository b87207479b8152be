"""Courses on the screen: made from a paste, ticked, asked about, in the learner's own words, with money and time."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from studytui import i18n
from studytui.tui.app import StudyApp
from studytui.tui.screens.course_new import CourseNewScreen, PasteArea, parse_about
from studytui.tui.screens.courses import CoursesScreen
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.three_lines import ThreeLines
from studytui.tui.widgets.prompt import Pick
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.learning_desk import COURSE, furnish, opened, write
from tests.test_joins_learning import finish
from tests.tui_helpers import HARMLESS, HOSTILE, running, screen_text, settle


@pytest.fixture
def app(workspace: Workspace, clock: FixedClock) -> StudyApp:
    furnish(workspace)
    return StudyApp(opened(workspace, clock))


def course_text(app: StudyApp) -> str:
    return (app.study.workspace.notes / "courses/ads.md").read_text("utf-8")


async def test_ticking_asks_for_three_lines_and_keeps_them_as_a_note(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3", "right", "space")
        await settle(pilot)
        assert "- [/] First steps (10min) 🛫 2026-11-22" in course_text(app)
        await pilot.press("space")
        await settle(pilot)
        assert isinstance(app.screen, ThreeLines)
        await pilot.press("enter", "enter", "enter")
        assert "Write one line at least" in screen_text(app)
        for name, line in (("point", "Begin"), ("words", "Just start"), ("use", "Today at nine")):
            app.screen.query_one(f"#{name}", Input).value = line
        await pilot.press("enter", "enter", "enter")
        await settle(pilot)
        assert "- [x] First steps (10min) 🛫 2026-11-22 ✅ 2026-11-22" in course_text(app)
        note = app.study.note("First steps")
        text = app.study.vault.read(note.path).text
        assert "Begin" in text and "Just start" in text and "Today at nine" in text
        assert f"[[{note.stem}]]" in course_text(app)
        assert "1/5" in screen_text(app)
    assert app.study.today().counts["unsorted"] == 0


async def test_space_at_the_end_of_the_text_ticks_and_never_takes_back(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3", "right", "enter", "space")
        await settle(pilot)
        assert "- [/] First steps" in course_text(app)
        await pilot.press("space")
        await settle(pilot)
        await pilot.press("escape", "space")
        await settle(pilot)
        assert "- [x] First steps" in course_text(app)


async def test_esc_means_later_and_later_is_counted(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("3", "right", "space")
        await settle(pilot)
        await pilot.press("space")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, CoursesScreen)
        await pilot.press("1")
        await settle(pilot)
        assert "Write three lines about “First steps”" in screen_text(app)


async def test_skip_again_due_and_a_question(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3", "right", "-")
        await settle(pilot)
        assert "- [-] First steps (10min) ❌ 2026-11-22" in course_text(app)
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "- [>] The funnel (20min)" in course_text(app)
        await pilot.press("D")
        await settle(pilot)
        app.screen.query_one(Input).value = "soon"
        await pilot.press("enter")
        assert "is not a day" in screen_text(app)
        app.screen.query_one(Input).value = "+7"
        await pilot.press("enter")
        await settle(pilot)
        assert "- [>] The funnel (20min) 📅 2026-11-29" in course_text(app) and "11-29" in screen_text(app)
        await pilot.press("Q")
        await settle(pilot)
        app.screen.query_one(Input).value = "Why half"
        await pilot.press("enter")
        await settle(pilot)
        assert "  Why half?" in course_text(app)
        await pilot.press("left")
        await settle(pilot)
        assert "Your questions" in screen_text(app) and "Why half?" in screen_text(app)


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_money_and_time_stand_on_the_course_page(app: StudyApp, lang: str) -> None:
    finish(app.study, "First steps", "Ties")
    app.study.workspace.settings.write_text('budget = ["1000 CNY"]\n', "utf-8")
    i18n.set_language(lang)
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3")
        await settle(pilot)
        assert isinstance(app.screen, CoursesScreen) and "300 CNY" in screen_text(app)
        page = app.screen.reader.markdown.replace(" %", "%")
        for figure in ("40%", "17%", "300 CNY", "150 CNY", "1,000 CNY", "2026"):
            assert figure in page, figure


async def test_what_was_changed_outside_is_asked_and_never_guessed(app: StudyApp) -> None:
    finish(app.study, "The funnel", "Ties")
    write(app.study.workspace, "courses/ads.md", COURSE)
    app.study.vault.scan()
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3")
        await settle(pilot)
        assert "? Ads" in screen_text(app) and "c asks" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Pick) and "“The funnel” was done" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert course_text(app) == COURSE, "later means that nothing is changed"
        await pilot.press("c")
        await settle(pilot)
        assert "“Ties” was done" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "- [x] Ties ✅ 2026-11-22" in course_text(app)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert "- [ ] The funnel (20min)" in course_text(app)
        await pilot.press("c")
        await settle(pilot)
        assert "Nothing has to be settled" in screen_text(app)
    assert not app.study.learning.courses.find("Ads").questions


async def test_a_course_from_a_paste(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("3", "a")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, CourseNewScreen)
        screen.query_one("#title", Input).value = "Pasted " + HARMLESS
        screen.query_one("#about", Input).value = "199 CNY, 三节课, https://x.example/c"
        area = screen.query_one(PasteArea)
        area.focus()
        area.post_message(
            events.Paste(f"# One {HOSTILE}\nFirst 20min\nSecond\x1b]52;c;eA==\x07\n# Two\nThird\n")
        )
        await settle(pilot)
        assert "3 lessons in 2 modules" in screen_text(app) and "\x1b" not in area.text
        assert screen.unsaved()
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, CoursesScreen)
        course = app.study.learning.courses.find("Pasted")
        assert (course.course.price, course.course.provider) == (199, "三节课")
        assert (
            len(course.lessons) == 3
            and app.screen.course is not None
            and app.screen.course.path == course.path
        )


async def test_an_empty_paste_is_a_sentence(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("3", "a")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "No lesson found" in screen_text(app) and isinstance(app.screen, CourseNewScreen)
        assert not app.screen.unsaved()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ("", "", "", None)),
        ("199 CNY", ("199 CNY", "", "", None)),
        ("三节课，¥99，https://a.b，1.5小时", ("¥99", "三节课", "https://a.b", 1.5)),
        ("udemy , , 19.99 USD, 10 h", ("19.99 USD", "udemy", "", 10.0)),
    ],
)
def test_price_provider_and_address_in_any_order(
    line: str, expected: tuple[str, str, str, float | None]
) -> None:
    assert tuple(parse_about(line)) == expected


async def test_w_and_e_open_the_notes(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("3", "right", "down", "e")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen) and app.screen.writing.cursor_location[0] + 1 == 12
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("w")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen) and app.screen.path == "The funnel.md"
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("right")
        await settle(pilot)
        assert "Your note: The funnel" in screen_text(app)


async def test_reading_a_lesson_is_time_spent_and_a_pause_is_not(app: StudyApp, clock: FixedClock) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("3", "right", "enter")
        await settle(pilot)
        for _minute in range(3):
            clock.tick(minutes=1)
            await pilot.press("j")
        clock.tick(minutes=30)
        await pilot.press("j")
        clock.tick(minutes=1)
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
    spent = app.study.library.events("time.spent")
    assert [(event.subject, event.data["minutes"]) for event in spent] == [
        ("courses/ads.md\nFirst steps", 4.0)
    ]


async def test_an_empty_desk_says_what_a_course_is(workspace: Workspace, clock: FixedClock) -> None:
    app = StudyApp(opened(workspace, clock))
    async with running(app) as pilot:
        await pilot.press("3")
        await settle(pilot)
        for key in ("space", "-", "r", "D", "Q", "w", "e", "E", "c", "n", "p"):
            await pilot.press(key)
        await settle(pilot)
        assert "a makes one from a list" in screen_text(app).replace("\n", " ")
        assert "This course" not in screen_text(app)


async def test_hostile_courses_stay_text(workspace: Workspace, clock: FixedClock) -> None:
    write(
        workspace,
        "courses/h.md",
        f"---\ntitle: {HARMLESS!r}\nkind: course\nprovider: {HARMLESS!r}\n---\n\n## {HOSTILE}\n\n"
        f"- [ ] {HOSTILE}\n  {HOSTILE}?\n- [x] {HOSTILE} two\n",
    )
    app = StudyApp(opened(workspace, clock))
    for size in ((120, 40), (80, 24), (50, 20)):
        async with running(StudyApp(app.study), size) as pilot:
            await pilot.press("3")
            await settle(pilot)
            assert HARMLESS[:12] in screen_text(pilot.app)
            await pilot.press("right", "space", "space")
            await settle(pilot)
            screen_text(pilot.app)
            await pilot.press("escape", "D")
            await settle(pilot)
            screen_text(pilot.app)
