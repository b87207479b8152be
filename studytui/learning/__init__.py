"""Courses, cards, explaining and keeping at it."""
