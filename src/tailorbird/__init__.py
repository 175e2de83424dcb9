"""Tailorbird: generative personalization for marketing, written once per brief and stitched per person."""

__version__ = "0.1.0"
