"""Courses: lesson lines as Obsidian Tasks reads and writes them, progress, and outside edits."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.journal import Event
from studytui.learning import courses, taskline
from studytui.learning.courses import Course, add_text, link_note, parse_course, set_due, set_state
from studytui.learning.durations import parse_duration, split_duration
from studytui.learning.outline import course_note, format_duration, parse_outline
from studytui.learning.progress import cost_per_lesson, next_lesson, progress, year_budget
from studytui.learning.reconcile import answer_fields, claim_events, reconcile, with_former_name
from studytui.learning.taskline import STATES, parse_task, with_state

TODAY = date(2026, 11, 22)

NOTE = """---
title: Inbound 入门
kind: course
price: ¥199
hours: 12
provider: 三节课
url: https://example.org/course
date: 2026-10-01
---
Why I bought it.

## Start here
- [x] Welcome (8min) ✅ 2026-11-20
- [/] What a [[funnel]] is 1:05:00 🛫 2026-11-21 ^fun
  The visitor is not the buyer.
  - Why does half the audience leave each day?

  [[My funnel note]]
- [ ] 客户画像 90 分钟 📅 2026-12-01
```
- [ ] not a lesson
```
## Deeper ##
* [-] Optional reading ❌ 2026-11-21
1. [>] Do it again #task
- [ ] Parent 1h
    - [ ] Child one 20min
    - [x] Child two 10min ✅ 2026-11-22
