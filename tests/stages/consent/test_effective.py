"""What is in force, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.consent import Ruling, is_granted
from tailorbird.types.settings import ConsentSettings, PurposeSettings, SignalSettings, SilenceSettings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
YES = ConsentRules(ConsentSettings({"email_marketing": True, "personalization": True, "open_tracking": True}))
NO = ConsentRules(ConsentSettings({"email_marketing": False}))


def silent(rules: ConsentRules, country: str | None, purpose: str = "email_marketing", months: float = 0) -> Ruling:
    bought = NOON - timedelta(days=30.44 * months) if months else None
    return rules.judge({}, purpose, "email" if purpose == "email_marketing" else "", country, bought, NOON)


def test_a_persons_no_holds_everywhere_and_a_yes_too() -> None:
    for country in ("US", "GB", None):
        assert YES.judge({"email_marketing": False}, "email_marketing", "email", country, None, NOON).state == "denied"
        assert NO.judge({"email_marketing": True}, "email_marketing", "email", country, None, NOON).granted


def test_silence_is_what_the_law_of_the_country_lets_the_project_take_it_for() -> None:
    assert silent(YES, "US").granted and "CAN-SPAM" in silent(YES, "US").reason
    assert silent(YES, "GB").state == "denied" and "PECR" in silent(YES, "GB").reason
    assert silent(YES, None).state == "denied" and "country unknown" in silent(YES, None).reason
    assert silent(NO, "US").state == "denied"  # a project may be stricter
    assert not silent(YES, "FR", "open_tracking").granted
    assert silent(YES, "US", "open_tracking").granted


def test_a_purchase_implies_a_yes_in_canada_for_24_months() -> None:
    assert silent(YES, "CA", months=23).granted
    assert silent(YES, "CA", months=25).state == "expired"
    assert silent(YES, "CA").state == "denied"
    assert not silent(NO, "CA", months=1).granted


def test_the_soft_opt_in_needs_the_project_the_law_and_a_purchase() -> None:
    soft = ConsentRules(ConsentSettings({}, soft_opt_in=("email_marketing",)))
    assert silent(soft, "GB", months=3).granted and "soft opt-in" in silent(soft, "GB", months=3).reason
    assert not silent(soft, "GB").granted
    assert not silent(soft, None, months=3).granted
    assert not silent(YES, "GB", months=3).granted
    assert not soft.judge({"email_marketing": False}, "email_marketing", "email", "GB", NOON, NOON).granted


def test_a_project_states_its_own_basis_or_is_stricter() -> None:
    silence = (
        SilenceSettings(("GB",), ("email_marketing",), "opt_out", "corporate subscribers", ("email",)),
        SilenceSettings(("US",), ("email_marketing",), "opt_in", "our own policy"),
        SilenceSettings(("*",), ("personalization",), "opt_out", "a replay"),
        SilenceSettings(("DE",), ("personalization",), "opt_in", "but not there"),
    )
    rules = ConsentRules(ConsentSettings(YES.settings.defaults, silence=silence))
    assert silent(rules, "GB").granted and "corporate subscribers" in silent(rules, "GB").reason
    assert not silent(rules, "US").granted and "our own policy" in silent(rules, "US").reason
    assert not silent(rules, "FR").granted
    assert silent(rules, "FR", "personalization").granted
    assert not silent(rules, "DE", "personalization").granted


def test_a_yes_runs_out() -> None:
    words = {"email_marketing": "2026-06-01T12:00:00Z"}
    before = NOON - timedelta(seconds=1)
    assert YES.judge(words, "email_marketing", "email", "GB", None, before).granted
    assert YES.judge(words, "email_marketing", "email", "US", None, NOON).state == "expired"
    assert YES.judge({"email_marketing": "?"}, "email_marketing", "email", "US", None, NOON).state == "expired"


def test_a_yes_to_the_whole_reaches_the_channels_that_the_purpose_asks_for() -> None:
    rules = ConsentRules(ConsentSettings(purposes={"news": PurposeSettings(channels=("email", "sms"))}))
    assert rules.judge({"news": True}, "news", "sms", "GB", None, NOON).granted
    assert not rules.judge({"news": True}, "news", "push", "GB", None, NOON).granted
    assert rules.judge({"news:push": True}, "news", "push", "GB", None, NOON).granted
    assert not rules.judge({"news": False}, "news", "push", "GB", None, NOON).granted
    assert not NO.judge({"email_marketing": True}, "email_marketing", "sms", "US", None, NOON).granted


def test_what_is_resolved_is_what_is_judged() -> None:
    found = YES.resolve({"email_marketing": True, "email_marketing:sms": True}, "GB", None, NOON)
    assert is_granted(found, "email_marketing") and is_granted(found, "email_marketing", "email")
    assert is_granted(found, "email_marketing", "sms") and not is_granted(found, "email_marketing", "push")
    assert not is_granted(found, "personalization") and not is_granted(found, "another")
    assert is_granted(YES.resolve({}, "US", None, NOON), "email_marketing", "email")
    assert not is_granted(YES.resolve({}, "US", None, NOON), "email_marketing", "sms")


@pytest.mark.slow
@given(
    st.dictionaries(
        st.sampled_from(["a", "a:email", "a:sms", "b", "personalization"]),
        st.booleans() | st.sampled_from(["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]),
    ),
    st.sampled_from([None, "GB", "US", "CA"]),
    st.sampled_from(["", "email", "sms", "push"]),
    st.booleans(),
)  # fmt: skip
def test_one_and_many_agree(words: dict[str, bool | str], country: str | None, channel: str, default: bool) -> None:
    rules = ConsentRules(
        ConsentSettings({"a": default, "personalization": default}, purposes={"b": PurposeSettings(channels=("sms",))})
    )
    found = rules.resolve(words, country, NOON, NOON)
    for purpose in ("a", "b"):
        if channel:
            judged = rules.judge(words, purpose, channel, country, NOON, NOON).granted
            assert is_granted(found, purpose, channel) is judged
    assert (
        is_granted(found, "personalization") is rules.judge(words, "personalization", "", country, NOON, NOON).granted
    )


@pytest.mark.parametrize(
    ("purpose", "use"),
    [("open_tracking", "pixel"), ("personalization", "profiling"), ("sale_sharing", "sale"), ("letters", "marketing")],
)
def test_the_use_of_a_purpose_is_told_or_the_usual_one(purpose: str, use: str) -> None:
    assert NO.use_of(purpose) == use
    told = ConsentRules(ConsentSettings(purposes={purpose: PurposeSettings(use="sale")}))
    assert told.use_of(purpose) == "sale"


def test_purchases_are_looked_at_only_where_they_can_matter() -> None:
    assert YES.needs_purchases and YES.looks_at_purchases("CA") and not YES.looks_at_purchases("GB")
    assert not NO.needs_purchases and not NO.looks_at_purchases("CA")
    assert ConsentRules(ConsentSettings({}, soft_opt_in=("letters",))).looks_at_purchases("GB")


def test_every_purpose_of_the_project_is_known() -> None:
    settings = ConsentSettings(
        {"email_marketing": False}, purposes={"news": PurposeSettings()}, signals=SignalSettings(gpc=("ads",))
    )
    assert ConsentRules(settings).purposes() == ("news", "email_marketing", "ads")
