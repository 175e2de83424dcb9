"""The unsubscribe pages and form: no cookie, no login, no script."""

from email import message_from_bytes
from email.message import Message
from html import escape
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse

_FIELD, _VALUE = "List-Unsubscribe", "One-Click"
_WORDS = {
    "en": {
        "ask": ("Unsubscribe", "No more marketing e-mail{sender}?", "Yes, unsubscribe me"),
        "done": ("You are unsubscribed", "There will be no more marketing e-mail{sender}. This takes effect at once."),
        "broken": (
            "This link does not work",
            "It was cut or changed on the way. To unsubscribe, answer the message and say so: that is enough.",
        ),
        "sender": " from {brand}",
        "opted_out": "Opt-out request honoured (Global Privacy Control).",
    },
    "de": {
        "ask": ("Abmelden", "Keine Werbe-E-Mails{sender} mehr?", "Ja, bitte abmelden"),
        "done": ("Abgemeldet", "Es kommen keine Werbe-E-Mails{sender} mehr. Das gilt ab sofort."),
        "broken": (
            "Dieser Link geht nicht",
            "Er wurde unterwegs gekürzt oder verändert. Zum Abmelden genügt eine Antwort auf die Nachricht.",
        ),
        "sender": " von {brand}",
        "opted_out": "Widerspruch beachtet (Global Privacy Control).",
    },
}
"""German without 'du' or 'Sie': the mail's own voice may be either."""
_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title><style>
body{{font:1.125rem/1.5 system-ui,sans-serif;color:#1c2b26;background:#f5f3ee;margin:0}}
main{{max-width:30rem;margin:12vh auto 0;padding:2rem;background:#fff;border-radius:.5rem}}
h1{{font-size:1.5rem;margin:0 0 .5rem}}
button{{font:inherit;padding:.75rem 1.25rem;border:0;border-radius:.375rem;background:#1c2b26;color:#fff}}
button:focus-visible{{outline:3px solid #d98324;outline-offset:2px}}
</style></head><body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>
"""
_HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language, Sec-GPC",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}


def confirm_page(accept_language: str, brand: str = "", opted_out: bool = False) -> HTMLResponse:
    """Ask, with a form that posts to the same address what a mail program's one-click would.

    `opted_out`: say that the browser's opt-out was recorded, as California asks for (11 CCR 7025(c)(6)).
    """
    lang, (title, question, button) = _words(accept_language, "ask", brand)
    field = f'<input type="hidden" name="{_FIELD}" value="{_VALUE}">'
    form = f'<form method="post">{field}<button type="submit">{escape(button)}</button></form>'
    return _page(lang, title, question, form, opted_out=opted_out)


def done_page(accept_language: str, brand: str = "", opted_out: bool = False) -> HTMLResponse:
    """Say that it is done; `opted_out` as above."""
    lang, (title, text) = _words(accept_language, "done", brand)
    return _page(lang, title, text, opted_out=opted_out)


def broken_link_page(accept_language: str) -> HTMLResponse:
    """400 for a person whose mail program broke a link: how to unsubscribe all the same."""
    lang, (title, text) = _words(accept_language, "broken", "")
    return _page(lang, title, text, status=400)


def asks_to_unsubscribe(body: bytes, content_type: str) -> bool:
    """Whether a form body, urlencoded or multipart, says `List-Unsubscribe=One-Click` (RFC 8058)."""
    if content_type.strip().lower().startswith("multipart/form-data"):
        # latin-1 keeps every byte, so that a stray one in a header cannot break the parser.
        head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
        form = message_from_bytes(head + body)
        return any(_is_one_click(part) for part in form.walk() if not part.is_multipart())
    return (_FIELD, _VALUE) in parse_qsl(body.decode("utf-8", "replace"))


def _is_one_click(part: Message) -> bool:
    name = part.get_param("name", header="content-disposition")
    payload = part.get_payload(decode=True)
    return name == _FIELD and isinstance(payload, bytes) and payload.strip() == _VALUE.encode()


def _words(accept_language: str, page: str, brand: str) -> tuple[str, list[str]]:
    lang = "de" if accept_language.strip().lower().startswith("de") else "en"
    sender = str(_WORDS[lang]["sender"]).format(brand=brand) if brand else ""
    return lang, [text.replace("{sender}", sender) for text in _WORDS[lang][page]]


def _page(lang: str, title: str, text: str, form: str = "", status: int = 200, opted_out: bool = False) -> HTMLResponse:
    more = f"<p>{escape(str(_WORDS[lang]['opted_out']))}</p>" if opted_out else ""
    page = _PAGE.format(lang=lang, title=escape(title), text=escape(text), form=form + more)
    return HTMLResponse(page, status, headers=_HEADERS)
