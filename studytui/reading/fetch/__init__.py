"""Downloading behind a guard, and finding feeds in pages."""
