"""What halts a campaign: sequences for guardrails, plain limits, and which version to return to."""
