"""DKIM: dkimpy verifies what is signed here, and notices what is changed after it."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tailorbird.stages.channels.dkim import SIGNED_HEADERS, DkimKeyError, DkimSigner, relaxed_body


def pem_of(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


KEY = rsa.generate_private_key(65537, 2048)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
SIGNER = DkimSigner("wren.example", "tb", pem_of(KEY))
HEAD = (
    b"From: Wren <hello@wren.example>\r\nTo:  ana@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"Date: Sun, 01 Mar 2026 09:30:00 +0000\r\nMessage-ID:\r\n <m_1@wren.example>\r\nMIME-Version: 1.0\r\n"
    b"List-Unsubscribe: <https://wren.example/u/t>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b'Content-Type: multipart/alternative;\r\n\tboundary="x"\r\n'
)


def verifies(raw: bytes) -> bool:
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(PUBLIC)
    return bool(
        dkim.verify(raw, dnsfunc=lambda name, timeout=5: record if name == b"tb._domainkey.wren.example." else b"")
    )


bodies = st.lists(st.sampled_from([b"text", b" ", b"  ", b"\t", b"\r\n", b"=", b".", b"a=20"]), max_size=12).map(
    b"".join
)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(body=bodies)
@example(body=b"")
@example(body=b"\r\n\r\n")
@example(body=b"a \t b  \r\n\r\n\r\n")
def test_dkimpy_verifies_any_body(body: bytes) -> None:
    assert verifies(SIGNER.sign(HEAD + b"\r\n" + body, 1_772_357_400))


def test_both_unsubscribe_headers_and_two_froms_are_in_h() -> None:
    signed = SIGNER.sign(HEAD + b"\r\nbody\r\n", 1).partition(b"\r\n\r\n")[0].decode()
    listed = signed.partition("h=")[2].partition(";")[0].replace("\r\n", "").replace(" ", "").split(":")
    assert listed.count("from") == 2
    assert set(listed) == set(SIGNED_HEADERS)
    assert {"list-unsubscribe", "list-unsubscribe-post", "feedback-id"} <= set(listed)
    assert "l=" not in signed.replace("rel=", "").partition("bh=")[0]
    assert all(len(line) <= 78 for line in signed.split("\r\n"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"body", b"bodY"),
        (b"To:  ana", b"To:  bob"),
        (b"Subject:", b"From: evil@x.example\r\nSubject:"),
        (b"Subject:", b"Cc: more@x.example\r\nSubject:"),
        (b"/u/t>", b"/u/z>"),
    ],
)
def test_a_change_after_signing_is_noticed(old: bytes, new: bytes) -> None:
    signed = SIGNER.sign(HEAD + b"\r\nbody\r\n", 1)
    assert verifies(signed)
    assert not verifies(signed.replace(old, new))


def test_the_signature_stands_first_and_the_message_is_untouched() -> None:
    raw = HEAD + b"\r\nbody\r\n"
    signed = SIGNER.sign(raw, 1)
    assert signed.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;")
    assert signed.endswith(raw)


def test_relaxing_makes_one_space_of_many() -> None:
    assert relaxed_body(b" a\t\t b \t\r\n\r\nc  \r\n\r\n") == b" a b\r\n\r\nc\r\n"


@pytest.mark.parametrize(
    "pem",
    [b"", b"not a key", pem_of(ed25519.Ed25519PrivateKey.generate()), pem_of(rsa.generate_private_key(65537, 1024))],
)
def test_a_key_that_receivers_refuse_is_refused_here(pem: bytes) -> None:
    with pytest.raises(DkimKeyError, match="DKIM key"):
        DkimSigner("wren.example", "tb", pem)


@pytest.mark.parametrize(("domain", "selector"), [("wren example", "tb"), ("wren.example", "a;b=c"), ("", "tb")])
def test_a_name_that_would_break_the_header_is_refused(domain: str, selector: str) -> None:
    with pytest.raises(DkimKeyError, match="domain name"):
        DkimSigner(domain, selector, pem_of(KEY))
