"""What texts from outside must not bring in, and what no text may carry out."""
