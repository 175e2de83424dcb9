"""Which line to show while it is learned which are good: policies, and what they learn from."""
