"""The event log as a folder of segment files: JSON lines while they grow, Parquet once they are sealed."""
