"""Notices to people on duty: by mail, and to a webhook."""
