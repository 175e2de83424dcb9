"""Canonical SQL, in DuckDB's dialect, said in the dialects of other engines."""
