"""Entry-point lookup by name, one group per seam."""
