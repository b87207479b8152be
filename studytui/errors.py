"""The one family of errors that a learner may see."""

from __future__ import annotations

from studytui.i18n import sentences


class StudyError(Exception):
    """Something the learner can understand and mend; never shown as a traceback.

    ``message`` says what happened and where (``file:line`` when a file is at fault), ``hint`` says what to
    do next.  Both are already translated.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return sentences(self.message, self.hint)
