"""From features to the people who are meant, each with an explanation."""
