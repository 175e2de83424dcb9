"""From people, items and creatives to slates with propensities."""
