"""The JSON Schema of facts as a person writes them, for editors: docs/schemas/facts.schema.json."""

from typing import Any

_NAMES = {"type": ["string", "array"], "items": {"type": "string"}}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_NUMBER = {"type": ["number", "string"]}

FACTS_SCHEMA: dict[str, Any] = {
    "description": 'One thing with its facts, or "subjects" and what goes with them.',
    "type": "object",
    "if": {"required": ["subjects"]},
    "then": {
        "properties": {
            "subjects": {"description": "What the text is about.", "$ref": "#/$defs/things"},
            "others": {"description": "What it is not about: what is true of these alone is false here.",
                       "$ref": "#/$defs/things"},
            "vocabularies": {
                "description": "The values that an attribute can have at all, and other wordings of each.",
                "type": "object",
                "additionalProperties": {
                    "type": ["array", "object"], "items": {"type": "string"}, "additionalProperties": _TEXTS,
                },
            },
            "required": {"description": "Attributes that the text must state.", **_TEXTS},
            "evidence": {"description": "Ids of substantiation, and where each is kept.", "type": "object",
                         "additionalProperties": {"type": "string"}},
            "as_of": {"description": "The moment of reading; in the zone, where it names none.",
                      "type": ["string", "null"], "format": "date-time"},
            "zone": {"description": "The IANA time zone of dates and times.", "type": "string"},
        },
        "additionalProperties": False,
    },
    "else": {"$ref": "#/$defs/thing"},
    "$defs": {
        "things": {"type": ["array", "object"], "items": {"$ref": "#/$defs/thing"}},
        "thing": {
            "description": 'Names, an id, a family; the facts under "facts", or every other key as one fact.',
            "type": "object",
            "properties": {"name": _NAMES, "names": _NAMES, "id": {"type": ["string", "integer"]},
                           "item_id": {"type": ["string", "integer"]}, "family": {"type": "string"}},
            "if": {"required": ["facts"]},
            "then": {
                "properties": {"facts": {
                    "type": ["object", "array"],
                    "additionalProperties": {"$ref": "#/$defs/value"},
                    "items": {"type": "object", "required": ["name"]},
                }},
                "propertyNames": {"enum": ["name", "names", "id", "item_id", "family", "facts"]},
            },
            "else": {"additionalProperties": {"$ref": "#/$defs/value"}},
        },
        "value": {
            "description": "'48.00 GBP', '20-25 cm', 1.8, true, 2026-12-01, words, or a list of these; null says "
                           "that nothing is known.",
            "anyOf": [
                {"type": ["string", "number", "boolean", "null"]},
                {"$ref": "#/$defs/measured"},
                {"type": "array", "items": {"anyOf": [
                    {"type": ["string", "number", "boolean"]}, {"$ref": "#/$defs/measured"},
                ]}},
            ],
        },
        "measured": {
            "type": "object",
            "properties": {
                "value": {"type": ["string", "number", "boolean"]}, "amount": _NUMBER, "low": _NUMBER,
                "high": _NUMBER, "unit": {"type": "string"}, "currency": {"type": "string"},
                "source": {"description": "Where it stands.", "type": "string"},
                "until": {"description": "The moment until which it holds.", "type": "string"},
            },
            "additionalProperties": False,
            "anyOf": [{"required": ["value"]}, {"required": ["amount"]}, {"required": ["low", "high"]}],
        },
    },
}  # fmt: skip
