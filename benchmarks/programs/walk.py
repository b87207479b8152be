"""Look at every file below a folder without opening any, or with ``read`` read them all; print how many."""

from __future__ import annotations

import os
import sys

pending, count, size = [sys.argv[1]], 0, 0
while pending:
    for entry in os.scandir(pending.pop()):
        if entry.is_dir(follow_symlinks=False):
            pending.append(entry.path)
            continue
        count += 1
        size += entry.stat(follow_symlinks=False).st_size
        if "read" in sys.argv:
            with open(entry.path, "rb") as file:  # noqa: PTH123 - the bare minimum
                file.read()
print(count)
