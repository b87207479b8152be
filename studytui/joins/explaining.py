"""Something to say (article 1): what can be explained, how it went, and the learner's own notes as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.joins.leading import leading
from studytui.text import clean_line
from studytui.workspace import digest, starter_root

if TYPE_CHECKING:
    from studytui.journal import Event
    from studytui.learning.explain import Prompt, Standing, Written
    from studytui.notes.note import Note
    from studytui.study import Study

FOLDER = "questions"
# These link to topics without saying anything about them.
_PROVE_NOTHING = ("course", "map", "weekly")


@dataclass(frozen=True)
class Explained:
    """An explanation as it was recorded: the score that counts, the one that was given, the event."""

    score: int
    claimed: int
    event: Event


class Explaining:
    """Prompts, scores and evidence; may be called from any thread."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def standings(self) -> list[Standing]:
        """Return everything that can be explained with how it stands, weakest first."""
        from studytui.learning.explain import prompts, standings

        place = leading(self._study).place
        found = [
            prompt
            for note in sorted(self._study.notes(), key=lambda note: (place(note), note.path))
            if note.problem is None and (note.kind in ("topic", "question") or '"explain"' in note.front_json)
            for prompt in prompts(note.path, note.title, note.kind, note.front)
        ]
        return standings(found, self._study.library.events("explained"), self._study.clock.now())

    def find(self, wanted: str) -> Standing:
        """Return the topic or question with this text or the beginning of it.  Raises StudyError."""
        found = self.standings()
        key = wanted.casefold().strip()
        exact = [item for item in found if item.prompt.text.casefold() == key]
        begun = exact[:1] or [item for item in found if item.prompt.text.casefold().startswith(key)]
        if len(begun) != 1:
            sentence = (
                _("More than one topic begins with “{name}”.") if begun else _("There is no topic “{name}”.")
            )
            raise StudyError(
                sentence.format(name=clean_line(wanted, 80)), _("The topics are listed by: studytui explain")
            )
        return begun[0]

    def evidence(self, prompt: Prompt) -> list[Note]:
        """Return the learner's own notes on the prompt's topic."""
        from studytui.learning.explain import evidence

        notes = {note.path: note for note in self._study.vault.notes() if note.problem is None}
        own = OwnWords(self._study)
        return [notes[path] for path in evidence(prompt, [_written(note, own) for note in notes.values()])]

    def record(self, prompt: Prompt, score: int, seconds: float, limit: int) -> Explained:
        """Record how it went, ``score`` 1..5; without a note as evidence at most 2 counts.  Raises StudyError."""
        from studytui.learning.explain import explained_fields

        proof = [note.path for note in self.evidence(prompt)]
        fields = explained_fields(prompt, score, seconds, limit, proof)
        return Explained(fields["score"], score, self._study.journal.append("explained", **fields))

    def ask(self, question: str, topic: str = "") -> Note:
        """Write a question of the learner's own as a note, so that it can be explained and answered."""
        asked = clean_line(question)
        front = {"kind": "question", **({"topic": topic} if topic else {})}
        return self._study.vault.create(asked, front=front, into=FOLDER)

    def write(self, prompt: Prompt) -> Note:
        """Write a note of the learner's own about the prompt's topic, filed under it."""
        title = _("{topic}, in my own words").format(topic=prompt.topic or prompt.text)
        body = f"\n## {prompt.question}\n" if prompt.question else ""
        return self._study.vault.create(title, body, front={"topic": prompt.topic} if prompt.topic else {})

    def one_page(self) -> str:
        """Return a page in Markdown of what can be explained, with its evidence."""
        from studytui.learning.explain import one_page

        titles = {note.path: note.title for note in self._study.vault.notes()}
        return one_page(self.standings(), titles)


class OwnWords:
    """Tells the learner's notes from starter notes: one that differs from what was shipped is the learner's."""

    def __init__(self, study: Study) -> None:
        self._notes = starter_root() / "notes"
        self._is_starter = study.workspace.notes == self._notes

    def wrote(self, note: Note) -> bool:
        """Say whether ``note`` holds something in the learner's own words."""
        if note.kind in _PROVE_NOTHING:
            return False
        if not note.lang:
            return True
        shipped = self._notes / note.path
        if self._is_starter or not shipped.is_file():
            return False
        return digest(shipped.read_bytes()) != note.digest


def _written(note: Note, own: OwnWords) -> Written:
    from studytui.learning.explain import Written

    # A starter topic's links and front matter are not asked for: they prove nothing anyway.
    mine = own.wrote(note)
    links = tuple(link.target for link in note.links) if mine else ()
    return Written(note.path, note.title, note.kind, note.topics, links, mine)
