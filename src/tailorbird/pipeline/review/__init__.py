"""The approval queue at work: what waits, who decides, how it reads, and what is learned from it."""
