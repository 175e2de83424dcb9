"""The unsubscribe pages and form: no cookie, no login, no script."""

from email import message_from_bytes
from email.message import Message
from html import escape
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse

_FIELD, _VALUE = "List-Unsubscribe", "One-Click"
_WORDS = {
    "en": (
        "Unsubscribe",
        "Shall we stop sending you marketing e-mail?",
        "Yes, unsubscribe me",
        "You are unsubscribed",
        "We will send you no more marketing e-mail. This takes effect at once.",
    ),
    "de": (
        "Abmelden",
        "Sollen wir Ihnen keine Werbe-E-Mails mehr schicken?",
        "Ja, bitte abmelden",
        "Sie sind abgemeldet",
        "Wir schicken Ihnen keine Werbe-E-Mails mehr. Das gilt ab sofort.",
    ),
}
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
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}


def confirm_page(accept_language: str) -> HTMLResponse:
    """Ask, with a form that posts to the same address what a mail program's one-click would."""
    lang, (title, question, button, _, _) = _words(accept_language)
    field = f'<input type="hidden" name="{_FIELD}" value="{_VALUE}">'
    form = f'<form method="post">{field}<button type="submit">{escape(button)}</button></form>'
    return _page(lang, title, question, form)


def done_page(accept_language: str) -> HTMLResponse:
    """Say that it is done."""
    lang, (_, _, _, title, text) = _words(accept_language)
    return _page(lang, title, text, "")


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


def _words(accept_language: str) -> tuple[str, tuple[str, ...]]:
    lang = "de" if accept_language.strip().lower().startswith("de") else "en"
    return lang, _WORDS[lang]


def _page(lang: str, title: str, text: str, form: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(lang=lang, title=escape(title), text=escape(text), form=form), headers=_HEADERS)
