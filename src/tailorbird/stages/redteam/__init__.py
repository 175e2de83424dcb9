"""Attacks, made by seed."""
