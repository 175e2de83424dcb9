"""PostgreSQL: features where the data lives."""
