"""Public test support: fakes, conformance suites, the seeded customer simulator."""
