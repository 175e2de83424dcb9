"""Groups of countries that a law holds in, by ISO 3166-1 codes."""

from collections.abc import Mapping

EU = ("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT",
      "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE")  # fmt: skip
EEA = (*EU, "IS", "LI", "NO")
GROUPS: Mapping[str, tuple[str, ...]] = {"EU": EU, "EEA": EEA}
"""Names that may stand for their countries."""
