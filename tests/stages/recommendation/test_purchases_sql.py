from datetime import UTC, datetime

import duckdb

from tailorbird.stages.recommendation.purchases_sql import purchases_sql


def test_only_purchases_before_the_moment_count_and_each_product_is_a_row() -> None:
    connection = duckdb.connect()
    connection.execute(
        """CREATE VIEW events AS SELECT * FROM (VALUES
        ('m1', 'ana', 'track', 'Order Completed', TIMESTAMP '2026-05-01', '{"products":[{"product_id":"a"},{"product_id":"b"}]}'),
        ('m2', 'ana', 'track', 'Order Completed', TIMESTAMP '2026-06-01', '{"products":[{"product_id":"late"}]}'),
        ('m3', 'ben', 'track', 'Product Viewed', TIMESTAMP '2026-05-02', '{"products":[{"product_id":"viewed"}]}'),
        ('m4', 'ben', 'track', 'Order Completed', TIMESTAMP '2026-04-02', '{"total": 3}')
        ) AS t(message_id, person_id, type, event, "timestamp", properties)"""
    )
    rows = connection.execute(purchases_sql(datetime(2026, 6, 1, tzinfo=UTC))).fetchall()
    assert [(person, product) for person, product, _ in rows] == [("ana", "a"), ("ana", "b")]
