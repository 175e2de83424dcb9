"""From outcomes to what the next run decides."""
