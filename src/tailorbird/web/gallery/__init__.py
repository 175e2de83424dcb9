"""The gallery: finished messages side by side, as their readers see them."""
