import pytest

from tailorbird.stages.safety.loopback import is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "10.0.0.1", "127.0.0.1.example", "localhost.example", "::2", "shop.example"])
def test_nothing_else_is_taken_for_it(host: str) -> None:
    assert not is_loopback(host)
