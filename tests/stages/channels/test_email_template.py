"""E-mail templates: MJML once per template, Liquid per person, and mistakes named with their line."""

import quopri
from typing import Any

import pytest

from tailorbird.stages.channels.email_template import EmailTemplate, compile_email, mjml_to_html
from tailorbird.stages.channels.liquid_compiler import compile_liquid
from tailorbird.stages.channels.template_error import TemplateError
from tailorbird.types.template import Template

FRAME = "<mjml><mj-body>{}</mj-body></mjml>"
SECTION = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
MJML = (
    '<mjml lang="{{ locale }}"><mj-head><mj-title>{{ subject }}</mj-title>'
    "<mj-preview>{{ preheader }}</mj-preview></mj-head><mj-body>"
    + SECTION.format("{{ headline }}<p>{{ person.first_name | default: 'there' }}</p>")
    + "{% for item in items %}<mj-section><mj-column>"
    '<mj-image src="{{ item.image }}" alt="{{ item.name | default: "it\'s <b>" }}" />'
    '<mj-button href="{{ item.url }}">{{ item.name }}</mj-button></mj-column></mj-section>{% endfor %}'
    + "{% if items.size > 1 and 2 < 3 %}"
    + SECTION.format("several")
    + "{% endif %}</mj-body></mjml>"
)
TEXT = "{{ headline }}\n{% for item in items %}- {{ item.name }}: {{ item.url }}\n{% endfor %}"
CONTEXT: dict[str, Any] = {
    "locale": "de-DE",
    "subject": "S",
    "preheader": "P",
    "headline": "Grüße <& mehr>",
    "person": {"first_name": "Ana"},
    "items": [{"name": f"Krug <{i}>", "url": f"https://s.example/c/{i}?a=1&b=2", "image": "i.png"} for i in range(3)],
}


def compiled(mjml: str = MJML, text: str = TEXT) -> EmailTemplate:
    return compile_email(Template("winback", mjml, text, {}, {}, "digest"))


def read(template: EmailTemplate, context: dict[str, Any]) -> tuple[str, str]:
    """(HTML, text) as a mail program decodes them."""
    html, text = (quopri.decodestring(body.data).decode().replace("\r\n", "\n") for body in template.encode(context))
    return html, text


def test_liquid_survives_mjml_in_texts_attributes_and_around_sections() -> None:
    template = compiled()
    assert (template.quoted_html.compiled, template.quoted_text.compiled) == (True, True)
    html, _ = read(template, CONTEXT)
    assert '<html lang="de-DE"' in html
    assert html.count('src="i.png"') == 3
    assert html.count('href="https://s.example/c/1?a=1&amp;b=2"') == 1
    assert ("Grüße &lt;&amp; mehr&gt;" in html, "several" in html, "tbliquid" in html) == (True, True, False)
    assert "several" not in read(template, {**CONTEXT, "items": CONTEXT["items"][:1]})[0]


def test_the_text_part_is_not_escaped() -> None:
    assert read(compiled(), CONTEXT)[1].startswith("Grüße <& mehr>\n- Krug <0>: https://s.example/c/0?a=1&b=2\n")


@pytest.mark.parametrize("text", [TEXT, TEXT + "{% for i in (1..2) %}{{ i }} =ö {% endfor %}"])
def test_the_encoded_parts_say_what_the_templates_say(text: str) -> None:
    template = compiled(text=text)
    assert [body.encoding for body in template.encode(CONTEXT)] == [b"quoted-printable"] * 2
    assert read(template, CONTEXT) == (template.html(CONTEXT), compile_liquid(text, False)(CONTEXT))


def test_a_mail_needs_no_space_collapsed_for_dkim() -> None:
    body = compiled().encode(CONTEXT)[0].data
    assert (b"  " in body, b"\t" in body, b" \r\n" in body) == (False, False, False)


def test_what_is_missing_prints_as_nothing() -> None:
    assert "there" in read(compiled(), {})[0]


@pytest.mark.parametrize(
    ("mjml", "text", "part", "line", "words"),
    [
        (FRAME.format("\n" + SECTION.format("{{ a | upcas }}")), "", "message.mjml", 2, "upcase"),
        (FRAME.format(SECTION.format("{% if a %}")), "", "message.mjml", 1, "expected tag endif"),
        (FRAME.format("\n\n<mj-section>"), "", "message.mjml", None, "never closed"),
        (FRAME.format("\n<mj-secton></mj-secton>"), "", "message.mjml", 2, "no MJML element mj-secton"),
        (
            FRAME.format("{{ a\n}}\n<mj-section><mj-column width='{{ w }}'/></mj-section>"),
            "",
            "message.mjml",
            3,
            "width",
        ),
        ("plain words", "", "message.mjml", None, "begin with <mjml>"),
        (FRAME.format("\n\n<mj-include path='{{\na }}' />"), "", "message.mjml", 3, "no MJML"),
        (FRAME.format(""), "a\n{{ now }}", "message.txt", 2, "clock"),
        (FRAME.format(""), "a\n{% endif %}", "message.txt", 2, "endif"),
    ],
)
def test_a_mistake_names_template_part_line_and_mend(
    mjml: str, text: str, part: str, line: int | None, words: str
) -> None:
    with pytest.raises(TemplateError, match=words) as caught:
        compiled(mjml, text)
    assert (caught.value.template, caught.value.part, caught.value.line) == ("winback", part, line)


@pytest.mark.parametrize(
    ("mjml", "text", "part"),
    [
        (FRAME.format(SECTION.format("{{ 1 | divided_by: a }}")), "", "message.mjml"),
        (FRAME.format(""), "\n{{ 1 | divided_by: a }}", "message.txt"),
    ],
)
def test_values_that_cannot_be_rendered_are_named(mjml: str, text: str, part: str) -> None:
    template = compiled(mjml, text)
    with pytest.raises(TemplateError, match="divide") as caught:
        template.encode({"a": 0})
    assert (caught.value.template, caught.value.part) == ("winback", part)


def test_html_over_the_limit_is_refused_and_the_heaviest_block_named() -> None:
    template = compiled()
    frame = len(template.html({**CONTEXT, "headline": ""}).encode())
    fits = {**CONTEXT, "headline": "x" * (100_000 - frame)}
    assert len(read(template, fits)[0].encode()) == 100_000
    with pytest.raises(TemplateError, match=r"100,001 bytes.*'headline'"):
        template.encode({**fits, "headline": fits["headline"] + "x"})


def test_preformatted_text_keeps_its_spaces() -> None:
    assert "a  b" in mjml_to_html(FRAME.format(SECTION.format("<pre>a  b</pre>")))
    assert "a b" in mjml_to_html(FRAME.format(SECTION.format("a  b")))
    assert "{{ a | append: '  ' }}" in mjml_to_html(FRAME.format(SECTION.format("{{ a | append: '  ' }}")))
