"""A practice record: a note whose practice block holds dated entries; results are computed and never stored.

```yaml practice
- date: 2026-11-22
  person: Mrs Tan
  stage: expected
  reason: asked for a sample
```

Field names and fixed words may be English or Chinese.  Every entry may carry ``note`` (free text) and
``example: yes``.  What cannot be read is named with its line and left out of the reckoning, never changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from studytui.errors import StudyError
from studytui.practice.fields import Field, Kind
from studytui.practice.report import Report
from studytui.practice.tool import Context, Entry, Tool, only_examples

DATE = Field("date", "日期", Kind.DAY, required=True)
EXAMPLE = Field("example", "示例", Kind.YES_NO)
NOTE = Field("note", "备注")
COMMON = (DATE, EXAMPLE, NOTE)
"""The fields that every entry of every tool may have."""


@dataclass(frozen=True)
class Problem:
    """One thing in a file that cannot be read: where it stands, what is wrong, what to do."""

    path: str
    line: int
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} {self.hint}"


@dataclass(frozen=True)
class Record:
    """A practice note as read: its good ``entries`` in file order, and a problem for all that is not good.

    ``tool`` is None when the note names none that exists; ``lang`` is the ``lang:`` of the front matter or "".
    """

    path: str
    raw: bytes
    tool: Tool | None
    title: str = ""
    lang: str = ""
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    starter: bool = False
    """The record is not in the workspace yet: this is the shipped one, saved with the first entry."""
    words: str = "en"
    """The language of the field names in the block, in which new entries are written."""

    @property
    def examples(self) -> bool:
        """Whether all there is are examples."""
        return only_examples(self.entries)

    def usable(self) -> Tool:
        """Return the record's tool; raises StudyError, naming the line, when the note says none that exists."""
        if self.tool is None:
            problem = self.problems[0]
            raise StudyError(f"{problem.path}:{problem.line}: {problem.message}", problem.hint)
        return self.tool

    def report(self, context: Context) -> Report:
        """Return the tool's report, what could not be read first; raises StudyError without a tool."""
        report = self.usable().report(self.entries, context)
        return replace(report, warnings=(*(str(problem) for problem in self.problems), *report.warnings))
