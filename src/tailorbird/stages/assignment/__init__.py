"""Who is in which experiment and arm: buckets, layers, holdouts, variants, blocks within strata."""
