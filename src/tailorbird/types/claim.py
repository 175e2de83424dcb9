"""What a text claims: the kinds of claims in words, and what words around a number make of it."""

from typing import Literal

ClaimKind = Literal[
    "availability", "delivery", "warranty", "comparative", "superlative", "certification", "health", "free",
    "guarantee", "property",
]  # fmt: skip
Bound = Literal["exact", "about", "nearly", "over", "at_least", "at_most", "under", "from", "up_to"]
"""'nearly 50' lies below fifty, 'over 50' above it, 'at_most' may be it."""
