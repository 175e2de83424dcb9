from tailorbird.adapters.sql.tables import metadata


def test_every_table_carries_the_product_s_prefix_and_a_primary_key() -> None:
    assert metadata.tables
    for name, table in metadata.tables.items():
        assert name.startswith("tb_")
        assert table.primary_key.columns
