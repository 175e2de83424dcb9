"""What a compiled Liquid template calls at run time: lookups, truth, comparisons and loops with Liquid's meaning.

Every function here answers as python-liquid does for the same values, so that a compiled template and the library's
own render agree. Where Liquid would report an error, these raise; the compiled template then asks the library, whose
message names the line.
"""

from collections.abc import Callable, Collection, Mapping, Sequence, Sized
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

import markupsafe
from liquid import Undefined
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.limits import to_int
from liquid.stringify import to_liquid_string

UNDEFINED = Undefined("undefined")
LOOP_ITERATIONS_MAX = 10_000
OUTPUT_BYTES_MAX = 1_000_000

_NUMBERS = (int, float, Decimal)


class _OverrunError(Exception):
    """A loop or a value grew past the limits; the library's own render then says so with its line."""


def look_up(value: Any, key: Any) -> Any:
    """`value[key]` in Liquid's sense, with `size`, `first` and `last`; UNDEFINED where there is nothing."""
    # Nearly every look-up of a template is one of these two, and takes a third of the time here.
    if type(value) is dict and type(key) is str and key in value:
        return value[key]
    if type(value) is list and type(key) is int and 0 <= key < len(value):
        return value[key]
    try:
        return _item(value, key)
    except (KeyError, TypeError, IndexError):
        return UNDEFINED


def _item(value: Any, key: Any) -> Any:
    if hasattr(key, "__liquid__"):
        key = key.__liquid__()
    if key == "size":
        try:
            return value["size"]
        except (KeyError, IndexError, TypeError):
            return len(value) if isinstance(value, Sized) else UNDEFINED
    if key == "first" or key == "last":
        try:
            return value[key]
        except (KeyError, IndexError, TypeError):
            return _end(value, key)
    if isinstance(key, int) and isinstance(value, str):
        return UNDEFINED
    return value[key]


def _end(value: Any, key: str) -> Any:
    if key == "first" and isinstance(value, Mapping) and value:
        return next(islice(value.items(), 1))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value[0 if key == "first" else -1]
    return UNDEFINED


def getter(value: Any) -> Callable[[str, Any], Any]:
    """A function like `dict.get` for a value that is no plain dict."""
    return partial(_get, value)


def _get(value: Any, key: str, _missing: Any) -> Any:
    return look_up(value, key)


def truthy(value: Any) -> bool:
    """Liquid's truth: everything but false, nil and undefined."""
    if hasattr(value, "__liquid__"):
        value = value.__liquid__()
    return not (value is False or value is None or isinstance(value, Undefined))


def equal(left: Any, right: Any) -> Any:
    """Liquid's `==`: undefined equals nil, booleans equal only booleans, `empty` and `blank` compare by content."""
    if isinstance(left, Undefined):
        return right is None or isinstance(right, Undefined)
    if isinstance(right, Undefined):
        return left is None
    if hasattr(left, "__liquid__"):
        left = left.__liquid__()
    if hasattr(right, "__liquid__"):
        right = right.__liquid__()
    if isinstance(right, Empty | Blank):
        left, right = right, left
    if isinstance(right, bool):
        left, right = right, left
    if isinstance(left, bool):
        return isinstance(right, bool) and left == right
    return left == right


def less(left: Any, right: Any) -> bool:
    """Liquid's `<`. Raises TypeError for values that have no order."""
    if hasattr(left, "__liquid__"):
        left = left.__liquid__()
    if hasattr(right, "__liquid__"):
        right = right.__liquid__()
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return bool(left < right)
    if left is None or right is None:
        return False
    raise TypeError("these values have no order")


def less_or_equal(left: Any, right: Any) -> Any:
    """Liquid's `<=`: false for booleans and nil, equality for values without an order."""
    if hasattr(left, "__liquid__"):
        left = left.__liquid__()
    if hasattr(right, "__liquid__"):
        right = right.__liquid__()
    if isinstance(left, str) and isinstance(right, str):
        return left <= right
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return bool(left <= right)
    if left is None or right is None:
        return False
    return equal(left, right)


def contains(left: Any, right: Any) -> bool:
    """Liquid's `contains`: a part of a string, or an element. Raises TypeError where the left side holds nothing."""
    if not truthy(left) or not truthy(right):
        return False
    if isinstance(left, str):
        return str(right) in left
    if isinstance(left, Collection):
        return right in left
    raise TypeError("the left side holds nothing")


def loop_items(value: Any, limit: Any, offset: Any, backwards: bool) -> list[Any]:
    """The elements a `for` tag runs over: a list, a mapping's pairs, a whole string; nothing for anything else.

    `limit` and `offset` are `...` where the tag has none; a nil limit is an error.
    Raises TypeError or ValueError where they are no integers.
    """
    if isinstance(value, Mapping):
        items: list[Any] = list(value.items())
    elif isinstance(value, str):
        items = [value] if value else []
    elif isinstance(value, Sequence):
        items = list(value)
    else:
        items = []
    start = 0 if offset is ... else to_int(offset)
    stop = None if limit is ... else to_int(limit) + start
    # The library reads a stop of 0 as 'no stop'; so must we.
    first, last = min(max(start, 0), len(items)), min(stop or len(items), len(items))
    items = list(islice(items, first, last))
    return items[::-1] if backwards else items


def bounded(value: Any) -> Any:
    """The value itself. Raises _OverrunError if it outgrew the output limit: it may double on every turn of a loop."""
    if isinstance(value, str | list) and len(value) > OUTPUT_BYTES_MAX:
        raise _OverrunError
    return value


def _public_escape(text: str) -> str:
    return str(markupsafe.escape(text))


# The library's own inner function answers a plain str ten times as fast as its public one, which wraps the answer.
# It has no promise of staying: without it the public one serves.
escape: Callable[[str], str] = getattr(markupsafe, "_escape_inner", _public_escape)


def as_text(value: Any) -> str:
    """A value as Liquid prints it, unescaped."""
    if value.__class__ is int or value.__class__ is float:
        return str(value)
    return to_liquid_string(value, False)


def as_html(value: Any) -> str:
    """A value as Liquid prints it, escaped unless it is marked safe."""
    if value.__class__ is int or value.__class__ is float:
        return str(value)
    return to_liquid_string(value, True)
