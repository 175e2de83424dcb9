"""The bias audit at work: personas through the real pipeline, and what real people were given."""
