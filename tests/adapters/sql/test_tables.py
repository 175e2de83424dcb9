import hashlib

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tailorbird.adapters.sql.experiment_tables import metadata
from tailorbird.adapters.sql.tables import SCHEMA_VERSION

KNOWN = {
    1: "8098fc1890451f20",
    2: "a2efc6893404833e",
    3: "121895304bf08d85",
    4: "22f6ab2ee1df4b95",
    5: "020d29c63ae5601f",
    6: "b035b9686d099db7",
    7: "7b75f46a25b8e40e",
}
"""The shape of the tables, by version. A shape that is not here needs a higher SCHEMA_VERSION, and a line."""


def shape() -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    words = []
    for table in metadata.sorted_tables:
        words.append(str(CreateTable(table).compile(dialect=dialect)))
        words += sorted(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def test_every_table_carries_the_product_s_prefix_and_a_primary_key() -> None:
    assert metadata.tables
    for name, table in metadata.tables.items():
        assert name.startswith("tb_")
        assert table.primary_key.columns


def test_a_changed_schema_has_a_version_of_its_own() -> None:
    assert KNOWN.get(SCHEMA_VERSION) == shape(), "the tables have changed: raise SCHEMA_VERSION"
