"""What the Notes screen asks before it acts: titles, templates, tags, the trash, what can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studytui.i18n import _, ngettext, sentences
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.notes_rows import dead_choices, tag_choices
from studytui.tui.widgets.prompt import AskLine, Choice, Pick, Picked

if TYPE_CHECKING:
    from studytui.notes.note import Note
    from studytui.notes.relink import Renamed
    from studytui.notes.tags import TagCount
    from studytui.notes.templates import Template
    from studytui.study import Study, Undoable

PLAIN = "plain"
_WRITE, _LEAD = "write", "lead"
_TOP = "."


def new_note(screen: StudyScreen, then: Callable[[Note], object], title: str = "") -> None:
    """Ask for a title and a template, then write the note."""
    screen.ask(AskLine(_("Title of the new note"), title), lambda typed: _pick_template(screen, typed, then))


def _pick_template(screen: StudyScreen, title: str, then: Callable[[Note], object]) -> None:
    study = screen.study

    def found() -> list[Template]:
        from studytui.notes.templates import templates

        return templates(study.workspace)

    def write(picked: Picked) -> Note:
        from studytui.notes.templates import create_from

        if picked.key == PLAIN:
            return study.new_note(title)
        return create_from(study.vault, picked.key, title)

    def ask(templates: list[Template]) -> None:
        choices = [Choice(PLAIN, _("An empty note"))]
        choices += [
            Choice(one.name, one.title, "" if one.file is None else one.file.name, also=(one.name,))
            for one in templates
        ]
        prompt = Pick(
            _("How does “{title}” begin?").format(title=title),
            choices,
            hint=_("Your own templates are the files in notes/templates."),
        )
        screen.ask(prompt, lambda picked: screen.in_thread(lambda: write(picked), then, group="write"))

    screen.in_thread(found, ask, group="templates")


def mend_link(screen: StudyScreen, written: Callable[[Note], object], led: Callable[[Note], object]) -> None:
    """Offer the names that links say although no note has them, and what can be done about the chosen one."""

    def ask(choices: list[Choice]) -> None:
        if not choices:
            screen.notify(_("Every link leads somewhere."))
            return
        screen.ask(
            Pick(_("Mend the links to what?"), choices), lambda name: missing(screen, name.key, written, led)
        )

    screen.in_thread(lambda: dead_choices(screen.study), ask, group="dead")


def missing(
    screen: StudyScreen, path: str, written: Callable[[Note], object], led: Callable[[Note], object]
) -> None:
    """Offer to write the note that links ask for at ``path``, or to lead them to a note that there is."""
    into, _slash, title = path.rpartition("/")

    def chosen(picked: Picked) -> None:
        if picked.key == _WRITE:
            screen.in_thread(lambda: screen.study.new_note(title, into=into), written, group="write")
        else:
            screen.in_thread(lambda: _titles(screen.study), pick, group="titles")

    def pick(notes: list[Choice]) -> None:
        screen.ask(
            Pick(_("Lead the links “{title}” to which note?").format(title=title), notes),
            lambda picked: screen.in_thread(lambda: lead(picked.key), told, group="write"),
        )

    def lead(path: str) -> Renamed:
        from studytui.notes.relink import take_links

        return take_links(screen.study.vault, path, title)

    def told(done: Renamed) -> None:
        if not done.changed:
            screen.notify(_("No link says “{title}”.").format(title=title))
            return
        said = ngettext(
            "{n} link leads to “{title}” now. u takes it back.",
            "{n} links lead to “{title}” now. u takes it back.",
            done.links,
        )
        screen.notify(said.format(n=done.links, title=done.note.title))
        led(done.note)

    choices = [
        Choice(_WRITE, _("Write this note")),
        Choice(
            _LEAD, _("Lead the links to a note that there is"), "", _("When its title was changed by hand.")
        ),
    ]
    screen.ask(Pick(_("There is no note “{title}” yet.").format(title=title), choices), chosen)


def _titles(study: Study) -> list[Choice]:
    """Return every note, last changed first, found by its aliases and its path too."""
    return [Choice(note.path, note.title, note.path, also=note.aliases) for note in study.notes()]


def rename(screen: StudyScreen, note: Note, then: Callable[[Note], object]) -> None:
    """Ask for another title; all links to the note follow."""

    def work(title: str) -> Renamed:
        from studytui.notes.relink import rename_note

        return rename_note(screen.study.vault, note.path, title)

    screen.ask(
        AskLine(_("New title for “{title}”").format(title=note.title), note.title),
        lambda title: screen.in_thread(
            lambda: work(title), lambda done: _followed(screen, _("Renamed."), done, then), group="write"
        ),
    )


def move(screen: StudyScreen, note: Note, then: Callable[[Note], object]) -> None:
    """Ask for another folder; all links to the note follow."""

    def work(picked: Picked) -> Renamed:
        from studytui.notes.relink import move_note

        folder = "" if picked.key == _TOP else picked.key or picked.text
        return move_note(screen.study.vault, note.path, folder)

    def ask(folders: list[str]) -> None:
        choices = [Choice(folder or _TOP, folder or _("notes (no folder)")) for folder in folders]
        screen.ask(
            Pick(
                _("Move “{title}” to which folder?").format(title=note.title),
                choices,
                new=lambda typed: _("New folder “{name}”").format(name=typed),
            ),
            lambda picked: screen.in_thread(
                lambda: work(picked), lambda done: _followed(screen, _("Moved."), done, then), group="write"
            ),
        )

    def others() -> list[str]:
        return sorted({"", *(one.folder for one in screen.study.vault.notes())} - {note.folder})

    screen.in_thread(others, ask, group="folders")


def _followed(screen: StudyScreen, what: str, done: Renamed, then: Callable[[Note], object]) -> None:
    """Say what became of the links to a note that has another name or place."""
    if not done.changed:
        screen.notify(_("Nothing had to be changed."))
        then(done.note)
        return
    said = ngettext("{n} link follows. u takes it back.", "{n} links follow. u takes it back.", done.links)
    screen.notify(sentences(what, said.format(n=done.links) if done.links else _("u takes it back.")))
    if done.skipped:
        screen.notify(
            _("Their front matter is broken, so these were left: {names}").format(
                names=_(", ").join(done.skipped[:5])
            ),
            severity="warning",
        )
    then(done.note)


def _counts(screen: StudyScreen) -> list[TagCount]:
    from studytui.notes.tags import tag_counts

    return tag_counts(screen.study.notes())


def change_tags(screen: StudyScreen, note: Note, then: Callable[[], object]) -> None:
    """Offer the tags in use: picking one gives it to the note, or takes it away."""

    def change(picked: Picked) -> None:
        from studytui.notes.tags import add_tag, remove_tag

        mine = {tag.casefold() for tag in note.tags}
        act = remove_tag if picked.key.casefold() in mine else add_tag
        act(screen.study.vault, note.path, picked.key or picked.text)

    def ask(counts: list[TagCount]) -> None:
        prompt = Pick(
            _("Tags of “{title}”").format(title=note.title),
            tag_choices(counts, note.tags),
            new=lambda typed: _("New tag: {tag}").format(tag=typed),
            hint=_("Enter adds the tag, or takes a ✓ away; a/b is tag b below a."),
        )
        screen.ask(
            prompt,
            lambda picked: screen.in_thread(lambda: change(picked), lambda _done: then(), group="write"),
        )

    screen.in_thread(lambda: _counts(screen), ask, group="tags")


def pick_tag(screen: StudyScreen, question: str, then: Callable[[str], object]) -> None:
    """Ask for one of the tags in use."""

    def ask(counts: list[TagCount]) -> None:
        if not counts:
            screen.notify(_("No note has a tag yet; t gives this one its first."))
            return
        screen.ask(Pick(question, tag_choices(counts)), lambda picked: then(picked.key))

    screen.in_thread(lambda: _counts(screen), ask, group="tags")


def rename_tag(screen: StudyScreen, then: Callable[[], object]) -> None:
    """Ask for a tag and its new name, and rename it in every note."""

    def work(old: str, new: str) -> int:
        from studytui.notes.tags import rename_tag as rename_everywhere

        return rename_everywhere(screen.study.vault, old, new)

    def told(count: int) -> None:
        said = ngettext(
            "Renamed in {n} note. u takes it back.", "Renamed in {n} notes. u takes it back.", count
        )
        screen.notify(said.format(n=count))
        then()

    def ask(old: str) -> None:
        prompt = AskLine(_("New name for #{tag}").format(tag=old), old)
        screen.ask(prompt, lambda new: screen.in_thread(lambda: work(old, new), told, group="write"))

    pick_tag(screen, _("Rename which tag?"), ask)


def restore(screen: StudyScreen, then: Callable[[Note], object]) -> None:
    """Offer what is in the trash and bring the chosen note back."""
    vault = screen.study.vault

    def choices() -> list[Choice]:
        return [
            Choice(one.id, one.title, one.at.strftime("%m-%d %H:%M") if one.at else "", one.path)
            for one in vault.trashed()
        ]

    def ask(found: list[Choice]) -> None:
        if not found:
            screen.notify(_("The trash is empty."))
            return
        screen.ask(
            Pick(_("Bring which note back?"), found),
            lambda picked: screen.in_thread(lambda: vault.restore(picked.key), then, group="write"),
        )

    screen.in_thread(choices, ask, group="trash")


def take_back(screen: StudyScreen, then: Callable[[], object]) -> None:
    """Offer what was done, newest first, and take the chosen act back."""
    study = screen.study

    def told(sentence: str) -> None:
        screen.notify(_("Undone: {act}").format(act=sentence))
        then()

    def ask(acts: list[Undoable]) -> None:
        if not acts:
            screen.notify(_("There is nothing to undo."))
            return
        choices = [
            Choice(str(at), act.sentence, act.moment.astimezone().strftime("%m-%d %H:%M"))
            for at, act in enumerate(acts)
        ]

        def chosen(picked: Picked) -> None:
            act = acts[int(picked.key)]
            screen.in_thread(lambda: study.take_back(act), told, group="write")

        screen.ask(Pick(_("Take back which act?"), choices), chosen)

    screen.in_thread(lambda: study.undoable(100), ask, group="acts")
