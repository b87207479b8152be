"""The line on top (the areas) and the line at the bottom (the keys), each one painted line."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from studytui.commands import Command, footer, scoped
from studytui.commands import area as area_named
from studytui.i18n import _
from studytui.keys import show_key, survives_typing


class Item(NamedTuple):
    """One thing on a bar: the key as shown, the word beside it, and the action that a click runs."""

    key: str
    word: str
    action: str
    current: bool = False


class Bar(Widget):
    """One line of items; a click on one does what its key does."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"bar--key", "bar--word", "bar--current"}
    DEFAULT_CSS = """
    Bar {
        height: 1;
        background: $panel;
        & > .bar--key { color: $primary; text-style: bold; }
        & > .bar--word { color: $foreground; }
        & > .bar--current { color: $cursor-text; background: $cursor; text-style: bold; }
    }
    """

    def items(self) -> list[Item]:
        """Return what the bar shows, in order."""
        raise NotImplementedError

    def fitting(self) -> list[Item]:
        """Return the items that have room."""
        return self.items()

    def render_line(self, y: int) -> Strip:
        ground = self.rich_style
        segments = []
        for item in self.fitting():
            if item.current:
                segments.append(Segment(_label(item), self.get_component_rich_style("bar--current")))
            else:
                segments.append(Segment(_key(item), self.get_component_rich_style("bar--key")))
                segments.append(Segment(f"{item.word} ", self.get_component_rich_style("bar--word")))
        return Strip(segments).adjust_cell_length(self.size.width, ground)

    async def on_click(self, event: events.Click) -> None:
        at = 0
        for item in self.fitting():
            at += cell_len(_label(item))
            if event.x < at:
                await self.app.run_action(item.action, self.screen)
                return


class TabBar(Bar):
    """The areas with the keys that lead there; the current one stands out."""

    DEFAULT_CSS = "TabBar { dock: top; }"

    def __init__(self, names: list[str], current: str) -> None:
        super().__init__()
        self.names = names
        self.current = current

    def on_mount(self) -> None:
        self.watch(self.screen, "focused", self._changed, init=False)

    def _changed(self) -> None:
        self.refresh()

    def items(self) -> list[Item]:
        """Return the areas, each with the key that leads there now: digits may be typed, or name links or grades."""
        taken = self._digits_taken()
        areas = [area_named(name) for name in self.names]
        return [
            Item(
                area.keys[1].upper() if taken else str(area.number),
                _(area.title),
                f"app.go('{area.name}')",
                area.name == self.current,
            )
            for area in areas
        ]

    def _digits_taken(self) -> bool:
        focused = self.screen.focused
        scopes: tuple[str, ...] = self.screen.scopes() if hasattr(self.screen, "scopes") else ()
        if focused is not None and (
            focused.check_consume_key("1", "1") or getattr(focused, "takes_digits", False)
        ):
            return True
        return any("1" in command.keys and command.id != "go" for command in scoped(*scopes))

    def fitting(self) -> list[Item]:
        """Narrow screens keep the name of the current area only."""
        items = self.items()
        if sum(cell_len(_label(item)) for item in items) <= self.size.width:
            return items
        return [item if item.current else item._replace(word="") for item in items]


class KeyBar(Bar):
    """At most six keys for what has the focus, help and palette last."""

    DEFAULT_CSS = "KeyBar { dock: bottom; }"

    def on_mount(self) -> None:
        self.watch(self.screen, "focused", self._changed, init=False)
        if hasattr(self.app, "status"):
            self.watch(self.app, "status", self._changed, init=False)

    def _changed(self) -> None:
        self.refresh()

    @property
    def _status(self) -> str:
        status = getattr(self.app, "status", "")
        return f" {status} " if status else ""

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        status = self._status
        if not status:
            return line
        right = Strip([Segment(status, self.get_component_rich_style("bar--current"))])
        return Strip.join([line.crop(0, self.size.width - cell_len(status)), right])

    def items(self) -> list[Item]:
        scopes = self.screen.scopes() if hasattr(self.screen, "scopes") else ("app",)
        focused = self.screen.focused
        typing = focused is not None and focused.check_consume_key("a", "a")
        return [
            Item(key, _(command.footer), _target(self, command))
            for command in footer(*scopes)
            if (key := _shown_key(command, typing))
        ]

    def fitting(self) -> list[Item]:
        """When the line is too short the screen's own last commands go first, help and palette stay."""
        items = self.items()
        room = self.size.width - cell_len(self._status)
        while len(items) > 2 and sum(cell_len(_label(item)) for item in items) > room:
            del items[-3]
        return items


def _label(item: Item) -> str:
    return f"{_key(item)}{item.word} "


def _key(item: Item) -> str:
    """Return the key with its blanks; an F-key of the tabs has no room, and needs none, for the one before it."""
    return f"{item.key:>2} " if len(item.key) < 3 and item.action.startswith("app.go") else f" {item.key} "


def _shown_key(command: Command, typing: bool) -> str:
    """Return the key to show: while a field has the focus only keys that still act."""
    keys = [key for key in command.keys if survives_typing(key)] if typing else list(command.keys)
    return show_key(keys[0], short=True) if keys else ""


def _target(bar: Widget, command: Command) -> str:
    """Return the action in the namespace of the node that the command's scope stands for."""
    if command.scope == "app":
        return f"app.{command.call}"
    focused = bar.screen.focused
    inner = focused is not None and getattr(focused, "SCOPE", "") == command.scope
    return f"{'focused' if inner else 'screen'}.{command.call}"
