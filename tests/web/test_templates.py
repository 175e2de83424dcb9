"""Templates of our own pages."""

import pytest
from jinja2 import UndefinedError

from tailorbird.web.templates import page_templates


def test_what_is_filled_in_is_escaped_and_what_is_missing_is_an_error() -> None:
    templates = page_templates("tailorbird.web.report")
    assert templates.from_string("<p>{{ said }}</p>").render(said="<b>&") == "<p>&lt;b&gt;&amp;</p>"
    with pytest.raises(UndefinedError):
        templates.from_string("{{ said }}").render()
    assert "report.html.j2" in templates.list_templates()
