"""Addresses and their secrets."""

import pytest

from tailorbird.adapters.openai_compatible.endpoint import read_endpoint
from tailorbird.ports.generator import GeneratorError


def test_what_is_shown_holds_no_secret() -> None:
    endpoint = read_endpoint("https://ana:p%40ss-word@host:8443/v1?x=1", "sk-12345")
    assert endpoint.shown == "https://host:8443/v1"
    assert endpoint.mask("ana:p%40ss-word p@ss-word Bearer sk-12345") == "*** *** Bearer ***"
    assert "sk-12345" not in repr(endpoint)


@pytest.mark.parametrize("url", ["http://[::1", "http://host:port/v1", "host/v1", "ftp://host", "", "https://"])
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(GeneratorError, match=r"generator\.base_url is no address"):
        read_endpoint(url, "")


@pytest.mark.parametrize("key", ["schlüssel", "sk-1\n"])
def test_a_key_that_no_header_can_carry_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(GeneratorError, match="copy it again") as raised:
        read_endpoint("https://host/v1", key)
    assert key not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "key"), [("http://models.example/v1", "sk-12345"), ("http://ana:word@10.0.0.1/v1", "")]
)
def test_no_secret_goes_unencrypted_to_another_machine(url: str, key: str) -> None:
    with pytest.raises(GeneratorError, match="unencrypted"):
        read_endpoint(url, key)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "models.localhost"])
def test_to_this_machine_it_may(host: str) -> None:
    assert read_endpoint(f"http://{host}/v1", "sk-12345").shown == f"http://{host}/v1"
    assert read_endpoint("http://models.example/v1", "").secrets == ()
