"""Every finding is told in words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tailorbird.web.report import reasons
from tailorbird.web.report.reasons import REASONS

pytestmark = pytest.mark.slow


def types_in_source() -> Iterator[str]:
    """The types that the checks give their findings, where they are written out."""
    source = Path(reasons.__file__).parents[2]
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"error": 2, "Finding": 3}.get(node.func.id)
                if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                    yield str(ast.literal_eval(node.args[place]))


def test_every_finding_has_words_for_people() -> None:
    found = set(types_in_source())
    assert len(found) > 30
    assert found - set(REASONS) == set()
