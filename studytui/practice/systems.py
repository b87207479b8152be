"""The one table of the twenty-five systems that the two articles name, and where studytui keeps each of them."""

from __future__ import annotations

from dataclasses import dataclass

from studytui.practice.fields import Word


@dataclass(frozen=True)
class System:
    """One system: its topic note in both languages, the tools that practise it, a screen and a shell command.

    ``tools`` are ids of practice tools; a system without one is practised in its ``screen`` (a name of
    `studytui.commands.AREAS`) with notes made from ``templates``.  ``article`` is 1 or 2.
    """

    number: int
    key: str
    article: int
    topic: Word
    screen: str
    tools: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    command: str = ""

    @property
    def commands(self) -> tuple[str, ...]:
        """What to type in a shell, "studytui" included."""
        run = tuple(f"studytui practice run {tool}" for tool in self.tools)
        return run or (f"studytui {self.command}",)


def _room(
    number: int, key: str, article: int, en: str, zh: str, screen: str, command: str, *templates: str
) -> System:
    return System(number, key, article, Word(en, zh), screen, templates=templates, command=command)


def _practice(number: int, key: str, article: int, en: str, zh: str, *tools: str) -> System:
    return System(number, key, article, Word(en, zh), "practice", tools or (key,))


SYSTEMS = (
    _room(1, "practitioners", 1, "Meet practitioners", "结识从业者", "people", "people", "person", "event"),
    _room(
        2,
        "job-news",
        1,
        "Job news and stuck questions",
        "求职动态与卡住的问题",
        "people",
        "people",
        "question",
    ),
    _room(3, "sites", 1, "Follow marketing sites", "关注营销网站", "read", "pull", "article"),
    _room(4, "paid-courses", 1, "A little paid teaching", "少量付费课程", "courses", "courses", "lesson"),
    _room(5, "persistence", 1, "Keep at it", "坚持学习", "today", "stats", "weekly"),
    _room(6, "sorting", 1, "Sort out after study", "学后整理", "today", "today", "article", "lesson"),
    _room(7, "knowledge-system", 1, "Your own knowledge system", "自己的知识体系", "map", "map", "topic"),
    _room(8, "explain", 1, "Something to say", "讲得出来", "review", "explain", "topic"),
    _practice(9, "stages", 1, "Eight customer stages", "客户的八个阶段"),
    _practice(10, "portrait", 1, "Customer portrait", "客户画像"),
    _practice(11, "dimensions", 1, "Four dimensions of customer care", "客户管理的四个维度"),
    _practice(12, "satisfaction", 1, "Seven satisfaction indicators", "七个满意度指标"),
    _practice(13, "sources", 1, "Sources of customers", "客户来源"),
    _practice(
        14, "follow-up", 1, "Follow-up and deal summary", "跟进与成交总结", "follow-up", "deal-summary"
    ),
    _room(15, "cadence", 1, "Follow-up cadence", "跟进频率", "people", "people", "person"),
    _practice(16, "angel-devil", 1, "Angel and devil", "天使与魔鬼"),
    _practice(17, "referral", 1, "Referral and partners", "转介绍与合伙人"),
    _practice(18, "routes", 2, "Routes A and B", "两条基本路线"),
    _practice(19, "ties", 2, "Strong, medium and weak ties", "强、中、弱关系"),
    _practice(20, "funnel", 2, "Funnel and daily decay", "漏斗与每日衰减"),
    _practice(21, "misconceptions", 2, "Seven misconceptions", "七个误区"),
    _room(22, "windows", 2, "Four time windows", "四个时间段", "today", "stats", "weekly"),
    _practice(23, "distribution", 2, "Distributors and sharing", "分销与分享", "ledger", "referral"),
    _practice(24, "win-win-win", 2, "Win-win-win", "三方共赢"),
    _practice(
        25,
        "value",
        2,
        "Value, confidence and soft articles",
        "价值、自信与软文",
        "value",
        "confidence",
        "soft-article",
    ),
)
"""In the order of the articles; ``key`` is the ``system:`` of the topic notes."""


def system(key: str) -> System | None:
    """Return the system with this key."""
    return next((found for found in SYSTEMS if found.key == key), None)


def systems_of_tool(tool_id: str) -> tuple[System, ...]:
    """Return the systems that a tool practises; none for the practice project, which serves them all."""
    return tuple(found for found in SYSTEMS if tool_id in found.tools)


def system_of_topic(title: str) -> System | None:
    """Return the system whose topic note has this title, in either language."""
    return next((found for found in SYSTEMS if title in (found.topic.key, found.topic.zh)), None)
