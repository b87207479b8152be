"""Index every note of a folder in SQLite's FTS5, fed with our own terms: python fts5_index.py FOLDER DATABASE."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from studytui.search.analyzer import index_text

texts = [file.read_text("utf-8") for file in Path(sys.argv[1]).rglob("*.md")]
database = sqlite3.connect(sys.argv[2])
database.execute("CREATE VIRTUAL TABLE note USING fts5 (text, content='', tokenize='unicode61')")
with database:
    database.executemany("INSERT INTO note (text) VALUES (?)", ((index_text(text),) for text in texts))
print(len(texts))
