"""From people and items to briefs: cells, the lattice, slots and their values."""
