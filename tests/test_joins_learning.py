"""Learning on a workspace: caches that follow the journal, cards, courses through the journal, evidence, the week."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.i18n import set_language
from studytui.joins.courses import parse_due
from studytui.journal import Journal
from studytui.learning.acts import finished_acts
from studytui.learning.card_identity import identity_fields
from studytui.learning.goals import diary
from studytui.learning.schedule import retrievability
from studytui.study import Study
from studytui.workspace import Workspace, create_workspace
from tests.conftest import CHINA, FixedClock
from tests.learning_desk import CARDS, COURSE, articles, furnish, many_cards, opened, write

START = datetime(2026, 11, 22, 21, 7, 3, tzinfo=CHINA)


@pytest.fixture
def study(workspace: Workspace, clock: FixedClock) -> Iterator[Study]:
    furnish(workspace)
    made = opened(workspace, clock)
    yield made
    made.close()


def cache(study: Study) -> Path:
    return study.workspace.state / "cache"


# --- caches that follow the journal -----------------------------------------------------------------------


def recounted(study: Study) -> tuple[object, ...]:
    """Count everything from nothing but the journal's files and the notes."""
    shutil.rmtree(cache(study), ignore_errors=True)
    fresh = Study.open(study.workspace, study.clock)
    try:
        return numbers(fresh)
    finally:
        fresh.close()


def numbers(study: Study) -> tuple[object, ...]:
    learning = study.learning
    return (
        learning.diary.days(),
        learning.diary.streak(),
        learning.cards.counts(),
        [item.subject for item in learning.unsorted.all()],
    )


acts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99), st.integers(0, 40)), max_size=14)


@given(acts, st.booleans())
@settings(max_examples=25)
def test_whatever_is_done_the_caches_say_what_a_recount_says(
    done: list[tuple[int, int, int]], another_session: bool
) -> None:
    with TemporaryDirectory() as folder:
        workspace, clock = Workspace(Path(folder)), FixedClock(START)
        workspace.prepare()
        furnish(workspace)
        study = opened(workspace, clock)
        phone = Journal(workspace.journal, "phone", clock)
        ids = articles(study, 4)
        numbers(study)
        for kind, which, hours in done:
            clock.tick(hours=hours)
            _do(study, phone, ids, kind, which)
            if another_session:
                study.close()
                study = opened(workspace, clock)
            seen = numbers(study)
            brute = diary(finished_acts(study.journal.events()))
            assert {day.isoformat(): sums for day, sums in study.learning.diary.days().items()} == brute
        seen = numbers(study)
        assert seen == recounted(study)
        study.close()


def _do(study: Study, phone: Journal, ids: list[str], kind: int, which: int) -> None:
    """Do one of the things that a learner does."""
    cards, courses = study.learning.cards, study.learning.courses
    card = cards.deck().ids[which % 4]
    enrolment = courses.all()[0]
    lesson = enrolment.lessons[which % len(enrolment.lessons)]
    if kind < 3:
        cards.grade(card, which % 4 + 1, 10)
    elif kind == 3:
        cards.suspend(card, bool(which % 2))
    elif kind == 4:
        cards.bury(card)
    elif kind == 5:
        courses.set_state(enrolment, lesson, ("done", "doing", "todo")[which % 3])  # type: ignore[arg-type]
    elif kind == 6:
        study.library.set_read([ids[which % 4]], by="reading")
    elif kind == 7:
        study.note_about(ids[which % 4])
    elif kind == 8:
        phone.append("card.reviewed", subject=card, rating=3, seconds=4)
        phone.append("explained", subject="Funnel", score=3, seconds=60)
    else:
        with contextlib.suppress(StudyError):
            study.undo()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"made by": "0"}', b"[]", b"\xff\xfe", b'"x"', None])
def test_a_damaged_cache_is_made_anew(study: Study, damage: bytes | None) -> None:
    study.learning.cards.grade(study.learning.cards.deck().ids[0], 3, 5)
    expected = numbers(study)
    for file in cache(study).iterdir():
        file.write_bytes(_gutted(file) if damage is None else damage)
    assert numbers(study) == expected == recounted(study)


