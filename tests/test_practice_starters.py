"""The shipped practice notes: complete in both languages, sound, in agreement with the tools, in their own words."""

from __future__ import annotations

import ast
import datetime
import hashlib
import re
from pathlib import Path

import pytest

from studytui import i18n
from studytui.practice.parse import parse_record
from studytui.practice.record import Record
from studytui.practice.records import Records
from studytui.practice.systems import SYSTEMS, systems_of_tool
from studytui.practice.tool import TOOL_IDS, Context
from studytui.workspace import Workspace, starter_root
from tests.conftest import FixedClock

ROOT = Path(__file__).parent.parent
PRACTICE = ROOT / "notes" / "practice"
ARTICLES = ROOT.parent / "shared" / "articles"
SHINGLES = Path(__file__).parent / "article_shingles.txt"
NOTES = sorted(PRACTICE.glob("*.md"))
LANGS = ("en", "zh")
DAY = datetime.date(2026, 11, 22)

CLAIMS = {
    "en": r"6 times as willing|double the profit|two thirds|half way there|close most easily|most easily hurt"
    r"|main audience|deadliest|easiest to lose|neglect the last two|Jack Ma|will master the subject"
    r"|so are more efficient|gains whatever the others sell|day of most young people",
    "zh": r"高出六倍|翻一番|三分之二|成功了一半|最容易成交|最容易因为|主要受众|最致命|最容易丢|冷落了后两|马云"
    r"|终会学成|效率也就更高|都有得赚|多数年轻人一天",
}
MARKS = {"en": "[claim]", "zh": "【说法】"}


def starter(identifier: str, lang: str) -> Record:
    for path in NOTES:
        record = parse_record(path.read_bytes(), path.name)
        if record.tool and record.tool.id == identifier and record.lang == lang:
            return record
    raise AssertionError(f"no starter for {identifier} in {lang}")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("identifier", TOOL_IDS)
def test_every_tool_starts_with_a_sound_record_in_the_words_of_its_language(
    identifier: str, lang: str
) -> None:
    i18n.set_language(lang)
    record = starter(identifier, lang)
    assert not record.problems
    assert record.entries and record.examples, "examples would count as the learner's own"
    assert record.words == lang
    assert record.title == Path(record.path).stem
    front = record.raw.decode().split("---\n")[1]
    systems = systems_of_tool(identifier)
    topics = {system.topic.zh if lang == "zh" else system.topic.key for system in systems}
    assert bool(topics) == ("topic: " in front)
    assert not topics or any(f"topic: {title}\n" in front for title in topics)


@pytest.mark.parametrize("lang", LANGS)
def test_no_record_is_called_like_a_topic_so_that_links_stay_clear(lang: str) -> None:
    topics = {title for system in SYSTEMS for title in (system.topic.key, system.topic.zh)}
    assert not topics & {path.stem for path in NOTES}


@pytest.mark.parametrize("lang", LANGS)
def test_links_lead_to_notes_of_the_same_language(lang: str) -> None:
    known = {
        path.stem: path.read_text("utf-8")
        for path in (ROOT / "notes").rglob("*.md")
        if path.parent.name != "."
    }
    for path in NOTES:
        text = path.read_text("utf-8")
        if f"lang: {lang}\n" not in text:
            continue
        for target in re.findall(r"\[\[([^\]]+)\]\]", text):
            assert f"lang: {lang}\n" in known[target], (path.name, target)


