"""Which item goes in which place: what is bought together and after, what is alike, what is popular, and the rules."""
