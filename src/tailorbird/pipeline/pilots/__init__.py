"""Pilots at work: who may be written to, what holds a campaign, and who signs."""
