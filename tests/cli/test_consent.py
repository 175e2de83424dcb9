"""Consent on the command line."""

import hashlib
import http.client
import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_a_persons_words_receipts_and_suppressions(tailorbird: Any, filled: Path, tmp_path: Path) -> None:
    import shutil

    from tailorbird import bootstrap
    from tailorbird.project.project import load_project

    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    person = bootstrap.open_events(load_project(root)).rows(
        "SELECT person_id FROM people WHERE consents LIKE '%email_marketing%' LIMIT 1"
    )[0][0]
    told = tailorbird("consent", "show", person, root, "--json").json
    assert {one["purpose"] for one in told["in_force"]} >= {"email_marketing", "personalization"}
    assert told["records"]
    assert "email_marketing by email: " in tailorbird("consent", "show", person, root).out
    receipt = tailorbird("consent", "receipt", told["records"][0]["record_id"], root).json
    assert receipt["processing"] and person not in str(receipt["pii_principal_id"])
    why = ("--reason", "a call")
    assert "is suppressed" in tailorbird("consent", "suppress", person, root, *why).out
    assert "already" in tailorbird("consent", "suppress", person, root, *why).out
    assert "no longer" in tailorbird("consent", "unsuppress", person, root, *why).out


def test_signals_over_http_are_shown_with_their_reason_and_have_receipts(tailorbird: Any, tmp_path: Path) -> None:
    from tailorbird.cli.init import copy_example
    from tailorbird.cli.serve import make_app
    from tailorbird.project.project import load_project
    from tailorbird.web.server import BackgroundServer

    root = tmp_path / "wren"
    copy_example(root)
    file = root / "tailorbird.yaml"
    signals = "  signals: {gpc: [sale_sharing], tcf: {personalization: [3, 4]}, tcf_vendor: 6}"
    file.write_text(file.read_text().replace("consent:\n", f"consent:\n{signals}\n", 1))

    def post(*events: dict[str, Any]) -> None:
        with BackgroundServer(make_app(load_project(root), None)) as server:
            for event in events:
                connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
                connection.request("POST", "/v1/track", json.dumps(event), {"Sec-GPC": "1"})
                assert connection.getresponse().status == 200
                connection.close()

    seen = {"anonymousId": "b1", "event": "Product Viewed", "properties": {"product_id": "p1"}}
    broken = {**seen, "messageId": "e1", "context": {"consent": {"tcf": "nonsense"}}}
    post(broken, {**broken, "messageId": "e2"})
    post({**broken, "messageId": "e3"}, broken)  # the server was started anew
    post({**seen, "messageId": "e4", "userId": "ana"})  # the browser's person says who she is

    shown = tailorbird("consent", "show", "ana", root).out
    assert "personalization: denied" in shown and "sale_sharing: denied" in shown
    assert "no to personalization, tcf (the TCF string cannot be read" in shown
    assert "no to sale_sharing, gpc (Global Privacy Control)" in shown
    records = tailorbird("consent", "show", "ana", root, "--json").json["records"]
    assert sorted(one["record_id"].partition(":")[0] for one in records) == ["gpc", "gpc", "tcf", "tcf"]
    (first, *_) = [one for one in records if one["method"] == "tcf"]
    receipt = tailorbird("consent", "receipt", first["record_id"], root).json
    assert receipt["evidence_sha256"] == hashlib.sha256(b"nonsense").hexdigest()
    assert "cannot be read" in receipt["signal_reason"] and receipt["collection_method"] == "tcf"
