"""What the Explain screen shows, as pages: no widgets, no commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.i18n import _, sentences
from studytui.text import clean_line

if TYPE_CHECKING:
    from studytui.joins.explaining import Explained
    from studytui.learning.explain import Attempt, Prompt, Standing
    from studytui.notes.note import Note
    from studytui.study import Study

BAR = 30
_SHOWN_ATTEMPTS = 8


def scale() -> tuple[str, ...]:
    """Return what the scores 1 to 5 mean."""
    return (
        _("not at all"),
        _("with gaps"),
        _("the outline was right"),
        _("clearly and completely"),
        _("fluently, with an example of my own"),
    )


def clock_line(left: float, limit: int) -> str:
    """Return the time that is left, as a clock and as a bar."""
    seconds = round(left)
    filled = round(BAR * left / limit)
    return f"{seconds // 60}:{seconds % 60:02}  {'━' * filled}{'─' * (BAR - filled)}"


def question_page(item: Standing, limit: int) -> str:
    """Return the page before and while one speaks."""
    prompt = item.prompt
    lines = [f"# {plain(prompt.text)}", ""]
    if prompt.question and prompt.topic:
        lines += [f"*{plain(prompt.topic)}*", ""]
    lines.append(
        _("Explain it aloud, in {seconds} seconds, to someone who has never heard of it.").format(
            seconds=limit
        )
    )
    return "\n".join([*lines, *history(item.attempts)])


def score_page(prompt: Prompt, evidence: Sequence[Note]) -> str:
    """Return the page that asks for a score, and says when at most 2 can count."""
    lines = [f"# {plain(prompt.text)}", "", f"**{_('How did it go?')}**", ""]
    lines += [f"{n}. {word}" for n, word in enumerate(scale(), 1)]
    if not evidence:
        lines += ["", _no_evidence(prompt)]
    return "\n".join(lines)


def _no_evidence(prompt: Prompt) -> str:
    return _("No note of yours is about “{topic}” yet, so at most 2 counts. w writes one.").format(
        topic=plain(prompt.topic or prompt.text)
    )


def done_page(prompt: Prompt, explained: Explained, attempts: Sequence[Attempt]) -> str:
    """Return the page afterwards: the score that counts, why it may be less, and how it went before."""
    lines = [f"# {plain(prompt.text)}", ""]
    lines.append(
        "**"
        + _("{score} of 5: {words}.").format(score=explained.score, words=scale()[explained.score - 1])
        + "**"
    )
    if explained.score < explained.claimed:
        lines += [
            "",
            sentences(
                _("You gave yourself {claimed}.").format(claimed=explained.claimed), _no_evidence(prompt)
            ),
        ]
    lines += ["", _("What did you leave out? Write it into your note while you know it.")]
    return "\n".join([*lines, *history(attempts)])


def history(attempts: Sequence[Attempt]) -> list[str]:
    """Return earlier attempts as lines, the newest first."""
    if not attempts:
        return []
    lines = ["", f"## {_('So far')}", ""]
    for attempt in list(attempts)[::-1][:_SHOWN_ATTEMPTS]:
        day = attempt.moment.date().isoformat()
        said = _("{score} of 5, {seconds} s").format(score=attempt.score, seconds=round(attempt.seconds))
        lines.append(f"- {day}: {said}")
    return lines


def evidence_page(study: Study, notes: Sequence[Note]) -> str:
    """Return the learner's own notes one after the other."""
    pages = []
    for note in notes:
        try:
            pages.append(f"# {plain(note.title)}\n\n{study.vault.read(note.path).body}")
        except StudyError as error:
            pages.append(f"# {plain(note.title)}\n\n{plain(error.message)}")
    return "\n\n---\n\n".join(pages)


def plain(text: str) -> str:
    """Escape what Markdown would take for formatting, on one line."""
    return "".join("\\" + c if c in r"\`*_{}[]()#+-.!<>|~=" else c for c in clean_line(text, 300))
