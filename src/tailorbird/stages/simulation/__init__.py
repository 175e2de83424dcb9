"""What a campaign might bring, by a model of the response of past ones: simulation, never evidence."""
