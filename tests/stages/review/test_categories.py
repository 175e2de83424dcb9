"""Which lines a lawyer signs: told by words, tags and findings."""

from typing import Any

import pytest

from tailorbird.stages.review.categories import categories_of


@pytest.mark.parametrize(
    ("text", "locale", "found"),
    [
        ("Worth another look: {{ item.name }}", "en-GB", ()),
        ("{{ item.name }}, {{ item.price }}", "en-GB", ()),
        ("Save on {{ item.name }}", "en-GB", ("price",)),
        ("{{ item.name }} is half price", "en-GB", ("price",)),
        ("{{ item.name }} for £9", "en-GB", ("price",)),
        ("20 % off {{ item.name }}", "en-GB", ("price",)),
        ("Fragrance-free: {{ item.name }}", "en-GB", ()),
        ("A kind word and {{ item.name }}", "en-GB", ()),
        ("{{ item.name }} für Ihr Kind", "de-DE", ("minors",)),
        ("Bequeme Ratenzahlung, {{ item.name }}", "de-DE", ("finance",)),
        ("It RELIEVES a sore back. For children too.", "en-US", ("health", "minors")),
        ("You keep {{ offer.saving }}", "en-GB", ("price",)),
        ("Économisez: {{ item.name }}", "fr-FR", ()),
    ],
)
def test_words_tell_the_category_in_their_language(text: str, locale: str, found: tuple[str, ...]) -> None:
    assert categories_of(text, locale, {}) == found


def test_tags_tell_it_but_not_those_that_say_how_a_line_is_made() -> None:
    assert categories_of("Hello", "en-GB", {"mentions": "price", "tone": "health", "format": "finance"}) == ()
    assert categories_of("Hello", "en-GB", {"sector": "consumer finance"}) == ("finance",)
    assert categories_of("Hello", "en-GB", {"minors": "yes"}) == ("minors",)


@pytest.mark.parametrize("key", ["check", "type", "source"])
def test_findings_tell_it(key: str) -> None:
    finding: dict[str, Any] = {"check": "claims", "type": "unknown_word", "source": ""}
    assert categories_of("Hello", "en-GB", {}, [finding]) == ()
    assert categories_of("Hello", "en-GB", {}, [{**finding, key: "health_claim"}]) == ("health",)


def test_a_project_s_own_words_are_taken_as_they_are_written() -> None:
    own = {"finance": ("bausparen*", "a+b (c")}
    assert categories_of("Jetzt Bausparenvertrag", "de-DE", {}, (), own) == ("finance",)  # type: ignore[arg-type]
    assert categories_of("say a+b (c now", "fr-FR", {}, (), own) == ("finance",)  # type: ignore[arg-type]
    assert categories_of("aab c", "fr-FR", {}, (), own) == ()  # type: ignore[arg-type]
