"""Practice records: reading, byte-exact edits, and what a hand can break without losing anything."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studytui import i18n
from studytui.errors import StudyError
from studytui.practice import edit
from studytui.practice.fields import Field, Kind, Value
from studytui.practice.parse import parse_record
from studytui.practice.record import COMMON, Record
from studytui.practice.tool import TOOL_IDS, Tool, tool, tools

STARTERS = sorted((Path(__file__).parent.parent / "notes" / "practice").glob("*.md"))
RECORDS = [path for path in STARTERS if b"kind: practice" in path.read_bytes()]
DAY = datetime.date(2026, 12, 1)


def note(block: str, tool_id: str = "stages", front: str = "lang: en\n") -> bytes:
    return (
        f"---\ntitle: Mine\nkind: practice\ntool: {tool_id}\n{front}---\n\nSome prose.\n\n"
        f"```yaml practice\n{block}```\n\nMore prose.\n"
    ).encode()


MOVE = "- date: 2026-11-22\n  person: Mrs Tan\n  stage: expected\n  reason: asked for a sample\n"


def read(block: str, tool_id: str = "stages", front: str = "lang: en\n") -> Record:
    return parse_record(note(block, tool_id, front), "notes/practice/Mine.md")


def only_problem(record: Record) -> str:
    assert len(record.problems) == 1, record.problems
    return str(record.problems[0])


# ---------------------------------------------------------------- reading


def test_an_entry_is_read_with_the_lines_of_its_fields() -> None:
    record = read(MOVE)
    assert not record.problems
    (entry,) = record.entries
    assert (entry.day, entry.text("person"), entry.text("stage")) == (
        datetime.date(2026, 11, 22),
        "Mrs Tan",
        "expected",
    )
    assert (entry.line, entry.lines["stage"]) == (11, 13)
    assert (record.title, record.lang, record.words) == ("Mine", "en", "en")


def test_chinese_words_mean_the_same_as_english_ones() -> None:
    chinese = "- 日期: 2026-11-22\n  客户: 谭姐\n  阶段: 预期\n  理由: 要过试用装\n  示例: 是\n"
    record = read(chinese)
    (entry,) = record.entries
    assert (entry.text("stage"), entry.example, record.words) == ("expected", True, "zh")


def test_words_compare_without_case_width_hyphens_and_underscores() -> None:
    record = read(MOVE.replace("stage: expected", "Stage: FIRST_PURCHASE\n  ｐｕｒｃｈａｓｅｓ: 1"))
    assert not record.problems
    assert record.entries[0].text("stage") == "first-purchase"
    assert record.entries[0].count("purchases") == 1


def test_yaml_words_for_yes_no_and_dates_stay_text_until_a_field_reads_them() -> None:
    record = read(MOVE.replace("Mrs Tan", "no").replace("asked for a sample", "2026-01-02"))
    assert (record.entries[0].text("person"), record.entries[0].text("reason")) == ("no", "2026-01-02")


def test_a_gap_is_a_gap_however_it_is_written() -> None:
    for empty in ("", " ~", " null", ' ""'):
        entry = read(f"- date: 2026-11-22\n  orders:{empty}\n  complaints: 0\n", "satisfaction").entries[0]
        assert "orders" not in entry.values and entry.count("complaints") == 0


def test_lists_may_be_written_in_either_way() -> None:
    sheet = "- date: 2026-11-22\n  strong: 1\n  medium: 1\n  weak: 1\n  willing: 0\n  interested: 0\n  averse: 0\n"
    for written in (
        "  daily: [500, 200, 100]\n",
        "  daily:\n    - 500\n    - 200\n    - 100\n",
        "  daily: 500, 200, 100\n",
        "  daily: 500 200 100\n",
    ):
        record = read(sheet + written, "funnel")
        assert not record.problems, record.problems
        assert record.entries[0].counts("daily") == (500, 200, 100)


def test_the_first_of_two_practice_blocks_counts_and_the_second_is_named() -> None:
    raw = note(MOVE) + b"```yaml practice\n" + MOVE.encode() + b"```\n"
    record = parse_record(raw, "x.md")
    assert len(record.entries) == 1
    assert only_problem(record).startswith("x.md:18: ")


def test_a_block_inside_another_code_block_is_not_a_practice_block() -> None:
    raw = note(MOVE).replace(b"Some prose.", b"````text\n```yaml practice\n- nothing\n```\n````")
    assert len(parse_record(raw, "x.md").entries) == 1


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    record = parse_record(b"\xef\xbb\xbf" + note(MOVE).replace(b"\n", b"\r\n"), "x.md")
    assert not record.problems
    assert record.entries[0].line == 11


BAD = [
    ("- date: 2026/11/22\n", "stages", 11, "Write 2026-11-22"),
    ("- date: 0026-11-22\n", "stages", 11, "such as 2026-11-22"),
    ("- date: 2026-02-30\n", "stages", 11, "such as 2026-11-22"),
    ("- person: Mrs Tan\n  stage: expected\n  reason: x\n", "stages", 11, "no date"),
    (MOVE.replace("  reason: asked for a sample\n", ""), "stages", 11, "“reason” is missing"),
    (MOVE.replace("expected", "expcted"), "stages", 13, "Did you mean expected?"),
    (MOVE.replace("stage: expected", "stage: repeat"), "stages", 13, "at least 2 purchases"),
    (MOVE.replace("stage: expected", "stage: [expected, repeat]"), "stages", 13, "one value, not a list"),
    (MOVE.replace("stage: expected", "stage: {a: b}"), "stages", 13, "more than one value"),
    (MOVE + "  person: Bea\n", "stages", 15, "stands twice"),
    (MOVE + "  purchases: many\n", "stages", 15, "needs a whole number"),
    (MOVE + "  purchases: 1,000\n", "stages", 15, "Write 1000"),
    (MOVE + "  purchases: ５\n", "stages", 15, "Write 5"),
    (MOVE + "  purchases: -1\n", "stages", 15, "needs a whole number"),
    (MOVE + "  purchases：1\n", "stages", 15, "full-width colon"),
    (MOVE + "  客户：谭姐\n", "stages", 15, "full-width colon"),
    (MOVE + "  purchses: 1\n", "stages", 15, "Did you mean purchases?"),
    (MOVE + "  example: perhaps\n", "stages", 15, "yes or no"),
    (MOVE.replace("person: Mrs Tan", "person Mrs Tan"), "stages", 12, "no colon"),
    (MOVE + "  note later\n", "stages", 15, "no colon"),
    (MOVE.replace("  person", "\tperson"), "stages", 12, "tab"),
    (MOVE.replace("  person", " person"), "stages", 12, "not indented"),
    (MOVE.replace("asked", "asked: "), "stages", 14, "A colon stands"),
    (MOVE.replace("Mrs Tan", '"Mrs Tan'), "stages", 12, "quotation mark"),
    (MOVE.replace("Mrs Tan", "[Mrs Tan"), "stages", 12, "bracket"),
    (MOVE.replace("Mrs Tan", "@tan"), "stages", 12, "quotation marks"),
    (MOVE.replace("Mrs Tan", "*tan"), "stages", 12, "quotation marks"),
    (MOVE.replace("Mrs Tan", "a\x07b"), "stages", 12, "control character"),
    ("- just text\n", "stages", 11, "no fields"),
    ("loose line\n" + MOVE, "stages", 11, "belongs to no entry"),
    ("- date: 2026-11-22\n  product: 6\n  self: 3\n", "confidence", 12, "from 1 to 5"),
    ("- date: 2026-11-22\n  orders: 3\n  complaints: 4\n", "satisfaction", 13, "exceeds"),
]


@pytest.mark.parametrize(
    ("block", "tool_id", "line", "says"), BAD, ids=[case[3] + str(n) for n, case in enumerate(BAD)]
)
def test_bad_input_is_a_sentence_with_file_and_line(block: str, tool_id: str, line: int, says: str) -> None:
    good = MOVE if tool_id == "stages" else ""
    record = read(block + good.replace("Mrs Tan", "Bea"), tool_id)
    text = "\n".join(map(str, record.problems))
    assert f"notes/practice/Mine.md:{line}: " in text, text
    assert says in text, text
    assert all(problem.hint for problem in record.problems)
    if good:
        assert any(entry.text("person") == "Bea" for entry in record.entries), "the next entry is lost"


def test_an_unknown_field_is_named_but_does_not_cost_the_entry() -> None:
    record = read(MOVE + "  mood: happy\n")
    assert len(record.entries) == 1 and "mood" in only_problem(record)


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (b"no front matter\n", 1, "front matter"),
        (b"---\ntool: funnel\n", 1, "front matter"),
        (b"---\ntitle: x\n---\n", 1, "which tool"),
        (b"---\ntitle: x\ntool: funel\n---\n", 3, "Did you mean funnel?"),
        (b"---\ntitle: [x\ntool: funnel\n---\n", 2, "bracket"),
        (b"---\ntool: funnel\n---\n\ntext\n", 5, "no practice block"),
        (b"---\ntool: funnel\n---\n\n```yaml practice\n- date: 2026-11-22\n", 5, "never closed"),
        (b"---\ntool: funnel\n---\n\xff\xfe\n", 4, "UTF-8"),
        (b"", 1, "front matter"),
    ],
)
def test_a_note_that_is_no_record_says_why(raw: bytes, line: int, says: str) -> None:
    record = parse_record(raw, "x.md")
    assert not record.entries
    assert only_problem(record).startswith(f"x.md:{line}: ") and says in only_problem(record)
    with pytest.raises(StudyError):
        edit.append_entry(record, DAY, {})


def test_brackets_in_quotation_marks_are_text() -> None:
    record = read(MOVE.replace("Mrs Tan", '"' + "[" * 150 + '"'))
    assert [entry.text("person") for entry in record.entries] == ["[" * 150]


@pytest.mark.parametrize(
    "brackets",
    [
        "'" + "]" * 3_000 + "'\n  reason: " + "[" * 3_000,
        "[" * 20_000,
        "[" * 2_000 + "]" * 2_000,
        "[{" * 200 + "}]" * 200,
    ],
)
def test_deep_brackets_are_a_problem_and_no_crash(brackets: str) -> None:
    assert "brackets" in only_problem(read(MOVE.replace("Mrs Tan", brackets)))


def test_deep_lists_are_a_problem_and_no_crash() -> None:
    assert "brackets" in only_problem(read(MOVE.replace(" Mrs Tan", "\n    " + "- " * 2_000)))


def test_an_indented_list_is_read_and_goes_on_indented() -> None:
    block = "".join(f"  {line}\n" for line in MOVE.splitlines())
    record = read(block + block.replace("Mrs Tan", "Bea"))
    assert [entry.text("person") for entry in record.entries] == ["Mrs Tan", "Bea"]
    after = edit.append_entry(record, DAY, {"person": "Mo", "stage": "expected", "reason": "x"})
    assert b"\n  - date: 2026-12-01\n    person: Mo\n" in after


def test_examples_open_no_gate_for_the_learner_s_own_entries() -> None:
    example = MOVE.replace("stage: expected", "stage: first-purchase\n  purchases: 9\n  example: yes")
    own = MOVE.replace("2026-11-22", "2026-11-23").replace("expected", "repeat")
    record = read(example + own)
    assert [entry.example for entry in record.entries] == [True]
    assert "at least 2 purchases" in only_problem(record)
    assert not read(example + own + "  example: yes\n").problems, "examples stand on earlier examples"


def test_reading_and_editing_are_the_same_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from studytui.practice import parse

    def everything() -> list[object]:
        parse._kept.clear()
        found: list[object] = []
        for path in RECORDS:
            record = parse_record(path.read_bytes(), path.name)
            found += [record, edit.append_entry(record, DAY, example_values(record.usable()))]
            found += [edit.remove_entry(record, record.entries[-1])]
        return found

    fast = everything()
    monkeypatch.delattr(yaml, "CBaseLoader")
    assert everything() == fast


def test_problems_stand_in_the_report_so_that_nothing_is_left_out_silently() -> None:
    from studytui.practice.tool import Context

    record = read(MOVE + MOVE.replace("expected", "repeat"))
    assert "notes/practice/Mine.md:17" in record.report(Context(DAY)).warnings[0]


# ---------------------------------------------------------------- edits


def test_an_appended_entry_changes_no_other_byte() -> None:
    raw = note("# a remark\n" + MOVE + "\n# the end\n")
    record = parse_record(raw, "x.md")
    after = edit.append_entry(
        record,
        DAY,
        {"person": "Bea: the first", "stage": "first-purchase", "reason": "1 bar", "purchases": 1},
    )
    added = (
        b'- date: 2026-12-01\n  person: "Bea: the first"\n  stage: first-purchase\n'
        b"  reason: 1 bar\n  purchases: 1\n"
    )
    assert after == raw.replace(b"# the end\n", b"# the end\n" + added)


def test_an_entry_is_written_in_the_words_of_its_note() -> None:
    i18n.set_language("en")
    record = read("- 日期: 2026-11-22\n  客户: 谭姐\n  阶段: 预期\n  理由: 要过试用装\n")
    after = edit.append_entry(
        record, DAY, {"person": "谭姐", "stage": "first-purchase", "reason": "买了", "purchases": 1}
    )
    assert (
        "- 日期: 2026-12-01\n  客户: 谭姐\n  阶段: 首次成交\n  理由: 买了\n  购买次数: 1\n".encode() in after
    )


def test_an_empty_block_takes_its_first_entry_in_the_language_of_the_note() -> None:
    after = edit.append_entry(
        read("", front="lang: zh\n"), DAY, {"person": "谭姐", "stage": "expected", "reason": "问价"}
    )
    assert "- 日期: 2026-12-01\n  客户: 谭姐\n".encode() in after


def test_windows_line_ends_stay() -> None:
    record = parse_record(note(MOVE).replace(b"\n", b"\r\n"), "x.md")
    after = edit.append_entry(record, DAY, {"person": "Bea", "stage": "expected", "reason": "one\ntwo"})
    assert b"\n" not in after.replace(b"\r\n", b"")
    assert parse_record(after, "x.md").entries[1].text("reason") == "one\ntwo"


def test_set_fields_splices_only_the_values() -> None:
    block = (
        "- date: 2026-11-22   # a day\n  person:   'Mrs Tan'  # her\n  stage: expected\n"
        "  reason: |\n    asked\n    twice\n\n  # loose remark\n" + MOVE.replace("Mrs Tan", "Bea")
    )
    record = parse_record(note(block), "x.md")
    after = edit.set_fields(
        record, record.entries[0], {"person": "Mrs Lee", "reason": "came by", "purchases": 0}
    )
    changed = block.replace("'Mrs Tan'", "Mrs Lee").replace(
        "|\n    asked\n    twice\n", "came by\n  purchases: 0\n"
    )
    assert after == note(changed)


def test_set_fields_can_make_a_gap_and_rewrite_a_list() -> None:
    sheet = "- date: 2026-11-22\n  strong: 1\n  medium: 1\n  weak: 1\n  willing: 0\n  interested: 0\n  averse: 0\n"
    record = read(sheet + "  daily:\n    - 500\n    - 200 # then\n\n", "funnel")
    after = edit.set_fields(record, record.entries[0], {"daily": (9, 8), "willing": 1})
    assert after == note(sheet.replace("willing: 0", "willing: 1") + "  daily: [9, 8] # then\n\n", "funnel")
    gone = edit.set_fields(record, record.entries[0], {"daily": None})
    assert gone == note(sheet + "  daily: # then\n\n", "funnel")


def test_an_entry_in_braces_is_edited_in_braces() -> None:
    block = "- {date: 2026-11-22, person: Mrs Tan, stage: expected, reason: asked}\n"
    record = read(block)
    after = edit.set_fields(record, record.entries[0], {"reason": "price, please", "purchases": 0})
    assert after == note(
        '- {date: 2026-11-22, person: Mrs Tan, stage: expected, reason: "price, please", purchases: 0}\n'
    )


def test_removing_an_entry_leaves_the_remarks() -> None:
    block = "# top\n" + MOVE + "# between\n\n" + MOVE.replace("Mrs Tan", "Bea")
    record = parse_record(note(block), "x.md")
    assert edit.remove_entry(record, record.entries[0]) == note(
        "# top\n# between\n\n" + MOVE.replace("Mrs Tan", "Bea")
    )


def test_an_edit_that_would_break_a_later_entry_is_refused() -> None:
    first = MOVE.replace("stage: expected", "stage: first-purchase\n  purchases: 1")
    later = MOVE.replace("2026-11-22", "2026-11-23").replace("expected", "advocate")
    record = read(first + later)
    assert len(record.entries) == 2
    with pytest.raises(StudyError, match="no longer fit"):
        edit.remove_entry(record, record.entries[0])


def test_an_edit_of_a_stale_entry_is_refused() -> None:
    old = read("\n\n" + MOVE).entries[0]
    with pytest.raises(StudyError, match="no longer where it was"):
        edit.set_fields(read(MOVE), old, {"reason": "x"})


# ---------------------------------------------------------------- properties


def texts() -> st.SearchStrategy[str]:
    awkward = st.sampled_from(list(":#-?!&*|>%@`'\"{}[],~=\\ \n\t\r\x00\x07\x85\u2028\u3000：，。客戶é😀"))
    letters = st.characters(exclude_categories=["Cs"])
    return st.text(st.one_of(awkward, letters), min_size=1, max_size=30).map(str.strip).filter(bool)


def values_of(field: Field) -> st.SearchStrategy[Value]:
    counts = st.integers(0, 10**12 - 1)
    decimals = st.decimals(0, 10**9, places=2)
    table: dict[Kind, st.SearchStrategy[Value]] = {
        Kind.TEXT: texts(),
        Kind.NOTE: texts(),
        Kind.OPEN: texts().map(lambda text: field.read(text) or "x"),
        Kind.COUNT: counts,
        Kind.AMOUNT: decimals,
        Kind.CHANGE: st.decimals(-100, 100, places=2),
        Kind.SCORE: st.integers(1, 5),
        Kind.YES_NO: st.booleans(),
        Kind.CHOICE: st.sampled_from([word.key for word in field.words] or ["x"]),
        Kind.DAY: st.dates(datetime.date(2026, 1, 1), datetime.date(2030, 1, 1)),
        Kind.COUNTS: st.lists(counts, min_size=1, max_size=6).map(tuple),
    }
    return table[field.kind]


@st.composite
def entries_of(draw: st.DrawFn, found: Tool) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for field in found.fields:
        if field.required or draw(st.booleans()):
            values[field.key] = draw(values_of(field))
    return values


@pytest.mark.hypothesis
@pytest.mark.parametrize("identifier", ["portrait", "project", "sources"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_whatever_is_written_is_read_again(identifier: str, lang: str) -> None:
    found = tool(identifier)

    @given(entries_of(found), texts())
    def check(values: dict[str, Value], remark: str) -> None:
        if identifier == "portrait":
            values["evidence"] = "seen"
        record = read("# remark\n", identifier, f"lang: {lang}\n")
        raw = edit.append_entry(record, DAY, values, remark)
        result = parse_record(raw, record.path)
        assert [(e.values, e.note) for e in result.entries] == [(values, remark)]
        before, after = note("# remark\n", identifier, f"lang: {lang}\n").split(b"# remark\n")
        assert raw.startswith(before + b"# remark\n") and raw.endswith(after)

    check()


@given(st.data())
def test_any_field_can_be_set_to_any_value_and_back_without_touching_the_rest(data: st.DataObject) -> None:
    found = tool("project")
    raw = note(
        "- date: 2026-11-01 # one\n  what: soap\n  to_whom: 'all of them'\n# between\n"
        '- date: 2026-11-02\n  what: |-\n    two\n    lines\n  to_whom: "x" # y\n  price: 4.00\n',
        "project",
    )
    record = parse_record(raw, "x.md")
    entry = data.draw(st.sampled_from(record.entries))
    field = data.draw(st.sampled_from(found.fields[:3]))
    value = data.draw(values_of(field))
    after = parse_record(edit.set_fields(record, entry, {field.key: value}), "x.md")
    position = record.entries.index(entry)
    assert after.entries[position].values == {**entry.values, field.key: value}
    assert [e.values for e in after.entries if e is not after.entries[position]] == [
        e.values for e in record.entries if e is not entry
    ]
    old = entry.values.get(field.key)
    back = parse_record(edit.set_fields(after, after.entries[position], {field.key: old}), "x.md")
    assert [e.values for e in back.entries] == [e.values for e in record.entries]


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_fail(tail: bytes) -> None:
    for raw in (tail, note(MOVE) + tail, note(MOVE).replace(b"asked", tail)):
        record = parse_record(raw, "x.md")
        assert record.raw == raw
        assert all(1 <= problem.line <= raw.count(b"\n") + 1 for problem in record.problems)


@given(st.text(st.sampled_from("-: \n\"'[]{}|>#&*!%@`a1客：\t"), max_size=60))
def test_no_block_makes_reading_fail_or_an_append_lose_a_byte(block: str) -> None:
    raw = note(MOVE + block + "\n")
    record = parse_record(raw, "x.md")
    try:
        after = edit.append_entry(record, DAY, {"person": "Bea", "stage": "expected", "reason": "x"})
    except StudyError:
        return
    added = b"- date: 2026-12-01\n  person: Bea\n  stage: expected\n  reason: x\n"
    assert after.replace(added, b"", 1) == raw


# ---------------------------------------------------------------- ten notes, ten ways each


def drop_a_required_line(lines: list[str], rng: random.Random) -> list[str]:
    at = rng.choice([n for n, line in enumerate(lines) if line.startswith("- ")])
    return [*lines[:at], lines[at + 1].replace("  ", "- ", 1), *lines[at + 2 :]]


def on_a_field(change: Callable[[str], str]) -> Callable[[list[str], random.Random], list[str]]:
    def broken(lines: list[str], rng: random.Random) -> list[str]:
        at = rng.choice([n for n, line in enumerate(lines) if line.startswith("  ") and ": " in line])
        return [*lines[:at], change(lines[at]), *lines[at + 1 :]]

    return broken


def on_a_date(change: Callable[[str], str]) -> Callable[[list[str], random.Random], list[str]]:
    def broken(lines: list[str], rng: random.Random) -> list[str]:
        at = rng.choice([n for n, line in enumerate(lines) if line.startswith("- ")])
        return [*lines[:at], change(lines[at]), *lines[at + 1 :]]

    return broken


BREAKERS: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    "no date": drop_a_required_line,
    "date with slashes": on_a_date(lambda line: line.replace("2026-", "2026/")),
    "tab": on_a_field(lambda line: "\t" + line.lstrip()),
    "no colon": on_a_field(lambda line: line.replace(": ", " ", 1)),
    "wide colon": on_a_field(lambda line: line.replace(": ", "：", 1)),
    "open quote": on_a_field(lambda line: line.replace(": ", ': "', 1)),
    "second colon": on_a_field(lambda line: line + ": more"),
    "twice": on_a_field(lambda line: f"{line}\n{line}"),
    "misspelt": on_a_field(lambda line: "  x" + line.lstrip()),
    "indented": on_a_field(lambda line: line[1:]),
    "a dash in front": on_a_field(lambda line: "- " + line.lstrip()),
    "control character": on_a_field(lambda line: line + "\x07"),
}


@pytest.mark.parametrize("seed", range(10))
def test_ten_random_notes_broken_in_ten_ways_lose_nothing(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    path = rng.choice(RECORDS)
    text = path.read_text("utf-8")
    head, _fence, rest = text.partition("```yaml practice\n")
    block, _close, tail = rest.rpartition("```\n")
    sound = parse_record(text.encode(), path.name)
    assert not sound.problems
    for name, breaker in rng.sample(sorted(BREAKERS.items()), 10):
        broken_block = "\n".join(breaker(block.splitlines(), rng)) + "\n"
        raw = f"{head}```yaml practice\n{broken_block}```\n{tail}".encode()
        record = parse_record(raw, path.name)
        assert record.problems, f"{path.name}, {name}: nothing said"
        first = str(record.problems[0])
        assert first.startswith(f"{path.name}:") and record.problems[0].hint, first
        changed = next(
            n
            for n, (a, b) in enumerate(zip(raw.splitlines(), text.encode().splitlines(), strict=False), 1)
            if a != b
        )
        assert any(abs(problem.line - changed) <= 3 for problem in record.problems), (name, changed, first)
        assert len(record.entries) >= len(sound.entries) - 2, (
            f"{path.name}, {name}: more than the broken entry is lost"
        )
        assert record.raw == raw
        file = tmp_path / "broken.md"
        file.write_bytes(raw)
        try:
            after = edit.append_entry(record, DAY, example_values(record.usable()))
        except StudyError as error:
            assert error.message and error.hint
        else:
            start = raw.rindex(b"```")
            assert after.startswith(raw[:start]) and after.endswith(raw[start:])
        assert file.read_bytes() == raw


def example_values(found: Tool) -> dict[str, Value]:
    samples: dict[Kind, Value] = {
        Kind.COUNT: 0,
        Kind.AMOUNT: Decimal(1),
        Kind.SCORE: 3,
        Kind.YES_NO: True,
        Kind.DAY: DAY,
        Kind.COUNTS: (1,),
    }
    return {
        f.key: samples.get(f.kind, f.words[0].key if f.words else "x") for f in found.fields if f.required
    }


# ---------------------------------------------------------------- the format as a whole


def test_every_word_of_the_format_means_one_thing() -> None:
    for found in tools():
        words = [word for field in (*COMMON, *found.fields) for word in {field.key, field.zh}]
        assert len(words) == len(set(words)), found.id
        for field in found.fields:
            names = [word for w in field.words for word in {w.key, w.zh}]
            assert len(names) == len(set(names)), (found.id, field.key)


def test_every_tool_has_its_own_module_and_id() -> None:
    assert [found.id for found in tools()] == list(TOOL_IDS)
    with pytest.raises(StudyError, match="no tool") as error:
        tool("funel")
    assert "funnel" in error.value.hint


@pytest.mark.hypothesis
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_values_survive_being_shown_and_typed_again(lang: str) -> None:
    i18n.set_language(lang)
    for found in tools():
        for field in found.fields:
            survives(field)


def survives(field: Field) -> None:
    @settings(max_examples=8)
    @given(values_of(field))
    def check(value: Value) -> None:
        assert field.read(field.text(value)) == value

    check()


def test_the_format_is_documented_field_by_field() -> None:
    text = (Path(__file__).parent.parent / "docs" / "practice.md").read_text("utf-8")
    sections = {part.split("`")[1]: part for part in text.split("\n### ")[1:]}
    assert list(sections) == list(TOOL_IDS)
    for found in tools():
        for field in found.fields:
            assert f"| `{field.key}` | {field.zh} |" in sections[found.id]
            assert all(f"`{word.key}`" in sections[found.id] for word in field.words)
