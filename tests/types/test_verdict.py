"""What findings amount to."""

import pytest

from tailorbird.types.verdict import Finding, Severity, worst_status


def found(severity: Severity, repair: str | None = None) -> Finding:
    return Finding("c", severity, (0, 1), "t", "r", repair=repair)


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([], "pass"),
        ([found("info")], "pass"),
        ([found("warning"), found("info")], "review"),
        ([found("error", "x"), found("error", "")], "repair"),
        ([found("error", "x"), found("warning")], "block"),
        ([found("error", "x"), found("error")], "block"),
    ],
)
def test_an_error_blocks_unless_all_can_be_mended_and_a_warning_asks_a_person(
    findings: list[Finding], status: str
) -> None:
    assert worst_status(findings) == status
