"""Routes, one file per area; each takes its collaborators as arguments."""
