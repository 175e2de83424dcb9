"""Our own lists of words."""

import pytest

from tailorbird.stages.fairness.word_lists import LANGUAGES, word_lists


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["copy", "names", "descriptors", "areas"])
def test_every_list_holds_groups_of_distinct_texts(name: str, language: str) -> None:
    lists = word_lists(name, language)
    assert len(lists) >= 4
    for words in lists.values():
        assert words and len(set(words)) == len(words) and all(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_first_name_is_in_two_groups_of_one_sex(language: str) -> None:
    seen: dict[str, str] = {}
    for group, names in word_lists("names", language).items():
        for name in names:
            assert seen.setdefault(name, group) == group
            assert len(name) <= 12


def test_both_languages_listen_for_the_same_kinds_and_others_get_the_english_list() -> None:
    assert word_lists("copy", "en").keys() == word_lists("copy", "de").keys()
    assert word_lists("names", "fr") == word_lists("names", "en")
