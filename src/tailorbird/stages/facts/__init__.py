"""Facts and claims: what is true, what a text says, and whether the two agree."""
