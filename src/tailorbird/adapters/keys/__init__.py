"""Keys and secrets as files."""
