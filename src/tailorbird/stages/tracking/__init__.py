"""Signed links: clicks, opens, unsubscribes."""
