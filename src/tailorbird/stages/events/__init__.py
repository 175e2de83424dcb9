"""From rows and HTTP bodies to events, profiles and items."""
