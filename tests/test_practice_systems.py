"""The table of the twenty-five systems against what the starter holds for each of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studytui.commands import AREAS
from studytui.learning.cards import parse_cards
from studytui.notes.templates import BUILTIN
from studytui.practice.fields import Kind
from studytui.practice.systems import SYSTEMS, System, system, system_of_topic, systems_of_tool
from studytui.practice.tool import TOOL_IDS, tool, tools
from studytui.privacy import TOOLS

ROOT = Path(__file__).parent.parent
TOPICS = ROOT / "notes" / "topics"
COURSES = {
    "en": ROOT / "notes" / "courses" / "Internet marketing, first steps.md",
    "zh": ROOT / "notes" / "courses" / "互联网营销第一步.md",
}
LANGS = ("en", "zh")
CASES = [pytest.param(found, lang, id=f"{found.number}-{lang}") for found in SYSTEMS for lang in LANGS]
# Titles of the tools as the Chinese topic notes call them; English ones are the tools' own.
CHINESE = {
    "angel-devil": "天使与魔鬼表",
    "confidence": "自信自检",
    "deal-summary": "成交总结",
    "dimensions": "客户管理的四个维度",
    "follow-up": "跟进记录",
    "funnel": "漏斗",
    "ledger": "往来账",
    "misconceptions": "误区自查",
    "portrait": "客户画像",
    "referral": "转介绍树",
    "routes": "A/B 路线对比",
    "satisfaction": "七个满意度指标",
    "soft-article": "软文检查",
    "sources": "客户来源",
    "stages": "客户的八个阶段",
    "ties": "关系分类",
    "value": "价值表",
    "win-win-win": "三方共赢计算器",
}


def title(found: System, lang: str) -> str:
    return found.topic.zh if lang == "zh" else found.topic.key


def topic(found: System, lang: str) -> str:
    return (TOPICS / f"{title(found, lang)}.md").read_text("utf-8")


def test_the_table_is_the_one_of_the_brief() -> None:
    assert [found.number for found in SYSTEMS] == list(range(1, 26))
    assert [found.article for found in SYSTEMS] == [1] * 17 + [2] * 8
    for values in ([s.key for s in SYSTEMS], [s.topic.key for s in SYSTEMS], [s.topic.zh for s in SYSTEMS]):
        assert len(set(values)) == 25


@pytest.mark.parametrize(("found", "lang"), CASES)
def test_each_system_has_its_topic_note_with_cards_and_a_question(found: System, lang: str) -> None:
    text = topic(found, lang)
    front = text.split("---\n")[1]
    assert f"title: {title(found, lang)}\n" in front and f"system: {found.key}\n" in front
    assert f"lang: {lang}\n" in front
    assert re.search(r"^explain:\n  - \S", front, re.MULTILINE)
    assert len(parse_cards("x.md", title(found, lang), {"tags": ["flashcards"]}, text)) >= 3


@pytest.mark.parametrize(("found", "lang"), CASES)
def test_each_system_has_a_lesson(found: System, lang: str) -> None:
    assert f"[[{title(found, lang)}]]" in COURSES[lang].read_text("utf-8")


@pytest.mark.parametrize("found", SYSTEMS, ids=lambda found: found.key)
def test_each_system_has_a_tool_or_a_template_and_a_screen(found: System) -> None:
    assert found.tools or found.templates
    assert set(found.tools) <= set(TOOL_IDS) and set(found.templates) <= set(BUILTIN)
    assert found.screen in {area.name for area in AREAS}
    assert (found.screen == "practice") == bool(found.tools)


@pytest.mark.parametrize(("found", "lang"), CASES)
def test_the_topic_note_names_the_screen_key_and_a_command(found: System, lang: str) -> None:
    text = topic(found, lang)
    assert found.commands[0] in text
    number = next(area.number for area in AREAS if area.name == found.screen)
    assert re.search(rf"[Pp]ress {number}\b|按 {number}（", text)


@pytest.mark.parametrize(("found", "lang"), [case for case in CASES if case.values[0].tools])
def test_the_topic_note_names_its_tools_as_the_screen_does(found: System, lang: str) -> None:
    text = topic(found, lang).casefold()
    assert set(CHINESE) == set(TOOL_IDS) - {"project"}
    for identifier in found.tools:
        wanted = CHINESE[identifier] if lang == "zh" else tool(identifier).title
        assert wanted.casefold().replace(" ", "") in text.replace(" ", ""), wanted


def test_every_tool_serves_a_system_but_the_project_serves_them_all() -> None:
    assert [identifier for identifier in TOOL_IDS if not systems_of_tool(identifier)] == ["project"]
    assert [found.key for found in systems_of_tool("referral")] == ["referral", "distribution"]


def test_the_tools_that_name_people_enter_no_export_unless_asked_for() -> None:
    named = {found.id for found in tools() for f in found.fields if (f.key, f.kind) == ("person", Kind.TEXT)}
    assert named == TOOLS


def test_a_system_is_found_by_key_and_by_topic() -> None:
    assert system("ties") is SYSTEMS[18] and system("nothing") is None
    assert system_of_topic("强、中、弱关系") is SYSTEMS[18] is system_of_topic("Strong, medium and weak ties")
    assert system_of_topic("Map") is None


def test_every_command_of_the_table_exists() -> None:
    import click

    from studytui.cli import studytui

    for command in {words for found in SYSTEMS for words in found.commands}:
        _program, name, *rest = command.split()
        group = studytui.commands.get(name)
        assert group is not None, command
        if rest[:1] == ["run"]:
            assert isinstance(group, click.Group) and "run" in group.commands, command