def _gutted(file: Path) -> bytes:
    """A cache that is well formed and holds nonsense."""
    kept = json.loads(file.read_bytes())
    if "content" in kept:
        kept["content"] = {"ids": "a b", "rows": "AAAA", "days": {"x": 1}, "articles": []}
    return json.dumps(kept).encode()


def test_with_a_warm_cache_only_what_is_new_is_read(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = study.learning.cards
    for n in range(60):
        study.journal.append("card.reviewed", subject=cards.deck().ids[n % 4], rating=3, seconds=4)
        study.journal.append("explained", subject=f"s{n}", score=3, seconds=9)
    study.today()
    read: list[int] = []
    monkeypatch.setattr(study.library, "events", _counting(study, read))
    study.today()
    assert sum(read) == 0
    cards.grade(cards.deck().ids[0], 3, 5)
    read.clear()
    study.close()
    fresh = Study.open(study.workspace, study.clock)
    monkeypatch.setattr(fresh.library, "events", _counting(fresh, read))
    fresh.today()
    assert sum(read) < 150, "one card's history and one day"


def _counting(study: Study, read: list[int]) -> object:
    events = study.library.events

    def counting(*kinds: str, **more: object) -> object:
        found = events(*kinds, **more)  # type: ignore[arg-type]
        read.append(len(found))
        return found

    return counting


# --- cards ------------------------------------------------------------------------------------------------


def test_after_thirty_days_a_thousand_cards_become_a_small_stack_most_at_risk_first(
    workspace: Workspace, clock: FixedClock
) -> None:
    write(workspace, "Many.md", many_cards(1000))
    study = opened(workspace, clock)
    deck = study.learning.cards.deck()
    answer = [identity_fields(card, one) for card, one in zip(deck.cards, deck.ids, strict=True)]
    for day in range(8):
        clock.moment = START - timedelta(days=40 + day)
        study.journal.append_all(
            ("card.reviewed", {**fields, "rating": 4, "seconds": 3}) for fields in answer[day::8]
        )
    clock.moment = START - timedelta(days=30)
    study.journal.append_all(
        ("card.reviewed", {**fields, "rating": 2, "seconds": 3}) for fields in answer[::3]
    )
    clock.moment = START + timedelta(days=30)
    queue = study.learning.cards.queue()
    assert queue.counts.due == 1000 and queue.counts.away == 60
    assert 0 < len(queue.ids) == study.learning.cards.counts().proposed <= study.settings.day_cap
    now = clock.now()
    risk = [retrievability(study.learning.cards.state(one), now) for one in queue.ids]
    assert risk == sorted(risk)
    others = set(study.learning.cards.deck().ids) - set(queue.ids)
    assert risk[-1] <= min(retrievability(study.learning.cards.state(one), now) for one in others) + 1e-9
    proposed = study.today().of("cards")[0]
    assert proposed.count == len(queue.ids) and "Welcome back" in proposed.because
    study.close()


def test_reviewing_changes_no_byte_of_any_note_and_every_cache_may_go(study: Study) -> None:
    before = {file: file.read_bytes() for file in study.workspace.notes.rglob("*.md")}
    cards = study.learning.cards
    while (card := cards.next()[0]) and cards.counts().done < 4:
        cards.grade(card, 3, 5)
    assert {file: file.read_bytes() for file in study.workspace.notes.rglob("*.md")} == before
    states = {one: cards.state(one) for one in cards.deck().ids}
    shutil.rmtree(cache(study))
    (study.workspace.library).unlink()
    study.close()
    fresh = Study.open(study.workspace, study.clock)
    assert {one: fresh.learning.cards.state(one) for one in states} == states
    fresh.close()


def test_an_undone_answer_leaves_the_card_as_it_was(study: Study) -> None:
    cards = study.learning.cards
    card, waiting = cards.next()
    before = cards.state(card)
    event = cards.grade(card, 4, 5)
    assert cards.state(card) != before and cards.next(card)[1] == waiting - 1
    assert "Graded" in study.undo()
    assert not cards.stands(event)
    assert cards.state(card) == before and cards.next()[0] == card


def test_a_card_edited_step_by_step_keeps_its_schedule_and_undo_means_the_learner(study: Study) -> None:
    cards = study.learning.cards
    card = next(one for one in cards.deck().ids if cards.deck().card(one).front == "What is churn?")
    cards.grade(card, 4, 5)
    state = cards.state(card)
    text = (study.workspace.notes / "Words.md").read_text("utf-8")
    for front in ("What is the churn?", "What is the churn of a shop?", "What is the churn of a small shop?"):
        changed = text.replace("What is churn?", front)
        note = study.note("Words.md")
        study.vault.save("Words.md", changed, note.digest)
        assert cards.deck().card(card).front == front
        assert (cards.state(card).due, cards.state(card).reviews) == (state.due, 1)
        cards.counts()
    assert study.undo() == "Changed “Words”", "not the program's own note about the edit"
    assert cards.deck().card(card).front == "What is the churn of a shop?"


def test_suspended_and_buried_cards_wait(study: Study, clock: FixedClock) -> None:
    cards = study.learning.cards
    one, two = cards.deck().ids[:2]
    cards.suspend(one)
    cards.bury(two)
    assert not {one, two} & set(cards.queue().ids)
    clock.tick(days=1)
    assert two in cards.queue().ids and one not in cards.queue().ids
    cards.suspend(one, False)
    assert one in cards.queue().ids
    with pytest.raises(StudyError, match="no card"):
        cards.find("zzz")
    assert cards.find(one[:6]) == one


def test_starter_cards_of_the_other_language_do_not_come_up(study: Study) -> None:
    write(
        study.workspace,
        "zh.md",
        "---\ntitle: 词\nlang: zh\ntags: [flashcards]\n---\n\n什么是漏斗？::每一步剩多少。\n",
    )
    study.vault.scan()
    cards = study.learning.cards
    assert len(cards.deck().ids) == 5
    assert len(cards.placed()) == 4 and cards.counts().new == 4 and len(cards.queue().ids) == 4


def test_new_cards_and_topics_come_as_the_lessons_lead_to_them(tmp_path: Path, clock: FixedClock) -> None:
    workspace = create_workspace(tmp_path / "w", "en")
    study = opened(workspace, clock)
    cards = study.learning.cards
    assert cards.deck().card(cards.next()[0]).title == "How to learn"
    assert study.learning.explaining.standings()[0].prompt.topic == "How to learn"
    write(workspace, "Words.md", CARDS)
    study.vault.scan()
    assert cards.deck().card(cards.next()[0]).title == "Words", "one's own words first"
    study.close()


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_starter_cards_wait_for_their_lesson(tmp_path: Path, clock: FixedClock, spoken: str) -> None:
    set_language(spoken)
    workspace = create_workspace(tmp_path / "w", spoken)
    study = opened(workspace, clock)
    cards, courses = study.learning.cards, study.learning.courses
    course = courses.all()[0]

    def come() -> tuple[set[str], int]:
        """Return the notes whose new cards may come up, and how many cards wait, by the cache and by the queue."""
        placed = [item for item in cards.placed() if item.state.phase == "new" and not item.waits]
        counts = cards.counts()
        assert counts == cards.queue().counts and counts.new == len(placed)
        assert counts.new + counts.ahead == len(cards.placed())
        return {cards.deck().card(item.id).title for item in placed}, counts.ahead

    first, waiting = come()
    assert first == set(course.lessons[0].links) and waiting > 100, "the first day is small"
    courses.set_state(course, course.lessons[0], "done")
    assert come()[0] == first | set(course.lessons[1].links)
    study.undo()
    assert come() == (first, waiting)
    later = courses.all()[0].lessons[9]
    courses.set_state(courses.all()[0], later, "doing")
    assert come()[0] == first | set(later.links), "one that is taken up before its turn brings its cards"
    touched = next(note for note in study.notes() if note.title == courses.all()[0].lessons[20].links[0])
    file = workspace.notes / touched.path
    file.write_text(file.read_text("utf-8") + "\nIn my words.\n", "utf-8")
    study.vault.scan()
    assert touched.title in come()[0], "a note that the learner wrote into is the learner's"
    (workspace.notes / course.path).unlink()
    study.vault.scan()
    assert come()[1] == 0, "without the course nothing waits for it"
    study.close()


def test_cards_go_to_anki_and_come_back(study: Study) -> None:
    text, count = study.learning.cards.export()
    assert count == 4 and text.startswith("#separator:tab")
    notes, taken = study.learning.cards.take_in(text, "from anki")
    assert taken == 4 and [note.folder for note in notes] == ["cards"]
    assert "What is churn?::Who leaves." in study.vault.read(notes[0].path).text
    with pytest.raises(StudyError, match="Line 1"):
        study.learning.cards.take_in("only one column", "x")
    with pytest.raises(StudyError, match="no cards"):
        study.learning.cards.take_in("\n\n", "x")


# --- courses ----------------------------------------------------------------------------------------------


def states(study: Study) -> dict[str, str]:
    enrolment = study.learning.courses.all()[0]
    return {lesson.title: enrolment.state(lesson) for lesson in enrolment.lessons}


def finish(study: Study, *titles: str) -> None:
    for title in titles:
        enrolment = study.learning.courses.find("Ads")
        study.learning.courses.set_state(enrolment, enrolment.course.lesson(title), "done")


def outside(study: Study, change: dict[str, str], path: str = "courses/ads.md") -> None:
    """Change the course in another editor."""
    file = study.workspace.notes / path
    text = file.read_text("utf-8")
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    study.vault.scan()


def test_progress_survives_reordering_renaming_inserting_and_moving(study: Study) -> None:
    finish(study, "The funnel", "Writing soft articles")
    day = "✅ 2026-11-22"
    outside(
        study,
        {
            "- [ ] First steps (10min)\n": "",
            "- [ ] Ties\n": "- [ ] Ties\n- [ ] First steps (10min)\n- [ ] An inserted one\n",
            f"- [x] Writing soft articles (30min) {day}": f"- [x] Writing good soft articles (30min) {day}",
        },
    )
    assert states(study)["The funnel"] == states(study)["Writing good soft articles"] == "done"
    assert study.learning.courses.all()[0].progress.done == 2


def test_a_pasted_outline_asks_and_never_guesses(study: Study) -> None:
    finish(study, "The funnel", "Ties")
    write(study.workspace, "courses/ads.md", COURSE.replace("- [ ] Ties", "- [ ] Weak and strong ties"))
    study.vault.scan()
    enrolment = study.learning.courses.find("Ads")
    assert states(study)["The funnel"] == "done", "surely the same lesson: its progress is kept"
    assert states(study)["Weak and strong ties"] == "todo", "maybe another one: nothing is credited"
    kinds = {question.lesson.title: question.kind for question in enrolment.questions}
    assert kinds["The funnel"] == "unticked"
    question = next(one for one in enrolment.questions if one.lesson.title == "The funnel")
    study.learning.courses.answer(enrolment, question, True)
    assert "[x] The funnel" in (study.workspace.notes / "courses/ads.md").read_text("utf-8")
    left = study.learning.courses.find("Ads").questions
    assert "The funnel" not in {one.lesson.title for one in left}


def test_saying_that_it_was_taken_back_is_remembered_too(study: Study) -> None:
    finish(study, "Ties")
    write(study.workspace, "courses/ads.md", COURSE)
    study.vault.scan()
    enrolment = study.learning.courses.find("Ads")
    study.learning.courses.answer(enrolment, enrolment.questions[0], False)
    assert states(study)["Ties"] == "todo" and not study.learning.courses.find("Ads").questions
    assert (study.workspace.notes / "courses/ads.md").read_text("utf-8") == COURSE


def test_a_course_note_renamed_outside_keeps_its_progress(study: Study) -> None:
    finish(study, "The funnel", "Ties")
    (study.workspace.notes / "courses/ads.md").rename(study.workspace.notes / "courses/adverts.md")
    study.vault.scan()
    outside(study, {f"- [x] Ties ✅ {START.date()}": "- [ ] Ties"}, "courses/adverts.md")
    assert states(study)["Ties"] == "done"
    assert [one.kind for one in study.learning.courses.all()[0].questions] == ["unticked"]


def test_a_lesson_and_its_undo_are_one_line(study: Study) -> None:
    finish(study, "Ties")
    assert study.undo() == "Changed the state of “Ties”"
    assert (study.workspace.notes / "courses/ads.md").read_text("utf-8") == COURSE
    assert states(study)["Ties"] == "todo"


def test_money_and_time(study: Study) -> None:
    finish(study, "First steps", "Ties")
    enrolment = study.learning.courses.find("Ads")
    assert enrolment.cost_per_lesson == 150
    assert (enrolment.progress.percent, enrolment.percent_by_time) == (40, 17)
    settings = study.workspace.settings
    settings.write_text('budget = ["1000 CNY"]\nbudget_hours = 20\n', "utf-8")
    budget = study.learning.courses.budget()
    assert (budget.spent, budget.money_left, budget.hours_left) == ({"CNY": 300}, {"CNY": 700}, 20)


def test_the_note_about_a_lesson_is_linked_both_ways_and_made_once(study: Study) -> None:
    courses = study.learning.courses
    enrolment = courses.find("Ads")
    lesson = enrolment.course.lesson("The funnel")
    note, made = courses.note_about(enrolment, lesson, point="half", words="I lose half", use="post daily")
    assert made
    text = study.vault.read(note.path).text
    assert 'course: "[[Ads]]"' in text and "lesson: The funnel" in text and "I lose half" in text
    fresh = courses.find("Ads")
    assert note.stem in fresh.course.lesson("The funnel").links
    assert courses.note_about(fresh, fresh.course.lesson("The funnel")) == (study.note(note.path), False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("-", None),
        ("2026-12-01", date(2026, 12, 1)),
        ("12-01", date(2026, 12, 1)),
        ("1月3日", date(2027, 1, 3)),
        ("+7", date(2026, 11, 29)),
        ("2w", date(2026, 12, 6)),
        ("明天", date(2026, 11, 23)),
        ("Today", date(2026, 11, 22)),
    ],
)
def test_days_as_people_write_them(text: str, day: date | None) -> None:
    assert parse_due(text, START.date()) == day


