"""The page as HTML."""

import re
from html.parser import HTMLParser
from typing import Literal

import pytest

from tailorbird.pipeline.preferences import Choice, Preferences
from tailorbird.types.settings import ConsentSettings, PurposeSettings
from tailorbird.web.preferences.page import PageReader, render_preferences, render_trouble

HOSTILE = "<script>alert(1)</script>\"'"


class Outline(HTMLParser):
    """Which inputs are there, and which of them stand in a label and a named fieldset."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.radios = self.labelled = self.legends = self.fieldsets = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            if dict(attrs)["type"] == "radio":
                self.radios += 1
                self.labelled += "label" in self.open and "fieldset" in self.open
        elif tag not in ("meta", "br"):
            self.open.append(tag)
            self.legends += tag == "legend"
            self.fieldsets += tag == "fieldset"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "a tag is closed that is not open"


def luminance(colour: str) -> float:
    """Of sRGB, as WCAG 2.2 defines it."""
    full = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def page(language: str = "en", **more: str) -> str:
    choices = (
        Choice("letters", "email", "granted", "the person said yes", None),
        Choice("letters", "sms", "denied", "silence", None),
        Choice("profiling", "", "granted", "silence", None, "" if not more else "blocked"),
    )
    settings = ConsentSettings(purposes={"letters": PurposeSettings(labels={"en": HOSTILE}, explanations=more)})
    found = Preferences("ana", True, choices, f"{HOSTILE}@shop.example")
    return render_preferences(found, settings, PageReader(language, language, HOSTILE))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_choice_has_its_label_and_every_fieldset_its_legend(language: str) -> None:
    html = page(language)
    outline = Outline(html)
    assert f'<html lang="{language}">' in html
    assert (outline.radios, outline.labelled) == (6, 6)
    assert outline.fieldsets == outline.legends == 5
    assert html.count(" checked") == 3 and html.count("<h1>") == 1


def test_text_from_outside_is_text() -> None:
    html = page(en=HOSTILE)
    assert "<script" not in html and html.count("&lt;script&gt;") >= 3


def test_what_is_read_can_be_read() -> None:
    style = page().split("<style>")[1].split("</style>")[0]
    for ink, paper in (("1c2b26", "fff"), ("55625d", "fff"), ("1c2b26", "f1f4ec"), ("1c2b26", "fbf3e8")):
        assert f"#{ink}" in style and f"#{paper}" in style
        assert contrast(ink, paper) >= 4.5
    outline = re.search(r"outline:3px solid #(\w+)", style)
    assert outline and contrast(outline[1], "fff") >= 3.0


@pytest.mark.parametrize("kind", ["broken", "gone", "busy"])
def test_trouble_has_no_form_and_says_what_helps(kind: Literal["broken", "gone", "busy"]) -> None:
    for language in ("en", "de"):
        html = render_trouble(kind, language)
        assert "<form" not in html and f'lang="{language}"' in html and "{" not in html.split("</style>")[1]
