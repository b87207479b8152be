"""When somebody is due: last logged contact + ideal, the states around it, and one line that makes a person."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui import i18n
from studytui.people import cadence
from studytui.people.cadence import DEFAULTS, Rhythm, Rules, adjusted, due_date, parse_rules, roster, standing
from studytui.people.capture import capture
from studytui.people.contact_line import Contact, one_line
from studytui.people.contacts import Person, parse_person
from studytui.people.vocabulary import OUTCOMES, STAGES, STATES, TIES

TODAY = date(2026, 11, 22)


def day(offset: int) -> date:
    return TODAY + timedelta(offset)


def person(*contacts: Contact, **values: Any) -> Person:
    return Person("p.md", "P", contacts=tuple(sorted(contacts, key=lambda contact: contact.day)), **values)


# --- rhythm -------------------------------------------------------------------------------------------------


def test_every_stage_and_tie_has_a_rhythm() -> None:
    assert set(DEFAULTS.stages) == set(STAGES)
    assert set(DEFAULTS.ties) == set(TIES)
    for found in (*DEFAULTS.stages.values(), *DEFAULTS.ties.values(), DEFAULTS.everybody):
        assert 1 <= found.ideal < found.max


@pytest.mark.parametrize(
    ("values", "rhythm", "origin"),
    [
        ({}, Rhythm(30, 90), "everybody"),
        ({"tie": "weak"}, Rhythm(21, 60), "tie"),
        ({"tie": "weak", "stage": "expected"}, Rhythm(4, 10), "stage"),
        ({"tie": "weak", "stage": "colleague"}, Rhythm(21, 60), "tie"),
        ({"stage": "Mentor"}, Rhythm(5, 9), "stage"),
        ({"stage": "expected", "tags": ("x", "导师")}, Rhythm(60, 90), "tag"),
        ({"stage": "expected", "ideal": 14}, Rhythm(14, 28), "person"),
        ({"stage": "expected", "ideal": 6}, Rhythm(6, 10), "person"),
        ({"stage": "expected", "max": 30}, Rhythm(4, 30), "person"),
        ({"stage": "expected", "max": 2}, Rhythm(2, 2), "person"),
        ({"ideal": 30, "max": 10}, Rhythm(30, 30), "person"),
    ],
)
def test_a_persons_own_numbers_come_before_tag_stage_and_tie(
    values: dict[str, Any], rhythm: Rhythm, origin: str
) -> None:
    rules = Rules({"导师": Rhythm(60, 90)}, {**DEFAULTS.stages, "mentor": Rhythm(5, 9)}, DEFAULTS.ties)
    assert cadence.rhythm(person(**values), rules)[:2] == (rhythm, origin)


@pytest.mark.parametrize(
    ("ideal", "longest", "warm", "annoyed"),
    [(1, 2, 1, 2), (4, 10, 3, 6), (7, 21, 6, 11), (30, 90, 23, 45), (30, 40, 23, 40), (30, 30, 23, 30)],
)
def test_an_outcome_moves_the_interval_within_bounds(
    ideal: int, longest: int, warm: int, annoyed: int
) -> None:
    base = Rhythm(ideal, longest)
    assert [adjusted(base, outcome) for outcome in ("warm", "neutral", "", "annoyed")] == [
        warm,
        ideal,
        ideal,
        annoyed,
    ]


# --- due ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_ago", "state"),
    [
        (0, "too early"),
        (15, "too early"),
        (16, "right"),
        (20, "right"),
        (21, "due"),
        (40, "due"),
        (41, "fading"),
    ],
)
def test_the_four_states(days_ago: int, state: str) -> None:
    found = standing(person(Contact(day(-days_ago)), stage="repeat"), TODAY)
    assert (found.state, found.wants_contact) == (state, state in ("due", "fading"))
    assert found.due == day(21 - days_ago)
    assert found.fades_after == day(40 - days_ago)
    assert found.lateness == (days_ago - 21) / 21


def test_the_starter_notes_example_holds() -> None:
    """The café and the baker of the note "Follow-up cadence" (跟进频率)."""
    called = Contact(date(2026, 3, 3))
    cafe, baker = person(called, ideal=21, max=40), person(called, ideal=4, max=10)
    assert standing(cafe, date(2026, 3, 24)).state == "due"
    assert standing(cafe, date(2026, 4, 12)).state == "due"
    assert standing(cafe, date(2026, 4, 13)).state == "fading"
    assert standing(baker, date(2026, 3, 7)).state == "due"
    assert standing(baker, date(2026, 3, 13)).state == "due"
    assert standing(baker, date(2026, 3, 14)).state == "fading"


def test_on_the_day_of_a_contact_it_is_too_early_again() -> None:
    for ideal in range(2, 40):
        assert standing(person(Contact(TODAY), ideal=ideal), TODAY).state == "too early"
    assert standing(person(Contact(TODAY), ideal=1), TODAY).state == "too early"
    assert standing(person(Contact(TODAY), ideal=1), day(1)).state == "due"


def test_a_wait_written_down_counts_until_the_next_contact() -> None:
    asked = Contact(day(-10), wait=60)
    found = standing(person(asked, stage="expected"), TODAY)
    assert (found.due, found.fades_after, found.origin, found.state) == (
        day(50),
        day(50),
        "wait",
        "too early",
    )
    sooner = standing(person(asked, Contact(TODAY, wait=3), stage="expected"), TODAY)
    assert sooner.due == day(3)
    still = standing(person(asked, Contact(TODAY), stage="expected"), TODAY)
    assert (still.due, still.origin, still.ideal) == (day(50), "earlier", 50)


def test_without_a_contact_or_a_wish_there_is_no_due_date() -> None:
    new = standing(person(), TODAY)
    off = standing(person(Contact(day(-400)), remind=False), TODAY)
    ahead = standing(person(Contact(day(1))), TODAY)
    assert [(found.state, found.due, found.wants_contact) for found in (new, off, ahead)] == [
        ("new", None, False),
        ("off", None, False),
        ("new", None, False),
    ]
    assert off.last == day(-400)
    assert [str(problem) for problem in cadence.problems(person(Contact(day(1), line=9)), TODAY)] == [
        "p.md:9: The contact on 2026-11-23 lies in the future, so it does not count yet. "
        "Check the day; a plan belongs behind an arrow: -> call on Friday"
    ]


LOGGED = st.builds(
    Contact,
    st.integers(-900, 0).map(day),
    outcome=st.sampled_from(["", *OUTCOMES]),
    wait=st.none() | st.none() | st.integers(1, 400),
)
PEOPLE = st.builds(
    person,
    tie=st.sampled_from(["", *TIES]),
    stage=st.sampled_from(["", *STAGES]),
    ideal=st.none() | st.integers(1, 400),
    max=st.none() | st.integers(1, 400),
)


def with_contacts(base: Person, contacts: list[Contact]) -> Person:
    from dataclasses import replace

    return replace(base, contacts=tuple(sorted(contacts, key=lambda contact: contact.day)))


@given(PEOPLE, st.lists(LOGGED, min_size=1, max_size=6))
def test_due_is_the_last_contact_plus_ideal_and_fading_follows_max(base: Person, log: list[Contact]) -> None:
    found = standing(with_contacts(base, log), TODAY)
    last = max(contact.day for contact in log)
    assert found.due == last + timedelta(found.ideal)
    assert found.fades_after == last + timedelta(found.max)
    assert found.max >= found.ideal >= 1
    for offset in range(0, 900, 7):
        later = standing(with_contacts(base, log), day(offset))
        assert (later.state == "fading") == (day(offset) > found.fades_after)
        assert later.wants_contact == (day(offset) >= found.due)


@given(PEOPLE, st.lists(LOGGED, max_size=6), LOGGED)
def test_a_contact_never_makes_anybody_due_earlier(base: Person, log: list[Contact], extra: Contact) -> None:
    plain = Contact(extra.day, outcome=extra.outcome)
    before = standing(with_contacts(base, log), TODAY).due
    after = standing(with_contacts(base, [*log, plain]), TODAY).due
    assert after is not None
    assert before is None or after >= before
    assert after >= plain.day + timedelta(1)


@given(PEOPLE, st.lists(LOGGED, max_size=6), st.integers(1, 400))
def test_a_wait_of_ones_own_always_decides(base: Person, log: list[Contact], wait: int) -> None:
    found = standing(with_contacts(base, [*log, Contact(TODAY, wait=wait)]), TODAY)
    assert (found.due, found.ideal) == (day(wait), wait)


@given(PEOPLE, LOGGED, st.integers(0, 400))
def test_states_only_go_forward_in_time(base: Person, contact: Contact, days: int) -> None:
    one = with_contacts(base, [Contact(day(-days), outcome=contact.outcome)])
    states = [standing(one, day(offset)).state for offset in range(0, 1500, 5)]
    order = ["too early", "right", "due", "fading"]
    assert states == sorted(states, key=order.index)


def test_due_dates_from_no_contacts() -> None:
    assert due_date([], Rhythm(7, 14)) is None


def test_the_roster_shows_what_wants_attention_first() -> None:
    def named(name: str, *days_ago: int, **values: Any) -> Person:
        return Person(f"{name}.md", name, contacts=tuple(Contact(day(-n)) for n in days_ago), **values)

    listed = [
        named("new"),
        named("off", 500, remind=False),
        named("early", 1),
        named("right", 29),
        named("slightly late", 31),
        named("late in its pace", 6, ideal=3, max=9),
        named("fading", 200),
    ]
    assert [found.name for found, _standing in roster(listed, TODAY)] == [
        "fading",
        "late in its pace",
        "slightly late",
        "right",
        "early",
        "new",
        "off",
    ]


@pytest.mark.parametrize(
    ("values", "contact", "reason"),
    [
        ({}, Contact(TODAY), "30 days, as for everybody."),
        ({"stage": "expected"}, Contact(TODAY), "4 days, from the stage expected."),
        ({"tie": "weak"}, Contact(TODAY, outcome="warm"), "16 days, from the tie weak, sooner because"),
        (
            {"ideal": 10},
            Contact(TODAY, outcome="annoyed"),
            "15 days, this person's own interval, longer because",
        ),
        ({}, Contact(TODAY, outcome="annoyed", wait=9), "9 days, as you wrote."),
    ],
)
def test_a_due_date_says_why(values: dict[str, Any], contact: Contact, reason: str) -> None:
    sentence = cadence.describe(standing(person(contact, **values), TODAY))
    assert sentence.startswith("Last contact 2026-11-22, due ")
    assert f": {reason}" in sentence


def test_states_have_names_in_both_languages() -> None:
    words = ["fading", "due", "right", "too early", "new", "off"]
    assert [cadence.state_label(state) for state in STATES] == words
    assert [cadence.state_label(state, "zh") for state in STATES][:4] == ["快淡了", "该联系", "正好", "太早"]
    assert cadence.describe(standing(person(), TODAY)).startswith("No contact logged yet")
    assert cadence.describe(standing(person(remind=False), TODAY)).startswith("No reminder")


RULES = """---
kind: cadence
everybody: 20d 50d
tags:
  导师: 两周
