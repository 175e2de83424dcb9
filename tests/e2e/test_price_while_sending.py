"""Price, stock or an offer's end changes through the real server while a real run sends to a real relay: what the relay
took tells which of them left."""

import json
import re
import shutil
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope, Session
from ruamel.yaml import YAML

from tailorbird import bootstrap
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.project.project import load_project

from .processes import Server, await_mails, relayed, running, serving

MAIL_SECONDS = 0.02
BEFORE, AFTER = 20, 60
KEY = "a-catalog-key"
GERMAN_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
PRICE = re.compile(r"£\s?([0-9]+\.[0-9]{2})|([0-9]+,[0-9]{2})\s?£")


@dataclass(frozen=True)
class Mail:
    """A mail's words and prices, and the moment at which it came."""

    came: float
    text: str
    prices: set[str]


@dataclass
class Sink:
    """A relay that takes its time and keeps each mail."""

    taken: list[Mail] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        came = time.monotonic()
        time.sleep(MAIL_SECONDS)
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        text = str(mail["subject"]) + mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        prices = {(plain or comma).replace(",", ".") for plain, comma in PRICE.findall(text)}
        self.taken.append(Mail(came, " ".join(text.split()), prices))
        return "250 OK"


def change_while_sending(root: Path, before: dict[str, str], during: dict[str, str]) -> tuple[list[Mail], list[Mail]]:
    """Patch every item with `before`, run, and patch with `during` in the middle: mails that came before that, and
    those that came after the answer to it.

    The one mail that was being handed over as the answer came is neither.
    """
    sink, project = Sink(), load_project(root)
    names = list(load_catalog(bootstrap.open_warehouse(project), project.state_dir))

    def patch(server: Server, values: dict[str, str]) -> float:
        items = json.dumps({"items": [{"item_id": name, **values} for name in names]}).encode()
        answer, at = server.post("/v1/catalog/items", items, Authorization=f"Bearer {KEY}")
        assert json.loads(answer)["updated"] == len(names)
        return at

    with relayed(root, sink), serving(root, TAILORBIRD_CATALOG_KEY=KEY) as server:
        if before:
            patch(server, before)
        with running(root) as run:
            await_mails(sink.taken, run, BEFORE)
            acknowledged = patch(server, during)
            assert run.wait() == 0
    later = [mail for mail in sink.taken if mail.came > acknowledged]
    assert len(later) >= AFTER
    return sink.taken[:BEFORE], later[1:]


@pytest.mark.e2e
@pytest.mark.slow
def test_no_old_price_leaves_after_a_new_one_is_acknowledged(filled: Path, tmp_path: Path) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    before, later = change_while_sending(root, {}, {"price": "123.45"})
    assert all(mail.prices and mail.prices != {"123.45"} for mail in before)
    assert all(mail.prices == {"123.45"} for mail in later)


def write_body(root: Path, english: str, german: str) -> None:
    """A project whose only lines for the body are these, word for word, without a slot."""
    yaml = YAML()
    approved, lines = root / "brand" / "approved.yaml", root / "templates" / "letter" / "lines.yaml"
    kept = [line for line in yaml.load(approved) if line["block"] != "body"]
    yaml.dump(kept, approved)
    own = yaml.load(lines)
    own["body"] = {"en-GB": english, "de-DE": german}
    yaml.dump(own, lines)


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.parametrize("changed", ["stock", "offer_end", "price"])
def test_no_approved_line_leaves_once_the_catalog_says_that_it_is_no_longer_so(
    filled: Path, tmp_path: Path, changed: str
) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    ends = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=9)
    offer = {"sale_price": "9.75", "sale_until": ends.isoformat()}
    english, german = {
        "stock": ("Only 7 left of this one.", "Davon sind nur noch 7 übrig."),
        "offer_end": (
            f"Yours until {ends.day} {ends:%B}.",
            f"Das gilt bis {ends.day}. {GERMAN_MONTHS[ends.month - 1]}.",
        ),
        "price": ("Now only £9.75.", "Jetzt nur 9,75 £."),
    }[changed]
    during = {
        "stock": {"stock": "5"},
        "offer_end": {**offer, "sale_until": (ends + timedelta(days=2)).isoformat()},
        "price": {**offer, "sale_price": "8.25"},
    }[changed]
    write_body(root, english, german)
    before, later = change_while_sending(root, {"stock": "7", **offer}, during)
    assert all(english in mail.text or german in mail.text for mail in before)
    assert not [mail.text for mail in later if english in mail.text or german in mail.text]
