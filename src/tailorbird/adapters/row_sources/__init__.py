"""Databases of the user's whose rows are imported."""
