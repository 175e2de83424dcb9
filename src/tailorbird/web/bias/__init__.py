"""The bias audit's report: one HTML file that a lawyer can read."""