@pytest.mark.parametrize("text", ["soon", "2026-13-01", "30-30", "+", "99999"])
def test_what_is_no_day_says_how_to_write_one(text: str) -> None:
    with pytest.raises(StudyError, match="is not a day"):
        parse_due(text, START.date())


def test_a_question_ends_as_its_language_does(study: Study) -> None:
    for asked in ("Why", "为什么", "真的？"):
        course = study.learning.courses.find("Ads")
        study.learning.courses.ask(course, course.course.lesson("Ties"), asked)
    lesson = study.learning.courses.find("Ads").course.lesson("Ties")
    assert list(lesson.questions) == ["Why?", "为什么？", "真的？"]


def test_a_course_from_a_pasted_list(study: Study) -> None:
    note = study.learning.courses.create(
        "# One\nFirst 20min\nSecond\n# Two\nThird\n", title="Pasted", price="¥99"
    )
    enrolment = study.learning.courses.find(note.path)
    assert [module.title for module in enrolment.course.modules] == ["One", "Two"]
    assert (enrolment.course.price, enrolment.course.currency) == (99, "CNY")
    with pytest.raises(StudyError, match="not a price"):
        study.learning.courses.create("One\n", title="x", price="cheap")
    with pytest.raises(StudyError, match="No lesson"):
        study.learning.courses.create("\n", title="x")


