"""The footer that the law asks for: whether a finished body really shows the unsubscribe link and the postal address.

The template's source cannot tell: a condition, a comment or an empty setting can leave them out of one person's mail.
"""

import binascii
import html
import re

from tailorbird.stages.channels.liquid_runtime import escape
from tailorbird.stages.channels.mime import EncodedBody
from tailorbird.stages.channels.quoted_printable import SOFT_BREAK, quoted_piece
from tailorbird.stages.channels.template_error import TemplateError

_UNSEEN = re.compile(r"<!--.*?-->|<style.*?</style>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def check_footer(
    template: str, part: str, body: EncodedBody, is_html: bool, unsubscribe_url: str, postal_address: str
) -> None:
    """Raise TemplateError, naming the part, for a body without the link or without the address.

    The values are looked for as the template writes them, which costs nothing; only where they are not found is the
    body decoded: a filter may have changed the case or the line breaks of the address.
    """
    if _holds(body, is_html, unsubscribe_url) and _holds(body, is_html, postal_address):
        return
    text = binascii.a2b_qp(body.data).decode("utf-8", "replace")
    links = html.unescape(_COMMENT.sub("", text)) if is_html else text
    if unsubscribe_url not in links:
        raise TemplateError(template, part, None, "there is no unsubscribe link", "add {{ links.unsubscribe }}")
    shown = _UNSEEN.sub(" ", text)
    shown = html.unescape(shown) if is_html else shown
    if not _letters(postal_address) or _letters(postal_address) not in _letters(shown):
        mend = "add {{ legal.postal_address }}, and fill sender.postal_address in tailorbird.yaml"
        raise TemplateError(template, part, None, "there is no postal address", mend)


def _holds(body: EncodedBody, is_html: bool, value: str) -> bool:
    if not value.strip():
        return False
    piece = quoted_piece(escape(value) if is_html else value).removesuffix(SOFT_BREAK).encode("ascii")
    return body.data.rfind(piece) >= 0  # from the end, where a footer stands: half a mail less to search


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
