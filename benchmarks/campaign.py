"""Messages decided, stitched and built per CPU-second, on a whole campaign of the example shop.

    python benchmarks/campaign.py [--data PROJECT] [--campaign NAME] [--people N] [--seed N] [--json]

Ours is what `tailorbird run` does between choosing the audience and the outbox, by the same functions: items and
creatives for everybody in the audience (recommendation, Thompson sampling, propensities), then for each person
consent, slots, tracking links, the cheap checks, Liquid, MIME and an RSA-2048 DKIM signature. Compiling the templates
and reading the key happen once in a run: that is outside the clock on both sides, and printed by itself. What ours
remembers from person to person begins empty in every round. Only approved lines are used: no model is needed.

The peer is python-liquid on the same HTML and text, EmailMessage and dkimpy with the same key. It gets for nothing what
ours has to work out: the decisions, the stitched words, the tracking links and the finished contexts. A sample of our
messages is verified by dkimpy and compared with the peer's, part by part.

Both sides run by turns in one process, on one thread, and are timed by the process's CPU time. PROJECT is a project
folder; it is copied. Where it has no events, and says 'simulated: true', seeded customers make 90 days of them.
"""

import base64
import json
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import dkim
import figures
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from liquid import Environment

from tailorbird import bootstrap
from tailorbird.cli.import_files import import_all
from tailorbird.cli.simulate import make_people
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.approve import approve_by_policy
from tailorbird.pipeline.build_messages import MessageBuilder
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.decide import decide_treatment
from tailorbird.pipeline.generate import generate_creatives
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.plan_briefs import plan_briefs, samples_for
from tailorbird.pipeline.policies import read_learned
from tailorbird.pipeline.recommend import Shown, choose_shown
from tailorbird.pipeline.select_people import select_for_campaign
from tailorbird.pipeline.stitch import Stitched
from tailorbird.pipeline.validation.copy_check import copy_check
from tailorbird.project.project import Project, load_project
from tailorbird.stages.channels.dkim import SIGNED_HEADERS
from tailorbird.stages.channels.email_template import mjml_to_html
from tailorbird.stages.events.segment_wire import read_event
from tailorbird.testing.simulator.history import history_events
from tailorbird.types.decision import Decision
from tailorbird.types.message import Message

GOAL = "ratio >= 18"
PEER = "python-liquid + EmailMessage + dkimpy"
ROUNDS, PEERS_A_ROUND, VERIFIED = 7, 40, 60
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "wren"


def fill(source: Path, folder: Path, campaign: str, people: int, seed: int) -> Project:
    """A copy of the project with its imports and events."""
    root = folder / "project"
    shutil.copytree(source, root, ignore=shutil.ignore_patterns("__pycache__", "art", "outbox", "runs", "state.db*"))
    project = load_project(root)
    if (root / ".tailorbird" / "events").exists():
        return project
    import_all(project, list(project.settings.imports), None, Quiet())
    if project.settings.simulated:
        end = moment_of(project, campaign)
        log = bootstrap.open_log(project)
        made = history_events(make_people(project, people, seed), end)
        log.append_lines([read_event(event["type"], json.dumps(event).encode(), end).events for event in made])
        log.close()
    return project


def moment_of(project: Project, campaign: str) -> datetime:
    """The campaign's moment; without one, that of the clock."""
    moment = project.campaign(campaign).as_of
    # The parser of YAML has a type of its own for moments.
    return datetime.fromisoformat(moment.isoformat()).astimezone(UTC) if moment else datetime.now(UTC)


