"""Messages stitched and built per CPU-second, against python-liquid + EmailMessage + dkimpy on the same template.

    python benchmarks/messages.py [--data ITEMS] [--seed N] [--json]

A message here is: five blocks stitched from slot form, Liquid rendered into a text and an HTML part of about 12 kB with
twelve items, MIME, and an RSA-2048 DKIM signature. Deciding what to show is not part of it. Both sides get the same
contexts, headers and key, run in turns in one process, and are timed by the process's CPU time. ITEMS is a CSV or
Parquet file with the columns name (or Description) and price (or Price); without it the items are made from the seed.
dkimpy verifies a sample of our messages, and their parts are compared with the peer's.
"""

import base64
import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import dkim
import figures
import numpy as np
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from liquid import Environment

from tailorbird.stages.channels.dkim import SIGNED_HEADERS, DkimSigner
from tailorbird.stages.channels.email_message import EmailAddressing, build_email, idempotency_key
from tailorbird.stages.channels.email_template import compile_email, mjml_to_html
from tailorbird.types.settings import SenderSettings
from tailorbird.types.slot_text import SlotText
from tailorbird.types.template import Template

GOAL_BUILT, GOAL_RENDERED = "ratio >= 18", "ratio >= 15"
ROUNDS, OURS_A_ROUND, PEERS_A_ROUND, ITEMS_A_MAIL, PEOPLE, VERIFIED = 7, 240, 24, 12, 500, 60
DATE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SENDER = SenderSettings("Wren & Söhne", "hello@wren.example", "wren.example", "1 Mill Lane, Köln")

MJML = """<mjml lang="{{ locale }}"><mj-head><mj-title>{{ subject }}</mj-title><mj-preview>{{ preheader }}</mj-preview>
<mj-attributes><mj-all font-family="Georgia, serif" /></mj-attributes></mj-head><mj-body>
<mj-section><mj-column><mj-text font-size="24px">{{ headline }}</mj-text><mj-text>Hello
{{ person.first_name | default: "there" | escape }},<br />{{ body }}</mj-text>
<mj-button href="{{ links.home }}">{{ cta }}</mj-button></mj-column></mj-section>
<mj-section><mj-column><mj-table>{% for item in items %}<tr><td><a href="{{ item.url }}"><img src="{{ item.image }}"
alt="{{ item.name | escape }}" width="120" /></a></td><td style="font-size:13px;color:#333333;padding:8px 12px"><a
href="{{ item.url }}" style="color:#174a3b">{{ item.name | escape }}</a><br />{{ item.price | round: 2 }} GBP<br />
{% if item.stock == 0 %}sold out{% elsif item.stock < 3 %}only {{ item.stock }} left{% else %}in stock{% endif %}</td>
</tr>{% endfor %}</mj-table></mj-column></mj-section>
<mj-section><mj-column><mj-text font-size="11px">{{ legal.why }} <a href="{{ links.unsubscribe }}">Unsubscribe</a>
{{ legal.postal_address }}</mj-text></mj-column></mj-section></mj-body></mjml>"""
TEXT = """{{ headline }}

Hello {{ person.first_name | default: "there" }},
{{ body }}

{% for item in items %}- {{ item.name }}, {{ item.price | round: 2 }} GBP: {{ item.url }}
{% endfor %}
{{ legal.why }} {{ links.unsubscribe }}
{{ legal.postal_address }}
"""
LINES = {
    "subject": "{{ person.first_name }}, für dich: {{ item.short_name }}",
    "preheader": "The {{ item.name }} and eleven more",
    "headline": "The {{ item.name }} is back",
    "body": "You asked for it: {{ item.name }}, {{ item.price }}, made to last & easy to mend.",
    "cta": "See the {{ item.short_name }}",
}


