"""The steps of a run: the only callers of ports."""
