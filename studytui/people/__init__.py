"""Practitioners the learner met and when to be in touch again."""