- [ ] Welcome
- [ ]
- [x](https://example.org) is a link
"""


def course(text: str = NOTE, **front: Any) -> Course:
    return parse_course("courses/inbound.md", "Inbound 入门", {"price": "¥199", "hours": 12, **front}, text)


def test_a_note_becomes_modules_and_lessons() -> None:
    found = course(provider="三节课", url="https://example.org/course", date="2026-10-01")
    assert [(module.title, len(module.lessons)) for module in found.modules] == [
        ("Start here", 3),
        ("Deeper", 6),
    ]
    assert [lesson.title for lesson in found.lessons] == [
        "Welcome",
        "What a funnel is",
        "客户画像",
        "Optional reading",
        "Do it again",
        "Parent",
        "Child one",
        "Child two",
        "Welcome",
    ]
    assert [lesson.state for lesson in found.lessons] == [
        "done",
        "doing",
        "todo",
        "skipped",
        "again",
        "todo",
        "todo",
        "done",
        "todo",
    ]
    assert (found.price, found.currency, found.hours) == (199.0, "CNY", 12.0)
    assert (found.provider, found.url, found.bought) == (
        "三节课",
        "https://example.org/course",
        date(2026, 10, 1),
    )


def test_a_lesson_knows_its_dates_duration_text_links_and_questions() -> None:
    welcome, funnel, portrait, *_ = course().lessons
    assert welcome.duration == timedelta(minutes=8)
    assert welcome.finished == date(2026, 11, 20)
    assert funnel.duration == timedelta(hours=1, minutes=5)
    assert funnel.started == date(2026, 11, 21)
    assert (funnel.line, funnel.end) == (14, 18)
    assert funnel.links == ("funnel", "My funnel note")
    assert funnel.questions == ("Why does half the audience leave each day?",)
    assert portrait.due == date(2026, 12, 1)
    assert portrait.duration == timedelta(minutes=90)
    assert portrait.text == ""


def test_sub_lessons_know_their_parent_and_equal_titles_are_told_apart() -> None:
    lessons = course().lessons
    parent, one, two, last = lessons[5:]
    assert (parent.depth, one.depth, two.depth, last.depth) == (0, 1, 1, 0)
    assert one.parent == two.parent == parent.line
    assert last.key != lessons[0].key
    same = course("- [ ] Quiz\n- [ ] Quiz\n").lessons
    assert [lesson.number for lesson in same] == [1, 2]


def test_nesting_follows_columns_of_tabs_and_blanks() -> None:
    lessons = course("- [ ] a\n\t- [ ] b\n\t\t- [ ] c\n\t- [ ] d\n  - [ ] e\n- [ ] f\n").lessons
    assert [(lesson.title, lesson.depth) for lesson in lessons] == [
        ("a", 0),
        ("b", 1),
        ("c", 2),
        ("d", 1),
        ("e", 1),
        ("f", 0),
    ]


@pytest.mark.parametrize(
    ("text", "rest", "length"),
    [
        ("Welcome 20min", "Welcome", 20),
        ("Welcome 1:05:00", "Welcome", 65),
        ("Welcome (8min)", "Welcome", 8),
        ("Welcome (5:30)", "Welcome", 5.5),
        ("Welcome - 12:00", "Welcome", 12),
        ("Welcome\t03:20", "Welcome", 3 + 20 / 60),
        ("Welcome · 1h 20m", "Welcome", 80),
        ("Welcome 1h20m", "Welcome", 80),
        ("Welcome 1.5 hours", "Welcome", 90),
        ("导论 90 分钟", "导论", 90),
        ("导论90分钟", "导论", 90),
        ("导论（1小时20分）", "导论", 80),
        ("导论【45 秒】", "导论", 0.75),
        ("Post at 07:00", "Post at 07:00", None),
        ("The 4 Ps (part 2)", "The 4 Ps (part 2)", None),
        ("Sell 3 more", "Sell 3 more", None),
        ("20min", "", 20),
        ("iPhone 15m2", "iPhone 15m2", None),
    ],
)
def test_durations_as_people_write_them(text: str, rest: str, length: float | None) -> None:
    found_rest, found = split_duration(text)
    assert found_rest == rest
    assert found == (None if length is None else timedelta(minutes=length))


def test_a_duration_needs_to_be_one_as_a_whole() -> None:
    assert parse_duration("") is None
    assert parse_duration("0min") is None
    assert parse_duration("20min more") is None
    assert parse_duration("约 20 分钟") == timedelta(minutes=20)


@pytest.mark.parametrize(
    ("before", "state", "after"),
    [
        ("- [ ] A", "doing", "- [/] A 🛫 2026-11-22"),
        ("- [/] A 🛫 2026-11-20", "done", "- [x] A 🛫 2026-11-20 ✅ 2026-11-22"),
        ("- [x] A 🛫 2026-11-20 ✅ 2026-11-21", "todo", "- [ ] A"),
        ("- [x] A 🛫 2026-11-20 ✅ 2026-11-21", "again", "- [>] A 🛫 2026-11-20"),
        ("- [x] A ✅ 2026-11-21", "skipped", "- [-] A ❌ 2026-11-22"),
        ("- [-] A ❌ 2026-11-21", "todo", "- [ ] A"),
        ("- [ ] A 🛫 2026-12-24", "skipped", "- [-] A 🛫 2026-12-24 ❌ 2026-11-22"),
        ("- [-] A 🛫 2026-12-24 ❌ 2026-11-22", "todo", "- [ ] A 🛫 2026-12-24"),
        ("- [ ] A 📅 2026-12-01", "doing", "- [/] A 🛫 2026-11-22 📅 2026-12-01"),
        ("- [ ] A 📅 2026-12-01", "done", "- [x] A 📅 2026-12-01 ✅ 2026-11-22"),
        ("- [ ] A ^abc", "done", "- [x] A ✅ 2026-11-22 ^abc"),
        ("- [ ] A 📅 2026-12-01 #task ^abc", "done", "- [x] A 📅 2026-12-01 #task ✅ 2026-11-22 ^abc"),
        ("- [ ] A ⏫ 🔁 every week 📅 2026-12-01", "done", None),
        ("- [x] A", "done", "- [x] A"),
        ("- [X] A ✅ 2020-01-01", "todo", "- [ ] A"),
        ("- [?] A", "done", "- [x] A ✅ 2026-11-22"),
        ("\t* [ ] A  ", "done", "\t* [x] A ✅ 2026-11-22  "),
        ("> 2. [ ] A\r", "done", "> 2. [x] A ✅ 2026-11-22\r"),
        ("no task", "done", "no task"),
    ],
)
def test_states_are_written_the_way_tasks_writes_them(
    before: str, state: taskline.State, after: str | None
) -> None:
    expected = before.replace("[ ]", "[x]") + " ✅ 2026-11-22" if after is None else after
    assert with_state(before, state, TODAY) == expected


@pytest.mark.parametrize(
    ("before", "due", "after"),
    [
        ("- [ ] A", TODAY, "- [ ] A 📅 2026-11-22"),
        ("- [ ] A 📅 2026-12-01 ^abc", TODAY, "- [ ] A 📅 2026-11-22 ^abc"),
        ("- [ ] A 📆 2026-12-01 #x", None, "- [ ] A #x"),
        ("- [x] A 🛫 2026-11-01 ✅ 2026-11-20", TODAY, "- [x] A 🛫 2026-11-01 📅 2026-11-22 ✅ 2026-11-20"),
        ("- [ ] A 📅 2026-11-22", TODAY, "- [ ] A 📅 2026-11-22"),
        ("- [ ] A", None, "- [ ] A"),
    ],
)
def test_a_due_date_is_set_changed_and_taken_away(before: str, due: date | None, after: str) -> None:
    (lesson,) = course(before).lessons
    assert set_due(before.encode(), lesson, due) == after.encode()


def test_fields_are_read_backwards_so_a_date_inside_the_text_is_text() -> None:
    task = parse_task("- [ ] Read ✅ 2020-01-01 again 📆2026-12-01 #a/b ⏳ 2026-11-30 🔼 ^x-1")
    assert task is not None
    assert task.text == "Read ✅ 2020-01-01 again"
    assert (task.day(taskline.DUE), task.day(taskline.SCHEDULED)) == (date(2026, 12, 1), date(2026, 11, 30))
    impossible = parse_task("- [ ] A 📅 2026-02-30")
    assert impossible is not None
    assert (impossible.text, impossible.fields) == ("A 📅 2026-02-30", ())


LINE_ENDS = st.sampled_from(["\n", "\r\n"])
WORDS = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n")
    | st.sampled_from("🛫✅❌📅^#[]` "),
    max_size=20,
)


@given(title=WORDS, tail=WORDS, end=LINE_ENDS, first=st.sampled_from(STATES), second=st.sampled_from(STATES))
def test_only_the_lessons_own_line_ever_changes(
    title: str, tail: str, end: str, first: taskline.State, second: taskline.State
) -> None:
    before = f"\ufeff# T{end}{tail}{end}"
    after = f"{end}  text {tail}{end}- [ ] other{end}\x0b\x85 bytes"
    text = f"{before}- [ ] lesson {title}{after}"
    raw = text.encode() + b"\xff\xfe"
    lessons = course(raw.decode("utf-8", "surrogateescape")).lessons
    lesson = next((lesson for lesson in lessons if lesson.source.startswith("- [ ] lesson")), None)
    if lesson is None:  # the random line above opened a comment or a fence
        return
    changed = set_state(raw, lesson, first, TODAY)
    again = next(
        lesson
        for lesson in course(changed.decode("utf-8", "surrogateescape")).lessons
        if lesson.line == 3 and lesson.state == first
    )
    changed = set_state(changed, again, second, TODAY)
    assert changed.startswith(before.encode())
    assert changed.endswith(after.encode() + b"\xff\xfe")


@given(title=WORDS, states=st.lists(st.sampled_from(STATES), max_size=6))
def test_the_way_back_to_to_do_restores_the_line(title: str, states: list[taskline.State]) -> None:
    line = f"- [ ] x{title} y ^abc"
    for state in states:
        line = with_state(line, state, TODAY)
        task = parse_task(line)
        assert task is not None
        assert task.state == state
        assert line.endswith(" ^abc")
    assert with_state(line, "todo", TODAY) == f"- [ ] x{title} y ^abc"


def test_a_lesson_that_moved_is_found_and_one_that_is_gone_is_an_error() -> None:
    lesson = course().lessons[2]
    raw = ("Line before\n" + NOTE).encode()
    assert "- [x] 客户画像 90 分钟 📅 2026-12-01 ✅ 2026-11-22\n".encode() in set_state(
        raw, lesson, "done", TODAY
    )
    with pytest.raises(StudyError, match="客户画像"):
        set_state(b"nothing", lesson, "done", TODAY)


def test_the_cycle_of_one_key() -> None:
    walk = ["todo"]
    for _ in range(3):
        walk.append(taskline.next_state(walk[-1]))  # type: ignore[arg-type]
    assert walk == ["todo", "doing", "done", "todo"]
    assert (taskline.next_state("skipped"), taskline.next_state("again")) == ("todo", "doing")


def test_text_is_added_below_what_is_there_and_keeps_line_ends() -> None:
    raw = NOTE.replace("\n", "\r\n").encode()
    funnel = course(raw.decode()).lessons[1]
    changed = add_text(raw, funnel, "one\n\ntwo\n").decode()
    assert "[[My funnel note]]\r\n  one\r\n  two\r\n- [ ] 客户画像" in changed
    assert changed.replace("  one\r\n  two\r\n", "").encode() == raw
    last = course("- [ ] only").lessons[0]
    assert add_text(b"- [ ] only", last, "one") == b"- [ ] only\n  one"


def test_a_note_is_linked_once() -> None:
    lesson = course().lessons[0]
    changed = link_note(NOTE.encode(), lesson, "Welcome notes")
    again = course(changed.decode()).lessons[0]
    assert again.links == ("Welcome notes",)
    assert link_note(changed, again, "welcome notes") == changed


def test_progress_by_count_leaves_skipped_lessons_out() -> None:
    found = progress(course())
    assert (found.done, found.doing, found.again, found.todo, found.skipped) == (2, 1, 1, 4, 1)
    assert (found.total, found.percent) == (8, 25)


def test_progress_by_time_counts_sub_lessons_instead_of_their_parent() -> None:
    found = progress(course(), measure="time")
    assert found.minutes_total == 8 + 65 + 90 + 20 + 10
    assert found.minutes_done == 18
    assert found.percent == 9
    assert progress(course("- [x] a\n- [ ] b\n"), measure="time").percent == 50


@given(st.lists(st.sampled_from(STATES), max_size=300))
def test_a_hundred_percent_means_that_nothing_is_left(states: list[taskline.State]) -> None:
    text = "".join(f"- [{taskline.MARKS[state]}] lesson {n}\n" for n, state in enumerate(states))
    found = progress(course(text))
    left = found.todo + found.doing + found.again
    assert (found.percent == 100) == (left == 0 and found.done > 0)
    assert 0 <= found.percent <= 100


def test_next_is_under_way_then_due_then_first_open_then_nothing() -> None:
    def upcoming(text: str) -> tuple[str, str] | None:
        found = next_lesson(course(text), TODAY)
        return found and (found[0].title, found[1])

    assert upcoming("- [ ] a\n- [/] b\n- [ ] c 📅 2026-11-01") == ("b", "doing")
    assert upcoming("- [ ] a\n- [ ] b 📅 2026-11-22\n- [ ] c 📅 2026-11-01") == ("c", "due")
    assert upcoming("- [x] a\n- [>] b\n- [ ] c 📅 2026-12-01") == ("b", "again")
    assert upcoming("- [ ] a\n  - [x] b\n  - [ ] c") == ("c", "todo")
    assert upcoming("- [ ] a\n  - [x] b\n") == ("a", "todo")
    assert upcoming("- [x] a\n- [-] b") is None


def test_cost_per_finished_lesson_and_the_years_budget() -> None:
    assert cost_per_lesson(course()) == 99.5
    assert cost_per_lesson(course("- [ ] a")) is None
    assert cost_per_lesson(parse_course("p", "t", {}, "- [x] a")) is None
    bought = [
        course(price=199, currency="CNY", date="2026-01-02"),
        course(price="$20.50", date="2026-03-01"),
        course(price=100, currency="CNY", date="2025-03-01"),
    ]
    budget = year_budget(bought, 2026, {"CNY": 500}, hours=20)
    assert budget.spent == {"CNY": 199.0, "USD": 20.5}
    assert budget.money_left == {"CNY": 301.0}
    assert (budget.hours_planned, budget.hours_left) == (24.0, -4.0)


@pytest.mark.parametrize(
    ("price", "currency", "expected"),
    [
        ("199 元", None, (199.0, "CNY")),
        ("USD 19.99", None, (19.99, "USD")),
        ("1,299", "cny", (1299.0, "CNY")),
        (0, None, (0.0, "")),
        ("free", None, (None, "")),
        (None, "CNY", (None, "CNY")),
        (True, None, (None, "")),
    ],
)
def test_prices_as_people_write_them(
    price: object, currency: object, expected: tuple[float | None, str]
) -> None:
    found = course(price=price, currency=currency)
    assert (found.price, found.currency) == expected


def test_a_lesson_is_named_by_title_beginning_or_number() -> None:
    found = course()
    assert found.lesson("客户画像").line == 19
    assert found.lesson("what a").title == "What a funnel is"
    assert found.lesson("2").title == "What a funnel is"
    with pytest.raises(StudyError, match="lines 13, "):
        found.lesson("Welcome")
    with pytest.raises(StudyError, match="no lesson"):
        found.lesson("nothing like it")


def test_an_event_holds_what_is_needed_to_know_the_lesson_again() -> None:
    found = course()
    fields = courses.event_fields(found, found.lessons[1], "doing", "done")
    assert fields == {
        "subject": "courses/inbound.md",
        "course": "Inbound 入门",
        "lesson": "What a funnel is",
        "module": "Start here",
        "number": 1,
        "line": 14,
        "from": "doing",
        "to": "done",
    }


# --- outlines from outside ---------------------------------------------------------------------------------


def shape(text: str) -> list[tuple[str, list[tuple[str, float | None]]]]:
    return [
        (
            module.title,
            [
                (lesson.title, lesson.duration.total_seconds() / 60 if lesson.duration else None)
                for lesson in module.lessons
            ],
        )
        for module in parse_outline(text).modules
    ]


def test_a_pasted_list_is_one_lesson_a_line() -> None:
    assert shape("What is marketing 20min\n\nRoutes A and B 1:05:00\n漏斗 (8min)\n四个时间段 90 分钟") == [
        (
            "",
            [
                ("What is marketing", 20),
                ("Routes A and B", 65),
                ("漏斗", 8),
                ("四个时间段", 90),
            ],
        )
    ]


def test_headings_of_many_kinds_become_modules() -> None:
    expected = [("Basics", [("One", None), ("Two", 5)]), ("More", [("Three", None)])]
    assert shape("# Basics\nOne\nTwo 5min\n# More\nThree") == expected
    assert shape("Basics:\n- One\n- Two 5min\nMore：\n- Three") == expected
    assert shape("Basics\n  One\n  Two 5min\nMore\n  Three") == expected
    assert shape("- Basics\n  - One\n  - Two 5min\n- More\n  - Three") == expected
    assert shape("第一章 入门\n第1节 客户\n第二章 进阶\n第2节 漏斗") == [
        ("第一章 入门", [("第1节 客户", None)]),
        ("第二章 进阶", [("第2节 漏斗", None)]),
    ]
    assert shape("1. Basics\n1.1 One\n1.2 Two\n2. More\n2.1 Three")[1] == ("2. More", [("2.1 Three", None)])


def test_a_course_page_sets_durations_and_buttons_on_their_own_lines() -> None:
    page = (
        "Section 1: Start\n2 lectures • 15min\nWelcome\nPreview\n05:20\nFunnels\n09:40\nSection 2: On\nTies"
    )
    assert shape(page) == [
        ("Section 1: Start", [("Welcome", 5 + 20 / 60), ("Funnels", 9 + 40 / 60)]),
        ("Section 2: On", [("Ties", None)]),
    ]


def test_markdown_keeps_title_marks_and_nesting() -> None:
    outline = parse_outline("# My course\n## A\n- [x] One\n  - [ ] Sub 5min\n## B\n1) Two\n")
    assert outline.title == "My course"
    assert [(item.title, item.mark, item.depth) for item in outline.modules[0].lessons] == [
        ("One", "x", 0),
        ("Sub", " ", 1),
    ]
    assert outline.modules[1].lessons[0].title == "Two"


def test_a_list_of_chapters_alone_is_a_list_of_lessons() -> None:
    assert shape("Chapter 1\nChapter 2") == [("", [("Chapter 1", None), ("Chapter 2", None)])]


def test_csv_in_english_and_chinese() -> None:
    assert shape('Module,Lesson,Minutes\nA,One,12\n,"Two, really",1:05:00\nB,Three,') == [
        ("A", [("One", 12), ("Two, really", 65)]),
        ("B", [("Three", None)]),
    ]
    assert shape("\ufeff章节;课时;时长\r\n入门;客户;8分钟\r\n") == [("入门", [("客户", 8)])]
    with pytest.raises(StudyError, match="names no lesson column"):
        parse_outline("a,b\n1,2", form="csv")


@pytest.mark.parametrize("empty", ["", "\n\n", "lesson,duration\n", "---"])
def test_an_outline_without_lessons_is_an_error(empty: str) -> None:
    with pytest.raises(StudyError, match="No lesson"):
        parse_outline(empty)


def test_a_course_note_reads_back_as_the_outline() -> None:
    outline = parse_outline("# A: b\n- One 20min\n  - Sub 1:05:30\n# C\nTwo 2h\nThree 1h 5min")
    note = course_note(
        outline,
        title='12: "quoted"',
        today=TODAY,
        price=19.9,
        currency="CNY",
        hours=3,
        url="https://x.org/?a=b",
    )
    front = note.split("---\n")[1]
    assert front.splitlines() == [
        'title: "12: \\"quoted\\""',
        "kind: course",
        "date: 2026-11-22",
        'url: "https://x.org/?a=b"',
        "price: 19.9",
        "currency: CNY",
        "hours: 3",
    ]
    found = parse_course("p", "t", {}, note)
    assert [(lesson.module, lesson.title, lesson.duration, lesson.depth) for lesson in found.lessons] == [
        ("A: b", "One", timedelta(minutes=20), 0),
        ("A: b", "Sub", timedelta(hours=1, minutes=5, seconds=30), 1),
        ("C", "Two", timedelta(hours=2), 0),
        ("C", "Three", timedelta(minutes=65), 0),
    ]


@given(st.integers(1, 99 * 3600))
def test_a_written_duration_reads_back(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert split_duration(f"Lesson {format_duration(duration)}") == ("Lesson", duration)


OUTLINE_LINE = st.text(st.sampled_from('ab 客#-*.:：1,5\t[]()x^=|><`&!第章课min~"✅'), max_size=14)


@example("^1")
@given(st.lists(OUTLINE_LINE, max_size=8).map("\n".join))
def test_any_pasted_text_is_an_outline_that_reads_back_or_a_plain_error(text: str) -> None:
    try:
        outline = parse_outline(text)
    except StudyError:
        return
    assert len(course(course_note(outline, today=TODAY)).lessons) == outline.count


# --- edits in other editors --------------------------------------------------------------------------------

TITLES = [
    "What marketing is", "Meet your customer", "The customer portrait", "Routes A and B", "Strong ties",
    "Weak ties", "Funnel arithmetic", "Daily decay", "Four time windows", "Soft articles", "Quiz",
    "Angel and devil",
    "客户的八个阶段", "客户画像", "转介绍与合伙人", "跟进频率", "七个满意度指标", "给客户做总结",
    "Lesson 19: pricing", "Lesson 20: promotion",
]  # fmt: skip


def moment(n: int) -> str:
    return (datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=n)).isoformat()


def event(n: int, **data: Any) -> Event:
    return Event(f"{n:012x}", moment(n), "lesson.state", data)


class Outside:
    """A course note in somebody's other editor; every line remembers which lesson it really is."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.modules = [
            [(title, self.random.choice(STATES), title) for title in TITLES[start : start + 5]]
            for start in range(0, len(TITLES), 5)
        ]
        self.truth = {title: state for module in self.modules for title, state, _ in module}
        self.trash: list[tuple[str, taskline.State, str]] = []
        self.fresh = 0

    def text(self) -> str:
        return "".join(
            f"## Module {number}\n"
            + "".join(f"- [{taskline.MARKS[state]}] {title}\n" for title, state, _ in module)
            for number, module in enumerate(self.modules, 1)
        )

    def lines(self) -> list[tuple[str, taskline.State, str]]:
        return [line for module in self.modules for line in module]

    def reorder(self) -> None:
        self.random.shuffle(self.random.choice(self.modules))

    def rename(self) -> None:
        module = self.random.choice([module for module in self.modules if module])
        at = self.random.randrange(len(module))
        title, state, identity = module[at]
        cut = self.random.randrange(len(title))
        changes = [
            title[:cut] + title[cut + 1 :],
            title[:cut] + "x" + title[cut:],
            title + " (new)",
            "Now: " + title,
        ]
        module[at] = (self.random.choice(changes).strip() or title, state, identity)

    def insert(self) -> None:
        self.fresh += 1
        line: tuple[str, taskline.State, str] = (
            f"{self.random.choice(TITLES)} part {self.fresh}",
            "todo",
            f"new {self.fresh}",
        )
        self.random.choice(self.modules).insert(0, line)

    def move(self) -> None:
        source = self.random.choice([module for module in self.modules if module])
        line = source.pop(self.random.randrange(len(source)))
        self.random.choice(self.modules).append(line)

    def delete(self) -> None:
        module = self.random.choice([module for module in self.modules if module])
        self.trash.append(module.pop(self.random.randrange(len(module))))

    def bring_back(self) -> None:
        if not self.trash:
            self.delete()
        title, state, identity = self.trash.pop()
        kept: taskline.State = self.random.choice([state, "todo"])
        self.random.choice(self.modules).append((title, kept, identity))

    def edit(self) -> None:
        acts = [self.reorder, self.rename, self.insert, self.move, self.delete, self.bring_back]
        self.random.choice(acts)()


