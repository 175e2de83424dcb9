"""How findings are made."""

from tailorbird.stages.validation.ground import error, finding


def test_an_error_stops_and_a_warning_keeps_its_severity() -> None:
    assert error("facts", (1, 2), "kind", "reason", "x").severity == "error"
    assert finding("warning", "facts", (1, 2), "kind", "reason").severity == "warning"
