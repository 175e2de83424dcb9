"""Mail handed to a relay over SMTP."""
