"""scikit-learn, the extra `uplift`."""
