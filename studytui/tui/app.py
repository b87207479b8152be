"""The app: one mode an area, each area's screen imported when it is first shown."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual import events
from textual.screen import Screen

from studytui import i18n
from studytui.commands import APP, AREAS
from studytui.errors import StudyError
from studytui.i18n import _
from studytui.settings import change_setting
from studytui.tui.aside import aside
from studytui.tui.attending import Attending
from studytui.tui.browser import open_in_browser
from studytui.tui.frame import FrameApp
from studytui.tui.pulling import Pulling
from studytui.tui.screens.base import StudyScreen
from studytui.tui.upkeep import Upkeep
from studytui.tui.watching import Watching
from studytui.tui.widgets.prompt import Confirm, Picked

if TYPE_CHECKING:
    from studytui.study import Study

# Area -> "module:class"; a name, so that nothing is imported before it is shown.
SCREENS: dict[str, str] = {
    "today": "studytui.tui.screens.today:TodayScreen",
    "read": "studytui.tui.screens.read:ReadScreen",
    "courses": "studytui.tui.screens.courses:CoursesScreen",
    "notes": "studytui.tui.screens.notes:NotesScreen",
    "map": "studytui.tui.screens.map:MapScreen",
    "review": "studytui.tui.screens.review:ReviewScreen",
    "people": "studytui.tui.screens.people:PeopleScreen",
    "practice": "studytui.tui.screens.practice:PracticeScreen",
}


SEARCH = "studytui.tui.screens.search:SearchScreen"


class StudyApp(FrameApp):
    """studytui on the screen: the areas, and what works in all of them."""

    DEFAULT_MODE = AREAS[0].name

    def __init__(
        self,
        study: Study,
        *,
        theme: str = "dark",
        opener: Callable[[str], bool] = open_in_browser,
        screens: Mapping[str, str] = SCREENS,
        watch: bool = False,
    ) -> None:
        """``watch`` follows what other programs do to the notes."""
        super().__init__(theme=theme, log_file=study.workspace.log, opener=opener)
        self.study = study
        self.area_names = [area.name for area in AREAS if area.name in screens]
        self._screens = screens
        self._generation = 0
        self.pulling = Pulling(self)
        self.upkeep = Upkeep(study, self._tell_rebuilt)
        self._watching = Watching(self) if watch else None
        self.attending = Attending(study.clock, self._spend)
        self._add_modes()

    def on_mount(self) -> None:
        self.call_after_refresh(self.upkeep.soon)

    def settled(self) -> None:
        """Begin to watch the notes, which the first screen has just read, and say what had to be made anew."""
        super().settled()
        self._tell_rebuilt()
        if self._watching is not None:
            self._watching.start()

    def _tell_rebuilt(self) -> None:
        if said := self.study.take_rebuilt():
            self.notify(said, severity="warning")

    def on_unmount(self) -> None:
        self.upkeep.stop()
        with contextlib.suppress(StudyError):
            self.attending.settle(self._write_spent)

    async def on_event(self, event: events.Event) -> None:
        """Take every key and click for a sign of life: time is spent on what the screen in front says."""
        pointing = isinstance(event, events.MouseMove)
        if isinstance(event, events.InputEvent) and not event.is_forwarded and not pointing:
            front = next((s for s in reversed(self.screen_stack) if isinstance(s, StudyScreen)), None)
            self.attending.touched(front.under_way() if front is not None and front.is_mounted else None)
        await super().on_event(event)

    def _spend(self, act: str, subject: str, minutes: float) -> None:
        job = partial(asyncio.to_thread, self._write_spent, act, subject, minutes)
        self._beside(job, group=f"spent on {subject}")

    def _write_spent(self, act: str, subject: str, minutes: float) -> None:
        self.study.learning.diary.spend(act, subject, minutes)

    def _add_modes(self) -> None:
        for name in self.area_names:
            self.add_mode(self._mode(name), partial(load_screen, self._screens[name]))

    def _mode(self, name: str) -> str:
        """Return the mode of the area; after a change of language its screens are others."""
        return f"{name}@{self._generation}" if self._generation else name

    @property
    def area(self) -> str:
        """The name of the area in front."""
        return self.current_mode.partition("@")[0]

    async def action_go(self, name: str) -> None:
        """Show the area called ``name``."""
        if name in self.area_names:
            await self.switch_mode(self._mode(name))

    async def open_subject(self, area: str, subject: str) -> None:
        """Go to ``area`` and let its screen show the thing called ``subject``; open pages with work in them stay."""
        await self.action_go(area)
        while (
            len(self.screen_stack) > 1 and isinstance(self.screen, StudyScreen) and not self.screen.unsaved()
        ):
            await self.pop_screen()
        if isinstance(self.screen, StudyScreen) and self.area == area:
            self.screen.open_subject(subject)

    def open_note(self, name: str) -> None:
        """Show the note with this path, title or alias in the notes area."""
        self._beside(partial(self.open_subject, "notes", name))

    def edit_note(self, path: str, line: int = 0) -> None:
        """Edit the note at ``path``, at ``line`` (from 1); when it is open for editing already, go there."""
        from studytui.tui.screens.editor import EditorScreen

        for name in self.area_names:
            for screen in self._stack(self._mode(name)):
                if isinstance(screen, EditorScreen) and screen.path == path:
                    self._beside(partial(self.action_go, name))
                    return
        self.push_screen(EditorScreen(path, line))

    def edit_externally(self, path: str) -> None:
        """Let the learner's own editor have the note at ``path``, then look at what it saved."""
        from studytui.tui.external import edit_outside

        try:
            edit_outside(self, self.study.workspace.notes / path)
        finally:
            self._beside(partial(self._look_again, path))

    def _beside(self, job: Callable[[], Coroutine[Any, Any, None]], group: str = "open") -> None:
        async def reported() -> None:
            try:
                await job()
            except Exception as error:
                self.report(error)

        aside(self, reported, group=group)

    async def _look_again(self, path: str) -> None:
        await asyncio.to_thread(lambda: self.study.vault.refresh([path]))
        if isinstance(self.screen, StudyScreen):
            self.screen.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only areas that are there can be shown; Ctrl+Z in a field must not take back what was done before."""
        if action == "go" and parameters and parameters[0] not in self.area_names:
            return False
        if action == "undo" and self.focused is not None and self.focused.check_consume_key("a", "a"):
            return False
        return super().check_action(action, parameters)

    async def action_back(self) -> None:
        """One step back: inside the screen, to the screen below, to the first area; never out of the program."""
        screen: Any = self.screen
        if hasattr(screen, "step_back") and screen.step_back():
            return
        if len(self.screen_stack) > 1:
            await self.pop_screen()
        elif self.area != self.area_names[0]:
            await self.action_go(self.area_names[0])
        else:
            self.notify(_("Ctrl+Q leaves studytui."))

    async def action_palette(self) -> None:
        """Offer everything that can be done here."""
        from studytui.tui.palette import palette

        async def run(picked: Picked | None) -> None:
            if picked is not None:
                await self.run_action(picked.key, self.screen)

        await self.push_screen(palette(self.screen, self._scopes()), run)

    async def action_help(self) -> None:
        """Show the keys that work here."""
        from studytui.tui.help import HelpScreen

        await self.push_screen(HelpScreen(self._scopes()))

    def _scopes(self) -> tuple[str, ...]:
        return self.screen.scopes() if isinstance(self.screen, StudyScreen) else (APP,)

    async def action_search(self) -> None:
        """Open the search over notes and articles."""
        page = load_screen(SEARCH)
        if type(self.screen) is not type(page):
            await self.push_screen(page)

    async def action_undo(self) -> None:
        """Take back the last act and say what it was."""
        self.notify(_("Undone: {act}").format(act=await asyncio.to_thread(self.study.undo)))
        if isinstance(self.screen, StudyScreen):
            self.screen.reload()

    def action_pull_all(self) -> None:
        """Ask all sources; while that runs, stop it."""
        self.pulling.toggle()

    async def action_quit(self) -> None:
        """Leave, unless a screen would lose something: then ask first."""
        screens = [screen for name in self.area_names for screen in self._stack(self._mode(name))]
        questions = filter(None, (screen.unsaved() for screen in screens if isinstance(screen, StudyScreen)))
        question = next(questions, "")
        if not question:
            self.exit()
            return
        prompt = Confirm(question, _("Yes, leave"))
        await self.push_screen(prompt, lambda leave: self.exit() if leave else None)

    def action_settings(self) -> None:
        """Show the settings."""
        self.push_screen(load_screen("studytui.tui.screens.settings:SettingsScreen"))

    def action_switch_theme(self) -> None:
        """Change between light and dark, and remember it."""
        super().action_switch_theme()
        self._remember("theme", "dark" if self.current_theme.dark else "light")

    async def action_switch_language(self) -> None:
        """Change the language: every screen is made anew, so it waits until no page with work in it is open."""
        old_modes = [self._mode(name) for name in self.area_names]
        if any(len(self._stack(mode)) > 1 for mode in old_modes):
            self.notify(_("Close the open page first (Esc), then change the language."), severity="warning")
            return
        i18n.set_language("en" if i18n.language() == "zh" else "zh")
        self._remember("language", i18n.language())
        area = self.area
        self._generation += 1
        self._add_modes()
        await self.action_go(area)
        for mode in old_modes:
            await self.remove_mode(mode)

    def _stack(self, mode: str) -> list[Screen[Any]]:
        """Return the screens of ``mode``, none when it was never shown."""
        try:
            return self.get_screen_stack(mode)
        except KeyError:
            return []

    def _remember(self, name: str, value: str) -> None:
        try:
            change_setting(self.study.workspace.settings, name, value)
        except Exception as error:
            self.report(error)


def load_screen(dotted: str) -> Screen[Any]:
    """Import "module:class" and return an instance."""
    module, _colon, name = dotted.partition(":")
    screen = getattr(import_module(module), name)()
    assert isinstance(screen, Screen)
    return screen