def journal_of(found: Course) -> list[Event]:
    """What the journal holds when every lesson got its state through the program."""
    return [
        event(n, **courses.event_fields(found, lesson, "todo", lesson.state))
        for n, lesson in enumerate(found.lessons)
        if lesson.state != "todo"
    ]


def test_progress_survives_edits_in_other_editors() -> None:
    for seed in range(300):
        outside = Outside(seed)
        events = journal_of(course(outside.text()))
        for _ in range(1 + seed % 12):
            outside.edit()
        found = course(outside.text())
        result = reconcile(found, events)
        asked = {question.lesson.line for question in result.questions}
        for lesson, (_, shown, identity) in zip(found.lessons, outside.lines(), strict=True):
            state = result.states[lesson.key]
            truth = outside.truth.get(identity, "todo")
            if lesson.line not in asked:
                assert state == truth, f"seed {seed}: {lesson.title}: lost without a question"
            if shown != "todo":
                assert state == shown, f"seed {seed}: a mark in the note counts"


def test_most_edits_that_keep_their_marks_need_no_question() -> None:
    questions = 0
    for seed in range(100):
        outside = Outside(seed)
        events = journal_of(course(outside.text()))
        for act in (outside.reorder, outside.rename, outside.insert, outside.move):
            act()
        questions += len(reconcile(course(outside.text()), events).questions)
    assert questions <= 5


