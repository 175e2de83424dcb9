"""Secrets are found by their makers' marks; product codes are none."""

import pytest

from tailorbird.stages.safety.credentials import find_credentials


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "ABCDEFGH12345678",
        "ghp_" + "a1B2" * 9,
        "sk_live_" + "4eC39HqLyjW",
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJhbGciOiJI.eyJzdWIiOiIx.x",
        "https://admin:hunter22@shop.example/",
        "password: Tr0ub4dor",
        "Das Passwort ist k4tze!99",
        'api_key = "9f8e7d6c5b"',
    ],
)
def test_keys_and_passwords_are_secrets(text: str) -> None:
    assert [sure for _, _, sure in find_credentials(text)][:1] == [True]


def test_a_random_word_may_be_one() -> None:
    assert [sure for _, _, sure in find_credentials("x q7Xb2LpV9kZt4RmW8sYd1GcN6hJf3A y")] == [False]


@pytest.mark.parametrize(
    "text",
    ["Password hints inside", "the key to a good cup", "token of thanks", "SKU-2026-OAK-PEG-STANDARD-LARGE",
     "antidisestablishmentarianism", "CB/CE/ISO13406-2/EK/MIC/TUV/UL/CSA", "Our secret: patience."],
)  # fmt: skip
def test_words_and_product_codes_are_none(text: str) -> None:
    assert list(find_credentials(text)) == []
