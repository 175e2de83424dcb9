"""Pure functions, a room per stage of the pipeline: no I/O, no clock, no unseeded randomness."""
