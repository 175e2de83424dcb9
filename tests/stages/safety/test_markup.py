"""Mark-up and links are found in all their spellings; decimals and abbreviations are none."""

import pytest

from tailorbird.stages.safety.markup import find_links, find_markup, leads_home


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("markup", "a <b>bold</b> claim"),
        ("markup", "x <img src=x"),
        ("image", "![p](http://e.example/p.png)"),
        ("link", "[here](http://e.example)"),
        ("template", "Hi {{ person.email }}"),
        ("template", "*|FNAME|*"),
        ("template", "{% if x %}"),
        ("template", "%%first_name%%"),
        ("terminal", "\x1b[31mred"),
        ("terminal", "\\x1b[2J"),
        ("script", "javascript:alert(1)"),
        ("script", "onerror = go"),
    ],
)
def test_what_is_no_words_is_found(kind: str, text: str) -> None:
    assert kind in {found for _, _, found in find_markup(text)}


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ("evil.example", "see http://evil.example/x"),
        ("evil.example", "hxxps://user@evil.example:80/x"),
        ("www.evil.example", "at www.evil.example."),
        ("evil-shop.com", "buy at evil-shop.com!"),
        ("evil-shop.com", "evil-shop[.]com"),
        ("evil-shop.com", "evil-shop dot com"),
        ("odd.domain.security", "odd.domain.security"),
        ("10.0.0.7", "10.0.0.7/admin"),
        ("evil.example", "//evil.example/a.png"),
    ],
)
def test_links_in_all_spellings_are_found(host: str, text: str) -> None:
    assert [found for _, _, found in find_links(text)] == [host]


@pytest.mark.parametrize(
    "text",
    ["1.8 litres", "e.g. oak", "z.B. Eiche", "9.30 a.m.", "end.The next", "ASP.NET", "p.p.m.", "Nr. 5", "v1.2.3"],
)
def test_what_has_dots_and_is_no_host_is_left_alone(text: str) -> None:
    assert list(find_links(text)) == []
    assert list(find_markup(text)) == []


def test_a_host_is_at_home_below_one_of_ours_and_not_beside_it() -> None:
    assert leads_home("www.shop.example", {"shop.example"})
    assert not leads_home("notshop.example", {"shop.example"})
    assert not leads_home("shop.example.evil.example", {"shop.example"})
