"""The package's root: a validator to use alone, and an import that costs next to nothing."""

import doctest
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

import tailorbird
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.policy import Policy

KETTLE = {"name": "Hobbin kettle", "price": "48.00 GBP", "capacity": "1.8 l"}


def test_the_example_in_the_docstring_is_true() -> None:
    found = doctest.DocTestFinder().find(tailorbird.validate, "validate", globs={"tailorbird": tailorbird})
    results = [doctest.DocTestRunner().run(each) for each in found]
    assert [result.failed for result in results] == [0] and results[0].attempted >= 5


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import tailorbird; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) <= {"tailorbird", "__future__"}


def test_facts_are_a_mapping_or_facts_and_the_answer_is_the_same() -> None:
    facts = Facts((Entity("Hobbin kettle", ("Hobbin kettle",), (Fact("capacity", Decimal("1.8"), "l"),)),))
    text = "The Hobbin kettle holds 2 litres."
    verdicts = [
        tailorbird.validate(text, each, Policy(), "en-GB")
        for each in (facts, {"name": "Hobbin kettle", "capacity": "1.8 l"})
    ]
    assert [verdict.status for verdict in verdicts] == ["repair", "repair"]
    assert verdicts[0].findings[0].span == verdicts[1].findings[0].span == (24, 32)


@pytest.mark.parametrize(
    "text",
    [
        "", " \n", "a" * 1_000_000, "سعر الغلاية ٤٨ جنيهًا", "Cafe\u0301 au lait, nai\u0308ve", "\u202eevil\u202c", "🫖" * 500,
        "<p>It costs <b>£48</b>.</p>", "£٤٨", "\x00\x1b[2J", "½ price",
    ],
)  # fmt: skip
def test_any_text_has_a_verdict_whose_spans_are_in_its_text(text: str) -> None:
    for locale in ("en-GB", "de-DE", "ar-EG"):
        verdict = tailorbird.validate(text, KETTLE, locale=locale)
        assert all(0 <= found.span[0] <= found.span[1] <= len(verdict.text) for found in verdict.findings)
        assert not any(found.type == "crashed" for found in verdict.findings), verdict.findings
    assert locale == "ar-EG" and not verdict.passed, "a language that no check of facts knows never passes"


@pytest.mark.parametrize(
    "arguments",
    [
        ("a day", ["x"]),
        ("a day", {"subjects": 3}),
        ("a day", None, {"channel": 3}),
        ("a day", None, None, "?"),
        (None,),
    ],
)
def test_what_is_of_a_wrong_form_is_an_error_to_be_shown(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TailorbirdError):
        tailorbird.validate(*arguments)
