"""From verdicts to approvals."""
