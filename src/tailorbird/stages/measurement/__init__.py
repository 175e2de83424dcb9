"""From outcomes to an honest read-out."""
