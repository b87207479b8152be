"""Soft-article check (article 2): a draft should not show the product again and again, but a view of one's own.

Counts how often and how early the product is named, calls to action, and sentences with an opinion, in Chinese
and English.  The article gives no figures; the limits are studytui's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from studytui.i18n import N_, _, ngettext
from studytui.practice.fields import Field, Kind
from studytui.practice.report import Bar, Bars, Line, Lines, Report, Tone, percent, ratio, remark
from studytui.practice.tool import Context, Entry, Mode, Tool

FIELDS = (
    Field("draft", "草稿", Kind.NOTE, N_("Which note is the draft? Its title."), True),
    Field("product", "产品名", Kind.TEXT, N_("How is the product named? Several names: with commas."), True),
)

MOST_MENTIONS = 3
EARLIEST = 0.25
"""The product may come in after the first quarter of the text."""

CALLS = (
    "buy now", "buy yours", "order now", "order today", "order yours", "get yours", "shop now",
    "click here", "click the link", "click below", "sign up now", "sign up today", "subscribe now",
    "scan the code", "link in bio", "add me", "message me", "dm me", "call now", "contact us", "act now",
    "don't miss", "limited time", "limited offer", "while stocks last", "only today", "today only",
    "use code", "use the code", "special offer",
    "立即购买", "马上购买", "立即下单", "马上下单", "赶紧下单", "赶快下单", "点击购买", "点击链接", "点击下方",
    "点这里", "扫码", "扫一扫", "扫描二维码", "长按识别", "加我微信", "加微信", "私信我", "联系我", "联系客服",
    "欢迎咨询", "欢迎选购", "欢迎订购", "快来买", "快来抢", "速来", "抢购", "限时", "限量", "优惠券", "优惠码",
    "错过不再", "不要错过", "别错过", "仅限今天", "最后一天",
)  # fmt: skip
"""Phrases that ask the reader to buy or to get in touch."""
OPINIONS = (
    "i think", "i believe", "i feel", "i find", "i prefer", "i like", "i love", "i doubt", "i hope", "i wish",
    "i suspect", "i would say", "i'd say", "i don't think", "i do not think", "in my view", "in my opinion",
    "in my experience", "to me,", "if you ask me", "my favourite", "my favorite", "as i see it", "to my mind",
    "我觉得", "我认为", "我以为", "我想，", "我相信", "我喜欢", "我爱", "我不喜欢", "我更喜欢", "我更愿意", "我宁愿",
    "我宁可", "我希望", "我怀疑", "我总觉得", "我一直觉得", "我不觉得", "我不认为", "在我看来", "在我眼里", "依我看",
    "照我看", "要我说", "对我来说", "于我而言", "个人认为", "个人觉得", "说实话", "老实说",
)  # fmt: skip
"""Phrases by which a sentence shows that it holds an opinion of the writer's own."""

