"""From slates to messages in a channel's own form."""
