"""State in SQLite or PostgreSQL, by SQLAlchemy Core: one store per file."""
