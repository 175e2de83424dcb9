"""What the law makes of silence, by country, use and channel: data, with its source and the day it was checked.

Engineering inputs, no advice. The first rule that fits holds; where none fits, silence is a no.
"""

from tailorbird.types.consent import JurisdictionRule, Use
from tailorbird.types.countries import EEA

VERSION = "2026-11"
CHECKED_ON = "2026-11-25"

_ELECTRONIC = ("email", "sms")
_EPRIVACY = "Directive 2002/58/EC, Article 13"
_EPRIVACY_SOURCE = "https://eur-lex.europa.eu/eli/dir/2002/58/oj"
_PECR_SOURCE = "https://www.legislation.gov.uk/uksi/2003/2426/regulation/22"

RULES: tuple[JurisdictionRule, ...] = (
    JurisdictionRule(
        ("FR",), ("pixel",), (), "opt_in", "CNIL 2026-042: a consent of its own, apart from the one to marketing",
        "https://www.cnil.fr", CHECKED_ON,
    ),
    JurisdictionRule(EEA, ("marketing",), _ELECTRONIC, "opt_in", _EPRIVACY, _EPRIVACY_SOURCE, CHECKED_ON, True),
    JurisdictionRule(EEA, ("marketing",), (), "opt_in", _EPRIVACY, _EPRIVACY_SOURCE, CHECKED_ON),
    JurisdictionRule(
        EEA, ("pixel", "profiling", "sale"), (), "opt_in", "Directive 2002/58/EC, Article 5(3); GDPR, Article 6",
        _EPRIVACY_SOURCE, CHECKED_ON,
    ),
    JurisdictionRule(
        ("GB",), ("marketing",), _ELECTRONIC, "opt_in", "PECR, regulation 22", _PECR_SOURCE, CHECKED_ON, True
    ),
    JurisdictionRule(
        ("GB",), ("marketing", "pixel", "profiling", "sale"), (), "opt_in", "PECR, regulations 6 and 19 to 22; UK GDPR",
        _PECR_SOURCE, CHECKED_ON,
    ),
    JurisdictionRule(
        ("US",), ("marketing",), ("email",), "opt_out", "CAN-SPAM Act, 15 U.S.C. 7704",
        "https://www.law.cornell.edu/uscode/text/15/7704", CHECKED_ON,
    ),
    JurisdictionRule(
        ("US",), ("marketing",), (), "opt_in", "TCPA, 47 CFR 64.1200: prior express consent",
        "https://www.law.cornell.edu/cfr/text/47/64.1200", CHECKED_ON,
    ),
    JurisdictionRule(
        ("US",), ("pixel", "profiling", "sale"), (), "opt_out",
        "state privacy acts, CCPA 1798.120 among them: opt-out, by Global Privacy Control as well",
        "https://oag.ca.gov/privacy/ccpa", CHECKED_ON,
    ),
    JurisdictionRule(
        ("CA",), ("marketing",), _ELECTRONIC, "implied",
        "CASL, section 10(9): an existing business relationship, 24 months from the purchase",
        "https://laws-lois.justice.gc.ca/eng/acts/E-1.6/", CHECKED_ON, implied_months=24,
    ),
)  # fmt: skip

STRICTEST = JurisdictionRule(
    ("*",), ("marketing", "pixel", "profiling", "sale"), (), "opt_in",
    "no rule is known for this country: silence is a no", "", CHECKED_ON,
)  # fmt: skip


def country_code(country: str | None) -> str:
    """The two letters of ISO 3166 that a profile states; '' for anything else, which counts as unknown."""
    code = (country or "").strip().upper()
    code = {"UK": "GB"}.get(code, code)
    return code if len(code) == 2 and code.isalpha() and code.isascii() else ""


def find_rule(country: str | None, use: Use, channel: str = "") -> JurisdictionRule:
    """The rule for a country, as a profile names it; a purpose without a channel gets the rule for any channel."""
    code = country_code(country)
    for rule in RULES:
        fits = not rule.channels or channel in rule.channels
        if code in rule.jurisdictions and use in rule.uses and fits:
            return rule
    return STRICTEST