# --- unsorted ---------------------------------------------------------------------------------------------


def unsorted(study: Study) -> set[str]:
    return {item.title for item in study.learning.unsorted.all()}


def test_unsorted_is_what_was_opened_or_finished_without_a_note(study: Study, clock: FixedClock) -> None:
    ids = articles(study, 3)
    study.library.set_read(ids[:2], by="reading")
    study.library.set_read(ids[2:])
    finish(study, "The funnel", "Ties")
    assert unsorted(study) == {"News 0", "News 1", "The funnel", "Ties"}, "a link to a topic is not a note"
    study.note_about(ids[0])
    enrolment = study.learning.courses.find("Ads")
    study.learning.courses.note_about(enrolment, enrolment.course.lesson("Ties"))
    study.library.set_read([ids[1]], False)
    assert unsorted(study) == {"The funnel"}
    clock.tick(minutes=1)
    study.learning.unsorted.settle(study.learning.unsorted.all()[0].subject)
    assert unsorted(study) == set()
    study.undo()
    assert unsorted(study) == {"The funnel"}
    with pytest.raises(StudyError, match="not waiting"):
        study.learning.unsorted.settle("nothing")


def test_many_articles_marked_at_once_are_counted_right(study: Study) -> None:
    ids = articles(study, 80)
    study.library.set_read(ids[:70], by="reading")
    assert len(study.learning.unsorted.articles()) == 70
    study.library.set_read(ids, False)
    assert study.learning.unsorted.articles() == []


