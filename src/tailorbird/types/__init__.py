"""Frozen nouns that cross stages, one per file: data only, standard library only."""