class Job:
    """One campaign step, up to where deciding begins."""

    def __init__(self, project: Project, campaign: str) -> None:
        self.project, self.campaign = project, project.campaign(campaign)
        self.moment, self.keys = moment_of(project, campaign), bootstrap.open_keys(project)
        self.state, self.warehouse = bootstrap.open_state(project), bootstrap.open_warehouse(project)
        self.warehouse.run("SET threads = 1")
        log = bootstrap.open_log(project)
        open_views(self.warehouse, log)
        log.close()
        self.items = load_catalog(self.warehouse, project.state_dir)
        before = time.process_time()
        self.selection = select_for_campaign(
            project, self.campaign, self.moment, self.warehouse, self.state.decisions, self.state.suppressions,
            self.items,
        )  # fmt: skip
        found, shown = self.selection, self.choose()
        heroes = shown.heroes()
        self.plan = plan_briefs(project, self.campaign, found, heroes, self.items)
        self.selecting_seconds = time.process_time() - before
        self._register_lines()
        self.creatives = self.state.creatives.find(self.campaign.name)
        self.profiles = {profile.person_id: profile for profile in found.profiles}

    def _register_lines(self) -> None:
        generate_creatives(
            self.plan.briefs,
            self.project.brand,
            self.project.prompts,
            self.campaign,
            self.project.templates[self.campaign.template],
            self.items,
            lambda brief: samples_for(self.project, self.campaign, brief, self.items),
            lambda: None,
            self.state.creatives,
            Quiet(),
            0,
            copy_check(self.project, bootstrap.open_validator(), self.items, self.moment),
        )
        reviews, record = self.state.reviews, self.state.review_record
        approve_by_policy(self.project, self.campaign, self.state.creatives, reviews, record, bootstrap.open_clock())

    def choose(self) -> Shown:
        """The items for everybody who is treated."""
        return choose_shown(self.project, self.campaign, self.selection, self.items, self.warehouse)

    def decide(self) -> list[Decision]:
        """Slates for everybody who is treated: items, then words."""
        learned = read_learned(self.campaign, self.state)
        return decide_treatment(
            self.project, self.campaign, self.selection, self.choose(), self.plan, self.items, self.creatives, learned
        )

    def builder(self) -> MessageBuilder:
        """Compiles the template, the gates and the lines, and reads the key."""
        return MessageBuilder(self.project, self.campaign, self.items, self.creatives, *self.keys)

    def build(self, builder: MessageBuilder, decisions: Sequence[Decision]) -> Iterator[tuple[Message, Stitched]]:
        """A message for each decision."""
        for each in decisions:
            yield builder.build(each, self.profiles[each.person_id], each.decided_at)[:2]


@dataclass
class Peer:
    """The same messages by python-liquid, EmailMessage and dkimpy; decisions, words and contexts are given."""

    job: Job
    given: Sequence[tuple[Message, Stitched]]

    def __post_init__(self) -> None:
        template = self.job.project.templates[self.job.campaign.template]
        self.html = Environment(autoescape=True).from_string(mjml_to_html(template.mjml))
        self.text = Environment().from_string(template.text)
        names = ("Message-ID", "List-Id", "Feedback-ID")
        parsed = (message_from_bytes(message.raw, policy=policy.SMTP) for message, _ in self.given)
        self.own = [{name: str(mail[name]) for name in names} for mail in parsed]

    def build(self, number: int) -> bytes:
        """Message `number`, with the headers that ours has."""
        own, context = self.own[number], {**self.given[number][1].context, **self.given[number][1].blocks}
        sender = self.job.project.settings.sender
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = f"{sender.name} <{sender.email}>"
        mail["To"] = self.given[number][0].address
        mail["Subject"] = context["subject"]
        mail["Date"] = format_datetime(self.job.moment)
        mail["Message-ID"] = own["Message-ID"]
        mail["List-Unsubscribe"] = f"<{context['links']['unsubscribe']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["List-Id"] = own["List-Id"]
        mail["Feedback-ID"] = own["Feedback-ID"]
        mail.set_content(self.text.render(**context))
        mail.add_alternative(self.html.render(**context), subtype="html")
        raw = mail.as_bytes()
        relaxed, signed = (b"relaxed", b"relaxed"), [name.encode() for name in SIGNED_HEADERS]
        selector, domain = sender.dkim_selector.encode(), sender.domain.encode()
        return bytes(
            dkim.sign(raw, selector, domain, self.job.keys[1], canonicalize=relaxed, include_headers=signed) + raw
        )