def test_a_lesson_brought_back_blank_keeps_its_progress_and_is_asked_about() -> None:
    before = course("## A\n- [x] Funnels\n- [ ] Ties\n")
    events = journal_of(before)
    after = course("## B\n- [ ] Ties\n- [ ] Funnels\n")
    found = reconcile(after, events)
    funnels = after.lesson("Funnels")
    assert found.states[funnels.key] == "done"
    assert [(question.kind, question.lesson.title) for question in found.questions] == [
        ("unticked", "Funnels")
    ]
    assert progress(after, found.states).done == 1
    for keep, state in ((True, "done"), (False, "todo")):
        written, fields = answer_fields(after, found.questions[0], keep)
        assert written == state
        text = set_state(b"## B\n- [ ] Ties\n- [ ] Funnels\n", funnels, written, TODAY).decode()
        again = reconcile(course(text), [*events, event(99, **fields)])
        assert again.questions == ()
        assert again.states[course(text).lesson("Funnels").key] == state


def test_a_doubtful_rename_is_asked_and_not_credited() -> None:
    events = journal_of(course("## A\n- [x] Lesson quiz 3\n"))
    after = course("## A\n- [ ] Lesson quiz 4\n")
    found = reconcile(after, events)
    assert found.states[after.lessons[0].key] == "todo"
    assert [question.kind for question in found.questions] == ["renamed"]
    assert found.missing == ()
    for keep, missing in ((True, 0), (False, 1)):
        state, fields = answer_fields(after, found.questions[0], keep)
        assert state == ("done" if keep else "todo")
        again = reconcile(after, [*events, event(99, **fields)])
        assert [question.kind for question in again.questions] == (["unticked"] if keep else [])
        assert len(again.missing) == missing


