"""What every screen of ours is made of: the areas on top, the keys at the bottom, the screen's own body between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.widget import Widget
from textual.worker import Worker

from studytui.commands import APP
from studytui.tui.aside import aside, rest
from studytui.tui.bindings import bindings
from studytui.tui.private import CalmScreen
from studytui.tui.widgets.bars import KeyBar, TabBar
from studytui.tui.widgets.panes import Panes
from studytui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from studytui.study import Study
    from studytui.tui.app import StudyApp
    from studytui.tui.widgets.reader import Reader

T = TypeVar("T")


class StudyScreen(CalmScreen[None]):
    """A full screen: ``SCOPE`` names its commands in the table, ``AREA`` the tab that is lit.

    A subclass writes `body`, `reload` and one ``action_<id>`` for each command of its scope.
    """

    SCOPE: ClassVar[str] = ""
    AREA: ClassVar[str] = ""
    _in_front = False

    def __init_subclass__(cls, **options: Any) -> None:
        own = cls.__dict__
        if own.get("SCOPE"):
            cls.BINDINGS = [*bindings(own["SCOPE"]), *own.get("BINDINGS", ())]
        super().__init_subclass__(**options)

    # What a screen writes itself

    def body(self) -> Iterable[Widget]:
        """Return the widgets between the two bars."""
        return ()

    def reload(self) -> None:
        """Show the present state; called at first and whenever the screen comes back to the front."""

    def open_subject(self, subject: str) -> None:
        """Show the thing called ``subject``, as soon as it is loaded: another screen sent the learner here."""

    def pulled(self, name: str) -> None:
        """Hear that the source called ``name`` was asked just now."""

    def step_back(self) -> bool:
        """Take one step back inside the screen; False when Esc should leave it."""
        panes = self.query(Panes)
        if panes and panes.first().active > 0:
            panes.first().action_pane_left()
            return True
        return False

    def under_way(self) -> tuple[str, str] | None:
        """Return the kind of act and the subject that time is being spent on now, None for looking around."""
        return None

    def unsaved(self) -> str:
        """Return a question to ask before this screen is thrown away, "" when nothing would be lost."""
        return ""

    # What it gets

    @property
    def study(self) -> Study:
        """The opened workspace with all its areas."""
        return self.desk.study

    @property
    def desk(self) -> StudyApp:
        """The app, typed."""
        from studytui.tui.app import StudyApp

        assert isinstance(self.app, StudyApp)
        return self.app

    def scopes(self) -> tuple[str, ...]:
        """Return the scopes whose commands work now, the focused widget's first."""
        inner = getattr(self.focused, "SCOPE", "")
        panes = ("panes",) if self.query(Panes) else ()
        return tuple(filter(None, (inner, self.SCOPE, *panes, APP)))

    def in_thread(
        self,
        work: Callable[[], T],
        then: Callable[[T], object] | None = None,
        *,
        group: str = "load",
        after: float = 0.0,
    ) -> None:
        """Run ``work`` in a thread and ``then`` with its result on the screen; errors become sentences.

        It begins when the hands have rested for ``after`` seconds.  A newer call of the same ``group`` drops the
        older one's result.
        """

        async def job() -> None:
            if after:  # work that does not wait begins at once, before a newer call could cancel it
                await rest(after)
            result = await asyncio.to_thread(work)
            if then is not None and self.is_attached:
                then(result)

        self.in_loop(job, group=group)

    def in_loop(self, job: Callable[[], Awaitable[object]], *, group: str) -> None:
        """Await ``job()`` beside the screen; a newer one of its ``group`` cancels it, errors become sentences."""

        async def reported() -> None:
            try:
                await job()
            except Exception as error:
                self.desk.report(error)

        aside(self, reported, group=group)

    def ask(self, prompt: Prompt[T], then: Callable[[T], object]) -> None:
        """Put ``prompt`` in front; ``then`` gets the answer, and nothing happens when there is none."""

        def answered(answer: T | None) -> None:
            if answer is not None:
                try:
                    then(answer)
                except Exception as error:
                    self.desk.report(error)

        self.desk.push_screen(prompt, answered)

    # How it is put together

    def compose(self) -> ComposeResult:
        yield TabBar(self.desk.area_names, self.AREA)
        yield from self.body()
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Reload once for each time in front; Textual says twice that a new mode's screen came up."""
        if not self._in_front:
            self._in_front = True
            self.reload()

    def on_reader_links_changed(self) -> None:
        """Let the tabs name the keys that lead to them now."""
        self.query_one(TabBar).refresh()

    def on_reader_link_opened(self, event: Reader.LinkOpened) -> None:
        """Follow a link of a text that stands on this screen."""
        if event.link.kind == "note":
            self.follow_link(event.link.target)
        else:
            self.app.open_url(event.link.target)

    def follow_link(self, target: str) -> None:
        """Show the note that a link of this screen's text names."""
        self.desk.open_note(target)

    async def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Let keys go on that waited for what is read now."""
        if event.worker.is_finished:
            await self.desk.in_turn.go_on()

    def on_screen_suspend(self) -> None:
        self._in_front = False