def items_from(path: Path | None, rng: np.random.Generator) -> list[tuple[str, float]]:
    """(name, price) of items: the file's, or made up."""
    if path is None:
        kinds = ["Kettle", "Jug & lid", "Teapot <large>", "Körbchen", "Lamp", "Stool"]
        return [(f"{kinds[n % 6]} No. {n}", float(rng.integers(500, 30_000)) / 100) for n in range(2_000)]
    import duckdb

    with duckdb.connect() as connection:
        source = (
            connection.from_parquet(str(path)) if path.suffix == ".parquet" else connection.from_csv_auto(str(path))
        )
        names = {column.lower(): column for column in source.columns}
        name, price = names.get("name") or names["description"], names.get("price") or names["unitprice"]
        rows = connection.sql(
            f'SELECT "{name}", avg("{price}") FROM source WHERE "{name}" IS NOT NULL GROUP BY 1 ORDER BY 1'
        ).fetchall()
    return [(str(row[0]).strip(), round(float(row[1]), 2)) for row in rows if row[1] is not None]


def contexts_of(items: list[tuple[str, float]], rng: np.random.Generator) -> list[dict[str, Any]]:
    """The context of each of PEOPLE people."""
    contexts = []
    for person in range(PEOPLE):
        chosen = [items[int(at)] for at in rng.integers(0, len(items), ITEMS_A_MAIL)]
        shown = [
            {
                "name": name,
                "price": price,
                "stock": int(rng.integers(0, 9)),
                "image": f"https://wren.example/media/{at}.png",
                "url": f"https://wren.example/c/{rng.bytes(24).hex()}",
            }
            for at, (name, price) in enumerate(chosen)
        ]
        contexts.append(
            {
                "locale": "en-GB",
                "items": shown,
                "person": {"first_name": ["Ana", "Jörg", ""][person % 3]},
                "links": {
                    "home": "https://wren.example/",
                    "unsubscribe": f"https://wren.example/u/{rng.bytes(24).hex()}",
                },
                "legal": {"why": "You get this because you bought from us.", "postal_address": SENDER.postal_address},
            }
        )
    return contexts


def stitched(lines: dict[str, SlotText], context: dict[str, Any]) -> dict[str, str]:
    """The five blocks of one person."""
    hero = context["items"][0]
    values = {
        "item.name": hero["name"],
        "item.short_name": hero["name"][:20].strip(),
        "item.price": f"£{hero['price']:.2f}",
        "person.first_name": context["person"]["first_name"],
    }
    return {block: line.stitch(values).strip() for block, line in lines.items()}


