"""What every check must do: run each of CHECKS with a function that makes a check, such as its class.

A check that breaks one of these makes verdicts that depend on chance, on time, or on what was judged before.
"""

import copy
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from tailorbird.ports.check import Check
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Finding

MakeCheck = Callable[[], Check]
SECONDS_MAX = 1.0
"""CPU time of this thread for a text of 10 kB; the validator gives up after two seconds."""
NAME_CHARS_MAX = 80
SEVERITIES = ("info", "warning", "error")

KETTLE = Entity(
    "hobbin-kettle",
    ("Hobbin whistling kettle", "Hobbin kettle"),
    (
        Fact("price", Decimal("48.00"), "GBP", source="catalog: price"),
        Fact("price", Decimal("55.00"), "EUR", source="catalog: price"),
        Fact("capacity", Decimal("1.8"), "l", source="catalog: capacity"),
        Fact("delivery", Decimal(2), "days", Decimal(4), "shop: delivery"),
        Fact("dishwasher safe", False, source="catalog: dishwasher_safe"),
        Fact("colour", "moss green", source="catalog: colour"),
        Fact("offer ends", date(2026, 12, 1), source="catalog: sale_until"),
        Fact("size", Decimal(42)),
    ),
    "kettles",
)
PELLOW = Entity("pellow-kettle", ("Pellow kettle",), (Fact("price", Decimal(54), "GBP"), Fact("colour", "silver")))
FACTS = Facts(
    subjects=(KETTLE,),
    others=(PELLOW,),
    vocabularies={"colour": {"moss green": ("green",), "silver": (), "red": ()}},
    required=frozenset({"price"}),
    evidence={"lab-7": "reports/lab-7.pdf"},
    as_of=datetime(2026, 11, 26, 9, tzinfo=UTC),
    zone="Europe/London",
)
"""Facts with money in two currencies, a range, a number without a unit, a no, and a rival."""
TEXTS = (
    "The Hobbin kettle holds 1.8 litres and costs £48.",
    "The best kettle ever!! Only £19.99 today, dishwasher safe, 100 % guaranteed. www.shop.example ana@mail.example",
    "Der Hobbin kettle fasst 1,8 Liter, kostet 48 Pfund und ist garantiert der beste. Nur noch bis 1. Dezember!",
    "Not dishwasher safe, nearly £50, 20-25 cm, two left, 3rd December 2026.",
)
AWKWARD = (
    " ", "\n\n", "a", "!", "1", "£", "\x00", "\u200b", "\ufeff", "\u202eevil\u202c", "<b>bold</b>", "{{ item.price }}",
    "سعر الغلاية ٤٨ جنيهًا فقط", "המחיר הוא 48 פאונד", "Cafe\u0301",
    "nai\u0308ve Zalgo\u0300\u0301\u0302\u0303\u0304\u0305",
    "🫖👩‍👩‍👧‍👦🇬🇧 £48 🫖", "ﬁne £４８ ½ ² Ⅷ", "£٤٨", "お湯を沸かす。",
    "ß ẞ İ ı ſ K Å", "𝐁𝐞𝐬𝐭 𝐤𝐞𝐭𝐭𝐥𝐞",
    "\U000e0041\U000e0042", "%s %d {0} \\ ' \" `",
)  # fmt: skip
"""Texts that break what was written with plain English in mind."""
LONG = (
    "The Hobbin kettle holds 2 litres and costs £49. " * 210, "a" * 10_000, "1" * 10_000, "1 " * 5_000, "(" * 10_000,
    "a b " * 2_500, "no ½ " * 2_000,
    "Dear " * 2_000, "e\u0301" * 5_000, "not " * 2_500, "£4.9," * 2_000, "\n" * 9_999 + "a", "🫖" * 2_500,
)  # fmt: skip
"""Texts of 10 kB, some of which make a careless regular expression run for ever."""


def sample(check: Check, text: str) -> Candidate:
    """A candidate in a language that the check understands."""
    language = sorted(check.languages)[0] if check.languages else "en"
    return Candidate(text, FACTS, Policy("email", "GB", "subject"), language)


