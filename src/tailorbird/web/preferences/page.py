"""The preference page as HTML: no cookie, no login, no script, nothing that is loaded from elsewhere."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tailorbird.pipeline.preferences import Preferences
from tailorbird.types.consent import consent_key
from tailorbird.types.settings import ConsentSettings, PurposeSettings
from tailorbird.web.preferences.words import PAGE_WORDS, mask_address, purpose_words
from tailorbird.web.templates import page_templates

EVERYTHING, CHOICE, BEFORE = "everything", "choice:", "before:"
"""Names of the form's fields; a purpose, or purpose:channel, follows the last two."""

Notice = Literal["", "saved", "unchanged"]
"""What became of the form that was sent, if one was."""

_PAGES = page_templates("tailorbird.web.preferences")


@dataclass(frozen=True, slots=True)
class PageReader:
    """For whom the page is: the language of its frame, the locale of what the project says, and the brand."""

    language: str
    locale: str
    brand: str = ""


def render_preferences(
    preferences: Preferences,
    settings: ConsentSettings,
    reader: PageReader,
    notice: Notice = "",
    gpc: bool = False,
) -> str:
    """The page with its form. `notice` says what became of the last one, `gpc` that the browser's signal was heard."""
    words = PAGE_WORDS[reader.language]
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in preferences.choices:
        key = consent_key(one.purpose, one.channel)
        rows.setdefault(one.purpose, []).append(
            {"key": key, "channel": _capital(words.get(one.channel, "")), "on": one.is_on}
        )
    purposes = [
        {"label": label, "explanation": explanation, "rows": rows[name]}
        for name in rows
        for label, explanation in [_words(name, settings, reader)]
    ]
    closed: dict[str, str] = {one.channel: one.suppressed for one in preferences.choices if one.suppressed}
    told = [words[why].format(channel=words.get(channel, channel)) for channel, why in closed.items()]
    if gpc and any(name in rows for name in settings.signals.gpc):
        told.append(words["gpc"])
    address = mask_address(preferences.email)
    return _PAGES.get_template("preferences.html.j2").render(
        lang=reader.language,
        words=words,
        lead=_sentence(words["lead"], reader),
        address=words["for"].format(address=address) if address else "",
        purposes=_told_apart(purposes),
        notice=words[notice] if notice else "",
        told=told,
        names={"everything": EVERYTHING, "choice": CHOICE, "before": BEFORE},
    )


def render_trouble(kind: Literal["broken", "gone", "busy"], language: str) -> str:
    """A page that says in plain words why there is no form, and what helps."""
    words = PAGE_WORDS[language]
    return _PAGES.get_template("preferences.html.j2").render(
        lang=language, words={**words, "title": words[kind]}, lead=words[f"{kind}_text"], address="", purposes=[],
        notice="", told=[], names={},
    )  # fmt: skip


def _words(name: str, settings: ConsentSettings, reader: PageReader) -> tuple[str, str]:
    return purpose_words(name, settings.purposes.get(name, PurposeSettings()), reader.locale, reader.language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _told_apart(purposes: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """A row says its channel where a purpose has several, or where two purposes read the same."""
    count = Counter(one["label"] for one in purposes)
    for one in purposes:
        one["by_channel"] = len(one["rows"]) > 1 or count[one["label"]] > 1
    return list(purposes)


def _sentence(text: str, reader: PageReader) -> str:
    return text.format(brand=reader.brand or {"de": "der Absender", "en": "the sender"}[reader.language])
