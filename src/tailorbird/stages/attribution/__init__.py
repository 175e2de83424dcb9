"""Which touch gets the credit for an order, by rules that say so; what a message changed is the experiment's to say."""
