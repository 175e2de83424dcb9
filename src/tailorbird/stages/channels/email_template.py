"""E-mail templates: MJML becomes HTML once per template, Liquid becomes a function, and a person's mail is a call.

For the authors of templates:

- Liquid tags may stand in text, in attributes (`href="{{ item.url }}"`), and bare between MJML elements, so that
  `{% for item in items %}<mj-section>…</mj-section>{% endfor %}` repeats a section and `{% if %}` drops one.
- Widths are worked out once, when MJML becomes HTML: `width="{{ … }}"` is refused. Keep `if` and `for` around whole
  sections or inside a text; around a single column they would leave the other columns' widths as they are.
- A tag needs both its ends on the same level of elements, as the elements themselves do.
- Every value is escaped for HTML in message.mjml, and left as it is in message.txt.
- `<mjml lang="{{ locale }}">` tells screen readers the language. MJML wants closed tags: `<br />`, not `<br>`.
"""

import re
from collections.abc import Mapping
from typing import Any

import mjml

from tailorbird.stages.channels.liquid_compiler import compile_liquid, parse_liquid
from tailorbird.stages.channels.mime import EncodedBody
from tailorbird.stages.channels.template_error import TemplateError
from tailorbird.types.template import Template

HTML_BYTES_MAX = 100_000
HTML_PART, TEXT_PART = "message.mjml", "message.txt"

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_PLACEHOLDER = re.compile(r"tbliquid(\d{5})x")
_POSITION = re.compile(r"at position (\d+):\d+")
_PREFORMATTED = re.compile(r"<pre|<textarea|white-space\s*:\s*(?:pre|break)", re.IGNORECASE)
_RUNS = re.compile(r"[ \t]{2,}|\t")
_INDENT = re.compile(r"\s*\n\s*")
_UNKNOWN_ELEMENT = re.compile(r"<(mj-[a-z-]+)")


class EmailTemplate:
    """A compiled template: `html` gives one person's HTML part as text, `encode` both parts ready for MIME."""

    __slots__ = ("html", "name", "quoted_html", "quoted_text")

    def __init__(self, name: str, mjml_html: str, text: str) -> None:
        self.name = name
        self.html, self.quoted_html = (compile_liquid(mjml_html, True, quoted) for quoted in (False, True))
        try:
            self.quoted_text = compile_liquid(text, False, True)
        except TemplateError as error:
            raise error.within(name, TEXT_PART) from error

    def encode(self, context: Mapping[str, Any]) -> tuple[EncodedBody, EncodedBody]:
        """(HTML, text) in quoted-printable. Most of the encoding is done beforehand.

        Raises TemplateError where Liquid fails on these values, or the HTML is over HTML_BYTES_MAX.
        """
        html, text = self._answers(context)
        if len(html) > HTML_BYTES_MAX:
            self._refuse_if_too_large(self.html(context), context)
        encoding = b"quoted-printable"
        return EncodedBody(encoding, html.encode("ascii")), EncodedBody(encoding, text.encode("ascii"))

    def _answers(self, context: Mapping[str, Any]) -> tuple[str, str]:
        part = HTML_PART
        try:
            html = self.quoted_html(context)
            part = TEXT_PART
            return html, self.quoted_text(context)
        except TemplateError as error:
            # In the HTML part the line would be one of the HTML, which no author has seen.
            line = error.line if part == TEXT_PART else None
            raise TemplateError(self.name, part, line, error.problem, error.mend) from error

    def _refuse_if_too_large(self, html: str, context: Mapping[str, Any]) -> None:
        size = len(html.encode())
        if size <= HTML_BYTES_MAX:
            return
        heaviest = max(context, key=lambda name: size - self._size_without(name, context, size), default="")
        share = size - self._size_without(heaviest, context, size) if heaviest else 0
        problem = f"the HTML is {size:,} bytes; mail programs cut off what is over {HTML_BYTES_MAX:,}"
        mend = f"the heaviest block is {heaviest!r} with {share:,} bytes" if share > size // 10 else "shorten the frame"
        raise TemplateError(self.name, HTML_PART, None, problem, mend)

    def _size_without(self, name: str, context: Mapping[str, Any], size: int) -> int:
        try:
            return len(self.html({key: value for key, value in context.items() if key != name}).encode())
        except TemplateError:
            return size


def compile_email(template: Template) -> EmailTemplate:
    """Compile both parts of a template. Raises TemplateError with the part, the line and a mend."""
    try:
        parse_liquid(template.mjml, True)
        html = mjml_to_html(template.mjml)
        return EmailTemplate(template.name, html, template.text)
    except TemplateError as error:
        raise error if error.template else error.within(template.name, HTML_PART) from error


def mjml_to_html(source: str) -> str:
    """MJML with Liquid tags to HTML with the same tags. Raises TemplateError for bad MJML and for a tag that is lost.

    The tags are hidden from MJML behind plain words, so that quotes and angle brackets in them do no harm.
    """
    tags: list[str] = []

    def hide(match: re.Match[str]) -> str:
        tags.append(match.group())
        return f"tbliquid{len(tags) - 1:05d}x"

    hidden = _TAG.sub(hide, source)
    try:
        html = mjml.mjml2html(hidden)
    except ValueError as error:
        raise _mjml_error(str(error), hidden, tags) from error
    found = {int(number) for number in _PLACEHOLDER.findall(html)}
    for number, tag in enumerate(tags):
        if number not in found:
            line = _line(hidden, hidden.index(f"tbliquid{number:05d}x"), tags)
            raise TemplateError("", "", line, f"MJML drops {tag}", "Liquid cannot stand in a width or a height")
    if unknown := _UNKNOWN_ELEMENT.search(html):
        line = _line(hidden, hidden.index(unknown.group()), tags)
        raise TemplateError("", "", line, f"there is no MJML element {unknown.group(1)}", "see mjml.io/documentation")
    if not _PREFORMATTED.search(html):
        # Indentation means nothing in HTML, and costs bytes in every mail.
        html = _INDENT.sub("\n", _RUNS.sub(" ", html))
    return _PLACEHOLDER.sub(lambda match: tags[int(match.group(1))], html)


def _mjml_error(message: str, hidden: str, tags: list[str]) -> TemplateError:
    position = _POSITION.search(message)
    if position:
        line = _line(hidden, int(position.group(1)), tags)
        return TemplateError(
            "", "", line, f"this is no MJML ({message})", "an element here is misplaced or never closed"
        )
    if "end of stream" in message:
        mend = "an element is never closed; close every one, also <br /> and <img />"
        return TemplateError("", "", None, "the MJML ends too early", mend)
    return TemplateError("", "", None, f"this is no MJML ({message})", "begin with <mjml><mj-body>")


def _line(hidden: str, position: int, tags: list[str]) -> int:
    """The author's line of a position in the hidden source, whose tags have lost their own line ends."""
    before = hidden[:position]
    lost = sum(tags[int(number)].count("\n") for number in _PLACEHOLDER.findall(before))
    return before.count("\n") + lost + 1
