"""From texts to verdicts."""
