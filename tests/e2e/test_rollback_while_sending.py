"""People complain over HTTP while a real run sends to a real relay: the relay's record says when the last mail left."""

import email
import json
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope, Session

from tailorbird import bootstrap
from tailorbird.pipeline.state import State
from tailorbird.project.project import load_project
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.creative import Creative

from .processes import TAILORBIRD, Server, await_mails, relayed, running, serving, told

KEY = "a-feedback-key"
BEFORE, LEFT_MIN = 40, 30
LIMIT_SECONDS = 60.0
MAIL_SECONDS = 0.1
BAD = "c_bad"


@dataclass
class Sink:
    """A relay that takes its time and keeps each mail."""

    taken: list[tuple[float, bytes]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        time.sleep(MAIL_SECONDS)
        self.taken.append((time.monotonic(), envelope.original_content or b""))
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(email.message_from_bytes(raw)["subject"]) for _, raw in self.taken]


def feedback_report(mail: bytes) -> bytes:
    """What a mailbox provider sends when somebody calls a mail spam (RFC 5965)."""
    header = mail.split(b"\r\n\r\n")[0].decode()
    return (
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: Example/1.0\r\n"
        f"Version: 1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{header}\r\n--b--\r\n"
    ).encode()


def complain(server: Server, mail: bytes) -> tuple[dict[str, Any], float]:
    headers = {"Authorization": f"Bearer {KEY}", "Content_Type": "message/rfc822"}
    body, at = server.post("/v1/feedback/mail", feedback_report(mail), **headers)
    return json.loads(body), at


def line(state: State, name: str, text: str) -> None:
    """A subject of a model, which somebody approved."""
    digest = content_hash(text)
    made = [
        Creative(f"{name}_{locale}", "", "win_back", "subject", locale, text, "model", digest, {}, "approved", digest)
        for locale in ("en-GB", "de-DE")
    ]
    notes = {"model": {"name": "a-model", "digest": "d1"}, "verdict": {"status": "pass"}}
    state.creatives.save(made, {one.creative_id: notes for one in made})


def only(state: State, name: str) -> None:
    """Every other subject is out of use, so that the next decisions are for this one."""
    for one in state.creatives.find("win_back"):
        if one.block == "subject" and one.rung != "template" and not one.creative_id.startswith(name):
            state.creatives.review(one.creative_id, "rejected", "ana", "for the test", "2026-06-01T00:00:00+00:00")


def complete_incident(root: Path) -> dict[str, Any]:
    """The one incident, once the process that halted has written all of it: the halt itself comes first."""
    until = time.monotonic() + LIMIT_SECONDS
    while True:
        (incident,) = told("incident", "list", root, "--open")["incidents"]
        if incident["restored"].get("withdrawn") or time.monotonic() > until:
            return dict(incident)
        time.sleep(0.5)


@pytest.mark.e2e
@pytest.mark.slow
def test_complaints_halt_a_run_in_another_process_within_a_minute_and_put_back_what_ran_well(
    filled: Path, tmp_path: Path
) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    first = [TAILORBIRD, "run", "--no-model", str(root), "win_back"]
    project = load_project(root)
    state = bootstrap.open_state(project)
    subprocess.run([*first, "--step", "0"], check=True)
    earlier = state.outbox.counts("win_back", "0")["sent"]
    line(state, BAD, "A line that annoys")
    only(state, BAD)
    sink = Sink()
    with relayed(root, sink), serving(root, TAILORBIRD_FEEDBACK_KEY=KEY) as server, running(root) as run:
        await_mails(sink.taken, run, BEFORE)
        heard, at = complain(server, sink.taken[3][1])
        assert (heard["counted"], heard["unknown"]) == (1, [])
        assert complain(server, sink.taken[3][1])[0]["known"] == 1
        assert run.wait(60) == 1
        last, sent = sink.taken[-1][0], len(sink.taken)
        assert last - at < LIMIT_SECONDS
        print(f"halted {max(last - at, 0):.2f} s after the complaint's acknowledgment, {sent} mails sent")
        assert set(sink.subjects) == {"A line that annoys"}
        halted = state.outbox.counts("win_back", "1")
        assert halted["queued"] >= LEFT_MIN and halted["sent"] == sent
        refused = subprocess.run(first, capture_output=True, text=True, check=False)
        assert refused.returncode == 1 and "is halted since" in refused.stderr
        assert len(sink.taken) == sent

        incident = complete_incident(root)
        assert incident["readings"][0]["name"] == "complaints" and incident["readings"][0]["fired"]
        assert incident["models"] == {"a-model": "d1"} and f"{BAD}_en-GB" in incident["lines"]
        assert incident["recipients"]["sent"] == earlier + sent and incident["recipients"]["complaint"] == 1
        assert incident["recipients"]["waiting"] == halted["queued"]
        assert incident["consent"]["decided"] == incident["consent"]["with consent hash"] > 0
        assert sorted(incident["restored"]["withdrawn"]) == [f"{BAD}_de-DE", f"{BAD}_en-GB"]
        assert incident["restored"]["good"]

        release = [TAILORBIRD, "rollback", "release", str(root), "win_back", "--by", "ben", "--reason", "line is out"]
        subprocess.run(release, check=True)
        subprocess.run(first, check=True)
        assert "A line that annoys" not in sink.subjects[sent:]
        assert len(sink.taken) == sent + halted["queued"]
