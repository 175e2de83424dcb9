"""Protocols between the pipeline and the world: one per file, at most five methods each."""
