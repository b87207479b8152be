"""The soft-article check against drafts counted by hand, in both languages."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest

from studytui.practice.soft_article import TOOL, check_draft, product_names, sentences
from studytui.practice.tool import Context, Entry


@dataclass(frozen=True)
class Draft:
    """A draft and what a person counted in it."""

    name: str
    product: str
    text: str
    size: int
    mentions: int
    first_sentence: int | None
    sentences: int
    calls: int
    opinions: int


DRAFTS = (
    Draft(
        "plain praise",
        "honey",
        "Our honey is great. Buy now! Our honey wins. Honey for all.",
        # our honey is great / buy now / our honey wins / honey for all
        size=4 + 2 + 3 + 3,
        mentions=3,
        first_sentence=1,
        sentences=4,
        calls=1,
        opinions=0,
    ),
    Draft(
        "a quiet one",
        "phone stand, stand",
        "I think meals are slow. We talk. The phones wait in a wooden stand. I like that.",
        size=5 + 2 + 7 + 3,
        mentions=1,
        first_sentence=3,
        sentences=4,
        calls=0,
        opinions=2,
    ),
    Draft(
        "two names that overlap count once",
        "phone stand, stand",
        "The phone stand stands there. Stand's here.",
        size=5 + 2,
        # "phone stand" (one, though "stand" is in it), "stands", "Stand's"
        mentions=3,
        first_sentence=1,
        sentences=2,
        calls=0,
        opinions=0,
    ),
    Draft(
        "never inside another word",
        "tea",
        "My team steams. A teapot? The TEA is hot: tea, please.",
        size=3 + 2 + 6,
        mentions=2,
        first_sentence=3,
        sentences=3,
        calls=0,
        opinions=0,
    ),
    Draft(
        "front matter, code and lists do not count",
        "soap",
        "---\ntitle: soap\n---\n\n# On washing\n\n1. Hands first.\n2. In my view, warm water.\n\n"
        "```\nsoap soap soap\n```\n\n"
        "> Soap last <!-- soap -->\n",
        # on washing / hands first / in my view warm water / soap last
        size=2 + 2 + 5 + 2,
        mentions=1,
        first_sentence=4,
        sentences=4,
        calls=0,
        opinions=1,
    ),
    Draft(
        "calls to action, one inside another only once",
        "cup",
        "Don’t miss it: special offer, today only. Click here and use the code MUG. Scan the code.",
        size=3 + 2 + 2 + 2 + 1 + 4 + 3,
        # don't miss, special offer, today only, click here, use the code, scan the code
        mentions=0,
        first_sentence=None,
        sentences=3,
        calls=6,
        opinions=0,
    ),
    Draft(
        "stops inside numbers and addresses do not end a sentence",
        "lamp",
        "It costs 3.50 at example.com/x?y=1 today. In my experience a lamp lasts. Really?!",
        # it costs 3 50 at example com x y 1 today
        size=11 + 6 + 1,
        mentions=1,
        first_sentence=2,
        sentences=3,
        calls=0,
        opinions=1,
    ),
    Draft(
        "句句是产品",
        "蜂蜜",
        "我们的蜂蜜最好。蜂蜜甜，蜂蜜香！马上下单，加我微信。",
        # 我们的蜂蜜最好 7 / 蜂蜜甜蜂蜜香 6 / 马上下单加我微信 8
        size=21,
        mentions=3,
        first_sentence=1,
        sentences=3,
        calls=2,
        opinions=0,
    ),
    Draft(
        "先讲看法",
        "手机架",
        "我觉得吃饭不该赶。汤就够了。\n\n手机都插在木头手机架里。在我看来，这样很好。",
        # 我觉得吃饭不该赶 8 / 汤就够了 4 / 手机都插在木头手机架里 11 / 在我看来这样很好 8
        size=31,
        mentions=1,
        first_sentence=3,
        sentences=4,
        calls=0,
        opinions=2,
    ),
    Draft(
        "两个名字和全角标点",
        "安吉白茶、白茶",
        "安吉白茶好喝吗？白茶淡……说实话，我更喜欢白茶。",
        # 安吉白茶好喝吗 7 / 白茶淡 3 / 说实话我更喜欢白茶 9
        size=19,
        mentions=3,
        first_sentence=1,
        sentences=3,
        calls=0,
        opinions=1,
    ),
    Draft(
        "中英混排",
        "CRM, 客户系统",
        "CRM系统很贵。我认为一张Excel表就够!真的?CRMs are fine. 扫码试用，限时三天。",
        # CRM 系统很贵 5 / 我认为一张Excel表就够 9 / 真的 2 / crms are fine 3 / 扫码试用限时三天 8
        size=27,
        mentions=2,
        first_sentence=1,
        sentences=5,
        calls=2,
        opinions=1,
    ),
    Draft(
        "说话的不是我",
        "肥皂",
        "他觉得肥皂都一样。妈妈说不是。\n- 洗手\n- 洗脸",
        size=8 + 5 + 2 + 2,
        mentions=1,
        first_sentence=1,
        sentences=4,
        calls=0,
        opinions=0,
    ),
    Draft("nothing at all", "soap", "", 0, 0, None, 0, 0, 0),
)


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.name)
def test_the_count_is_the_one_made_by_hand(draft: Draft) -> None:
    found = check_draft(draft.text, product_names(draft.product))
    counted = (
        found.size,
        found.mentions,
        found.first_sentence,
        found.sentences,
        len(found.calls),
        len(found.opinions),
    )
    by_hand = (draft.size, draft.mentions, draft.first_sentence, draft.sentences, draft.calls, draft.opinions)
    assert counted == by_hand, (found, sentences(draft.text))


def test_at_least_ten_drafts_in_both_languages() -> None:
    chinese = [draft for draft in DRAFTS if not draft.name.isascii()]
    assert len(DRAFTS) >= 10 and len(chinese) >= 5


def test_how_early_the_product_comes_is_a_share_of_the_text() -> None:
    found = check_draft("one two three tea five six seven eight", ["tea"])
    assert found.first == 3 / 8
    assert check_draft("茶" + "水" * 9, ["茶"]).first == 0.0
    assert check_draft("water", ["tea"]).first is None


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("I think so. " + "word " * 20 + "tea.", []),
        ("Tea is good. I think so. " + "word " * 20, ["early"]),
        ("word " * 24 + "tea " + "word " * 72 + ". I think so.", ["early"]),
        ("word " * 25 + "tea " + "word " * 71 + ". I think so.", []),
        ("word " * 20 + "tea tea tea. I think so.", []),
        ("word " * 20 + "tea tea tea tea. I think so.", ["often"]),
        ("word " * 20 + "tea. I think so. Buy now.", ["calls"]),
        ("word " * 20 + "tea.", ["opinion"]),
    ],
)
def test_what_speaks_against_a_draft(text: str, faults: list[str]) -> None:
    assert check_draft(text, ["tea"]).faults == faults


def check(draft: str, product: str, notes: dict[str, str]) -> dict[str, object]:
    day = datetime.date(2026, 11, 22)
    entry = Entry(day, {"draft": draft, "product": product})
    return dict(TOOL.report([entry], Context(day, notes.get)).figures)


def test_the_draft_is_read_from_its_note_each_time() -> None:
    notes = {"Sundays": "I think so."}
    assert check("[[Sundays]]", "tea", notes)["opinions"] == 1
    notes["Sundays"] = "So it is."
    assert check("Sundays", "tea", notes)["opinions"] == 0


def test_a_product_in_the_title_and_a_missing_note_are_named() -> None:
    assert check("All about tea", "tea", {"All about tea": "I think so."})["faults"] == ["title"]
    assert check("Nowhere", "tea", {}) == {"draft": "Nowhere", "found": False}
