"""Watching campaigns: halt, return to what was good, open an incident."""
