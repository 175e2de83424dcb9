"""Pilots: a checklist, dated checkpoints that people sign, and the way from low risk to the next use."""
