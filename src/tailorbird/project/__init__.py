"""A user's project folder, parsed: every error names the file, the line, the field and the mend."""