def verify(job: Job, peer: Peer) -> int:
    """Check a sample of ours with dkimpy, and compare the parts with the peer's; how many were checked."""
    public = load_pem_private_key(job.keys[1], None).public_key()
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    numbers = range(0, len(peer.given), max(1, len(peer.given) // VERIFIED))
    for number in numbers:
        raw = peer.given[number][0].raw
        assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record), f"message {number} does not verify"
        assert parts_of(raw) == parts_of(peer.build(number)), f"message {number} differs from the peer's"
    return len(numbers)


def parts_of(raw: bytes) -> tuple[str, str, str]:
    """(subject, text, HTML) as a mail program reads them."""
    mail = message_from_bytes(raw, policy=policy.default)
    bodies = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]  # type: ignore[union-attr]
    text, html = (body.replace("\r\n", "\n").rstrip("\n") for body in bodies)
    return str(mail["Subject"]), text, html


def measure(job: Job, rounds: int) -> list[dict[str, Any]]:
    """The metrics. One round of ours is the whole audience; the peer's is a part of it, another in each round."""
    decisions = job.decide()
    count = len(decisions)
    step = max(1, count // (rounds * PEERS_A_ROUND))
    peer = Peer(job, list(job.build(job.builder(), decisions[::step])))
    verified = verify(job, peer)
    spent: list[tuple[float, float, float]] = []

    def ours(_turn: int) -> float:
        began = time.process_time()
        decided = job.decide()
        slated = time.process_time()
        builder = job.builder()
        compiled = time.process_time()
        deque(job.build(builder, decided), maxlen=0)
        spent.append((slated - began, time.process_time() - compiled, compiled - slated))
        return count / (spent[-1][0] + spent[-1][1])

    def theirs(turn: int) -> float:
        start = turn * PEERS_A_ROUND
        return figures.per_cpu_second(lambda at: peer.build((start + at) % len(peer.given)), PEERS_A_ROUND)

    mine, others = figures.in_turns(ours, theirs, rounds=rounds)
    unit = "messages per CPU-second"
    decided, built = ([count / each[at] for each in spent] for at in (0, 1))
    size = sum(len(message.raw) for message, _ in peer.given) / len(peer.given)
    return [
        figures.metric("decided_stitched_and_built", unit, mine, GOAL, PEER, others),
        figures.metric("decided", "people per CPU-second", decided),
        figures.metric("stitched_and_built", unit, built, None, PEER, others),
        figures.metric("compiled_once", "CPU-milliseconds per run", [each[2] * 1000 for each in spent]),
        figures.metric("selected_and_briefed", "people per CPU-second", [len(job.profiles) / job.selecting_seconds]),
        figures.metric("message_bytes", "bytes", [size]),
        figures.metric("verified_by_dkimpy_and_equal_to_peer", "messages", [verified]),
    ]


def main() -> None:
    """The command line."""
    parser = figures.options(__doc__, "a project folder (default: examples/wren)", data=EXAMPLE)
    parser.add_argument("--campaign", default="win_back")
    parser.add_argument("--people", type=int, default=5000, help="how many simulated customers")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tailorbird-campaign-") as folder:
        job = Job(fill(chosen.data, Path(folder), chosen.campaign, chosen.people, chosen.seed), chosen.campaign)
        metrics = measure(job, chosen.rounds)
    packages = ("tailorbird", "python-liquid", "dkimpy", "cryptography", "mjml-python", "duckdb", "numpy")
    notes = (
        "the peer gets decisions, words, links and contexts for nothing; templates are compiled outside the clock",
    )
    rows = len(job.selection.treated)
    figures.show(figures.report("campaign", chosen.data.name, rows, chosen.seed, packages, metrics, notes), chosen.json)


if __name__ == "__main__":
    main()
