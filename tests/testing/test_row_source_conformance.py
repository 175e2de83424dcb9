"""The suite finds sources that are not good enough."""

from collections.abc import Iterator

import pytest

from tailorbird.ports.row_source import RowChunk
from tailorbird.testing.row_source_conformance import (
    THINGS,
    check_no_rows_still_have_names,
    check_the_watermark_is_a_value,
    check_times_have_a_zone,
    check_wrong_sql_is_one_line,
)


class DeafSource:
    """Answers every query with every row, and leaves zones out."""

    def read(self, sql: str, watermark: str | None = None) -> Iterator[RowChunk]:
        yield RowChunk(["at"], [(at.replace(tzinfo=None),) for _, at, _ in THINGS])

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "check",
    [
        check_no_rows_still_have_names,
        check_the_watermark_is_a_value,
        check_times_have_a_zone,
        check_wrong_sql_is_one_line,
    ],
)
def test_a_source_that_does_not_listen_fails(check: object) -> None:
    with pytest.raises(AssertionError):
        check(DeafSource(), "things")  # type: ignore[operator]
