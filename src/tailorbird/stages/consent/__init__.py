"""What people allow: their words, the law's defaults, and the signals of browsers and consent platforms."""
