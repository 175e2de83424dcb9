"""Simulated customers, by seed: who they are, what they did, and what they do when a message reaches them."""