stages:
  拥护者: 10d / 20d
ties:
  weak: soon
---
"""


def test_the_learners_own_rules_come_from_a_note() -> None:
    front = {
        "everybody": "20d 50d",
        "tags": {"#导师": "两周"},
        "stages": {"拥护者": "10d / 20d", "Mentor": [5, 9]},
        "ties": {"weak": "soon"},
    }
    rules, problems = parse_rules("people/rhythm.md", front, RULES)
    assert rules.everybody == Rhythm(20, 50)
    assert rules.tags == {"导师": Rhythm(14, 28)}
    assert (rules.stages["advocate"], rules.stages["mentor"]) == (Rhythm(10, 20), Rhythm(5, 9))
    assert rules.stages["expected"] == DEFAULTS.stages["expected"]
    assert rules.ties == DEFAULTS.ties
    assert [str(problem) for problem in problems] == [
        "people/rhythm.md:9: “weak: soon” is no rhythm, so the usual one counts. "
        "Write the ideal and the longest interval, such as 30d 90d."
    ]
    assert parse_rules("r.md", {"tags": "导师"}, RULES)[1][0].line == 4
    for odd in ("90d 30d", "1 2 3", [], ""):
        assert parse_rules("r.md", {"ties": {"weak": odd}}, "")[0].ties == DEFAULTS.ties


# --- capture ------------------------------------------------------------------------------------------------

LINES = [
    ("张三 运营@某公司 #微信群 聊了投放 >7d", "张三", "运营", "某公司", "#微信群 聊了投放 >7d"),
    (
        "Rosa Chen, ads manager@TeaCo #salon talked about bids ? what does a click cost -> send it >2w",
        "Rosa Chen",
        "ads manager",
        "TeaCo",
        "#salon talked about bids ? what does a click cost -> send it >2w",
    ),
    ("Rosa Chen ads@TeaCo talked about bids", "Rosa Chen", "ads", "TeaCo", "talked about bids"),
    ("Rosa Chen ads manager @ Tea Co talked", "Rosa Chen", "ads manager", "Tea Co", "talked"),
    (
        "Rosa talked about bids, landing pages #salon",
        "Rosa",
        "",
        "",
        "talked about bids, landing pages #salon",
    ),
    ("Ludwig van der Berg, cmo@X", "Ludwig van der Berg", "cmo", "X", ""),
    ("rosa chen, talked", "rosa chen", "", "", "talked"),
    ("rosa talked", "rosa", "", "", "talked"),
    ("张三", "张三", "", "", ""),
    ("张三@某公司 投放", "张三", "", "某公司", "投放"),
    ("张三 运营 @某公司", "张三", "运营", "某公司", ""),
    ("张三 运营@ #微信群", "张三", "运营", "", "#微信群"),
    ("张三　运营＠某公司　＃微信群　聊了投放　＞7天", "张三", "运营", "某公司", "＃微信群 聊了投放 ＞7天"),
    ("张三，聊了投放（热情）？预算多少", "张三", "", "", "聊了投放 （热情）？预算多少"),
    ("欧阳 小明，运营@某公司", "欧阳 小明", "运营", "某公司", ""),
    ("Ann Lee @TeaCo", "Ann Lee", "", "TeaCo", ""),
    ("Rosa rosa@tea.co #salon", "Rosa", "", "", "rosa@tea.co #salon"),
    ("@rosa hi", "@rosa", "", "", "hi"),
    ("#微信群 聊了", "", "", "", "#微信群 聊了"),
    ("Rosa met at the fair, ads@TeaCo, then left", "Rosa", "ads", "TeaCo", "met at the fair, then left"),
    ("  ", "", "", "", ""),
]


@pytest.mark.parametrize(("typed", "name", "role", "company", "rest"), LINES)
def test_one_line_makes_a_person_and_a_contact(
    typed: str, name: str, role: str, company: str, rest: str
) -> None:
    found = capture(typed, TODAY)
    assert (found.name, found.role, found.company) == (name, role, company)
    assert found.line == f"- 2026-11-22 {rest}".rstrip()


def test_the_draft_reads_back_as_the_person() -> None:
    found = capture("张三 运营@某公司 #微信群 聊了投放 (热情) >7d", TODAY)
    draft = found.draft(TODAY, lang="zh")
    read = parse_person("people/张三.md", draft.title, draft.front, draft.body)
    assert (read.name, read.role, read.company, read.source) == ("张三", "运营", "某公司", "微信群")
    assert [(c.day, c.text, c.outcome, c.wait, c.tags) for c in read.contacts] == [
        (TODAY, "聊了投放", "warm", 7, ("微信群",))
    ]
    assert standing(read, TODAY).due == day(7)
    assert capture("Ann", TODAY).draft(TODAY, source="Growth salon").front["source"] == "Growth salon"


def test_a_day_at_the_start_is_the_day_of_the_contact() -> None:
    assert capture("张三 2026-11-20 聊了", TODAY).contact.day == date(2026, 11, 20)
    for typed in ("张三 2026-12-24 圣诞见", "张三 2026-02-30 聊了"):
        found = capture(typed, TODAY)
        assert found.contact.day == TODAY
        assert found.line == f"- 2026-11-22 {typed[3:]}"


def test_known_names_are_not_cut() -> None:
    known = ["rosa", "rosa maria chen", "张三 (小)", "张三"]
    assert capture("Rosa Maria chen talked", TODAY, known).name == "Rosa Maria chen"
    assert capture("rosa mary talked", TODAY, known).name == "rosa"
    assert capture("张三丰 来了", TODAY, known).name == "张三丰"


@given(st.text(max_size=120) | st.text("张三Ann @＠,，、#＃>?->()（热情）warm7d \t\n", max_size=60))
def test_nothing_typed_is_lost(typed: str) -> None:
    found = capture(typed, TODAY)
    kept = Counter(f"{found.name}{found.role}{found.company}{found.line}".replace(" ", ""))
    lost = Counter(one_line(typed).replace(" ", "")) - kept
    assert set(lost) <= set("@＠,，、;；")
    draft = found.draft(TODAY)
    assert found.line in draft.body
    read = parse_person("p.md", draft.title, draft.front, draft.body)
    assert [contact.source for contact in read.contacts] == [found.line.removeprefix("- ")]


def test_drafts_follow_the_screen_language() -> None:
    i18n.set_language("zh")
    assert (
        capture("张三 聊了", TODAY).draft(TODAY).body
        == "\n## 可以请教什么\n\n## 联系记录\n\n- 2026-11-22 聊了\n"
    )


def test_the_documents_table_is_what_counts() -> None:
    text = (Path(__file__).parent.parent / "docs" / "people.md").read_text("utf-8")
    words = {f"{key} {zh}": DEFAULTS.stages[key] for key, zh in STAGES.items()}
    words |= {f"{key} tie {zh}": DEFAULTS.ties[key] for key, zh in TIES.items()}
    words["everybody else"] = DEFAULTS.everybody
    for label, rhythm in words.items():
        assert f"{label} | {rhythm.ideal} | {rhythm.max} |" in text
    example = text.partition("```markdown\n")[2].partition("```")[0]
    front = {"ideal": "14d", "max": "40d", "tie": "weak", "stage": "expected"}
    found = parse_person("people/张三.md", "张三", front, example)
    assert not found.problems
    assert [question.text for question in found.pending] == ["落地页谁来做"]
    assert (found.next_step, found.asks) == ("", ("How do you set a first bid?",))
    assert standing(found, TODAY).due == TODAY
