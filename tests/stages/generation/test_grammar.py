"""The grammar of figures."""

from tailorbird.stages.generation.grammar import literal_grammar


def test_only_values_with_figures_or_signs_become_literals() -> None:
    grammar = literal_grammar(["£62.00", "oak", '1 "unit"'])
    assert grammar.splitlines()[0] == "root ::= piece+"
    assert 'lit ::= "1 \\"unit\\"" | "£62.00"' in grammar
    assert "oak" not in grammar


def test_without_figures_no_figure_can_be_written() -> None:
    grammar = literal_grammar(["oak"])
    assert "lit" not in grammar
    assert "0-9" in grammar
