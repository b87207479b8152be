"""Markdown notes on disk: reading, editing, linking, keeping them safe."""
