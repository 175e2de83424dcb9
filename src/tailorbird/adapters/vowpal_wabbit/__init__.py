"""Vowpal Wabbit: contextual bandits that learn online."""
