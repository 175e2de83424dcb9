"""Judging texts: every check on one text, and what became of checks that failed."""
