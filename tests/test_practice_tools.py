"""The other tools, each on what the articles ask of it."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.practice import (
    angel_devil,
    confidence,
    deal_summary,
    dimensions,
    follow_up,
    ledger,
    misconceptions,
    portrait,
    referral,
    routes,
    satisfaction,
    sources,
    ties,
    value,
    win_win_win,
)
from studytui.practice.fields import Value
from studytui.practice.report import Bars, Report, Table, Trend
from studytui.practice.tool import Context, Entry, Mode, tools

DAY = datetime.date(2026, 11, 22)
CONTEXT = Context(DAY)


def on(day: str, **values: Value) -> Entry:
    return Entry(datetime.date.fromisoformat(day), values)


def at(**values: Value) -> Entry:
    return Entry(DAY, values)


def table(report: Report, title: str) -> Table:
    return next(block for block in report.blocks if isinstance(block, Table) and block.title == title)


# ---------------------------------------------------------------- portrait


def test_a_confirmation_needs_evidence_and_a_guess_does_not() -> None:
    guess = at(trait="person", content="students", status="guessed")
    sure = at(trait="person", content="programmers", status="confirmed")
    assert not list(portrait.check(guess, []))
    assert [fault.field for fault in portrait.check(sure, [])] == ["evidence"]


def test_the_newest_content_of_a_line_counts_and_the_old_one_is_remembered() -> None:
    old = at(trait="person", content="students", status="guessed")
    new = at(trait="person", content="programmers", status="confirmed", evidence="four of six")
    report = portrait.TOOL.report([old, new], CONTEXT)
    assert report.figures == {"confirmed": 1, "guessed": 0, "empty": 6}
    lines = [line.text for block in report.blocks for line in getattr(block, "lines", ())]
    assert "2026-11-22: “students” became “programmers”." in lines


@pytest.mark.parametrize("content", ["everyone", "Everybody.", "所有人", "大家。"])
def test_a_portrait_of_everybody_is_warned_of(content: str) -> None:
    report = portrait.TOOL.report([at(trait="person", content=content, status="guessed")], CONTEXT)
    assert "rules nobody out" in report.warnings[0]


# ---------------------------------------------------------------- dimensions


def actions(select: int, acquire: int, keep: int, extend: int) -> list[Entry]:
    counts = {"select": select, "acquire": acquire, "keep": keep, "extend": extend}
    return [at(action="x", dimension=key, times=n) for key, n in counts.items()]


def test_the_flower_shop_of_the_topic_note() -> None:
    report = dimensions.TOOL.report(actions(4, 13, 2, 1), CONTEXT)
    assert report.figures["total"] == 20 and report.figures["care_share"] == 0.15
    assert "15 %" in report.warnings[0] and "30 %" in report.warnings[0]


@pytest.mark.parametrize(("care", "warned"), [(0, True), (29, True), (30, False), (31, False), (100, False)])
def test_the_warning_begins_below_thirty_per_cent(care: int, warned: bool) -> None:
    report = dimensions.TOOL.report(actions(0, 100 - care, care, 0), CONTEXT)
    assert bool(report.warnings) is warned


def test_an_action_without_a_number_counts_once_and_zero_counts_nothing() -> None:
    assert dimensions.tally([at(action="x", dimension="keep")])["keep"] == 1
    assert dimensions.tally([at(action="x", dimension="keep", times=0)])["keep"] == 0
    assert (
        dimensions.TOOL.report([at(action="x", dimension="keep", times=0)], CONTEXT).figures["care_share"]
        is None
    )


def test_each_month_is_reckoned_for_itself_and_a_month_without_actions_is_a_gap() -> None:
    old = [on("2026-09-03", action="x", dimension="acquire"), on("2026-11-03", action="x", dimension="keep")]
    report = dimensions.TOOL.report(old, CONTEXT)
    assert report.figures["month"] == "2026-11" and report.figures["care_share"] == 1.0
    (trend,) = (block for block in report.blocks if isinstance(block, Trend))
    assert (trend.labels, trend.values) == (("2026-09", "2026-10", "2026-11"), (0.0, None, 1.0))


# ---------------------------------------------------------------- satisfaction

BAKERY: dict[str, Value] = {
    "buyers": 80,
    "returning": 28,
    "orders": 120,
    "complaints": 3,
    "sales": Decimal("4800"),
}


def test_the_bakery_of_the_topic_note() -> None:
    report = satisfaction.TOOL.report([at(**BAKERY)], CONTEXT)
    assert report.figures["return_rate"] == 0.35
    assert report.figures["complaint_rate"] == 0.025
    assert report.figures["amount"] == 40.0
    assert report.figures["gaps"] == ["reputation", "awareness", "price_sensitivity", "exit_rate"]
    shown = {row[0]: row[1] for row in table(report, "Scorecard").rows}
    assert (shown["Return rate"], shown["Complaint rate"], shown["Brand awareness"]) == (
        "35.0 %",
        "2.5 %",
        "–",
    )


def test_all_seven_formulas() -> None:
    full: dict[str, Value] = {
        **BAKERY,
        "reviews": 50,
        "good_reviews": 45,
        "asked": 40,
        "know_brand": 10,
        "price_change": Decimal(10),
        "order_change": Decimal(-15),
        "others": 8,
        "left": 2,
    }
    figures = satisfaction.TOOL.report([at(**full)], CONTEXT).figures
    wanted = {"reputation": 0.9, "awareness": 0.25, "price_sensitivity": 1.5, "exit_rate": 0.25}
    assert {key: figures[key] for key in wanted} == wanted
    assert figures["gaps"] == []


def test_three_of_the_seven_should_fall() -> None:
    falling = [indicator.key for indicator in satisfaction.INDICATORS if not indicator.rising]
    assert falling == ["complaint_rate", "price_sensitivity", "exit_rate"]
    assert len(satisfaction.INDICATORS) == 7


def test_a_divisor_of_zero_is_a_gap_that_says_why() -> None:
    report = satisfaction.TOOL.report([at(orders=0, complaints=0)], CONTEXT)
    assert report.figures["complaint_rate"] is None
    row = next(row for row in table(report, "Scorecard").rows if row[0] == "Complaint rate")
    assert row[4] == "gap: orders is 0"


def test_gaps_stay_gaps_in_the_trend_and_better_follows_the_indicator_s_direction() -> None:
    entries = [
        on("2026-08-31", orders=100, complaints=4),
        on("2026-10-31", orders=100, complaints=2, buyers=10, returning=5),
        on("2026-11-21", orders=100, complaints=3),
    ]
    report = satisfaction.TOOL.report(entries, CONTEXT)
    (trend,) = (block for block in report.blocks if isinstance(block, Trend))
    assert trend.values == (0.04, None, 0.02, 0.03)
    assert satisfaction.progress(satisfaction.INDICATORS[3], trend.values) == -1
    assert satisfaction.progress(satisfaction.INDICATORS[2], (0.2, 0.3)) == 1
    assert satisfaction.progress(satisfaction.INDICATORS[2], (0.2, None)) is None
    assert report.next_step.startswith("“Complaint rate” got worse")


def test_two_entries_of_a_month_make_one_scorecard() -> None:
    entries = [on("2026-11-02", orders=100, complaints=9), on("2026-11-20", complaints=2)]
    assert satisfaction.TOOL.report(entries, CONTEXT).figures["complaint_rate"] == 0.02


@pytest.mark.parametrize(("part", "whole"), satisfaction.PARTS)
def test_a_part_above_its_whole_is_named(part: str, whole: str) -> None:
    (fault,) = satisfaction.check(at(**{part: 6, whole: 5}), [])
    assert fault.field == part and "(6)" in fault.message and "(5)" in fault.message
    assert not list(satisfaction.check(at(**{part: 5, whole: 5}), []))


def test_a_price_that_did_not_change_has_no_effect() -> None:
    (fault,) = satisfaction.check(at(price_change=Decimal(0), order_change=Decimal(-3)), [])
    assert fault.field == "price_change"


def test_the_monthly_form_starts_empty_and_comes_due_once_begun() -> None:
    own = [on("2026-10-30", **BAKERY)]
    assert satisfaction.TOOL.mode is Mode.MONTHLY
    assert set(satisfaction.TOOL.draft(own, DAY).values()) == {""}
    assert satisfaction.TOOL.draft([at(**BAKERY)], DAY)["orders"] == "120"
    (due,) = satisfaction.due(own, DAY)
    assert due.day == datetime.date(2026, 11, 1)
    assert not list(satisfaction.due([at(**BAKERY)], DAY)) and not list(satisfaction.due([], DAY))


# ---------------------------------------------------------------- sources


def test_the_chalk_bags_of_the_topic_note() -> None:
    entries = [
        at(person="sign-ups", source="sign-up", stage="expected", people=39),
        at(person="Fay", source="sign-up", stage="repeat"),
        at(person="hall", source="place", stage="expected", people=7),
        at(person="regulars", source="place", stage="repeat", people=5),
        at(person="rest", source="referral", stage="first-purchase", people=8),
    ]
    report = sources.TOOL.report(entries, CONTEXT)
    assert report.figures["people"] == 60
    assert report.figures["loyal"] == {"sign-up": 1, "place": 5, "referral": 0}
    assert table(report, "Sources and stages").rows[0] == ("sign-up", "·", "39", "·", "1", *"····", "40")
    assert "“place”" in report.next_step


def test_a_source_is_required_and_may_be_a_word_of_one_s_own() -> None:
    values, faults = sources.TOOL.read({"person": "Fay", "stage": "repeat"})
    assert [fault.field for fault in faults] == ["source"]
    values, faults = sources.TOOL.read({"person": "Fay", "stage": "repeat", "source": "flea market"})
    assert not faults and values["source"] == "flea market"
    assert (
        sources.TOOL.read({"person": "x", "stage": "repeat", "source": "转介绍"})[0]["source"] == "referral"
    )


def test_somebody_who_moved_on_is_counted_once_and_a_large_unknown_is_warned_of() -> None:
    entries = [
        at(person="Fay", source="unknown", stage="expected"),
        at(person="fay", source="unknown", stage="repeat"),
    ]
    report = sources.TOOL.report(entries, CONTEXT)
    assert report.figures["people"] == 1 and report.figures["table"]["unknown"]["repeat"] == 1
    assert "unknown" in report.warnings[0]


# ---------------------------------------------------------------- follow-up and deal summary


def contact(day: str, person: str = "florist", **values: Value) -> Entry:
    return on(day, person=person, contact="call", **values)


def test_an_open_question_comes_first_and_an_answer_closes_it() -> None:
    asked = contact(
        "2026-11-01", question="Who packs?", next="find out", next_date=datetime.date(2026, 11, 8)
    )
    other = contact("2026-11-02", "potter", next="call", next_date=datetime.date(2026, 11, 3))
    threads = follow_up.threads([asked, other])
    assert [(thread.person, thread.question) for thread in threads] == [
        ("florist", "Who packs?"),
        ("potter", ""),
    ]
    answered = contact("2026-11-09", answer="a neighbour")
    assert not any(thread.question for thread in follow_up.threads([asked, other, answered]))
    again = contact("2026-11-10", answer="a neighbour", question="At what price?")
    assert follow_up.threads([asked, again])[0].question == "At what price?"


def test_the_next_step_of_the_newest_contact_counts_and_warns_when_it_is_over() -> None:
    report = follow_up.TOOL.report(
        [contact("2026-11-01", next="call", next_date=datetime.date(2026, 11, 21))], CONTEXT
    )
    assert report.figures["overdue"] == 1 and "2026-11-21" in report.warnings[0]
    moved_on = [contact("2026-11-01", next="call", next_date=DAY), contact("2026-11-02")]
    assert not list(follow_up.due(moved_on, DAY))


def test_a_day_without_a_step_and_a_step_in_the_past_are_refused() -> None:
    assert [f.field for f in follow_up.check(contact("2026-11-01", next_date=DAY), [])] == ["next_date"]
    back = contact("2026-11-02", next="call", next_date=datetime.date(2026, 11, 1))
    assert [f.field for f in follow_up.check(back, [])] == ["next_date"]


def test_the_steps_of_care_that_a_person_has_had() -> None:
    entries = [contact("2026-11-01", decider=True), on("2026-11-02", person="florist", contact="plan")]
    row = table(follow_up.TOOL.report(entries, CONTEXT), "Steps of care").rows[0]
    assert row == ("florist", "2", "yes", "–", "yes")


@pytest.mark.parametrize(
    ("benefit", "effort"),
    [
        ("I made twelve pages", True),
        ("We've taken forty photos", True),
        ("我们做了十二个页面", True),
        ("orders come in while the shop is closed", False),
        ("Inside a week eleven orders", False),
        ("关了门也能接单", False),
    ],
)
def test_a_deal_summary_tells_the_benefit_and_not_the_effort(benefit: str, effort: bool) -> None:
    report = deal_summary.TOOL.report([at(person="florist", deal="a shop", benefit=benefit)], CONTEXT)
    assert bool(report.warnings) is effort


def test_a_deal_summary_is_ready_to_send() -> None:
    report = deal_summary.TOOL.report(
        [at(person="Mo", deal="a shop.", benefit="eleven orders。", next="x")], CONTEXT
    )
    lines = [line.text for block in report.blocks for line in getattr(block, "lines", ())]
    assert lines == [
        "On 2026-11-22 we agreed on this: a shop.",
        "What you have now: eleven orders.",
        "What could come next: x.",
    ]


# ---------------------------------------------------------------- angel and devil


def test_a_line_without_evidence_is_unproven() -> None:
    entries = [
        at(side="angel", line="spare bike", evidence="log"),
        at(side="devil", line="four days", evidence="offers"),
        at(side="devil", line="worn parts"),
    ]
    report = angel_devil.TOOL.report(entries, CONTEXT)
    assert report.figures == {"angel": 1, "devil": 2, "unproven": 1}
    assert table(report, "Side by side").rows == (("spare bike", "four days"), ("", "worn parts (unproven)"))
    assert [warning[:20] for warning in report.warnings] == ["Do not say this with", "More devil than ange"]


# ---------------------------------------------------------------- referral


def brought(person: str, by: str = "", role: str = "buyer") -> Entry:
    return at(person=person, role=role, **({"brought_by": by} if by else {}))


CLASS = [brought("Bea"), brought("Carl", "Bea"), brought("Dana", "Bea"), brought("Emil", "Dana")]


def test_the_drawing_class_of_the_topic_note() -> None:
    report = referral.TOOL.report(CLASS, CONTEXT)
    assert report.figures["through"] == {"Bea": 3, "Dana": 1}
    assert report.figures["direct"] == {"Bea": 2, "Dana": 1}
    forest = referral.Forest(CLASS)
    assert [(depth, forest.names[key]) for depth, key in forest.walk()] == [
        (0, "Bea"),
        (1, "Carl"),
        (1, "Dana"),
        (2, "Emil"),
    ]


@pytest.mark.parametrize(
    ("person", "by", "way"),
    [
        ("Bea", "Bea", "cannot bring themselves"),
        ("Bea", "bea ", "cannot bring themselves"),
        ("Bea", "Carl", "Bea → Carl → Bea"),
        ("Bea", "Emil", "Bea → Dana → Emil → Bea"),
        ("Dana", "EMIL", "Dana → Emil → Dana"),
    ],
)
def test_circles_are_refused(person: str, by: str, way: str) -> None:
    (fault,) = referral.check(brought(person, by), CLASS)
    assert way in fault.message and fault.field == "brought_by"


def test_somebody_may_turn_out_to_have_come_through_another() -> None:
    assert not list(referral.check(brought("Emil", "Carl"), CLASS))
    assert referral.Forest([*CLASS, brought("Emil", "Carl")]).through()["dana"] == 0


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25))
def test_whatever_is_accepted_stays_a_forest(pairs: list[tuple[int, int]]) -> None:
    accepted: list[Entry] = []
    for person, by in pairs:
        entry = brought(f"p{person}", f"p{by}")
        if not list(referral.check(entry, accepted)):
            accepted.append(entry)
    forest = referral.Forest(accepted)
    walked = [key for _depth, key in forest.walk()]
    assert sorted(walked) == sorted(forest.names)


# ---------------------------------------------------------------- routes


def trial(name: str, route: str, visitors: int, deals: int, hours: str = "") -> Entry:
    extra: dict[str, Value] = {"hours": Decimal(hours)} if hours else {}
    return at(trial=name, route=route, visitors=visitors, deals=deals, logged_in="book", **extra)


def test_the_two_trials_of_the_topic_note() -> None:
    report = routes.TOOL.report([trial("boards", "A", 400, 6), trial("stove", "B", 400, 9)], CONTEXT)
    assert (report.figures["a"]["rate"], report.figures["b"]["rate"]) == (0.015, 0.0225)
    lines = [line.text for block in report.blocks for line in getattr(block, "lines", ())]
    assert lines[0].startswith("One trial proves little")


def test_numbers_need_the_place_where_they_are_logged() -> None:
    guess = at(trial="x", route="A", visitors=400, deals=6)
    assert [fault.field for fault in routes.check(guess, [])] == ["logged_in"]
    assert not list(routes.check(at(trial="x", route="A"), []))
    assert [fault.field for fault in routes.check(trial("x", "A", 5, 6), [])] == ["deals"]


def test_a_route_is_not_called_better_while_chance_could_explain_it() -> None:
    def verdict(*trials: Entry) -> str:
        report = routes.TOOL.report(list(trials), CONTEXT)
        return next(line.text for block in report.blocks for line in getattr(block, "lines", ()))

    close = [
        trial("a1", "A", 400, 6),
        trial("a2", "A", 400, 6),
        trial("b1", "B", 400, 9),
        trial("b2", "B", 400, 9),
    ]
    far = [
        trial("a1", "A", 400, 6),
        trial("a2", "A", 400, 6),
        trial("b1", "B", 400, 60),
        trial("b2", "B", 400, 60),
    ]
    assert "chance alone" in verdict(*close)
    assert verdict(*far).startswith("Route B sold")
    assert "nothing to compare" in verdict(*far[:2])


def test_the_score_interval_of_wilson() -> None:
    low, high = routes.wilson(9, 400) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0119, 0.0422)
    assert routes.wilson(0, 0) is None
    assert (routes.wilson(0, 10) or (1, 0))[0] == 0.0 and (routes.wilson(10, 10) or (0, 0))[
        1
    ] == pytest.approx(1)


def test_a_trial_is_its_newest_entry_and_comes_due_on_its_day() -> None:
    running = at(trial="x", route="A", until=datetime.date(2026, 11, 20))
    assert [due.day for due in routes.due([running], DAY)] == [datetime.date(2026, 11, 20)]
    assert "its day was 2026-11-20" in routes.TOOL.report([running], CONTEXT).warnings[0]
    done = [running, trial("X", "A", 100, 1)]
    assert not list(routes.due(done, DAY))
    assert routes.TOOL.report(done, CONTEXT).figures["a"]["trials"] == 1


# ---------------------------------------------------------------- ties

ANSWERS = {
    # feeling, circle, news
    (True, True, True): "strong",
    (True, True, False): "strong",
    (True, False, True): "strong",
    (True, False, False): "medium",
    (False, True, True): "medium",
    (False, True, False): "medium",
    (False, False, True): "weak",
    (False, False, False): "weak",
}


def test_all_eight_answers() -> None:
    assert set(ANSWERS) == set(itertools.product([True, False], repeat=3))
    assert {answers: ties.classify(*answers) for answers in ANSWERS} == ANSWERS


def test_one_more_yes_never_makes_a_tie_weaker() -> None:
    order = ["weak", "medium", "strong"]
    for answers in ANSWERS:
        for position, said in enumerate(answers):
            more = (*answers[:position], True, *answers[position + 1 :])
            if not said:
                assert order.index(ANSWERS[more]) >= order.index(ANSWERS[answers])


def group(person: str, answers: tuple[bool, bool, bool], people: int, hours: str | None) -> Entry:
    close, circle, news = answers
    extra: dict[str, Value] = {} if hours is None else {"hours": Decimal(hours)}
    return at(person=person, close=close, circle=circle, news=news, people=people, **extra)


def test_the_honey_of_the_topic_note() -> None:
    entries = [group("relatives", (True,) * 3, 12, "9"), group("readers", (False,) * 3, 300, "1")]
    report = ties.TOOL.report(entries, CONTEXT)
    assert report.figures["people"] == {"strong": 12, "medium": 0, "weak": 300}
    assert report.warnings == ("Weak ties are 96.2 % of the people and get 10.0 % of the effort.",)


def test_effort_that_nobody_logged_is_a_gap_and_no_warning() -> None:
    report = ties.TOOL.report([group("readers", (False,) * 3, 300, None)], CONTEXT)
    assert not report.warnings and report.figures["hours"]["weak"] is None
    bars = [block for block in report.blocks if isinstance(block, Bars)][1]
    assert {bar.share for bar in bars.bars} == {None}


# ---------------------------------------------------------------- misconceptions


def test_an_answer_without_evidence_is_unproven_whichever_it_is() -> None:
    first, second = misconceptions.SEVEN[:2]
    entry = at(
        pushing=True,
        product=False,
        flooding=True,
        flooding_evidence="84 posts",
        traffic=False,
        traffic_evidence="log",
    )
    assert misconceptions.verdict(entry, first) == "unproven" == misconceptions.verdict(entry, second)
    report = misconceptions.TOOL.report([entry], CONTEXT)
    assert report.figures["count"] == {"caught": 1, "clear": 1, "unproven": 2, "open": 3}
    assert report.next_step == "Change one thing this month: Flooding."


def test_the_trend_counts_what_is_proven_and_a_month_without_a_check_is_a_gap() -> None:
    entries = [
        on("2026-09-01", pushing=False, pushing_evidence="x"),
        on("2026-11-01", pushing=False, pushing_evidence="x", product=False, product_evidence="y"),
    ]
    (trend,) = (b for b in misconceptions.TOOL.report(entries, CONTEXT).blocks if isinstance(b, Trend))
    assert trend.values == (1.0, None, 2.0) and trend.text == "from 1 to 2"


def test_the_seven_come_due_once_a_month() -> None:
    october = [on("2026-10-01", pushing=False)]
    assert [due.day for due in misconceptions.due(october, DAY)] == [datetime.date(2026, 11, 1)]
    assert not list(misconceptions.due([*october, at(pushing=False)], DAY))


# ---------------------------------------------------------------- ledger


def test_whoever_is_owed_most_comes_first() -> None:
    entries = [
        at(person="Otto", direction="given", what="15 %", kind="profit"),
        at(person="Otto", direction="taken", what="40 buyers"),
        *(at(person="Pia", direction="taken", what=str(n)) for n in range(3)),
    ]
    assert [(account.person, account.balance) for account in ledger.accounts(entries)] == [
        ("Pia", -3),
        ("Otto", 0),
    ]
    report = ledger.TOOL.report(entries, CONTEXT)
    assert report.warnings == ("Pia: 3 taken, nothing given.",)
    assert report.next_step.startswith("The next act is yours: give Pia something back")


# ---------------------------------------------------------------- win-win-win


def deal(**changes: str) -> Entry:
    texts = {field.key: field.default for field in win_win_win.FIELDS} | changes
    values, faults = win_win_win.TOOL.read(texts)
    assert not faults, faults
    return Entry(DAY, values)


def test_the_honey_of_the_win_note() -> None:
    figures = win_win_win.TOOL.report([deal()], CONTEXT).figures
    assert figures["gains"] == {"supplier": 2, "self": 2, "distributor": 2}
    assert (figures["losers"], figures["break_even"]) == ([], 50)
    bargained = win_win_win.TOOL.report([deal(own_price="7.50")], CONTEXT)
    assert bargained.figures["break_even"] == 200
    assert bargained.summary == "All three win."
    assert "140 more a month" in bargained.next_step


def test_the_honey_of_the_chinese_note() -> None:
    yuan = {"supplier_cost": "40", "supplier_price": "60", "own_cost": "10", "own_price": "90"}
    rest = {"distributor_cost": "10", "distributor_price": "120", "fixed_costs": "1000"}
    assert win_win_win.TOOL.report([deal(**yuan, **rest)], CONTEXT).figures["break_even"] == 50
    assert (
        win_win_win.TOOL.report([deal(**yuan | {"own_price": "75"}, **rest)], CONTEXT).figures["break_even"]
        == 200
    )


@pytest.mark.parametrize(
    ("changes", "loser"),
    [
        ({"supplier_price": "3.99"}, "Supplier: a loss of 0.01"),
        ({"own_price": "6.99"}, "You (in the middle): a loss of 0.01"),
        ({"distributor_price": "9.50"}, "Distributor: a loss of 0.50"),
        ({"distributor_price": "10.00"}, "Distributor: nothing won"),
    ],
)
def test_a_loser_is_named(changes: dict[str, str], loser: str) -> None:
    report = win_win_win.TOOL.report([deal(**changes)], CONTEXT)
    assert loser in report.warnings[0]
    assert report.summary.startswith("Not a win for all")


@pytest.mark.parametrize(
    ("fixed", "gain", "pieces"),
    [
        ("100", "2", 50),
        ("101", "2", 51),
        ("0", "2", 0),
        ("0.10", "0.10", 1),
        ("1", "3", 1),
        ("100", "0", None),
        ("100", "-1", None),
    ],
)
def test_break_even_is_rounded_up_to_whole_pieces(fixed: str, gain: str, pieces: int | None) -> None:
    assert win_win_win.break_even(Decimal(fixed), Decimal(gain)) == pieces


@given(st.decimals("0", "10000", places=2), st.decimals("0.01", "1000", places=2))
def test_break_even_is_the_first_number_that_covers_the_costs(fixed: Decimal, gain: Decimal) -> None:
    pieces = win_win_win.break_even(fixed, gain)
    assert pieces is not None and pieces * gain >= fixed
    assert pieces == 0 or (pieces - 1) * gain < fixed


@given(st.lists(st.decimals("0", "100", places=2), min_size=6, max_size=6))
def test_what_the_three_win_is_what_the_buyer_pays_less_all_costs(prices: list[Decimal]) -> None:
    keys = [field.key for field in win_win_win.FIELDS[:6]]
    entry = Entry(DAY, dict(zip(keys, prices, strict=True)))
    costs = sum(price for key, price in zip(keys, prices, strict=True) if key.endswith("cost"))
    assert sum(win_win_win.gains(entry).of().values()) == prices[5] - costs


# ---------------------------------------------------------------- value and confidence


def test_the_value_sheet_shows_its_gaps_and_asks_for_proof() -> None:
    report = value.TOOL.report([at(product="stand", good="firm")], CONTEXT)
    assert report.figures["gaps"] == ["people", "trades", "links", "beyond", "proof"]
    assert report.warnings and report.next_step == "Whom does it suit?"


def test_a_score_counts_only_with_proof() -> None:
    without = at(product=5, self=5, self_proof="sold three")
    assert not confidence.ready(without)
    assert [score.counts for score in confidence.scores(without)] == [None, 5]
    assert confidence.ready(at(product=3, product_proof="x", self=3, self_proof="y"))
    assert not confidence.ready(at(product=2, product_proof="x", self=5, self_proof="y"))


def test_an_unproven_score_is_a_gap_in_the_trend() -> None:
    entries = [
        at(product=2, self=3, self_proof="x"),
        at(product=4, product_proof="ten phones", self=3, self_proof="x"),
        at(product=5, product_proof="ten phones", self=4, self_proof="x"),
    ]
    trends = [block for block in confidence.TOOL.report(entries, CONTEXT).blocks if isinstance(block, Trend)]
    assert [trend.values for trend in trends] == [(None, 4, 5), (3, 3, 4)]


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("identifier", [found.id for found in tools()])
def test_an_empty_record_says_how_to_begin(identifier: str) -> None:
    found = next(found for found in tools() if found.id == identifier)
    report = found.report([], CONTEXT)
    assert report.summary and report.next_step and not report.warnings


def test_the_learner_s_own_entries_replace_the_examples() -> None:
    example = Entry(DAY, {"what": "soap", "to_whom": "all"}, example=True)
    own = Entry(DAY, {"what": "tea", "to_whom": "us"})
    from studytui.practice.project import TOOL

    assert TOOL.report([example, own], CONTEXT).summary == "tea, for us"
    shown = TOOL.report([example], CONTEXT)
    assert "example" in shown.blocks[0].lines[0].text  # type: ignore[union-attr]
    assert TOOL.draft([example], DAY)["what"] == "", "somebody else's words in one's own form"
    assert TOOL.draft([example, own], DAY)["what"] == "tea"


def test_reports_are_json_with_exact_figures() -> None:
    import json

    for found in tools():
        report = found.report([], CONTEXT)
        assert json.loads(json.dumps(report.to_json()))["summary"] == report.summary
    told = win_win_win.TOOL.report([deal()], CONTEXT).to_json()
    assert told["figures"]["gains"] == {"supplier": 2, "self": 2, "distributor": 2}
    assert {block["block"] for block in told["blocks"]} >= {"bars", "table", "lines"}
