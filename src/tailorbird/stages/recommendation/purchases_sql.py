"""The purchases that recommendations learn from, as SQL."""

from datetime import datetime


def purchases_sql(as_of: datetime, event: str = "Order Completed") -> str:
    """(person_id, product_id, timestamp) of every product bought strictly before `as_of`, oldest first.

    Reads the view `events`; products are `properties.products[].product_id` (Segment's e-commerce events).
    """
    moment = as_of.strftime("%Y-%m-%d %H:%M:%S.%f")
    name = event.replace("'", "''")
    return f"""
        SELECT person_id, product_id, "timestamp"
        FROM (
            SELECT person_id, "timestamp", message_id,
                   unnest(from_json(json_extract(properties, '$.products'), '[{{"product_id":"VARCHAR"}}]')).product_id
                       AS product_id
            FROM events
            WHERE type = 'track' AND event = '{name}' AND "timestamp" < TIMESTAMP '{moment}'
        ) AS lines
        WHERE product_id IS NOT NULL
        ORDER BY "timestamp", message_id, product_id
    """
