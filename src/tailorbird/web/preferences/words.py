"""The words of the preference page, in English and German; what a project says of its own purposes comes first."""

from collections.abc import Mapping

from tailorbird.types.settings import PurposeSettings

LANGUAGES = ("en", "de")

PAGE_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Your preferences",
        "lead": "What {brand} may send you and use about you. Changes hold at once.",
        "for": "For {address}",
        "yes": "Yes",
        "no": "No",
        "save": "Save",
        "all": "Unsubscribe from everything",
        "all_hint": "Sets everything on this page to no.",
        "saved": "Saved. This is what holds now:",
        "unchanged": "Nothing was changed.",
        "unsubscribed": "You unsubscribed from {channel}. A yes here opens it again, for what you say yes to.",
        "blocked": "Nothing is sent to you by {channel} at present, because a message came back, a complaint was made, "
        "or somebody here closed the address. A yes on this page does not change that: please write to us.",
        "gpc": "Your browser asks us not to sell or share data (Global Privacy Control). That is a no, unless you "
        "say yes here.",
        "broken": "This link does not work",
        "broken_text": "It was cut or changed on the way. Open it again from the message, or answer the message and "
        "say what you want changed: that is enough.",
        "gone": "This link is too old",
        "gone_text": "We do not know this message any more. Use the link in a newer one, or answer the message and say "
        "what you want changed: that is enough.",
        "busy": "This did not work just now",
        "busy_text": "Please try again in a few minutes. If you asked to be left out, that was noted if it could be.",
        "email": "e-mail",
        "sms": "text message",
        "push": "push message",
        "web": "notes on the website",
        "phone": "telephone",
        "post": "letter",
    },
    "de": {
        "title": "Einstellungen",
        "lead": "Was {brand} schicken und verwenden darf. Änderungen gelten sofort.",
        "for": "Für {address}",
        "yes": "Ja",
        "no": "Nein",
        "save": "Speichern",
        "all": "Von allem abmelden",
        "all_hint": "Setzt alles auf dieser Seite auf Nein.",
        "saved": "Gespeichert. Das gilt jetzt:",
        "unchanged": "Es wurde nichts geändert.",
        "unsubscribed": "Abgemeldet: {channel}. Ein Ja auf dieser Seite hebt das auf, für das, wozu es gesagt wird.",
        "blocked": "Zurzeit geht nichts hinaus ({channel}), weil eine Nachricht zurückkam, eine Beschwerde vorliegt "
        "oder die Adresse hier gesperrt wurde. Ein Ja auf dieser Seite ändert daran nichts: bitte schreiben.",
        "gpc": "Der Browser bittet darum, keine Daten zu verkaufen oder weiterzugeben (Global Privacy Control). "
        "Das gilt als Nein, außer bei einem Ja auf dieser Seite.",
        "broken": "Dieser Link geht nicht",
        "broken_text": "Er wurde unterwegs gekürzt oder verändert. Bitte noch einmal aus der Nachricht öffnen; es "
        "genügt auch eine Antwort auf die Nachricht.",
        "gone": "Dieser Link ist zu alt",
        "gone_text": "Die Nachricht ist hier nicht mehr bekannt. Bitte den Link aus einer neueren öffnen; es genügt "
        "auch eine Antwort auf die Nachricht.",
        "busy": "Das ging gerade nicht",
        "busy_text": "Bitte in einigen Minuten noch einmal versuchen. Eine Abmeldung wurde vermerkt, soweit es ging.",
        "email": "E-Mail",
        "sms": "SMS",
        "push": "Push-Nachricht",
        "web": "Hinweise auf der Website",
        "phone": "Telefon",
        "post": "Brief",
    },
}
"""German without 'du' or 'Sie': the mail's own voice may be either."""

_USUAL: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {
        "email_marketing": ("News and offers", "Letters about our range, and about what may suit you."),
        "personalization": ("Made for you", "We choose what we show by what you looked at and bought."),
        "open_tracking": ("Reading figures", "We count whether a message was opened."),
        "sale_sharing": ("Sale and sharing of data", "Others get data about you, or show you our advertising."),
    },
    "de": {
        "email_marketing": ("Neues und Angebote", "Briefe über das Sortiment, und über das, was gefallen könnte."),
        "personalization": ("Persönliche Auswahl", "Gezeigt wird, was zu Angesehenem und Gekauftem passt."),
        "open_tracking": ("Lesezahlen", "Gezählt wird, ob eine Nachricht geöffnet wurde."),
        "sale_sharing": ("Verkauf und Weitergabe von Daten", "Andere bekommen Daten oder zeigen Werbung von hier."),
    },
}


def choose_language(*wishes: str) -> str:
    """The language of the first wish that this page speaks: locales (`de-DE`) or the value of Accept-Language."""
    for wish in wishes:
        for tag in _tags(wish):
            if tag.partition("-")[0] in LANGUAGES:
                return tag.partition("-")[0]
    return LANGUAGES[0]


def purpose_words(name: str, purpose: PurposeSettings, locale: str, language: str) -> tuple[str, str]:
    """(label, explanation) of a purpose: the project's for the locale or the language; else ours; else its name.

    A label of the project's in any language is better than a name; it stands where nothing else is known.
    """
    label, explanation = _USUAL[language].get(name, ("", ""))
    if purpose.labels:  # ours would explain what the project calls otherwise
        explanation = ""
    told = _of_locale(purpose.labels, locale, language) or label or next(iter(purpose.labels.values()), "")
    plain = name.replace("_", " ").replace("-", " ").strip()
    return told or plain[:1].upper() + plain[1:], _of_locale(purpose.explanations, locale, language) or explanation


def mask_address(address: str) -> str:
    """An address that its owner knows again and nobody else learns: a…@example.com."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if at and name and domain else ""


def _of_locale(words: Mapping[str, str], locale: str, language: str) -> str:
    return (
        words.get(locale)
        or words.get(language)
        or next((text for tag, text in words.items() if tag.partition("-")[0] == language), "")
    )


def _tags(wish: str) -> list[str]:
    """Tags by weight, the heaviest first (RFC 9110, section 12.5.4); a weight of 0 is no wish."""
    weighed = []
    for part in wish.lower().replace("_", "-").split(","):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.partition("=")[2] or 1)
        except ValueError:
            weight = 0.0
        if tag and weight > 0:
            weighed.append((-weight, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda one: one[0])]
