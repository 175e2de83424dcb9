"""Who is changed by a message: uplift learners, their curves, the value of a policy, and whether one is worth it."""
