"""A whole run against a real server: its prompts are searched for what was planted, and the record says what went."""

import csv
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.person_search import ZED, meet

PLANTED = {
    "brand/voice.md": "ana.lima@private.example",
    "campaigns/win_back.yaml": "020 7946 0018",
    "catalog/items.csv": "maria (at) private dot example",
    "prompts/subject/v1.md": "DE89 3704 0044 0532 0130 00",
}
OWN = "post@wren.example"


class Vendor:
    """An OpenAI-compatible server that keeps every body; `status` other than 200 refuses."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.status = 200
        vendor = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                vendor.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                choice = {"message": {"content": "Have a look at this"}, "finish_reason": "stop"}
                usage = {"prompt_tokens": 100, "completion_tokens": 5}
                count = json.loads(vendor.bodies[-1]).get("n", 1)
                text = json.dumps({"choices": [choice] * count, "usage": usage}).encode()
                self.send_response(vendor.status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    running = Vendor()
    yield running
    running.http.shutdown()
    running.http.server_close()


def ask(shop: Any, vendor: Vendor, terms: str) -> None:
    """Make the shop ask this vendor, under these terms, and write something new."""
    path = shop.root / "tailorbird.yaml"
    text = path.read_text()
    start = text.index("generator:")
    end = text.index("\n\n", start)
    model = (
        f"generator:\n  adapter: openai_compatible\n  model: m-{vendor.http.server_port}\n  base_url: {vendor.url}\n"
    )
    path.write_text(text[:start] + model + f"  terms: {terms}\n" + text[end:])


def plant(tailorbird: Any, shop: Any) -> None:
    """Put personal data into every kind of text that a person or a feed writes and a prompt is made of."""
    voice = shop.root / "brand" / "voice.md"
    voice.write_text(voice.read_text().replace("## en-GB\n", f"## en-GB\nAsk {PLANTED['brand/voice.md']} or {OWN}.\n"))
    campaign = shop.root / "campaigns" / "win_back.yaml"
    campaign.write_text(
        campaign.read_text().replace("  en-GB: ", f"  en-GB: call {PLANTED['campaigns/win_back.yaml']}, ", 1)
    )
    catalog = shop.root / "catalog" / "items.csv"
    with catalog.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["material"] = f"steel, of {PLANTED['catalog/items.csv']}"
    with catalog.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert tailorbird("import", shop.root).code == 0
    prompt = shop.root / "prompts" / "subject" / "v1.md"
    prompt.write_text(prompt.read_text() + f"\nPay to {PLANTED['prompts/subject/v1.md']}.\n")


@pytest.mark.slow
def test_nothing_planted_reaches_the_vendor_and_the_record_says_what_did(
    tailorbird: Any, shop: Any, vendor: Vendor
) -> None:
    ask(shop, vendor, "{region: EU, retention_days: 30, trains: false, dpa: dpa-7}")
    plant(tailorbird, shop)
    done = tailorbird("run", shop.root, "win_back", "--as-of", "2026-06-01", "--json")
    assert done.code == 0, done.err
    told = "".join(vendor.bodies)
    assert vendor.bodies and OWN in told
    assert [value for value in PLANTED.values() if value in told or value.replace(" ", "") in told] == []
    assert all(word in told for word in ("[email]", "[phone]", "[account]"))
    assert set(done.json["steps"]["generate"]["masked"]) == {"email", "phone", "iban"}

    said = tailorbird("privacy", "exposures", shop.root, "--json").json
    (model,) = said["models"]
    assert model["states"] == {"answered": len(said["calls"])}
    assert model["requests"] == len(vendor.bodies)
    assert (model["region"], model["retention_days"], model["trains"], model["dpa"]) == ("EU", 30, False, "dpa-7")
    assert all(call["masked"] for call in said["calls"] if call["contents"]["locale"] == "en-GB")
    assert [value for value in (*PLANTED.values(), OWN) if value in json.dumps(said)] == []
    plain = tailorbird("privacy", "exposures", shop.root, "--calls").out
    assert "agreement dpa-7" in plain and " iban" in plain and "subject en-GB" in plain
    assert tailorbird("privacy", "exposures", shop.root, "--since", "2200-01-01").out.startswith("no model was asked")
    entries = tailorbird("audit", "list", shop.root, "--kind", "exposure", "--json").json["entries"]
    assert len(entries) == 2 * len(said["calls"])
    assert tailorbird("audit", "verify", shop.root).code == 0


@pytest.mark.slow
def test_without_an_agreement_nothing_in_which_something_was_masked_is_sent(
    tailorbird: Any, shop: Any, vendor: Vendor
) -> None:
    ask(shop, vendor, "{region: US}")
    plant(tailorbird, shop)
    done = tailorbird("run", shop.root, "win_back", "--as-of", "2026-06-01")
    assert done.code == 0 and "not sent by the vendor's terms" in done.out + done.err
    said = tailorbird("privacy", "exposures", shop.root, "--json").json
    english = [call for call in said["calls"] if call["contents"]["locale"] == "en-GB"]
    assert english and {call["state"] for call in english} == {"refused"}
    assert "Ask [email]" not in "".join(vendor.bodies)
    assert sum(call["requests"] for call in said["calls"]) == len(vendor.bodies)


@pytest.mark.slow
def test_a_copy_of_a_person_s_data_tells_of_vendors_truthfully(tailorbird: Any, shop: Any, vendor: Vendor) -> None:
    ask(shop, vendor, "{region: EU, trains: false, dpa: dpa-7}")
    meet(shop.project)
    assert tailorbird("run", shop.root, "win_back", "--as-of", "2026-06-01").code == 0
    models = tailorbird("privacy", "export", ZED, shop.root).json["models"]
    assert models["about_this_person"] == [] and models["calls"] > 0
    assert [one["dpa"] for one in models["vendors"]] == ["dpa-7"]
    assert "cannot be searched" in models["what_is_not_known"]
