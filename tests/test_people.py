"""People: the contact line, the note around it, events, and whose questions go to whom."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui import i18n
from studytui.errors import StudyError
from studytui.notes import templates
from studytui.people import events
from studytui.people.contact_line import Contact, dated, log_line, parse_contact
from studytui.people.contacts import (
    Person,
    add_contact,
    event_fields,
    find_person,
    mark_answered,
    parse_person,
)
from studytui.people.drafts import person_draft
from studytui.people.events import add_met, add_question, event_draft, open_events, parse_event
from studytui.people.privacy import people_named
from studytui.people.routing import parse_question, people_for, questions_for
from studytui.people.vocabulary import OUTCOMES, STAGES, TIES, parse_days
from studytui.privacy import is_about_people

TODAY = date(2026, 11, 22)

NOTE = """---
title: 张三
kind: person
tags: [投放]
role: 运营
tie: 弱
stage: 预期客户
source: 微信群
ideal: 两周
max: 40d
---

Met through Ann.
- 1990-01-01 is a birthday, not a contact

## 联系记录

- 2026-11-01 #微信群 聊了投放 (热情) ? 预算多少 -> 发案例 >7d
  她喜欢看数字

  也写公众号
- [[2026-11-10]] called（已答复） ? 案例在哪 -> 约饭
```
- 2026-11-12 an example, not a contact
```
- 2026年11月15日聊了招聘（平淡）？ 薪资怎么谈