def test_a_lesson_that_is_gone_is_kept_as_missing() -> None:
    events = journal_of(course("- [x] Funnels\n- [/] Ties\n"))
    found = reconcile(course("- [ ] Something else entirely\n"), events)
    assert [(record.title, record.state) for record in found.missing] == [
        ("Funnels", "done"),
        ("Ties", "doing"),
    ]
    assert found.questions == ()


def test_a_renumbered_list_keeps_its_lessons() -> None:
    events = journal_of(course("- [x] 1. Funnels\n- [x] 2. Ties\n"))
    after = course("- [ ] 1. Hello\n- [ ] 2. Funnels\n- [ ] 3. Ties\n")
    found = reconcile(after, events)
    assert [found.states[lesson.key] for lesson in after.lessons] == ["todo", "done", "done"]


def test_equal_titles_in_renamed_modules_do_not_swap() -> None:
    before = course("## Start\n- [x] Quiz\n## Middle\n- [ ] Quiz\n")
    events = [
        *journal_of(before),
        event(9, **courses.event_fields(before, before.lessons[1], "doing", "todo")),
    ]
    after = course("## Starting\n- [x] Quiz\n## The middle\n- [ ] Quiz\n")
    found = reconcile(after, events)
    assert [found.states[lesson.key] for lesson in after.lessons] == ["done", "todo"]
    assert found.questions == ()


