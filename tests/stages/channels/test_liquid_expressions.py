"""Expressions lowered to Python."""

import pytest
from liquid import Environment
from liquid.builtin.output import OutputNode

from tailorbird.stages.channels.liquid_expressions import Names, _UnsupportedError, emit_output


def emitted(source: str, names: Names | None = None) -> str:
    node = Environment().from_string(source).nodes[0]
    assert isinstance(node, OutputNode)
    return emit_output(node.expression, names or Names(Environment(), frozenset()))


def test_a_path_is_read_by_its_quoted_key() -> None:
    names = Names(Environment(), frozenset())
    assert "gr0('first_name', U)" in emitted("{{ person.first_name }}", names)
    assert names.roots == {"person": "r0"}


def test_numbers_and_safe_texts_are_passed_by_reference() -> None:
    names = Names(Environment(), frozenset())
    emitted("{{ a | round: 2 }}", names)
    assert 2 in names.constants.values()


@pytest.mark.parametrize(
    "source", ["{{ x | date: '%Y' }}", "{{ now }}", "{{ x | default: 1, allow_false: true }}", "{{ (1..3) }}"]
)
def test_what_is_outside_the_subset_is_refused(source: str) -> None:
    with pytest.raises(_UnsupportedError):
        emitted(source)
