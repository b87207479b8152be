"""Drafts: what is being written and not saved yet, kept beside the notes so that a crash costs seconds at most.

One file for each note and running program.  The file of a program that runs no longer is what a crash left.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.workspace import Workspace, digest, write_atomic


@dataclass(frozen=True)
class Draft:
    """An unsaved text of the note at ``path``; ``base`` is the digest of the file that it was made from."""

    path: str
    text: str
    base: str
    at: datetime
    file: Path


def process_runs(pid: int) -> bool:
    """Say whether a process with this number runs on this machine."""
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class Drafts:
    """The drafts of one workspace, as seen by this program on this device."""

    def __init__(self, workspace: Workspace, runs: Callable[[int], bool] = process_runs) -> None:
        self.folder = workspace.state / "drafts"
        self.device = workspace.device()
        self._runs = runs

    def keep(self, path: str, text: str, base: str, at: datetime) -> None:
        """Keep ``text`` as the draft of the note at ``path``; raises StudyError when the disk refuses."""
        kept = {"path": path, "base": base, "at": at.isoformat(timespec="seconds"), "text": text}
        content = json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")
        write_atomic(self.folder / f"{self._stem(path)}{os.getpid()}.json", content)

    def drop(self, path: str) -> None:
        """Forget this program's draft of the note at ``path``."""
        self._remove(self.folder / f"{self._stem(path)}{os.getpid()}.json")

    def throw_away(self, draft: Draft) -> None:
        """Remove a draft that the learner does not want or has taken over."""
        self._remove(draft.file)

    def left(self, path: str) -> Draft | None:
        """Return the newest draft of the note at ``path`` that a crash left behind, None when there is none."""
        return max(self._left(path), key=lambda draft: draft.at, default=None)

    def edited_elsewhere(self, path: str) -> bool:
        """Say whether another running program on this machine has unsaved work on the note at ``path``."""
        pids = (_pid(file) for file in self.folder.glob(f"{self._stem(path)}*.json"))
        return any(pid not in (0, os.getpid()) and self._runs(pid) for pid in pids)

    def _left(self, path: str) -> Iterator[Draft]:
        for file in self.folder.glob(f"{self._stem(path)}*.json"):
            pid = _pid(file)
            if pid == os.getpid() or not self._runs(pid):
                draft = _read(file)
                if draft is not None:
                    yield draft

    def _stem(self, path: str) -> str:
        return f"{digest(path.encode('utf-8', 'surrogatepass'))[:16]}-{self.device}-"

    def _remove(self, file: Path) -> None:
        with contextlib.suppress(OSError):
            file.unlink()


def _pid(file: Path) -> int:
    number = file.stem.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def _read(file: Path) -> Draft | None:
    try:
        kept = json.loads(file.read_bytes())
        return Draft(
            str(kept["path"]),
            str(kept["text"]),
            str(kept["base"]),
            datetime.fromisoformat(kept["at"]),
            file,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
