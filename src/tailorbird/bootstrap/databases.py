"""Databases of the user's: rows to import from them, and how far that has come."""

from typing import TYPE_CHECKING

from tailorbird.bootstrap.audit import open_engine
from tailorbird.bootstrap.settings import expand

if TYPE_CHECKING:
    from tailorbird.ports.row_source import RowSource
    from tailorbird.ports.watermarks import Watermarks
    from tailorbird.project.project import Project
    from tailorbird.types.mapping import DatabaseSource


def open_rows(database: "DatabaseSource") -> "RowSource":
    """The database of an import. SetupError: the environment variable of its URL is not set."""
    if database.clickhouse:
        from tailorbird.adapters.row_sources.clickhouse import ClickhouseRows

        return ClickhouseRows(expand(database.clickhouse, "the database's URL"))
    from tailorbird.adapters.row_sources.postgres import PostgresRows

    return PostgresRows(expand(database.postgres or "", "the database's URL"))


def open_watermarks(project: "Project") -> "Watermarks":
    """How far each import from a database has come."""
    from tailorbird.adapters.sql.watermarks import SqlWatermarks

    return SqlWatermarks(open_engine(project))
