"""One line about somebody you just met, made into a person and a first contact.

    张三 运营@某公司 #微信群 聊了投放 >7d
    Rosa Chen, ads manager@TeaCo #salon talked about bids ? what does a click cost -> send the case >2w

Name, work and company come first, then what a contact line holds (`studytui.people.contact_line`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from studytui.people.contact_line import (
    Contact,
    dated,
    day_of,
    first_mark,
    log_line,
    one_line,
    parse_contact,
)
from studytui.people.drafts import Draft, person_draft
from studytui.people.vocabulary import folded

_NAME_WORDS = 4
_ROLE_WORDS = 3
_COMMA = re.compile(r"[,，、;；]")
_AT = re.compile(r"[@＠]")
_EMAIL = re.compile(r"[\w.+-]+[@＠][\w-]+(?:\.[\w-]+)+")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Captured:
    """What one line says; ``name`` is "" when it names nobody.

    ``line`` is the line for the contact log and holds everything that is not in ``name``, ``role`` and ``company``,
    letter by letter; ``contact`` is that line as it is read.
    """

    name: str
    role: str
    company: str
    line: str
    contact: Contact

    def draft(self, today: date, source: str = "", lang: str | None = None) -> Draft:
        """Return the note for this person; ``source`` (an event's title) else the first tag is how you met."""
        values = {
            "role": self.role or None,
            "company": self.company or None,
            "source": source or self.contact.channel or None,
        }
        return person_draft(self.name, today, values=values, log=[self.line], lang=lang)


def capture(typed: str, today: date, known: Iterable[str] = ()) -> Captured:
    """Return the person and the contact of today that ``typed`` tells of; never raises, loses nothing.

    ``known`` are names of people there are already, so that a name of several words is not cut.  The name ends
    at a comma, else after the first word in Chinese, else after the words that begin with a capital, else after
    the first word; what sticks to an "@" is work unless it is the only word.  A date at the start of the rest
    is the day of the contact.
    """
    text = one_line(typed)
    head, tail = text[: (at := first_mark(text))], text[at:]
    name, rest = _known_name(head, known) or _name(head)
    role, company, rest = _work(rest)
    rest = one_line(f"{rest} {tail}")
    written = dated(f"- {rest}")
    day = day_of(written) if written else None
    if written is None or day is None or day > today:
        return Captured(name, role, company, log_line(today, rest), parse_contact(today, rest))
    return Captured(name, role, company, f"- {rest}", parse_contact(day, written["rest"]))


def _known_name(head: str, known: Iterable[str]) -> tuple[str, str] | None:
    """Return the longest of the ``known`` names that ``head`` begins with, and what follows it."""
    for name in sorted(known, key=len, reverse=True):
        after = head[len(name) : len(name) + 1]
        if name and folded(head[: len(name)]) == folded(name) and (not after or after in " ,，、;；@＠"):
            return head[: len(name)], head[len(name) :].lstrip(" ,，、;；")
    return None


def _name(head: str) -> tuple[str, str]:
    """Return (name, rest) by the rule of `capture`; work that sticks to an "@" is no part of a name."""
    sign = _work_sign(head, 1)
    comma = _COMMA.search(head, 0, len(head) if sign is None else sign)
    if comma and _is_name(head[: comma.start()].split()):
        return head[: comma.start()].strip(), head[comma.end() :].strip()
    end = _leading_words(head[:sign])
    if sign and end == sign and head[:sign].strip().count(" "):
        end = head.rindex(" ", 0, sign)
    return head[:end].strip(), head[end:].strip()


def _work(rest: str) -> tuple[str, str, str]:
    """Return (role, company, what else is there) of ``rest``, where ``role@company`` may stand."""
    sign = _work_sign(rest)
    if sign is None:
        return "", "", rest
    before, after = rest[:sign].strip(), rest[sign + 1 :].strip()
    cut = 0 if len(before.split()) <= _ROLE_WORDS else before.rindex(" ") + 1
    comma = _COMMA.search(after)
    end = _leading_words(after[: comma.start()] if comma else after)
    return before[cut:], after[:end].strip(), f"{before[:cut]} {after[end:].lstrip(',，、;； ')}".strip()


def _is_name(words: list[str]) -> bool:
    """Say whether words before a comma can be a name: two at most, or up to four that keep their capitals."""
    ends = [words[0], words[-1]] if words else []
    return 1 <= len(words) <= 2 or (2 < len(words) <= _NAME_WORDS and all(w != w.lower() for w in ends))


def _work_sign(text: str, start: int = 0) -> int | None:
    """Return where the "@" of ``role@company`` is from ``start`` on, None without one; mail has its own."""
    mail = [span.span() for span in _EMAIL.finditer(text)]
    signs = (sign.start() for sign in _AT.finditer(text))
    return next(
        (at for at in signs if at >= start and not any(start <= at < end for start, end in mail)), None
    )


def _leading_words(text: str) -> int:
    """Return the end of the name at the start of ``text``: one word in Chinese, else those with a capital."""
    words = list(re.finditer(r"\S+", text))[:_NAME_WORDS]
    if not words:
        return 0
    capital = next((n for n, word in enumerate(words) if not word[0][:1].isupper()), len(words))
    return words[0 if _CHINESE.search(words[0][0]) else max(1, capital) - 1].end()
