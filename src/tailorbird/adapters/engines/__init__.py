"""Other engines: features where the data lives, in SQL that is translated for each."""