_FRONT = re.compile(r"\A\ufeff?---\r?\n.*?^---[ \t]*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->|%%.*?%%", re.DOTALL)
_MARKER = re.compile(r"^[ \t]*(?:\d+[.)]|[-*+>#]+)[ \t]+", re.MULTILINE)
_SENTENCE_END = re.compile(
    r"[.!?]+[\"'”)]*(?=\s|$)|(?<=[\u3400-\u9fff])[!?]+|[!?]+(?=[\u3400-\u9fff])|[。！？…]+[”’）」』]*|\n+"
)
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff_]+(?:['-][^\W\u3400-\u9fff_]+)*")
_NAMES = re.compile(r"[,，、;；\n]")


@dataclass(frozen=True)
class Check:
    """What was counted in a draft; ``size`` is in words of English plus characters of Chinese."""

    size: int
    mentions: int
    first: float | None
    """Where the product is first named: 0 at the beginning, 1 at the end; None when it is not."""
    first_sentence: int | None
    """The 1-based sentence of the first mention."""
    sentences: int
    calls: tuple[str, ...]
    opinions: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        """What speaks against the text, by key: often, early, calls, opinion."""
        found = []
        if self.mentions > MOST_MENTIONS:
            found.append("often")
        if self.first is not None and self.first < EARLIEST:
            found.append("early")
        if self.calls:
            found.append("calls")
        if not self.opinions:
            found.append("opinion")
        return found


def plain_text(draft: str) -> str:
    """Return what a reader of a note sees: no front matter, code, comments or list marks."""
    for hidden in (_FRONT, _CODE, _COMMENT, _MARKER):
        draft = hidden.sub("", draft)
    return unicodedata.normalize("NFC", draft.replace("\r\n", "\n")).replace("’", "'")


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``: up to a stop, question or exclamation mark, or a line end."""
    return [
        part for part in (piece.strip(" \t*_") for piece in _SENTENCE_END.split(text)) if _WORD.search(part)
    ]


def check_draft(draft: str, products: Sequence[str]) -> Check:
    """Count in ``draft`` (a note's text) the mentions of any of ``products``, calls to action and opinions.

    A mention counts once even when two names overlap; a Latin name also matches its plural, never a part of
    another word.
    """
    text = plain_text(draft)
    found = _mentions(text, products)
    parts = sentences(text)
    size = len(_WORD.findall(text))
    return Check(
        size=size,
        mentions=len(found),
        first=len(_WORD.findall(text[: found[0]])) / size if found and size else None,
        first_sentence=max(1, len(sentences(text[: found[0] + 1]))) if found else None,
        sentences=len(parts),
        calls=tuple(call for part in parts for call in _phrases(CALLS).findall(part)),
        opinions=tuple(part for part in parts if _phrases(OPINIONS).search(part)),
    )


def _mentions(text: str, products: Sequence[str]) -> list[int]:
    """Return where the names begin in ``text``; the longest name wins where two begin together."""
    names = sorted({name.strip() for name in products if name.strip()}, key=len, reverse=True)
    if not names:
        return []
    pattern = "|".join(_pattern(name, plural=True) for name in names)
    return [match.start() for match in re.finditer(pattern, text, re.IGNORECASE)]


def _pattern(phrase: str, plural: bool = False) -> str:
    """Return a pattern for ``phrase`` that keeps to whole words where it begins or ends with a Latin letter."""
    escaped = r"\s+".join(re.escape(part) for part in phrase.replace("’", "'").split())
    before = r"(?<![A-Za-z0-9])" if phrase[:1].isascii() and phrase[:1].isalnum() else ""
    after = ""
    if phrase[-1:].isascii() and phrase[-1:].isalnum():
        after = (r"(?:'s|s'|e?s)?" if plural else "") + r"(?![A-Za-z0-9])"
    return f"{before}{escaped}{after}"


@lru_cache
def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of any of ``phrases``, the longest first so that none is counted inside another."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(_pattern(phrase) for phrase in ordered), re.IGNORECASE)


def product_names(text: str) -> list[str]:
    """Return the names of the field "product": "stand, phone stand" are two."""
    return [name.strip() for name in _NAMES.split(text) if name.strip()]


def compute(entries: Sequence[Entry], context: Context) -> Report:
    """Return what was counted in the newest entry's draft, read now: the draft may have changed since."""
    if not entries:
        return Report(_("No draft chosen yet."), next_step=_("Write a draft as a note and enter its title."))
    entry = entries[-1]
    title = entry.text("draft").strip("[] ")
    draft = context.read_note(title)
    if draft is None:
        return Report(
            _("There is no note “{title}”.").format(title=title),
            warnings=(_("The draft “{title}” was not found among your notes.").format(title=title),),
            next_step=_("Correct the title, or write the draft as a note with this title."),
            figures={"draft": title, "found": False},
        )
    names = product_names(entry.text("product"))
    return _report(title, check_draft(draft, names), titled=bool(_mentions(title, names)))


def _report(title: str, found: Check, titled: bool) -> Report:
    faults = ["title", *found.faults] if titled else found.faults
    return Report(
        _("“{title}”: nothing stands out.").format(title=title)
        if not faults
        else ngettext(
            "“{title}”: {n} thing to change.", "“{title}”: {n} things to change.", len(faults)
        ).format(title=title, n=len(faults)),
        (
            Lines(_("What was counted"), tuple(_counted(found, faults))),
            _bars(found, faults),
            Lines(
                _("Opinion sentences"),
                tuple(Line(text) for text in found.opinions[:5]) or (Line(_("None found."), Tone.GAP),),
            ),
            remark(_("The article gives no figures; the limits here are studytui's own.")),
        ),
        warnings=tuple(_advice(fault, found) for fault in faults),
        next_step=_advice(faults[0], found) if faults else _("Read it aloud to somebody who buys nothing."),
        figures={
            "draft": title,
            "found": True,
            "size": found.size,
            "mentions": found.mentions,
            "first": found.first,
            "first_sentence": found.first_sentence,
            "sentences": found.sentences,
            "calls": list(found.calls),
            "opinions": len(found.opinions),
            "faults": faults,
        },
    )


def _bars(found: Check, faults: Sequence[str]) -> Bars:
    def tone(fault: str) -> Tone:
        return Tone.WARN if fault in faults else Tone.PLAIN

    where = _("after {share} of the text").format(share=percent(found.first, 0))
    opinions = _("{n} of {all}").format(n=len(found.opinions), all=found.sentences)
    return Bars(
        _("Where the product comes in"),
        (
            Bar(
                _("First mention"),
                found.first,
                _("not at all") if found.first is None else where,
                tone("early"),
            ),
            Bar(
                _("Opinion sentences"), ratio(len(found.opinions), found.sentences), opinions, tone("opinion")
            ),
        ),
    )


def _counted(found: Check, faults: Sequence[str]) -> Iterable[Line]:
    yield Line(
        _("Length: {n} words or characters, {sentences} sentences").format(
            n=found.size, sentences=found.sentences
        )
    )
    yield Line(
        ngettext("The product is named {n} time.", "The product is named {n} times.", found.mentions).format(
            n=found.mentions
        ),
        Tone.WARN if "often" in faults else Tone.PLAIN,
    )
    if found.first_sentence is not None:
        yield Line(
            _("First in sentence {n}.").format(n=found.first_sentence),
            Tone.WARN if "early" in faults else Tone.PLAIN,
        )
    yield Line(
        _("Calls to action: {calls}").format(calls=", ".join(found.calls) or "–"),
        Tone.WARN if found.calls else Tone.PLAIN,
    )


def _advice(fault: str, found: Check) -> str:
    match fault:
        case "title":
            return _("Take the product out of the title.")
        case "often":
            return _("Name the product at most {n} times: it stands here {times} times.").format(
                n=MOST_MENTIONS, times=found.mentions
            )
        case "early":
            return _("Begin with your own view; let the product come in after the first quarter.")
        case "calls":
            return _("Take out the calls to action: {calls}.").format(calls=", ".join(found.calls))
        case _:
            return _("Say what you think: no sentence here holds an opinion of yours.")


TOOL = Tool(
    id="soft-article",
    title=N_("Soft-article check"),
    rule=N_("Show your view first and the product from the side, not in every line."),
    help=N_("Name a note that holds your draft. It is read again each time, so edit it and look again."),
    mode=Mode.SHEET,
    fields=FIELDS,
    compute=compute,
)