def check_the_name_is_set(make: MakeCheck) -> None:
    """Findings bear it, and people look for it: short, printable, the same each time."""
    name = make().name
    assert isinstance(name, str) and 0 < len(name) <= NAME_CHARS_MAX and name.isprintable() and name == make().name


def check_languages_are_codes(make: MakeCheck) -> None:
    """Lower-case ISO 639 codes ('en'), so that a candidate's language can be found among them."""
    languages = make().languages
    assert isinstance(languages, frozenset)
    assert all(code.isascii() and code.isalpha() and code.islower() and len(code) in (2, 3) for code in languages)


def check_every_language_that_it_names_is_judged(make: MakeCheck) -> None:
    """Also with a country, and as some systems write it."""
    check = make()
    for code in check.languages or ("en", "de", "fr", "ar", "ja"):
        for locale in (code, f"{code}-{code.upper()}", f"{code}_{code.upper()}"):
            for text in TEXTS:
                _findings(check, Candidate(text, FACTS, Policy(), locale))


def check_findings_are_whole(make: MakeCheck) -> None:
    """Each says its check, a severity, a type and a reason; its span lies in the text; a repair has a span."""
    check = make()
    for candidate in _samples(check):
        for found in _findings(check, candidate):
            start, end = found.span
            assert 0 <= start <= end <= len(candidate.text), f"{found} points outside of {candidate.text!r:.60}"
            assert found.check == check.name and found.severity in SEVERITIES
            assert found.type.strip() and found.reason.strip(), f"{found} says no type, or no reason"


def check_awkward_texts_are_judged(make: MakeCheck) -> None:
    """Other scripts, combining and invisible characters, emoji, mark-up: without an error; also without facts."""
    check = make()
    for text in (*AWKWARD, *TEXTS):
        _findings(check, sample(check, text))
        _findings(check, Candidate(text, Facts(), Policy(), sample(check, text).locale))


def check_long_texts_are_judged_in_time(make: MakeCheck) -> None:
    """10 kB in SECONDS_MAX of CPU time, whatever stands in them."""
    check = make()
    _findings(check, sample(check, TEXTS[0]))  # what is made once is not counted
    for text in LONG:
        start = time.thread_time()
        _findings(check, sample(check, text))
        spent = time.thread_time() - start
        assert spent <= SECONDS_MAX, f"{spent:.1f} seconds for {len(text):,} characters of {text[:12]!r}"


def check_the_same_text_has_the_same_findings_after_others(make: MakeCheck) -> None:
    """Nothing is remembered: not from the text before, not from the first call."""
    check = make()
    first = [_findings(check, candidate) for candidate in _samples(check)]
    backwards = [_findings(check, candidate) for candidate in reversed(list(_samples(check)))]
    assert first == backwards[::-1]
    fresh = make()
    assert first == [_findings(fresh, candidate) for candidate in _samples(fresh)]


def check_threads_do_not_disturb_each_other(make: MakeCheck) -> None:
    """The server judges several texts at a time with one check."""
    check = make()
    candidates = list(_samples(check)) * 4
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda candidate: _findings(check, candidate), candidates))
    assert together == [_findings(check, candidate) for candidate in candidates]


def check_the_candidate_is_left_as_it_was(make: MakeCheck) -> None:
    """Facts are shared by many texts: whoever changes them changes other verdicts."""
    check = make()
    for text in TEXTS:
        candidate = replace(sample(check, text), facts=copy.deepcopy(FACTS))
        before = copy.deepcopy(candidate)
        _findings(check, candidate)
        assert candidate == before


def _samples(check: Check) -> Iterator[Candidate]:
    return (sample(check, text) for text in (*TEXTS, *AWKWARD))


def _findings(check: Check, candidate: Candidate) -> list[Finding]:
    found = list(check.check(candidate))
    assert all(isinstance(each, Finding) for each in found)
    return found


CHECKS: tuple[Callable[[MakeCheck], None], ...] = (
    check_the_name_is_set,
    check_languages_are_codes,
    check_every_language_that_it_names_is_judged,
    check_findings_are_whole,
    check_awkward_texts_are_judged,
    check_long_texts_are_judged_in_time,
    check_the_same_text_has_the_same_findings_after_others,
    check_threads_do_not_disturb_each_other,
    check_the_candidate_is_left_as_it_was,
)
