"""JSON that only some parsers read."""

import pytest

from tailorbird.stages.events.loose_json import read_loose_json


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":NaN,"b":1}', {"b": 1}),
        ('{"a":{"x":[-Infinity]},"b":"x"}', {"b": "x"}),
        ('{"a":1e400,"b":null}', {"b": None}),
        ('{"a":[1,2,],"b":"say \\",]",}', {"a": [1, 2], "b": 'say ",]'}),
        ('{"a":', {}),
        ("[1]", {}),
        ("[" * 100_000, {}),
    ],
)
def test_what_has_a_plain_meaning_is_kept(text: str, expected: dict[str, object]) -> None:
    assert read_loose_json(text) == expected