def test_the_journal_follows_a_lesson_through_its_names() -> None:
    before = course("- [/] Funnel aritmetic\n")
    events = journal_of(before)
    after = course("- [/] Funnel arithmetic\n")
    found = reconcile(after, events)
    fields = with_former_name(
        courses.event_fields(after, after.lessons[0], "doing", "done"), found, after.lessons[0]
    )
    assert fields["was"] == {"module": "", "lesson": "Funnel aritmetic", "number": 1}
    last = reconcile(course("- [x] Funnel arithmetic\n"), [*events, event(5, **fields)])
    assert last.missing == ()


def test_events_of_a_note_renamed_outside_go_to_the_course_that_has_its_lessons() -> None:
    old = parse_course("courses/old.md", "Old", {}, "- [x] Funnels\n- [x] Ties\n")
    new = parse_course("courses/new.md", "New", {}, "- [x] Ties\n- [ ] Funnels\n- [ ] More\n")
    other = parse_course("courses/other.md", "Other", {}, "- [ ] Ties\n")
    events = journal_of(old)
    claimed = claim_events([other, new], events)
    assert claimed == {"courses/new.md": events, "courses/other.md": []}
    assert claim_events([old, new], events)["courses/new.md"] == []


def test_damaged_events_are_passed_over() -> None:
    found = reconcile(
        course("- [ ] A\n"),
        [event(1, to="flying", lesson="A"), event(2), event(3, to="done", lesson=None, number="x")],
    )
    assert found.questions == ()
