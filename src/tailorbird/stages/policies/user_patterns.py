"""Regular expressions of packs: compiled with the package `regex`, whose searches end when their time is over.

The standard `re` cannot be interrupted: an expression such as (a|aa)+$ would hold the process for ever.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import regex

TIMEOUT_S = 0.05
_CHARS_MAX = 1000
_REPEATS_MAX = 100_000
_REPEAT = re.compile(r"\{(\d*),?(\d*)\}")


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str, cased: bool = False) -> "regex.Pattern[str]":
    """An expression in Python's syntax, as `regex` extends it. ValueError says what is wrong with it."""
    if len(pattern) > _CHARS_MAX:
        raise ValueError(f"has {len(pattern)} characters; at most {_CHARS_MAX} are allowed")
    repeats = 1
    for found in _REPEAT.finditer(pattern):
        repeats *= max(1, *(int(digits[:9]) for digits in found.groups() if digits), 1)
    if repeats > _REPEATS_MAX:
        raise ValueError(f"its counts multiply to {repeats:,}; at most {_REPEATS_MAX:,} are allowed")
    try:
        compiled = regex.compile(pattern, 0 if cased else regex.IGNORECASE)
        if compiled.search("", timeout=TIMEOUT_S) is not None:
            raise ValueError("matches nothing at all, so that every text would trip; write what must stand there")
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is no regular expression: {error}") from None
    except TimeoutError:
        raise ValueError(f"takes more than {TIMEOUT_S:g} seconds on an empty text; write it flatter") from None
    return compiled


def find_pattern(compiled: "regex.Pattern[str]", text: str, most: int) -> Iterator[tuple[int, int]]:
    """Where a pattern matches, `most` places at most. TimeoutError when the search takes too long."""
    for match in islice(compiled.finditer(text, timeout=TIMEOUT_S), most):
        if match.end() > match.start():
            yield match.span()
