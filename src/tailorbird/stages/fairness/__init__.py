"""Whether a person's attributes change what they get: personas, measures of copy, and the tests that compare them."""