# --- explaining -------------------------------------------------------------------------------------------


def test_no_note_no_more_than_two(study: Study) -> None:
    explaining = study.learning.explaining
    item = explaining.find("Funnel")
    study.workspace.notes.joinpath("topics/Funnel.md").unlink()
    write(study.workspace, "topics/Funnel.md", "---\ntitle: Funnel\nkind: topic\nlang: en\n---\n\nStarter.\n")
    study.vault.scan()
    assert explaining.record(item.prompt, 5, 58, 60).score == 2
    finish(study, "The funnel")
    assert explaining.evidence(item.prompt) == [], "a course that links to a topic proves nothing"
    note = explaining.write(item.prompt)
    assert explaining.evidence(item.prompt) == [study.note(note.path)]
    explained = explaining.record(item.prompt, 5, 58, 60)
    assert (explained.score, explained.event.data["evidence"]) == (5, [note.path])
    assert [attempt.score for attempt in explaining.find("Funnel").attempts] == [2, 5]
    assert f"[[{note.title}]]" in explaining.one_page()


def test_a_starter_note_becomes_evidence_once_the_learner_wrote_into_it(
    tmp_path: Path, clock: FixedClock
) -> None:
    workspace = create_workspace(tmp_path / "w", "en")
    study = opened(workspace, clock)
    item = study.learning.explaining.find("Keep at it")
    assert study.learning.explaining.evidence(item.prompt) == []
    file = workspace.notes / item.prompt.note
    file.write_text(file.read_text("utf-8") + "\nI study after dinner.\n", "utf-8")
    study.vault.scan()
    assert [note.path for note in study.learning.explaining.evidence(item.prompt)] == [item.prompt.note]
    study.close()


