"""Open questions of the learner's own (article 1: things you are stuck on) and who could answer them.

A question is a note of ``kind: question``; it is open until something stands under "The answer", or until its
front matter says ``answered:``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from studytui.i18n import _
from studytui.people.contacts import Person
from studytui.people.note_text import HEADING, Section, note_lines, prose, words_under
from studytui.people.privacy import people_named
from studytui.people.vocabulary import folded, text_of, texts

ANSWER = Section("The answer", "答案", ("answer", "回答"))
WHO = Section("Who could know", "谁可能知道", ("ask", "问谁"))

_CLOSED = ("answered", "done", "closed", "已解决", "已答复", "已回答")
# Words that sort notes rather than say what they are about.
_GENERAL = frozenset(
    ("flashcards", "question", "questions", "people", "person", "todo", "问题", "人脉", "人物", "提问")
)
_WIKILINK = re.compile(r"\[\[([^\[\]|#^]+)")
_INLINE_TAG = re.compile(r"(?:(?<=\s)|^)[#＃]([\w/-]*[^\W\d_][\w/-]*)", re.MULTILINE)
_CHINESE_RUN = re.compile(r"[\u3400-\u9fff]+")
_NAMED, _TAGGED, _TALKED, _WORKS = 8, 4, 2, 2


@dataclass(frozen=True)
class Question:
    """A question note; ``asks`` holds the names it is addressed to (``ask:``, links, "Who could know")."""

    path: str
    title: str
    tags: tuple[str, ...] = ()
    asks: str = ""
    text: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class Match:
    """A question and a person who could answer it; ``reasons`` are sentences, the strongest first."""

    question: Question
    person: Person
    weight: int
    reasons: tuple[str, ...]


def parse_question(path: str, title: str, front: Mapping[str, Any], text: str) -> Question:
    """Return the question of one note; ``text`` is the whole note with its front matter."""
    body = prose(note_lines(text))
    words = "\n".join(line for _index, line in body if not HEADING.match(line))
    answered = front.get("answered")
    is_open = folded(str(answered or "")) in ("", "no", "false", "否")
    tags = texts(front.get("tags", front.get("tag")), r"[,，、;；\s]+")
    return Question(
        path=path,
        title=title,
        tags=tuple(dict.fromkeys([*tags, *(tag[1] for tag in _INLINE_TAG.finditer(words))])),
        asks="\n".join([*texts(front.get("ask")), *_WIKILINK.findall(words), *words_under(body, WHO)]),
        text=words,
        is_open=is_open
        and not words_under(body, ANSWER)
        and folded(text_of(front.get("status"))) not in _CLOSED,
    )


def questions_for(person: Person, questions: Iterable[Question]) -> list[Match]:
    """Return the open questions that ``person`` could answer, the best match first."""
    return _ranked(_match(question, person) for question in questions if question.is_open)


def people_for(question: Question, people: Iterable[Person]) -> list[Match]:
    """Return the people who could answer ``question``, the best match first."""
    return _ranked(_match(question, person) for person in people)


def _ranked(matches: Iterable[Match | None]) -> list[Match]:
    found = [match for match in matches if match is not None]
    return sorted(found, key=lambda match: (-match.weight, match.question.title, match.person.name))


def _match(question: Question, person: Person) -> Match | None:
    """Weigh what speaks for ``person``: named in the question, a tag in common, talks about it, the work."""
    found: list[tuple[int, str]] = []
    if people_named(question.asks, person.names):
        found.append((_NAMED, _("the question names {person}").format(person=person.name)))
    topics = [tag for tag in question.tags if folded(tag.split("/")[0]) not in _GENERAL]
    own_tags = [folded(tag) for tag in person.tags]
    shared = [tag for tag in topics if any(_within(folded(tag), own) for own in own_tags)]
    found += [(_TAGGED, _("both have the tag {tag}").format(tag=tag)) for tag in shared]
    talks = folded(" ".join(f"{contact.text} {contact.details}" for contact in person.contacts))
    rest = [tag for tag in topics if tag not in shared]
    talked = [tag for tag in rest if _mentions(talks, _leaf(tag))]
    found += [(_TALKED, _("you talked about {tag}").format(tag=tag)) for tag in talked]
    asked = folded(f"{question.title} {question.text} {' '.join(map(_leaf, topics))}")
    works = [word for word in _role_words(person.role) if _mentions(asked, word)]
    works += [_leaf(tag) for tag in rest if _mentions(folded(f"{person.role} {person.work}"), _leaf(tag))]
    found += [(_WORKS, _("works in {word}").format(word=word)) for word in dict.fromkeys(map(folded, works))]
    if not found:
        return None
    return Match(question, person, sum(weight for weight, _text in found), tuple(text for _w, text in found))


def _within(one: str, other: str) -> bool:
    """Say whether two tags are the same or one is nested below the other."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _leaf(tag: str) -> str:
    return tag.rsplit("/", 1)[-1]


def _role_words(role: str) -> list[str]:
    """Return the words of a role that can tell a question: two Chinese characters or three letters at least.

    A long Chinese role also counts by its halves: 内容运营 answers for 内容 and for 运营.
    """
    words = re.findall(r"[^\W_]+", role)
    for run in _CHINESE_RUN.findall(role):
        if len(run) >= 4:
            words += [run[:2], run[-2:]]
    return [word for word in words if len(word) >= (2 if _CHINESE_RUN.search(word) else 3)]


def _mentions(text: str, word: str) -> bool:
    """Say whether folded ``text`` holds ``word``: anywhere in Chinese, as a whole word in other scripts."""
    wanted = folded(word)
    if not wanted or not _CHINESE_RUN.search(wanted):
        return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text, re.ASCII) is not None
    return wanted in text
