"""No mail without an unsubscribe link and a postal address in both of its parts."""

from typing import Any

import pytest

from tailorbird.stages.channels.email_template import compile_email
from tailorbird.stages.channels.footer import check_footer
from tailorbird.stages.channels.template_error import TemplateError
from tailorbird.types.template import Template

URL = "https://wren.example/u/AbC-_1?a=1&b=2"
ADDRESS = "Wren & Söhne, 1 Lane\nLittlecote  GB"
LINK, PLACE = "{{ links.unsubscribe }}", "{{ legal.postal_address }}"


def check(source: str, address: str = ADDRESS, pixel: str = "") -> None:
    mjml = (
        f"<mjml><mj-body><mj-section><mj-column><mj-text>{source}</mj-text></mj-column></mj-section></mj-body></mjml>"
    )
    context: dict[str, Any] = {"links": {"unsubscribe": URL}, "legal": {"postal_address": address}, "pixel": pixel}
    html, text = compile_email(Template("letter", mjml, source, {}, {}, "d")).encode(context)
    check_footer("letter", "message.mjml", html, True, URL, address)
    check_footer("letter", "message.txt", text, False, URL, address)


@pytest.mark.parametrize(
    "source",
    [
        f"Hello {LINK}\n{PLACE} bye",
        f'Hello <a href="{LINK}">leave</a> {PLACE}',
        f"{LINK} {{{{ legal.postal_address | upcase }}}}",
        f"{LINK} {{{{ legal.postal_address | newline_to_br }}}}",
        f"{{% if links %}}{LINK}{{% endif %}}{PLACE}",
    ],
)
def test_a_footer_that_is_there_is_found_however_it_is_written(source: str) -> None:
    check(source)


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        (PLACE, "unsubscribe link"),
        (LINK, "postal address"),
        (f"{{% comment %}}{LINK}{{% endcomment %}}{PLACE}", "unsubscribe link"),
        (f"{LINK}{{% if pixel != '' %}}{PLACE}{{% endif %}}", "postal address"),
    ],
)
def test_a_footer_that_is_not_there_is_told(source: str, missing: str) -> None:
    with pytest.raises(TemplateError, match=missing):
        check(source)


def test_a_condition_holds_for_the_mail_that_it_holds_for() -> None:
    check(f"{LINK}{{% if pixel != '' %}}{PLACE}{{% endif %}}", pixel="https://wren.example/o/x.gif")


@pytest.mark.parametrize("address", ["", " \n", " - "])
def test_a_blank_address_is_none(address: str) -> None:
    with pytest.raises(TemplateError, match=r"postal address.*sender\.postal_address"):
        check(f"{LINK} {PLACE}", address)
