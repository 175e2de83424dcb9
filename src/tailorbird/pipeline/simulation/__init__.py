"""The simulated lift of a campaign that is planned: from past campaigns of the project, never as evidence."""
