"""Budgets: what past outcomes say of tiers, which tier each cell of people gets, and channel budgets."""
