"""The schema agrees with the reader: what one takes, the other takes."""

from typing import Any

import jsonschema_rs
import pytest

from tailorbird.stages.facts.given import FactsError, read_facts
from tailorbird.stages.facts.given_schema import FACTS_SCHEMA

VALID = jsonschema_rs.validator_for({"$schema": "https://json-schema.org/draft/2020-12/schema", **FACTS_SCHEMA})


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"name": "Hobbin", "price": ["48 GBP", {"amount": 55, "currency": "EUR"}], "safe": False, "warranty": None},
        {"names": ["a", "b"], "facts": {"size": {"low": 20, "high": 25, "unit": "cm"}}},
        {"facts": [{"name": "price", "value": 48, "unit": "GBP", "until": "2026-12-01T18:00"}]},
        {"subjects": [{"id": 7, "facts": {}}], "others": [], "vocabularies": {"a": ["b"], "c": {"d": ["e"]}},
         "required": ["a"], "evidence": {"a": "b"}, "as_of": "2026-12-01T09:00", "zone": "Europe/London"},
    ],
)  # fmt: skip
def test_what_the_reader_takes_whole_is_valid(document: Any) -> None:
    found = read_facts(document)
    assert [one.where for one in found.unusable] in ([], ["warranty"])
    assert VALID.is_valid(document)


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"subjects": [], "colour": "red"},
        {"subjects": ["kettle"]},
        {"facts": {}, "colour": "red"},
        {"facts": [1]},
        {"subjects": [], "required": "notice"},
        {"subjects": [], "evidence": {"a": 1}},
        {"subjects": [], "vocabularies": {"a": 1}},
        {"size": {"height": "20 cm"}},
        {"size": [[1]]},
        {"size": {"unit": "cm"}},
    ],
)
def test_what_the_reader_refuses_is_not_valid(document: Any) -> None:
    try:
        assert read_facts(document).unusable
    except FactsError:
        pass
    assert not VALID.is_valid(document)
