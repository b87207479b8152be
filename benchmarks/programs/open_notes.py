"""Open a workspace as the program does and list its notes; print how many and what the newest is called."""

from __future__ import annotations

import sys
from pathlib import Path

from studytui.study import Study
from studytui.workspace import Workspace

notes = Study.open(Workspace(Path(sys.argv[1]))).notes()
print(len(notes), notes[0].title if notes else "")
