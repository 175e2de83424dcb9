"""Replay of a past campaign with another policy: what it would have earned."""
