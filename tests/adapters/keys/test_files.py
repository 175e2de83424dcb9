"""Key files: made once, for their owner only."""

import threading
from pathlib import Path

import dkim
import pytest

from tailorbird.adapters.keys.files import KeyFileError, dns_record, load_or_create_dkim_key, load_or_create_secret
from tailorbird.stages.channels.dkim import DkimSigner


def test_a_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "dkim.pem"
    first = load_or_create_dkim_key(path)
    assert load_or_create_dkim_key(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["dkim.pem"]


def test_a_secret_is_made_once_and_long_enough(tmp_path: Path) -> None:
    path = tmp_path / "links.key"
    assert load_or_create_secret(path) == load_or_create_secret(path)
    assert len(path.read_bytes()) == 32
    assert path.stat().st_mode & 0o777 == 0o600


def test_many_at_once_get_the_same_secret(tmp_path: Path) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(load_or_create_secret(tmp_path / "k"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


@pytest.mark.slow
def test_the_dns_record_verifies_what_the_key_signs(tmp_path: Path) -> None:
    pem = load_or_create_dkim_key(tmp_path / "dkim.pem")
    record = dns_record(pem, "tb", "wren.example")
    assert record.startswith('tb._domainkey.wren.example. IN TXT ( "v=DKIM1; k=rsa; p=')
    strings = record.partition("( ")[2].removesuffix(" )").split(' "')
    assert all(len(string.strip('"')) <= 255 for string in strings)
    text = "".join(string.strip('"') for string in strings).encode()
    signed = DkimSigner("wren.example", "tb", pem).sign(b"From: a@wren.example\r\n\r\nhi\r\n", 1)
    assert dkim.verify(signed, dnsfunc=lambda name, timeout=5: text)


def test_a_broken_key_file_is_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "dkim.pem"
    path.write_bytes(b"")
    with pytest.raises(KeyFileError, match=r"dkim\.pem holds no private key"):
        load_or_create_dkim_key(path)
    with pytest.raises(KeyFileError, match="0 bytes"):
        load_or_create_secret(path)
    assert path.read_bytes() == b""


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match="cannot be"):
        load_or_create_secret(tmp_path / "file" / "key")
