"""The one base of errors that are told to the user."""


class TailorbirdError(Exception):
    """What went wrong, where, and how to mend it, in one sentence or two. Commands print it and exit with 1."""
