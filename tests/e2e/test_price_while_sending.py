"""A price changes through the real server while a real run sends to a real relay: what the relay took tells which
price left."""

import json
import re
import shutil
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope, Session

from tailorbird import bootstrap
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.project.project import load_project

from .processes import await_mails, relayed, running, serving

MAIL_SECONDS = 0.02
BEFORE, AFTER = 20, 60
KEY = "a-catalog-key"
PRICE = re.compile(r"£\s?([0-9]+\.[0-9]{2})|([0-9]+,[0-9]{2})\s?£")


@dataclass
class Sink:
    """A relay that takes its time and keeps each mail's prices, and the moment at which it came."""

    taken: list[tuple[float, set[str]]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        came = time.monotonic()
        time.sleep(MAIL_SECONDS)
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        text = str(mail["subject"]) + mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        prices = {(plain or comma).replace(",", ".") for plain, comma in PRICE.findall(text)}
        self.taken.append((came, prices))
        return "250 OK"


@pytest.mark.e2e
@pytest.mark.slow
def test_no_old_price_leaves_after_a_new_one_is_acknowledged(filled: Path, tmp_path: Path) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    sink, project = Sink(), load_project(root)
    names = list(load_catalog(bootstrap.open_warehouse(project), project.state_dir))
    changes = json.dumps({"items": [{"item_id": name, "price": "123.45"} for name in names]}).encode()
    with relayed(root, sink), serving(root, TAILORBIRD_CATALOG_KEY=KEY) as server, running(root) as run:
        await_mails(sink.taken, run, BEFORE)
        answer, acknowledged = server.post("/v1/catalog/items", changes, Authorization=f"Bearer {KEY}")
        assert json.loads(answer)["updated"] == len(names)
        assert run.wait() == 0
    assert all(prices and prices != {"123.45"} for _, prices in sink.taken[:BEFORE])
    later = [prices for came, prices in sink.taken if came > acknowledged]
    assert len(later) >= AFTER
    # The one mail that was being handed over as the answer came is neither before nor after it.
    assert all(prices == {"123.45"} for prices in later[1:])
