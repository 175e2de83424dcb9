"""True texts about products, for the benchmarks of the fact check: rows as facts, and facts as marketing prose."""
