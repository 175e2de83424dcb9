"""Models by manifest: name, licence, size, hash and sources."""
