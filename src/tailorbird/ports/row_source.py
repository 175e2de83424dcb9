"""The row source: a database whose rows are imported by a query of the user's."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from tailorbird.types.errors import TailorbirdError


class RowChunk(NamedTuple):
    """Some rows of an answer, and the names of its columns."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


class RowSource(Protocol):
    """Reads, and never writes."""

    def read(self, sql: str, watermark: str | None = None) -> Iterator[RowChunk]:
        """Run a query and give its rows in chunks, an empty first one if there are none.

        `:watermark` in the query is the text `watermark`, as a value of whatever type it is compared with. Values are
        None, bool, int, float, Decimal, str, date, time, datetime (aware where the column has a zone), UUID, lists and
        dicts; anything else is an error of whoever reads them. RowSourceError: the query fails.
        """
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


class RowSourceError(TailorbirdError):
    """A database cannot be reached, or refuses a query. One sentence, without the password."""
