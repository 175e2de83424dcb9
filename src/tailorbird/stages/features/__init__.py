"""From feature definitions to point-in-time correct SQL."""