def test_a_question_of_ones_own_is_a_note_and_can_be_explained(study: Study) -> None:
    explaining = study.learning.explaining
    note = explaining.ask("Why do customers come back?", "Funnel")
    assert note.path.startswith("questions/") and note.kind == "question"
    item = explaining.find("why do customers")
    assert (item.prompt.topic, item.prompt.question) == ("Funnel", "Why do customers come back?")
    with pytest.raises(StudyError, match="no topic"):
        explaining.find("nothing of the kind")


# --- the diary and the week -------------------------------------------------------------------------------


def test_time_spent_counts_on_its_day_and_short_glances_do_not(study: Study) -> None:
    study.learning.diary.spend("lesson", "courses/ads.md\nTies", 0.2)
    assert study.learning.diary.days() == {}
    study.learning.diary.spend("lesson", "courses/ads.md\nTies", 7.26)
    assert study.learning.diary.week().minutes == 7.3 and study.learning.diary.week().acts == 0
    with pytest.raises(StudyError):
        study.undo()


def test_every_number_opens_its_evidence(study: Study) -> None:
    finish(study, "Ties")
    study.learning.cards.grade(study.learning.cards.next()[0], 3, 30)
    from studytui.learning.goals import by_kind

    found = study.learning.diary
    acts, titles = found.acts(), found.titles()
    for total in by_kind(acts).values():
        behind = found.behind(total, acts)
        assert sum(act.finished for act in behind) == total.acts and all(
            found.name(a, titles) for a in behind
        )
    assert {found.name(act, titles) for act in acts} == {"Finished the lesson “Ties”", "1 answer to cards"}


def test_the_week_is_written_once_and_asks_about_the_change_wanted_before(
    study: Study, clock: FixedClock
) -> None:
    weekly = study.learning.weekly
    ids = articles(study, 1)
    study.library.set_read(ids, by="reading")
    finish(study, "Ties")
    assert weekly.wanted_change() == "" and weekly.note() is None
    note, made = weekly.write(change="# Read less, write more")
    assert made and note.path == "weekly/2026-W47.md"
    text = study.vault.read(note.path).text
    assert "News 0" in text and "Ties (Ads)" in text
    assert weekly.write(change="other") == (study.note(note.path), False)
    clock.tick(days=14)
    assert weekly.wanted_change() == "Read less, write more", "a week left out does not forget it"
    later, _made = weekly.write(kept="Half of it")
    assert later.path == "weekly/2026-W49.md"
    assert "> Read less, write more\n\nHalf of it" in study.vault.read(later.path).text