## Later
- 2026-12-01 nothing here counts
"""


def person(text: str = NOTE, **front: Any) -> Person:
    given_front = {"tie": "弱", "stage": "预期客户", "ideal": "两周", "max": "40d", "role": "运营"}
    return parse_person("people/张三.md", "张三", {**given_front, "tags": ["投放"], **front}, text)


def bare(log: str, **front: Any) -> Person:
    return parse_person("people/ann.md", "Ann", front, f"## Contact log\n{log}")


# --- one line -----------------------------------------------------------------------------------------------

LINES = [
    ("", Contact(TODAY)),
    ("talked", Contact(TODAY, "talked")),
    ("#salon talked about #ads today", Contact(TODAY, "talked about #ads today", ("salon", "ads"))),
    ("#微信群 聊了投放 (warm)", Contact(TODAY, "聊了投放", ("微信群",), "warm")),
    ("聊了（不耐烦，已答复）", Contact(TODAY, "聊了", outcome="annoyed", answered=True)),
    ("call (annoyed) >2w", Contact(TODAY, "call", outcome="annoyed", wait=14)),
    ("call ＞3天", Contact(TODAY, "call", wait=3)),
    ("聊了 ＞半个月", Contact(TODAY, "聊了", wait=15)),
    ("talked ? what about price", Contact(TODAY, "talked", question="what about price")),
    ("聊了 ？预算多少 → 发案例", Contact(TODAY, "聊了", question="预算多少", step="发案例")),
    ("聊了（热情）？预算", Contact(TODAY, "聊了", outcome="warm", question="预算")),
    ("x -> send it (done)", Contact(TODAY, "x", step="send it", step_done=True)),
    ("x ? why (answered)", Contact(TODAY, "x", question="why", question_answered=True)),
    ("(answered, done) x", Contact(TODAY, "x", answered=True, done=True)),
    ("x ? why (warm) >1m", Contact(TODAY, "x", question="why", outcome="warm", wait=30)),
    ("? first thing -> second", Contact(TODAY, question="first thing", step="second")),
    ("met Ann (a warm welcome)", Contact(TODAY, "met Ann (a warm welcome)")),
    ("asked why? no idea", Contact(TODAY, "asked why? no idea")),
    ("see https://x.org/?a=1 #1", Contact(TODAY, "see https://x.org/?a=1 #1")),
    ("1 > 2 and a->b", Contact(TODAY, "1 > 2 and a->b")),
    ("x >99999d", Contact(TODAY, "x")),
]


@pytest.mark.parametrize(("rest", "contact"), LINES)
def test_reads_a_line(rest: str, contact: Contact) -> None:
    assert parse_contact(TODAY, rest) == contact


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("- 2026-11-22 talked", "talked"),
        ("* 2026/11/22: talked", "talked"),
        ("+ 2026.11.22，talked", "talked"),
        ("- [[2026-11-22]] talked", "talked"),
        ("- **2026-11-22** talked", "talked"),
        ("- 2026年11月22日聊了", "聊了"),
        ("- 2026-11-22", ""),
        ("- 2026-11-229 talked", None),
        ("- [ ] 2026-11-22 a task", None),
        ("2026-11-22 no list", None),
        ("- on 2026-11-22", None),
    ],
)
def test_a_contact_is_a_list_line_that_begins_with_a_day(line: str, rest: str | None) -> None:
    match = dated(line)
    assert (match["rest"] if match else None) == rest


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (7, 7),
        ("7", 7),
        ("7d", 7),
        ("2 weeks", 14),
        ("1m", 30),
        ("1Y", 365),
        ("两周", 14),
        ("十天", 10),
        ("半年", 182),
        ("３０天", 30),
        ("3650d", 3650),
        ("3651d", None),
        ("0", None),
        ("-3", None),
        ("7x", None),
        ("soon", None),
        (None, None),
        (True, None),
        ("9" * 500, None),
    ],
)
def test_reads_intervals(written: object, days: int | None) -> None:
    assert parse_days(written) == days


def test_what_is_chosen_stands_before_a_typed_question() -> None:
    line = log_line(TODAY, "#salon talked ? why", outcome="warm", answered=True, wait=7, lang="en")
    assert line == "- 2026-11-22 #salon talked (warm, answered) ? why >7d"
    line = log_line(TODAY, "聊了", outcome="annoyed", question="预算", step="发案例", lang="zh")
    assert line == "- 2026-11-22 聊了 (不耐烦) ? 预算 -> 发案例"


PLAIN = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="?？>＞→#＃()（）"), max_size=12
)


@given(
    PLAIN,
    st.sampled_from(["", *OUTCOMES]),
    st.booleans(),
    st.booleans(),
    PLAIN,
    PLAIN,
    st.none() | st.integers(1, 3650),
    st.sampled_from(["en", "zh"]),
)
def test_a_written_line_reads_back(
    text: str, outcome: str, answered: bool, done: bool, question: str, step: str, wait: int | None, lang: str
) -> None:
    line = log_line(
        TODAY,
        text,
        outcome=outcome,
        answered=answered,
        done=done,
        question=question,
        step=step,
        wait=wait,
        lang=lang,
    )
    match = dated(line)
    assert match is not None
    read = parse_contact(TODAY, match["rest"])
    said = (read.outcome, read.answered, read.done, read.wait)
    assert said == (outcome, answered, done, wait)
    assert _letters(read.text) + _letters(read.question) + _letters(read.step) == (
        _letters(text) + _letters(question) + _letters(step)
    )


def _letters(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", "".join(text.split()))


@given(st.text(max_size=80))
def test_any_text_can_be_logged(text: str) -> None:
    line = log_line(TODAY, text)
    assert "\n" not in line
    match = dated(line)
    assert match is not None
    parse_contact(TODAY, match["rest"])


# --- the note -----------------------------------------------------------------------------------------------


def test_reads_a_person() -> None:
    found = person()
    assert (found.tie, found.stage, found.ideal, found.max) == ("weak", "expected", 14, 40)
    assert [contact.day.day for contact in found.contacts] == [1, 10, 15]
    assert found.contacts[0].details == "她喜欢看数字\n也写公众号"
    assert (found.contacts[0].line, found.contacts[0].end) == (18, 21)
    assert found.contacts[0].source == "2026-11-01 #微信群 聊了投放 (热情) ? 预算多少 -> 发案例 >7d"
    assert found.problems == ()


def test_the_last_question_is_open_until_answered() -> None:
    found = person()
    assert [question.text for question in found.pending] == ["薪资怎么谈", "案例在哪"]
    last = found.last_question
    assert last is not None
    assert (last.text, last.asked, last.line, last.name) == ("薪资怎么谈", date(2026, 11, 15), 26, "张三")
    assert found.next_step == "约饭"


@pytest.mark.parametrize(
    ("log", "open_questions", "step"),
    [
        ("- 2026-01-01 a ? q1 -> s1", ["q1"], "s1"),
        ("- 2026-01-01 a ? q1 -> s1\n- 2026-01-02 b", ["q1"], "s1"),
        ("- 2026-01-01 a ? q1 -> s1\n- 2026-01-02 b (answered) -> s2", [], "s2"),
        ("- 2026-01-01 a ? q1 -> s1\n- 2026-01-02 b (answered, done) ? q2", ["q2"], ""),
        ("- 2026-01-01 a ? q1 (answered) -> s1 (done)", [], ""),
        ("- 2026-01-02 b ? q2\n- 2026-01-01 a ? q1", ["q2", "q1"], ""),
        ("- 2026-01-02 b (answered)\n- 2026-01-02 x ? late\n- 2026-01-01 a ? q1", [], ""),
    ],
)
def test_questions_and_steps_follow_the_log(log: str, open_questions: list[str], step: str) -> None:
    found = bare(log)
    assert [question.text for question in found.pending] == open_questions
    assert found.next_step == step


def test_a_log_without_its_heading_counts_anywhere() -> None:
    found = parse_person("p.md", "P", {}, "- 2026-11-01 a\n\n# Other\n- 2026-11-02 b\n- 2026 was fine\n")
    assert [contact.text for contact in found.contacts] == ["a", "b"]
    assert not found.problems


def test_what_is_indented_below_a_contact_is_part_of_it() -> None:
    found = bare("- 2026-11-09 a\n  - 2026-11-01 nested\n - 2026-11-10 b\n  - no date\n")
    assert [(contact.text, contact.details) for contact in found.contacts] == [
        ("a", "- 2026-11-01 nested"),
        ("b", ""),
    ]
    assert [problem.line for problem in found.problems] == [5]


PROBLEMS = [
    ("- 2026-02-30 talked", "people/ann.md:2: There is no day 2026-02-30"),
    ("- talked on Monday", "people/ann.md:2: “- talked on Monday” does not begin with a date"),
    (
        "- 2026-01-01 a (anoyed)",
        "people/ann.md:2: “(anoyed)” is no outcome, so it is read as plain text. Did",
    ),
    ("- 2026-01-01 a (不耐)", "people/ann.md:2: “(不耐)” is no outcome"),
    ("- 2026-01-01 a >9x", "people/ann.md:2: “>9x” is no interval"),
    ("- 2026-01-01 a >9999d", "people/ann.md:2: “>9999d” is no interval"),
]


@pytest.mark.parametrize(("log", "sentence"), PROBLEMS)
def test_what_cannot_be_read_is_told_with_its_line(log: str, sentence: str) -> None:
    found = bare(log)
    assert len(found.problems) == 1
    assert str(found.problems[0]).startswith(sentence)


@pytest.mark.parametrize(
    ("front", "sentence"),
    [
        ({"tie": "close"}, "p.md:2: “close” is no tie. Write tie: strong, medium or weak."),
        ({"ideal": "soon"}, "p.md:3: “ideal: soon” is no interval"),
        ({"max": [1, 2]}, "p.md:4: “max: [1, 2]” is no interval"),
        ({"ideal": 30, "max": 10}, "p.md:4: The longest interval (10 days) is shorter"),
    ],
)
def test_odd_front_matter_is_told_with_its_line(front: dict[str, Any], sentence: str) -> None:
    found = parse_person("p.md", "P", front, "---\ntie: x\nideal: x\nmax: x\n---\n")
    assert [str(problem)[: len(sentence)] for problem in found.problems] == [sentence]


def test_no_reminder_is_no_problem() -> None:
    for value in ("never", "从不", False):
        found = parse_person("p.md", "P", {"ideal": value}, "")
        assert not found.remind
        assert not found.problems
    assert parse_person("p.md", "P", {"ideal": None}, "").remind


@given(
    st.dictionaries(
        st.sampled_from(["tie", "stage", "ideal", "max", "tags", "aliases", "role"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.text()),
    ),
    st.text(max_size=200),
)
def test_no_note_raises(front: dict[str, Any], text: str) -> None:
    found = parse_person("p.md", "P", front, text)
    assert all(str(problem).startswith("p.md:") for problem in found.problems)
    parse_event("e.md", "E", front | {"date": front.get("tie")}, text)
    parse_question("q.md", "Q", front, text)


# --- adding -------------------------------------------------------------------------------------------------

LINE = "- 2026-11-22 met again"

PLACES = [
    ("# Ann\n", "# Ann\n\n## Contacts\n\n- 2026-11-22 met again\n"),
    ("", "## Contacts\n\n- 2026-11-22 met again\n"),
    ("text", "text\n\n## Contacts\n\n- 2026-11-22 met again"),
    ("## Log\n", "## Log\n\n- 2026-11-22 met again\n"),
    ("## Log\n\n", "## Log\n\n- 2026-11-22 met again\n"),
    ("## Log\n\n## More\n", "## Log\n\n- 2026-11-22 met again\n\n## More\n"),
    (
        "## Log\n- 2026-11-01 a\n  b\n\n## C\n",
        "## Log\n- 2026-11-01 a\n  b\n- 2026-11-22 met again\n\n## C\n",
    ),
    ("- 2026-11-01 a", "- 2026-11-01 a\n- 2026-11-22 met again"),
    (
        "- 2026-11-02 b\r\n- 2026-11-01 a\r\n",
        "- 2026-11-22 met again\r\n- 2026-11-02 b\r\n- 2026-11-01 a\r\n",
    ),
    ("- 2026-11-01 a\r\n", "- 2026-11-01 a\r\n- 2026-11-22 met again\r\n"),
]


@pytest.mark.parametrize(("before", "after"), PLACES)
def test_a_contact_goes_where_the_log_goes_on(before: str, after: str) -> None:
    assert add_contact(before.encode(), LINE, "en").decode() == after


def test_adding_keeps_foreign_bytes() -> None:
    before = b"\xef\xbb\xbf---\r\ntitle: x\r\n---\r\n\xff\xfe \xd5\xc5\r\n- 2026-11-01 a"
    assert add_contact(before, LINE) == before + b"\r\n" + LINE.encode()


BLOCKS = st.lists(
    st.sampled_from(
        """|text|## Contact log|## 联系记录|# Other|- 2026-11-01 a|  more|- 2026-11-09 b ? q|- item|```