@pytest.mark.parametrize("lang", LANGS)
def test_the_figures_of_the_articles_come_out_of_the_shipped_records(lang: str) -> None:
    figures = starter("funnel", lang).report(Context(DAY)).figures
    shares = [
        round(figures[f"{key}_share"] * 100, 1) for key in ("willing", "interested", "averse", "undecided")
    ]
    assert (figures["total"], shares) == (7500, [4.0, 26.7, 13.3, 56.0])
    assert figures["kept"] == [0.4, 0.5] and round(figures["mean_factor"], 3) == 0.447
    people = starter("ties", lang).report(Context(DAY)).figures["people"]
    assert people == {"strong": 500, "medium": 2000, "weak": 5000}
    assert starter("win-win-win", lang).report(Context(DAY)).figures["break_even"] == 50
    assert starter("dimensions", lang).report(Context(DAY)).figures["care_share"] == 0.15
    bakery = starter("satisfaction", lang).report(Context(DAY)).figures
    assert (bakery["return_rate"], bakery["complaint_rate"], bakery["amount"]) == (0.35, 0.025, 40)


@pytest.mark.parametrize("lang", LANGS)
def test_the_example_draft_is_there_and_passes_its_own_check(
    lang: str, tmp_path: Path, clock: FixedClock
) -> None:
    records = Records(Workspace(tmp_path), clock)
    figures = records.record("soft-article", lang).report(records.context()).figures
    assert figures["found"] and figures["faults"] == [] and figures["mentions"] == 1


def paragraphs() -> list[tuple[str, str, str]]:
    """Every paragraph of the starter notes and every string of the tools, as (place, language, text)."""
    found = []
    for path in sorted((ROOT / "notes").rglob("*.md")):
        text = path.read_text("utf-8")
        lang = "zh" if "lang: zh\n" in text else "en"
        found += [(path.name, lang, part) for part in text.split("\n\n")]
    for path in sorted((ROOT / "studytui" / "practice").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "N_", "ngettext")
            ):
                found += [(path.name, "en", str(a.value)) for a in node.args if isinstance(a, ast.Constant)]
    return found


def test_no_claim_of_the_articles_stands_without_its_mark() -> None:
    seen = set()
    for place, lang, text in paragraphs():
        for claim in re.findall(CLAIMS[lang], text, re.IGNORECASE):
            seen.add(claim.casefold())
            assert MARKS[lang] in text, f"{place}: {text}"
    assert len(seen) >= 2 * 14, "the tools do not show the articles' claims any more"


def test_the_chinese_of_the_catalogue_keeps_the_mark() -> None:
    i18n.set_language("zh")
    for place, lang, text in paragraphs():
        if lang == "en" and place.endswith(".py"):
            assert (MARKS["en"] in text) == (MARKS["zh"] in i18n._(text)) or i18n._(text) == text, text


def letters(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff]", "", text)


def shingles(text: str) -> dict[str, str]:
    """Every twelve Chinese characters in a row, by a hash that gives nothing of the text away."""
    own = letters(text)
    pieces = (own[n : n + 12] for n in range(len(own) - 11))
    return {hashlib.sha256(piece.encode()).hexdigest()[:10]: piece for piece in pieces}


def test_no_sentence_of_the_articles_is_copied() -> None:
    copied = set(SHINGLES.read_text("ascii").split())
    assert len(copied) > 5_000
    files = [*ROOT.joinpath("notes").rglob("*.md"), *ROOT.joinpath("docs").rglob("*.md")]
    files += [*ROOT.glob("*.md"), *ROOT.joinpath("studytui").rglob("*.py")]
    files += [ROOT / "studytui" / "locale" / "zh" / "LC_MESSAGES" / "studytui.po"]
    for path in files:
        own = shingles(path.read_text("utf-8"))
        assert not [own[key] for key in own.keys() & copied], path.name


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles are not part of the repository")
def test_the_hashes_are_those_of_the_articles() -> None:
    found = {key for path in ARTICLES.glob("*.txt") for key in shingles(path.read_text("utf-8"))}
    assert found == set(SHINGLES.read_text("ascii").split())
    sentence = letters(min(ARTICLES.glob("*.txt")).read_text("utf-8"))[40:60]
    assert shingles(sentence).keys() <= found, "a copied sentence would be seen"


def test_the_starter_is_found_where_the_wheel_and_the_checkout_have_it() -> None:
    assert (starter_root() / "notes" / "practice").is_dir()
