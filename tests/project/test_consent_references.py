"""Names and values of `consent` in tailorbird.yaml."""

from typing import Any

import pytest

from tailorbird.project.consent_references import GPP_FIELDS
from tailorbird.project.project import load_project
from tailorbird.stages.consent.gpp import OPT_OUT_FIELDS

GOOD = """  purposes:
    news: {use: marketing, channels: [email, sms], labels: {en: News, de-DE: Neues}, explanations: {en: Monthly.}}
  silence:
    - {jurisdictions: [GB], purposes: [news], regime: opt_out, basis: corporate subscribers, channels: [email]}
  soft_opt_in: [news]
  signals:
    gpc: [sale_sharing, personalization]
    tcf: {personalization: [3, 4]}
    tcf_vendor: 716
    gpp: {sale_sharing: [SaleOptOut]}
catalog:
"""


def test_every_key_of_consent_is_read(folder: Any) -> None:
    folder.replace("tailorbird.yaml", "catalog:\n", GOOD)
    consent = load_project(folder.root).settings.consent
    assert consent.purposes["news"].channels == ("email", "sms")
    assert consent.purposes["news"].labels == {"en": "News", "de-DE": "Neues"}
    assert consent.silence[0].basis == "corporate subscribers"
    assert consent.signals.tcf == {"personalization": (3, 4)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("purposes: [news]", "purposes: [newz]", "consent.silence.0.purposes", "did you mean 'news'"),
        ("channels: [email, sms]", "channels: [e-mail]", "consent.purposes.news.channels", "did you mean 'email'"),
        ("basis: corporate subscribers", "basis: ' '", "consent.silence.0.basis", "legal basis"),
        ("jurisdictions: [GB]", "jurisdictions: [Britain]", "consent.silence.0.jurisdictions", "two capital letters"),
        ("soft_opt_in: [news]", "soft_opt_in: [old]", "consent.soft_opt_in", "purpose"),
        ("tcf_vendor: 716", "tcf_vendor: 0", "consent.signals.tcf_vendor", "Global Vendor List"),
        ("{en: News,", "{English: News,", "consent.purposes.news.labels.English", "no locale such as en or de-DE"),
        ("{en: Monthly.}", "{en: ' '}", "consent.purposes.news.explanations.en", "write what people read"),
        ("[3, 4]", "[12]", "consent.signals.tcf.personalization", "1 to 11"),
        ("[SaleOptOut]", "[SaleOptIn]", "consent.signals.gpp.sale_sharing", "did you mean 'SaleOptOut'"),
        ("gpc: [sale_sharing,", "gpc: [sales,", "consent.signals.gpc", "did you mean"),
    ],
)  # fmt: skip
def test_a_wrong_name_or_value_is_told_with_its_place(folder: Any, old: str, new: str, field: str, words: str) -> None:
    assert old in GOOD
    folder.replace("tailorbird.yaml", "catalog:\n", GOOD.replace(old, new))
    error = folder.error()
    assert error.field == field and error.line
    assert words in error.message


def test_a_purpose_without_a_colon_can_have_channels(folder: Any) -> None:
    folder.replace("tailorbird.yaml", "catalog:\n", "  purposes:\n    ne:ws: {use: sale}\ncatalog:\n")
    assert "colon" in folder.error().message


def test_the_opt_outs_are_those_that_the_reader_knows() -> None:
    assert set(GPP_FIELDS) == OPT_OUT_FIELDS
