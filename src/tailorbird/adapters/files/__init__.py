"""The outbox as a folder of .eml files."""
