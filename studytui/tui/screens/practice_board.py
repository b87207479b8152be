"""The customer stages as a board: people at their stages, moved with a reason through the gates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from studytui.i18n import _, language
from studytui.tui.bindings import bindings
from studytui.tui.screens.practice_tool import RESULT, ToolScreen
from studytui.tui.widgets.line_list import Column, LineList, Row

if TYPE_CHECKING:
    from studytui.joins.practice import Preview
    from studytui.practice.report import Report
    from studytui.practice.stages import Place
    from studytui.practice.tool import Entry


class BoardScreen(ToolScreen):
    """The tool of the customer stages, its result a board on which people move."""

    SCOPE = "tool"
    FIRST = RESULT
    BINDINGS: ClassVar[list[Binding]] = bindings("board")  # type: ignore[assignment]

    def __init__(self, tool_id: str, path: str | None = None) -> None:
        super().__init__(tool_id, path)
        self.places: dict[str, Place] = {}

    def scopes(self) -> tuple[str, ...]:
        """Return the scopes whose commands work now, those of the board included."""
        inner, *rest = super().scopes()
        return (inner, "board", *rest) if inner != self.SCOPE else ("board", inner, *rest)

    def result_view(self) -> Widget:
        """Return the board."""
        return LineList([Column(14), Column(0)], empty=_nobody, id="board")

    def paint(self, report: Report, entries: Iterable[Entry]) -> None:
        """Show everybody at their stage."""
        from studytui.practice.stages import places
        from studytui.practice.tool import counted

        assert isinstance(self.result, LineList)
        self.places = places(counted(list(entries)))
        width = max(20, self.result.size.width - 4)
        self.result.show_rows(board_rows(self.places, report, width))

    def wrong(self, preview: Preview) -> dict[str, str]:
        """Name a gate that is shut at once, before the reason is written."""
        from studytui.practice.fields import find_word
        from studytui.practice.stages import STAGES, refusal

        said, texts = super().wrong(preview), self.form.texts
        stage = find_word(STAGES, texts["stage"])
        counts = [texts[key].strip() or "0" for key in ("purchases", "referrals")]
        if stage is not None and "stage" not in said and all(text.isdecimal() for text in counts):
            shut = refusal(stage.key, *map(int, counts))
            return {**said, "stage": shut} if shut else said
        return said

    def _place(self) -> Place | None:
        assert isinstance(self.result, LineList)
        return self.places.get(self.result.key)

    @on(LineList.Opened, "#board")
    def _person_opened(self) -> None:
        self._move(0)

    def action_move_on(self) -> None:
        """Move the marked person one stage on; the form asks why and the gate says what is missing."""
        self._move(1)

    def action_move_back(self) -> None:
        """Move the marked person one stage back; the form asks why."""
        self._move(-1)

    def _move(self, step: int) -> None:
        from studytui.practice.stages import STAGES

        place = self._place()
        if place is None:
            self.notify(_("Mark somebody on the board first."))
            return
        at = next(n for n, stage in enumerate(STAGES) if stage.key == place.stage)
        to = max(0, min(at + step, len(STAGES) - 1))
        known = {
            "person": place.person,
            "stage": STAGES[at].written(language()),
            "purchases": str(place.purchases),
            "referrals": str(place.referrals),
        }
        of_example = ("person", "purchases", "referrals") if self.record and self.record.examples else ()
        self.fill_in(known, {"stage": STAGES[to].written(language())}, "reason", of_example)


def board_rows(places: dict[str, Place], report: Report, width: int) -> list[Row]:
    """Return the stages with everybody at theirs, what each lacks for the next, and the next step."""
    from studytui.practice.render import wrapped
    from studytui.practice.stages import STAGES, missing_for_next

    rows = [Row("", (line,), "warning") for text in report.warnings for line in wrapped(f"! {text}", width)]
    for number, stage in enumerate(STAGES, 1):
        there = [(key, place) for key, place in places.items() if place.stage == stage.key]
        count = f" · {len(there)}" if there else ""
        rows.append(Row("", (f"{number} {stage.shown()}{count}",), "heading" if there else "muted"))
        for key, place in there:
            known = _("bought {purchases}, brought {referrals}").format(
                purchases=place.purchases, referrals=place.referrals
            )
            rows.append(Row(key, (place.person, " · ".join(filter(None, (missing_for_next(place), known))))))
    if report.next_step:
        told = _("Next: {step}").format(step=report.next_step)
        rows += [Row("", ("",)), *(Row("", (line,), "muted") for line in wrapped(told, width))]
    return rows


def _nobody() -> str:
    return _(
        "Nobody on the board yet.\na puts somebody on it.\nFor example Mrs Tan, expected: asked for a sample"
    )
