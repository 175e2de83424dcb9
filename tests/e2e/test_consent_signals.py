"""A real browser that opts out: its header and a consent platform's string, by Segment's own library, end to end."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tailorbird import bootstrap
from tailorbird.cli.init import copy_example
from tailorbird.project.project import load_project
from tailorbird.stages.consent.tcf import TcfString
from tailorbird.stages.tracking.tokens import sign_token
from tailorbird.testing.consent_strings import pack_tcf
from tailorbird.testing.state_conformance import example_message

from .chromium import Browser
from .processes import WRITE_KEY, serving, told
from .site import one_page_site

VENDOR = 42
SIGNALS = f"""
  signals:
    gpc: [sale_sharing]
    tcf: {{personalization: [3, 4], open_tracking: [8]}}
    tcf_vendor: {VENDOR}
"""
PAGE = """<!doctype html><meta charset="utf-8"><title>shop</title><script src="/analytics.js"></script><script>
  const [host, key, ...strings] = location.hash.slice(1).split('|')
  const settings = { integrations: { 'Segment.io': { apiKey: key, apiHost: `${host}/v1`, protocol: 'http' } } }
  async function visit() {
    const options = { integrations: { 'Segment.io': { apiHost: `${host}/v1`, protocol: 'http' } } }
    const [analytics] = await AnalyticsNext.AnalyticsBrowser.load({ writeKey: key, cdnSettings: settings }, options)
    for (const tcf of strings) await analytics.track('Product Viewed', { product_id: 'p1' }, { context: { consent: { tcf } } })
    await analytics.identify('browser-user', { country: 'US' })
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  visit().then(() => fetch('/done?ok'), (error) => fetch('/done?' + encodeURIComponent(String(error))))
</script>"""
pytestmark = [pytest.mark.slow, pytest.mark.e2e]


def string(purposes: set[int], disclosed: frozenset[int] | None) -> str:
    """What a platform makes of a choice in June 2026."""
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return pack_tcf(
        TcfString(
            created=at, updated=at, cmp_id=31, cmp_version=1, consent_screen=1, consent_language="EN",
            vendor_list_version=120, policy_version=5, is_service_specific=True, uses_other_texts=False,
            special_features=frozenset(), purpose_consents=frozenset(purposes), purpose_interests=frozenset(),
            purpose_one_treatment=False, publisher_country="DE", vendor_consents=frozenset({VENDOR}),
            vendor_interests=frozenset(), disclosed=disclosed,
        )
    )  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "wren"
    copy_example(folder)
    file = folder / "tailorbird.yaml"
    file.write_text(file.read_text().replace("consent:\n", "consent:" + SIGNALS, 1))
    return folder


def in_force(root: Path, person: str) -> dict[str, str]:
    return {one["purpose"]: one["state"] for one in told("consent", "show", person, root)["in_force"]}


@pytest.fixture
def browser(browser: Browser) -> Browser:
    """It sends the header with every request, as browsers do that have it."""
    browser.call("Network.enable")
    browser.call("Network.setExtraHTTPHeaders", headers={"Sec-GPC": "1"})
    return browser


def test_a_browser_that_opts_out_and_a_platform_s_string_are_in_force_for_its_person(
    root: Path, browser: Browser, node_modules: Path
) -> None:
    undisclosed = string({1, 3, 4, 8}, None)
    valid = string({1, 3, 4}, frozenset({VENDOR}))
    with serving(root) as server, one_page_site(PAGE.encode(), node_modules) as site:
        browser.go(f"{site.url}#" + "|".join([server.address, WRITE_KEY, undisclosed, valid]))
        assert site.heard(120) == ["ok"]
    statement = told("consent", "show", "browser-user", root)
    force = {one["purpose"]: one["state"] for one in statement["in_force"]}
    assert (force["sale_sharing"], force["personalization"], force["open_tracking"]) == ("denied", "granted", "denied")
    records = statement["records"]
    reasons = {record["details"].get("signal_reason", "") for record in records if record["method"] == "tcf"}
    assert reasons == {"", "the TCF string of 2026-06-01 does not say which vendors were disclosed"}
    header = [record["record_id"] for record in records if record["method"] == "gpc"]
    assert len(header) == len(set(header)) == 2, "one word for the browser, one for the person it turned out to be"


def test_the_browser_that_opens_the_unsubscribe_page_sees_that_its_opt_out_is_honoured(
    root: Path, browser: Browser
) -> None:
    project = load_project(root)
    message = example_message("quinn")
    bootstrap.open_state(project).outbox.queue([message])
    token = sign_token("u", (message.message_id,), bootstrap.open_keys(project)[0])
    with serving(root) as server:
        browser.open(f"{server.url}/u/{token}", "Opt-out request honoured (Global Privacy Control)")
        browser.open(f"{server.url}/.well-known/gpc.json", '"gpc":true')
    assert in_force(root, "quinn")["sale_sharing"] == "denied"


def test_what_is_sent_again_after_a_kill_is_one_word(root: Path) -> None:
    event = {
        "type": "track", "event": "Product Viewed", "anonymousId": "b1", "messageId": "m1",
        "properties": {"product_id": "p1"}, "context": {"consent": {"tcf": string({3}, frozenset({VENDOR}))}},
    }  # fmt: skip
    for _ in range(3):
        with serving(root) as server:
            server.post("/v1/track", json.dumps(event).encode(), Sec_GPC="1")
            server.process.kill()
    records = told("consent", "show", "anon:b1", root)["records"]
    assert sorted((one["method"], one["purpose"], one["given"]) for one in records) == [
        ("gpc", "sale_sharing", False),
        ("tcf", "open_tracking", False),
        ("tcf", "personalization", False),
    ]
