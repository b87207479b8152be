"""A new course: paste a list of lessons, see at once what it becomes, create it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input, TextArea

from studytui.errors import StudyError
from studytui.i18n import _, ngettext, sentences
from studytui.text import clean_line, clean_text
from studytui.tui.screens.base import StudyScreen
from studytui.tui.widgets.plain import Plain

if TYPE_CHECKING:
    from studytui.learning.outline import Outline
    from studytui.notes.note import Note

_HOURS = re.compile(r"(\d{1,4}(?:\.\d+)?)\s*(?:h|hours?|小时|个小时)", re.IGNORECASE)


class PasteArea(TextArea):
    """A field for text from anywhere: what is pasted is cleaned before it is shown."""

    def on_paste(self, event: events.Paste) -> None:
        """Take the text in without anything that a terminal might act on."""
        event.prevent_default()
        event.stop()
        self.replace(clean_text(event.text).replace("\t", "    "), *self.selection)


class About(NamedTuple):
    """What one line says of a course; "" and None for what it does not say."""

    price: str
    provider: str
    url: str
    hours: float | None


class CourseNewScreen(StudyScreen):
    """A form for a course; Tab goes from field to field, Ctrl+S creates it."""

    SCOPE = "outline"
    AREA = "courses"
    DEFAULT_CSS: ClassVar[str] = """
    CourseNewScreen {
        .label { height: 1; padding: 0 1; color: $muted; }
        Input { margin-bottom: 1; background: $surface; }
        TextArea { height: 1fr; border: none; padding: 0 1; background: $surface; }
        TextArea:focus { border: none; }
        #becomes { height: 2; padding: 0 1; color: $muted; }
        #becomes.-wrong { color: $bad; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.outline = PasteArea(id="outline", soft_wrap=False)
        self._created = False

    def body(self) -> Iterable[Widget]:
        yield Plain(_("Title"), classes="label")
        yield Input(id="title", placeholder=_("Taken from the list when it names one"))
        yield Plain(_("Price, hours, provider and address, if you like"), classes="label")
        yield Input(id="about", placeholder="199 CNY, 10 h, 三节课, https://www.sanjieke.cn")
        yield Plain(
            _("Lessons, one a line; a line with # before it is a module"),
            classes="label",
        )
        yield self.outline
        yield Plain("", id="becomes")

    def on_mount(self) -> None:
        self.query_one("#title", Input).focus()
        self._preview()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.focus_next()

    def unsaved(self) -> str:
        """Ask before a pasted list is thrown away."""
        written = self.outline.text.strip() and not self._created
        return _("The new course is not created yet. Leave all the same?") if written else ""

    @on(TextArea.Changed)
    def _preview(self) -> None:
        """Say what the list becomes."""
        text = self.outline.text
        if not text.strip():
            self._say(_("Paste the contents of a course page here. Ctrl+S creates the course."))
            return
        self.in_thread(lambda: self._read(text), lambda said: self._say(*said), group="preview")

    def _read(self, text: str) -> tuple[str, bool]:
        try:
            outline = self.study.learning.courses.outline(text)
        except StudyError as error:
            return str(error), True
        return _becomes(outline), False

    def _say(self, said: str, wrong: bool = False) -> None:
        line = self.query_one("#becomes", Plain)
        line.set_class(wrong, "-wrong")
        line.say(said)

    def action_save(self) -> None:
        """Create the course and show it."""
        title, text = clean_line(self.query_one("#title", Input).value), self.outline.text
        about = parse_about(self.query_one("#about", Input).value)

        async def created(note: Note) -> None:
            self._created = True
            await self.desk.pop_screen()
            await self.desk.open_subject("courses", f"{note.path}\n")

        def show(note: Note) -> None:
            self.desk.run_worker(created(note), exit_on_error=False, group="open")

        self.in_thread(
            lambda: self.study.learning.courses.create(text, title=title, **about._asdict()),
            show,
            group="create",
        )


def parse_about(line: str) -> About:
    """Return price, provider, address and hours from one line in which commas part them, in any order."""
    price = provider = url = ""
    hours = None
    for part in filter(None, (part.strip() for part in re.split("[,，、]", line))):
        if "://" in part:
            url = part
        elif named := _HOURS.fullmatch(part):
            hours = float(named[1])
        elif part[0].isdigit() or part[0] in "¥￥$€£":
            price = part
        else:
            provider = part
    return About(price, provider, url, hours)


def _becomes(outline: Outline) -> str:
    lessons = ngettext("{n} lesson", "{n} lessons", outline.count).format(n=outline.count)
    modules = sum(bool(module.title) for module in outline.modules)
    titles = _(", ").join(lesson.title for module in outline.modules for lesson in module.lessons[:1])
    if modules:
        parts = ngettext("in {n} module", "in {n} modules", modules).format(n=modules)
        lessons = sentences(lessons, parts)
    return clean_line(f"{lessons}: {titles} …", 300)
