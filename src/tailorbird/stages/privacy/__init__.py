"""What keeps people out of where they do not belong: masking of free text, and pseudonyms."""
