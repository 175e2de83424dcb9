"""What another policy would have earned, from draws whose propensities were logged."""
