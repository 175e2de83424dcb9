"""Pages and HTTP: the tracking server, the report, the gallery."""
