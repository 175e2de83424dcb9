"""Adapters: one folder per technology, or per seam where several technologies have the same one."""
