"""studytui: follow, read, note, file, remember, explain - one loop in the terminal."""

__version__ = "0.1.0"
