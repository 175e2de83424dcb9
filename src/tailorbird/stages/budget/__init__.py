"""What to spend on whom: tiers of copy and their marginal returns, a budget over groups, and over channels."""