class Chains:
    """Both chains, ready to run: `ours(i)` and `peer(i)` answer the signed bytes of message i."""

    def __init__(self, contexts: list[dict[str, Any]]) -> None:
        key = rsa.generate_private_key(65537, 2048)
        self.pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
        self.contexts = contexts
        self.lines = {block: SlotText.parse(line) for block, line in LINES.items()}
        self.template = compile_email(Template("benchmark", MJML, TEXT, {}, {}, ""))
        self.signer = DkimSigner(SENDER.domain, "tb", self.pem)
        self.key = key
        self.html = Environment(autoescape=True).from_string(mjml_to_html(MJML))
        self.text = Environment().from_string(TEXT)

    def ours(self, number: int) -> bytes:
        """Stitched and built by Tailorbird."""
        context = self.contexts[number % PEOPLE]
        addressing = EmailAddressing(
            key=idempotency_key(f"d_{number}", "email"),
            decision_id=f"d{number}",
            campaign="win-back",
            step="1",
            person_id=f"p{number}",
            purpose="email_marketing",
            address=f"p{number}@example.org",
            unsubscribe_url=context["links"]["unsubscribe"],
            recipient_name=context["person"]["first_name"],
        )
        blocks = stitched(self.lines, context)
        message = build_email(addressing, blocks, context, self.template, SENDER, self.signer, DATE, {}, {})
        return message.raw

    def sign_alone(self, number: int) -> bytes:
        """One RSA-2048 signature: what no mail of ours can take less than."""
        return self.key.sign(number.to_bytes(32, "big"), padding.PKCS1v15(), hashes.SHA256())

    def peer(self, number: int) -> bytes:
        """The same message by python-liquid, EmailMessage and dkimpy."""
        context = self.contexts[number % PEOPLE]
        blocks = stitched(self.lines, context)
        full = {**context, **blocks}
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = f"{SENDER.name} <{SENDER.email}>"
        mail["To"] = f"p{number}@example.org"
        mail["Subject"] = blocks["subject"]
        mail["Date"] = format_datetime(DATE)
        mail["Message-ID"] = f"<m_{number}@wren.example>"
        mail["List-Unsubscribe"] = f"<{context['links']['unsubscribe']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["List-Id"] = "<win-back.wren.example>"
        mail["Feedback-ID"] = "win-back:email:lifecycle:wrenexample"
        mail["X-Tailorbird-Message"] = f"m_{number}"
        mail.set_content(self.text.render(**full))
        mail.add_alternative(self.html.render(**full), subtype="html")
        raw = mail.as_bytes()
        signed = [name.encode() for name in SIGNED_HEADERS]
        relaxed = (b"relaxed", b"relaxed")
        signature = dkim.sign(
            raw, b"tb", SENDER.domain.encode(), self.pem, canonicalize=relaxed, include_headers=signed
        )
        return bytes(signature) + raw

    def check(self) -> int:
        """Verify a sample of ours with dkimpy and compare its parts with the peer's; how many were checked."""
        for number in range(0, PEOPLE, PEOPLE // VERIFIED):
            mine = self.ours(number)
            assert dkim.verify(mine, dnsfunc=lambda name, timeout=5: self.record), f"message {number} does not verify"
            assert parts_of(mine) == parts_of(self.peer(number)), f"message {number} differs from the peer's"
        return len(range(0, PEOPLE, PEOPLE // VERIFIED))


def parts_of(raw: bytes) -> tuple[str, str, str]:
    """(subject, text, HTML) as a mail program reads them."""
    mail = message_from_bytes(raw, policy=policy.default)
    bodies = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]  # type: ignore[union-attr]
    text, html = (body.replace("\r\n", "\n").rstrip("\n") for body in bodies)
    return str(mail["Subject"]), text, html


def compared(ours: Callable[[int], Any], peer: Callable[[int], Any], scale: int = 1) -> list[list[float]]:
    """Rates of both, in alternating rounds."""
    figures.per_cpu_second(ours, 20)
    figures.per_cpu_second(peer, 3)
    mine, theirs = OURS_A_ROUND * scale, PEERS_A_ROUND * scale
    return figures.in_turns(
        lambda turn: figures.per_cpu_second(ours, mine, turn * OURS_A_ROUND),
        lambda turn: figures.per_cpu_second(peer, theirs, turn * PEERS_A_ROUND),
        rounds=ROUNDS,
    )


def measure(chains: Chains) -> list[dict[str, Any]]:
    """The metrics."""
    verified = chains.check()
    full = [{**context, **stitched(chains.lines, context)} for context in chains.contexts]
    mine, theirs = compared(chains.ours, chains.peer)
    quick, slow = compared(
        lambda i: chains.template.html(full[i % PEOPLE]), lambda i: chains.html.render(**full[i % PEOPLE]), scale=4
    )
    alone = [figures.per_cpu_second(chains.sign_alone, OURS_A_ROUND) for _ in range(ROUNDS)]
    sizes = [len(chains.template.html(each).encode()) for each in full]
    unit, chain = "messages per CPU-second", "python-liquid + EmailMessage + dkimpy"
    return [
        figures.metric("messages_stitched_and_built", unit, mine, GOAL_BUILT, chain, theirs),
        figures.metric("html_rendered", "parts per CPU-second", quick, GOAL_RENDERED, "python-liquid", slow),
        figures.metric("rsa_2048_signatures_alone", "signatures per CPU-second", alone),
        figures.metric("html_bytes", "bytes", [statistics.median(sizes)]),
        figures.metric("verified_by_dkimpy_and_equal_to_peer", "messages", [verified]),
    ]


def main() -> None:
    """The command line."""
    options = figures.options(__doc__, "CSV or Parquet with item names and prices").parse_args()
    rng = np.random.default_rng(options.seed)
    items = items_from(options.data, rng)
    metrics = measure(Chains(contexts_of(items, rng)))
    packages = ("tailorbird", "python-liquid", "dkimpy", "cryptography", "mjml-python")
    source = options.data.name if options.data else "made from the seed"
    figures.show(figures.report("messages", source, len(items), options.seed, packages, metrics), options.json)


if __name__ == "__main__":
    main()
