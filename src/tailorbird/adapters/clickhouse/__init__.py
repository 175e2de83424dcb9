"""ClickHouse: features where the data lives, on a server or in process."""
