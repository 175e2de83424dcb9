"""SQL of one value inside an event's JSON: the only place that reads JSON, and the meaning of text and number.

A value is a text, a number, true or false. Lists, objects and null are no values, and neither are NaN and the
infinities. As text, a number is written with at most six decimals and no trailing zeros (1, 1.0 and "1" are one text).
As number, a value counts in millionths, from -10^12 to 10^12, both excluded: a JSON number, or a text of plain digits.
Decimals keep sums exact in every order and on every engine; halves round away from zero. `scalars` has the same
meaning for the online fold.
"""

NUMBER = "DECIMAL(18, 6)"
PLAIN_NUMBER = "-?[0-9]{1,12}([.][0-9]{1,20})?"


def json_sql(column: str, path: str) -> str:
    """SQL of the JSON at `path` as text, NULL where there is none; a JSON null is the text 'null'."""
    return f"CAST(json_extract({column}, {literal(path_sql(path))}) AS VARCHAR)"


def list_sql(column: str, path: str) -> str:
    """SQL of the elements of the list at `path`; none where there is no list."""
    return f"json_extract({column}, {literal(path_sql(path) + '[*]')})"


def text_sql(found: str) -> str:
    """SQL of the value as text, from a column of `json_sql`; NULL where it is no value."""
    number = f"CAST(TRY_CAST({found} AS {NUMBER}) AS VARCHAR)"
    # Most texts have nothing escaped and need no parser.
    plain = f"CASE WHEN strpos({found}, '\\') > 0 THEN json_extract_string({found}, '$') "
    plain += f"ELSE substr({found}, 2, length({found}) - 2) END"
    return (
        f"CASE WHEN {found} LIKE '\"%' THEN {plain} ELSE CASE left({found}, 1) WHEN '{{' THEN NULL WHEN '[' THEN NULL "
        f"WHEN 'n' THEN NULL WHEN 't' THEN 'true' WHEN 'f' THEN 'false' "
        f"ELSE rtrim(rtrim({number}, '0'), '.') END END"
    )


def number_sql(found: str) -> str:
    """SQL of the value as an exact decimal, from a column of `json_sql`; NULL where it is no number."""
    said = f"json_extract_string({found}, '$')"
    return (
        f"CASE WHEN {found} LIKE '\"%' THEN CASE WHEN regexp_matches({said}, '^{PLAIN_NUMBER}$') "
        f"THEN TRY_CAST({said} AS {NUMBER}) END "
        f"WHEN regexp_matches({found}, '^[-0-9]') THEN TRY_CAST({found} AS {NUMBER}) END"
    )


def present_sql(found: str) -> str:
    """SQL of whether there is anything but null, from a column of `json_sql`; never NULL itself."""
    return f"({found} IS NOT NULL AND {found} <> 'null')"


def path_sql(path: str) -> str:
    """A dotted path as a JSON path: a.b is $."a"."b"."""
    return "$" + "".join(f'."{step}"' for step in path.split("."))


def literal(value: str | int | float | bool) -> str:
    """A value as an SQL literal."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def quoted(identifier: str) -> str:
    """A name as an SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'