<!-- note -->|\t- 2026-11-03 nested|- 2026-02-30 no day|> - quote""".replace("\n", "|").split("|")
    ),
    max_size=9,
)


@given(BLOCKS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_adding_inserts_one_piece_and_one_contact(
    blocks: list[str], newline: str, front: bool, final: bool
) -> None:
    lines = (["---", "title: x", "---"] if front else []) + blocks
    raw = (newline.join(lines) + (newline if final else "")).encode()
    before = parse_person("p.md", "P", {}, raw.decode())
    try:
        edited = add_contact(raw, LINE, "en")
    except StudyError:
        assert blocks.count("```") % 2
        return
    after = parse_person("p.md", "P", {}, edited.decode())
    assert len(after.contacts) == len(before.contacts) + 1
    head = next((n for n, (a, b) in enumerate(zip(raw, edited, strict=False)) if a != b), len(raw))
    assert edited.endswith(raw[head:])
    assert edited[:head] == raw[:head]
    assert sorted(
        (contact.day, contact.text, contact.details) for contact in (*before.contacts, parse_one(LINE))
    ) == sorted((contact.day, contact.text, contact.details) for contact in after.contacts)


def parse_one(line: str) -> Contact:
    return bare(line).contacts[0]


def test_an_open_code_block_refuses_the_contact() -> None:
    with pytest.raises(StudyError, match="Close the code block"):
        add_contact(b"```\nexample", LINE)


def test_answering_marks_the_questions_own_line() -> None:
    raw = NOTE.encode()
    question = person().pending[1]
    edited = mark_answered(raw, question, "zh").decode()
    assert edited == NOTE.replace("? 案例在哪 ->", "? 案例在哪 (已答复) ->")
    assert [q.text for q in person(edited).pending] == ["薪资怎么谈"]
    with pytest.raises(StudyError, match=r"people/张三.md:22"):
        mark_answered(edited.replace("案例在哪", "案例呢").encode(), question)
    with pytest.raises(StudyError):
        mark_answered(b"", question)


def test_the_journal_remembers_who_when_and_how() -> None:
    found = person()
    assert event_fields(found, found.contacts[0]) == {
        "subject": "people/张三.md",
        "name": "张三",
        "day": "2026-11-01",
        "outcome": "warm",
        "text": "聊了投放",
    }


def test_finds_a_person_by_name_alias_path_or_beginning() -> None:
    people = [
        Person("people/a.md", "Rosa Chen", aliases=("小陈",)),
        Person("people/b.md", "Rosa Diaz"),
        Person("people/c.md", "张三"),
    ]
    for wanted, path in (("rosa chen", "a"), ("小陈", "a"), ("people/b.md", "b"), ("张", "c")):
        assert find_person(people, wanted).path == f"people/{path}.md"
    with pytest.raises(StudyError, match=r"fits several people: people/a.md, people/b.md"):
        find_person(people, "Rosa")
    for wanted in ("Nobody", ""):
        with pytest.raises(StudyError, match="nobody called"):
            find_person(people, wanted)


@pytest.mark.parametrize(
    ("lang", "heading", "tie"),
    [("en", "What I could ask them\n\n## Contacts", "weak"), ("zh", "可以请教什么\n\n## 联系记录", "弱")],
)
def test_a_new_note_shows_what_can_be_filled_in(lang: str, heading: str, tie: str) -> None:
    draft = person_draft(
        "Ann", TODAY, values={"tie": "weak"}, log=[LINE], details=["```", "tel: 1"], lang=lang
    )
    assert list(draft.front) == [
        *("title", "kind", "date", "role", "company"),
        *("tie", "stage", "source", "ideal", "max"),
    ]
    assert draft.front["tie"] == tie
    assert draft.front["ideal"] is None
    assert draft.body == f"\n- \\```\n- tel: 1\n\n## {heading}\n\n{LINE}\n"
    read = parse_person("people/Ann.md", "Ann", draft.front, draft.body)
    assert (len(read.contacts), read.tie, read.problems) == (1, "weak", ())


def test_words_agree_with_the_practice_tools() -> None:
    from studytui.practice import stages, ties

    assert {word.key: word.zh for word in stages.STAGES} == STAGES
    assert {word.key: word.zh for word in ties.TIES} == TIES


# --- events -------------------------------------------------------------------------------------------------

EVENT = """---
title: Growth salon
date: 2026-12-05
---
## Questions
1. What do you look at first?
2.
3.

