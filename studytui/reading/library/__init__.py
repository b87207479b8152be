"""The articles and their state in SQLite; a cache of feeds and journal."""
