"""Every .eml of a run, read as a mail program reads it."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest

from tailorbird import bootstrap
from tailorbird.adapters.keys.files import dns_record
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.project.project import Project, load_project
from tailorbird.stages.briefs.slot_values import format_price
from tailorbird.types.decision import Decision
from tailorbird.types.item import Item

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Mail:
    raw: bytes
    message: EmailMessage
    decision: Decision

    def part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert isinstance(body, EmailMessage)
        return str(body.get_content())


@dataclass(frozen=True)
class Outbox:
    project: Project
    items: dict[str, Item]
    mails: tuple[Mail, ...]


@pytest.fixture(scope="module")
def outbox(ran_root: Path) -> Outbox:
    project = load_project(ran_root)
    state = bootstrap.open_state(project)
    mails = []
    for path in sorted((project.state_dir / "outbox").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        row = state.messages.find(message["X-Tailorbird-Message"])
        assert row is not None and row.idempotency_key == path.stem
        decision = state.decisions.get(row.decision_id)
        assert decision is not None
        mails.append(Mail(path.read_bytes(), message, decision))
    return Outbox(project, load_catalog(bootstrap.open_warehouse(project), project.state_dir), tuple(mails))


def test_everybody_treated_has_one_file(outbox: Outbox, ran_root: Path) -> None:
    decided = bootstrap.open_state(outbox.project).decisions.find("win_back", "1")
    treated = sorted(d.person_id for d in decided if d.arm == "treatment")
    assert sorted(mail.decision.person_id for mail in outbox.mails) == treated
    assert treated


def test_every_message_parses_without_a_defect(outbox: Outbox) -> None:
    for mail in outbox.mails:
        defects = [defect for part in mail.message.walk() for defect in part.defects]
        defects += [defect for value in mail.message.values() for defect in value.defects]
        assert defects == []
        assert [part.get_content_type() for part in mail.message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert b"\n" not in mail.raw.replace(b"\r\n", b"")
        assert max(map(len, mail.raw.split(b"\r\n"))) <= 998


def test_every_signature_verifies_and_covers_both_unsubscribe_headers(outbox: Outbox) -> None:
    sender = outbox.project.settings.sender
    record = dns_record(bootstrap.open_keys(outbox.project)[1], sender.dkim_selector, sender.domain)
    value = "".join(re.findall(r'"([^"]*)"', record)) or record
    asked: set[bytes] = set()

    def answer(name: bytes, timeout: int = 5) -> bytes:
        asked.add(name)
        return value.encode()

    for mail in outbox.mails:
        assert dkim.verify(mail.raw, dnsfunc=answer)
        signature = re.sub(r"\s", "", str(mail.message["DKIM-Signature"]))
        signed = re.search(r"h=([^;]+)", signature)
        assert signed and {"list-unsubscribe", "list-unsubscribe-post", "from", "subject", "to"} <= set(
            signed.group(1).lower().split(":")
        )
        assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(r"<https?://\S+/u/\S+>", str(mail.message["List-Unsubscribe"]).strip())
    assert asked == {f"{sender.dkim_selector}._domainkey.{sender.domain}.".encode()}


def test_a_changed_message_does_not_verify(outbox: Outbox) -> None:
    sender = outbox.project.settings.sender
    record = dns_record(bootstrap.open_keys(outbox.project)[1], sender.dkim_selector, sender.domain)
    value = ("".join(re.findall(r'"([^"]*)"', record)) or record).encode()
    raw = outbox.mails[0].raw
    changed = re.sub(rb"(List-Unsubscribe:\s+<)http", rb"\1ftp", raw, count=1)
    assert changed != raw
    assert not dkim.verify(changed, dnsfunc=lambda name, timeout=5: value)


def test_no_message_has_an_unresolved_slot_or_an_empty_subject(outbox: Outbox) -> None:
    for mail in outbox.mails:
        for text in (str(mail.message["Subject"]), mail.part("plain"), mail.part("html")):
            assert text.strip()
            assert not re.search(r"\{\{|\}\}|\{%|\bNone\b", text)


def test_length_limits_hold(outbox: Outbox) -> None:
    campaign = outbox.project.campaign("win_back")
    for mail in outbox.mails:
        assert 0 < len(mail.message["Subject"]) <= campaign.blocks["subject"].max_chars
        headline = mail.part("plain").splitlines()[0]
        assert 0 < len(headline) <= campaign.blocks["headline"].max_chars


def test_the_prices_shown_are_those_of_the_catalog(outbox: Outbox) -> None:
    shown = 0
    for mail in outbox.mails:
        ids = [p.item_id for p in mail.decision.slate if p.block == "item"]
        prices = {format_price(outbox.items[item_id or ""], mail.decision.locale) for item_id in ids}
        text = f"{mail.message['Subject']}\n{mail.part('plain')}"
        for found in re.findall(r"£\d+(?:[.,]\d+)?|\d+(?:[.,]\d+)?\s?[£€]", text):
            shown += 1
            assert found in prices or re.sub(r"\s", "\xa0", found) in prices, (found, prices)
        assert str(format_price(outbox.items[ids[0] or ""], mail.decision.locale)) in mail.part("plain")
    assert shown >= len(outbox.mails)


def test_every_item_shown_is_in_stock(outbox: Outbox) -> None:
    assert all(
        outbox.items[p.item_id].in_stock
        for m in outbox.mails
        for p in m.decision.slate
        if p.block == "item" and p.item_id
    )


def test_a_first_name_stands_only_where_personalization_is_allowed(outbox: Outbox) -> None:
    log, warehouse = bootstrap.open_log(outbox.project), bootstrap.open_warehouse(outbox.project)
    open_views(warehouse, log)
    log.close()
    profiles = {p.person_id: p for p in read_profiles(warehouse)}
    greeted = withheld = 0
    for mail in outbox.mails:
        profile = profiles[mail.decision.person_id]
        name = profile.first_name or "?"
        greets = re.search(rf"^(Hello|Hallo|Hi|Guten Tag)\W+{re.escape(name)}", mail.part("plain"), re.M) is not None
        if profile.consents.get("personalization") is True:
            greeted += greets
        else:
            withheld += 1
            assert not greets
            assert mail.message["To"].addresses[0].display_name == ""
            assert all(p.placement != "last_item" for p in mail.decision.slate)
            assert mail.decision.subject == "" or "last_family" not in mail.decision.subject
    assert greeted and withheld
