"""The lines of the emitted function."""

import pytest
from liquid import Environment

from tailorbird.stages.channels.liquid_expressions import Names, _UnsupportedError
from tailorbird.stages.channels.liquid_writer import LiquidWriter


def written(source: str) -> str:
    writer = LiquidWriter(Names(Environment(), frozenset()))
    writer.nodes(Environment().from_string(source).nodes, True)
    writer.flush()
    return writer.source()


def test_a_context_name_is_read_once() -> None:
    assert written("{{ a.b }}{{ a.c }}{% if a.d %}{{ a.e }}{% endif %}").count("c.get('a', U)") == 1


def test_a_loop_counts_only_where_its_body_asks() -> None:
    assert "enumerate" not in written("{% for x in xs %}{{ x }}{% endfor %}")
    assert "enumerate" in written("{% for x in xs %}{{ forloop.index }}{% endfor %}")


def test_a_block_of_white_space_prints_nothing() -> None:
    assert "w0(" not in written("{% if a %}   {% endif %}")


@pytest.mark.parametrize("source", ["{% for x in xs %}{% break %}{% endfor %}", "{% cycle 'a', 'b' %}"])
def test_a_tag_outside_the_subset_is_refused(source: str) -> None:
    with pytest.raises(_UnsupportedError, match="tag"):
        written(source)
