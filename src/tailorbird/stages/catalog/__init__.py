"""From feeds to typed items: formats, units, the schema, and what differs between two versions."""
