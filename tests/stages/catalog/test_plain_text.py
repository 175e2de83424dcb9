"""Product texts from outside as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.catalog.plain_text import clean, html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Oak &amp; ash.</p><p>Made to last.</p>", "Oak & ash.\nMade to last."),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("a<br/>b<br>c", "a\nb\nc"),
        ("before<script>steal('cookies')</script>after", "beforeafter"),
        ("<style>p{color:red}</style>Warm", "Warm"),
        ("<img src=x onerror=alert(1)>Mug", "Mug"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<b>bold", "bold"),
        ("plain", "plain"),
        ("a&nbsp;b", "a b"),
        ("zero\u200bwidth \u202eevil\x00", "zerowidth evil"),
    ],
)
def test_markup_becomes_words(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_characters_are_composed() -> None:
    assert clean("Zoe\u0308") == "Zoë"


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert all(c == "\n" or c.isprintable() or c.isspace() for c in once if ord(c) < 0x80)
