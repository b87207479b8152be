"""The file behind the editor: what was read and saved last, its draft, and what other programs do to it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.errors import StudyError

if TYPE_CHECKING:
    from studytui.notes.drafts import Draft, Drafts
    from studytui.notes.note import NoteFile
    from studytui.notes.vault import Saved
    from studytui.study import Study

GONE = "gone"


class Keeper:
    """One note on the disk as the editor knows it; everything slow happens in threads, one thing after the other.

    ``text`` is what was read or saved last, None before that.  ``elsewhere`` names a change by another program
    that has not been taken over.
    """

    def __init__(self, study: Study, path: str) -> None:
        self.study = study
        self.path = path
        self.text: str | None = None
        self.title = ""
        self.elsewhere = ""
        self._base = ""
        self._drafted: str | None = None
        self._seen: tuple[int, int] | None = None
        self._alone = asyncio.Lock()

    @property
    def drafts(self) -> Drafts:
        """The drafts of this workspace."""
        from studytui.notes.drafts import Drafts

        return Drafts(self.study.workspace)

    def differs(self, text: str) -> bool:
        """Say whether ``text`` is something else than what was read or saved last."""
        return self.text is not None and text != self.text

    async def open(self) -> NoteFile:
        """Read the note.  Raises StudyError when it is gone or no text."""
        opened = await asyncio.to_thread(self.study.vault.read, self.path)
        self.take(opened)
        return opened

    def take(self, opened: NoteFile) -> None:
        """Go on from what is on the disk."""
        self._base, self.text, self.title, self.elsewhere = opened.digest, opened.text, opened.note.title, ""

    # --- drafts -------------------------------------------------------------------------------------------

    async def left(self) -> tuple[Draft | None, bool]:
        """Return the draft that a crash left, and whether another window is writing here; an equal draft goes."""

        def look() -> tuple[Draft | None, bool]:
            drafts = self.drafts
            draft = drafts.left(self.path)
            if draft is not None and draft.text == self.text:
                drafts.throw_away(draft)
                draft = None
            return draft, drafts.edited_elsewhere(self.path)

        return await asyncio.to_thread(look)

    async def settle(self, draft: Draft, text: str, *, wanted: bool) -> None:
        """Go on with a draft, whose text is now ``text`` in the editor, or throw it away."""
        if wanted:
            self._base = draft.base
        await asyncio.to_thread(self.drafts.throw_away, draft)
        await self.keep(text)

    async def keep(self, text: str) -> None:
        """Keep ``text`` as a draft when it is not saved; a draft that is not needed any more goes."""
        async with self._alone:
            if text == self._drafted or (self._drafted is None and not self.differs(text)):
                return
            self._drafted = text if self.differs(text) else None
            await asyncio.to_thread(self.keep_now, text)

    def keep_now(self, text: str) -> None:
        """Keep or drop the draft in this thread: the program may be about to end."""
        if self.differs(text):
            self.drafts.keep(self.path, text, self._base, self.study.clock.now())
        else:
            self.drafts.drop(self.path)

    # --- saving and strangers -------------------------------------------------------------------------------

    async def save(self, text: str) -> Saved | None:
        """Save ``text``; None when there is nothing to save.  After a conflict ``path`` is that of the copy.

        One save waits for the other, or it would take our own last one for a stranger's.
        """
        async with self._alone:
            if not self.differs(text):
                if self._drafted is not None:
                    await asyncio.to_thread(self.drafts.drop, self.path)
                    self._drafted = None
                return None
            path, base = self.path, self._base
            saved = await asyncio.to_thread(lambda: self.study.vault.save(path, text, base))
            await asyncio.to_thread(self.drafts.drop, path)
            self.text, self.elsewhere, self._drafted = text, "", None
            self._base, self.title = saved.note.digest, saved.note.title
            if saved.conflict is not None:
                self.path = saved.conflict
                kept = await asyncio.to_thread(self.study.vault.read, saved.conflict)
                self._base = kept.digest
            return saved

    async def look(self) -> NoteFile | None:
        """Return the note as another program left it when it is not what it was, None else.

        ``elsewhere`` tells of it, and is `GONE` when the file is no more.
        """
        async with self._alone:
            signature = await asyncio.to_thread(_signature, self.study.workspace.notes / self.path)
            if signature is not None and signature == self._seen:
                return None
            self._seen = signature
            try:
                opened = await asyncio.to_thread(self.study.vault.read, self.path)
            except StudyError:
                self.elsewhere = GONE
                return None
            if opened.digest == self._base:
                return None
            self.elsewhere = opened.digest
            return opened


def _signature(file: Path) -> tuple[int, int] | None:
    """Return what tells two states of a file apart without reading it, None when it is gone."""
    try:
        found = file.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