## Whom I met
- [[张三]] 聊了投放
- somebody from a tea shop
"""


def event(text: str = EVENT, **front: Any) -> events.EventNote:
    return parse_event("events/salon.md", "Growth salon", {"date": "2026-12-05", **front}, text)


def test_reads_an_event() -> None:
    found = event(place="上海")
    assert (found.day, found.place) == (date(2026, 12, 5), "上海")
    assert found.questions == ("What do you look at first?",)
    assert [(met.note, met.text) for met in found.met] == [
        ("张三", "张三 聊了投放"),
        ("", "somebody from a tea shop"),
    ]
    odd = event(date="next week")
    assert odd.phase(TODAY) == "undated"
    assert str(odd.problems[0]).startswith("events/salon.md:3: “next week” is no day.")


@pytest.mark.parametrize(
    ("questions", "met", "days", "phase"),
    [
        (0, 0, 3, "prepare"),
        (2, 0, 1, "prepare"),
        (3, 0, 1, "ready"),
        (0, 0, 0, "ask"),
        (3, 0, 0, "ask"),
        (3, 0, -9, "ask"),
        (3, 1, 0, "done"),
        (0, 1, -1, "done"),
        (0, 1, 1, "prepare"),
    ],
)
def test_before_it_three_questions_after_it_whom_you_met(
    questions: int, met: int, days: int, phase: str
) -> None:
    raw = event_draft("Salon", TODAY, questions=["why?"] * questions, lang="en").body.encode()
    for number in range(met):
        raw = add_met(raw, f"Person {number}", "en")
    found = parse_event("e.md", "Salon", {"date": (TODAY + timedelta(days)).isoformat()}, raw.decode())
    assert (len(found.questions), len(found.met)) == (questions, met)
    assert found.phase(TODAY) == phase


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_questions_fill_the_empty_lines_first(lang: str) -> None:
    draft = event_draft("沙龙", TODAY, "上海", ["一"], lang=lang)
    assert draft.front == {"title": "沙龙", "kind": "event", "date": "2026-11-22", "place": "上海"}
    raw = draft.body.encode()
    for question in ("二", "三", "四", ""):
        raw = add_question(raw, question, lang)
    found = parse_event("e.md", "沙龙", draft.front, raw.decode())
    assert found.questions == ("一", "二", "三", "四")
    assert "1. 一\n2. 二\n3. 三\n4. 四\n" in raw.decode()
    once = add_met(raw, "张三", lang)
    assert add_met(once, "张三", lang) == once
    assert once.decode().endswith("- [[张三]]\n\n## " + events.HOME.title(lang) + "\n")


def test_open_events_ask_first() -> None:
    def made(title: str, days: int) -> events.EventNote:
        return parse_event("e.md", title, {"date": (TODAY + timedelta(days)).isoformat()}, "")

    listed = open_events([made("far", 20), made("near", 2), made("past", -3), event(date=None)], TODAY)
    assert [(found.title, phase) for found, phase in listed] == [
        ("past", "ask"),
        ("near", "prepare"),
        ("far", "prepare"),
        ("Growth salon", "undated"),
    ]
    assert events.phase_label(listed[0][1]) == "whom did you meet?"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_notes_made_from_the_templates_are_understood(lang: str) -> None:
    folder = Path(templates.__file__).parent / "builtin" / lang
    someone = (folder / "person.md").read_bytes()
    assert parse_person("p.md", "P", {}, add_contact(someone, LINE, "fr").decode()).contacts
    assert add_contact(someone, LINE).count(b"\n## ") == someone.count(b"\n## ")
    salon = add_met(add_question((folder / "event.md").read_bytes(), "why?", "fr"), "Ann", "fr").decode()
    assert salon.count("\n## ") == (folder / "event.md").read_text("utf-8").count("\n## ")
    found = parse_event("e.md", "E", {"date": "2026-12-05"}, salon)
    assert (found.questions, [met.note for met in found.met]) == (("why?",), ["Ann"])
    stuck = (folder / "question.md").read_text("utf-8")
    assert parse_question("q.md", "Q", {}, stuck).is_open
    assert not parse_question("q.md", "Q", {}, stuck + "\nForty.\n").is_open
    who = "## 谁可能知道" if lang == "zh" else "## Who could know"
    assert people_for(parse_question("q.md", "Q", {}, stuck.replace(who, f"{who}\n- 张三?")), [person()])


def test_own_questions_to_a_person_stand_in_their_note() -> None:
    found = parse_person(
        "p.md", "P", {}, "## 可以请教什么\n\n- 出价怎么定\n2. [ ] 怎么入行\n-\n\n## 联系记录\n"
    )
    assert found.asks == ("出价怎么定", "怎么入行")


def test_the_work_may_stand_in_the_text() -> None:
    someone = parse_person("p.md", "P", {}, "## What they do\n\n- buys ads for the tea brand\n")
    assert (someone.role, someone.work) == ("", "buys ads for the tea brand")
    assert people_for(parse_question("q.md", "x", {"tags": ["ads"]}, ""), [someone])
    assert not people_for(parse_question("q.md", "What is the bid for?", {}, ""), [someone])


# --- questions of one's own, privacy ------------------------------------------------------------------------

ROUTES: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"tags": ["投放"]}, "出价怎么定", ["both have the tag 投放"]),
    ({"tags": ["投放/信息流"]}, "出价怎么定", ["both have the tag 投放/信息流"]),
    ({"tags": ["招聘"]}, "面试问什么", ["you talked about 招聘"]),
    ({"tags": ["question", "seo"]}, "how to rank", []),
    ({}, "运营的一天是什么样", ["works in 运营"]),
    ({"tags": "运营"}, "x", ["works in 运营"]),
    ({"ask": "张三"}, "x", ["the question names 张三"]),
    ({}, "x\n[[张三]] would know #投放", ["the question names 张三", "both have the tag 投放"]),
]


@pytest.mark.parametrize(("front", "text", "reasons"), ROUTES)
def test_a_question_finds_who_could_answer(front: dict[str, Any], text: str, reasons: list[str]) -> None:
    title, _newline, body = text.partition("\n")
    question = parse_question("q.md", title, front, f"---\nkind: question\n---\n{body}")
    found = people_for(question, [person()])
    assert [list(match.reasons) for match in found] == ([reasons] if reasons else [])


def test_latin_roles_match_whole_words_and_the_best_comes_first() -> None:
    ads = Person("a.md", "Ann", role="ads manager")
    sem = Person("b.md", "Bob", role="SEM", tags=("ads",))
    question = parse_question("q.md", "Which ads platform? 以及CRM系统", {"tags": ["ads"]}, "")
    assert [match.person.name for match in people_for(question, [ads, sem])] == ["Bob", "Ann"]
    reads = parse_question("q.md", "Reads and roads", {}, "")
    assert people_for(reads, [ads]) == []
    crm = Person("c.md", "Cy", role="CRM")
    assert people_for(question, [crm])[0].reasons == ("works in crm",)


@pytest.mark.parametrize(
    ("front", "is_open"),
    [
        ({}, True),
        ({"answered": None}, True),
        ({"answered": "no"}, True),
        ({"answered": "2026-11-22"}, False),
        ({"answered": True}, False),
        ({"status": "answered"}, False),
        ({"status": "已解决"}, False),
    ],
)
def test_only_open_questions_are_asked(front: dict[str, Any], is_open: bool) -> None:
    question = parse_question("q.md", "投放", {"tags": ["投放"], **front}, "")
    assert bool(questions_for(person(), [question])) == is_open


@pytest.mark.parametrize(
    ("path", "kind", "private"),
    [
        ("people/张三.md", "", True),
        ("People/x.md", "note", True),
        ("events/salon.md", "", True),
        ("x.md", "person", True),
        ("deep/in/x.md", "event", True),
        ("people.md", "", False),
        ("topics/people/x.md", "topic", False),
    ],
)
def test_notes_about_people_are_known_by_kind_or_folder(path: str, kind: str, private: bool) -> None:
    assert is_about_people(path, kind) == private


def test_names_in_a_text_are_found_before_it_leaves() -> None:
    names = ["张三", "Ann", "Rosa Chen", "李", ""]
    assert people_named("昨天张三说 Annual plans, see ROSA  CHEN；李宁", names) == ["张三", "Rosa Chen"]


def test_labels_follow_the_screen_language(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = person_draft("Ann", TODAY)
    assert "## Contacts" in draft.body
    i18n.set_language("zh")
    assert "## 联系记录" in person_draft("Ann", TODAY).body
