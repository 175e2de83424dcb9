"""The report: one HTML file a person reads, and the same as JSON."""
