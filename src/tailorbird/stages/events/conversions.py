"""SQL that turns a text into a number, a boolean, a moment in UTC or JSON; NULL where the text is none.

`text` is always the SQL of a trimmed text. Nothing is guessed: a time that DuckDB would read somehow, but that is not
written as ISO 8601 says, is none, since a misread consent or order date shows nowhere.
"""

import math
import re
from datetime import datetime

_DAY = r"(?:19|2[01])\d{2}-\d{2}-\d{2}"
_CLOCK = r"[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_ZONE = r"(?:[Zz]|UTC|GMT|[+-](?:0\d|1[0-8])(?::?[0-5]\d)?)"
_LOCAL = rf"^{_DAY}(?:{_CLOCK})?$"
_ZONED = rf"^{_DAY}{_CLOCK} *{_ZONE}$"
_FIRST, _LAST = "TIMESTAMP '1900-01-01'", "TIMESTAMP '2200-01-01'"
_YES, _NO = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
_STRING = r'"(?:[^"\\]|\\.)*"'
_FOREIGN = r"(?i)nan|inf|,\s*[}\]]"
_LOOSE = _FOREIGN + r"|\d{20}|e\+?\d{3}"
_FAR = r"[:,\[]\s*-?\d{20,}\s*[,}\]]|\d{300}|[eE]\+?0*(?:30[89]|3[1-9]\d|[4-9]\d\d|\d{4,})"

REASONS = {
    "integer": "is not a whole number",
    "number": "is not a number",
    "boolean": "is not true or false",
    "datetime": "is not a date and time as 2026-06-01 09:30 or 2026-06-01T09:30:00+02:00",
    "json": "is not JSON",
}
"""What is wrong with a text that does not convert, by the type it should have."""


def convert(text: str, kind: str | None, timezone: str = "UTC") -> str:
    """SQL of the text as a type; None and 'text' keep it. `timezone` is the zone of a time that carries none."""
    if kind == "integer":
        number = to_number(text)
        return f"CASE WHEN {number} = floor({number}) AND abs({number}) < 9e15 THEN CAST({number} AS BIGINT) END"
    if kind == "number":
        return to_number(text)
    if kind == "boolean":
        yes, no = str(_YES), str(_NO)
        return f"CASE WHEN lower({text}) IN {yes} THEN TRUE WHEN lower({text}) IN {no} THEN FALSE END"
    if kind == "json":
        return f"CASE WHEN json_valid({text}) AND NOT {is_loose_json(text)} THEN CAST({text} AS JSON) END"
    if kind == "datetime":
        return to_utc(text, timezone)
    return text


def to_number(text: str) -> str:
    """SQL of a finite DOUBLE."""
    number = f"TRY_CAST({text} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def stamp(text: str) -> str:
    """SQL of the date and time as it is written, without its zone; NULL exactly where `to_utc` is NULL, but cheaper."""
    return _by_form(text, f"TRY_CAST({text} AS TIMESTAMP)", _bare(text))


def within(moment: str) -> str:
    """SQL of a TIMESTAMP, NULL if it lies outside of the years 1900 to 2199: infinity, or somebody's typing mistake."""
    return f"CASE WHEN ({moment}) >= {_FIRST} AND ({moment}) < {_LAST} THEN ({moment}) END"


def local_to_utc(moment: str, timezone: str) -> str:
    """SQL of the UTC time of a TIMESTAMP in a zone."""
    return f"timezone('UTC', timezone({_quoted(timezone)}, {moment}))"


def to_utc(text: str, timezone: str) -> str:
    """SQL of a TIMESTAMP in UTC. A time with an offset keeps its moment; one without is in `timezone`."""
    hours = rf"coalesce(TRY_CAST(regexp_extract({text}, '([+-]\d{{2}}):?(?:\d{{2}})?$', 1) AS INTEGER), 0)"
    minutes = rf"coalesce(TRY_CAST(regexp_extract({text}, '[+-]\d{{2}}:?(\d{{2}})$', 1) AS INTEGER), 0)"
    west = rf"regexp_matches({text}, '-\d{{2}}:?\d{{2}}$')"
    offset = f"to_minutes({hours} * 60 + CASE WHEN {west} THEN -{minutes} ELSE {minutes} END)"
    return _by_form(text, local_to_utc(f"TRY_CAST({text} AS TIMESTAMP)", timezone), f"{_bare(text)} - {offset}")


def _by_form(text: str, local: str, zoned: str) -> str:
    # Each form is tested once a row: these patterns are what an import's reading of times costs.
    is_local, is_zoned = (f"regexp_matches({text}, {_quoted(form)})" for form in (_LOCAL, _ZONED))
    return f"CASE WHEN {is_local} THEN {local} WHEN {is_zoned} THEN {zoned} END"


def _bare(text: str) -> str:
    return f"TRY_CAST(regexp_replace({text}, {_quoted(' *' + _ZONE + '$')}, '') AS TIMESTAMP)"


def converts(text: str, kind: str) -> bool:
    """Whether `convert` makes something of this text: for constants, so that a wrong one is told before the import."""
    try:
        if kind in ("integer", "number"):
            number = float(text)
            return math.isfinite(number) and (kind == "number" or number == int(number))
        if kind == "boolean":
            return text.lower() in (*_YES, *_NO)
        if kind == "datetime":
            zoned = re.match(_ZONED, text)
            plain = re.sub(rf" *{_ZONE}$", "", text) if zoned else text
            return bool((zoned or re.match(_LOCAL, text)) and datetime.fromisoformat(plain))
    except ValueError:
        return False
    return True


def is_loose_json(text: str) -> str:
    """SQL of whether a text that DuckDB takes for JSON is none for others: NaN, Infinity, a comma too many, or a number
    that no 64 bits hold."""
    bare = f"regexp_replace({text}, {_quoted(_STRING)}, '\"\"', 'g')"
    inside = f"regexp_matches({bare}, {_quoted(_FOREIGN)}) OR regexp_matches({bare}, {_quoted(_FAR)})"
    # The strings are cut out only where something suspicious is somewhere: most lines pay for one search.
    return f"(regexp_matches({text}, {_quoted(_LOOSE)}) AND ({inside}))"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
