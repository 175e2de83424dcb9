"""People withdraw through the real server while a real run sends to a real relay: the relay's record says how long a
no takes to act, and the database is not asked."""

import json
import shutil
import time
import urllib.parse
from pathlib import Path

import pytest

from tailorbird import bootstrap
from tailorbird.project.project import load_project
from tailorbird.stages.tracking.tokens import sign_token

from .processes import MAIL_SECONDS, Server, Sink, await_mails, message_of, relayed, running, serving

WITHDRAWALS_MIN, RUNS_MAX = 100, 8
LIMIT_SECONDS = 5.0


def withdraw(server: Server, number: int, person: str, message_id: str, key: bytes) -> float:
    """By the mail program's one click, or by an event of the shop's own site, in turns."""
    if number % 2:
        form = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
        link = f"/u/{sign_token('u', (message_id,), key)}"
        return server.post(link, form, Content_Type="application/x-www-form-urlencoded")[1]
    consents = {"email_marketing": {"email": False}} if number % 4 else {"email_marketing": False}
    event = {"event": "Consent Updated", "userId": person, "properties": {"consents": consents}}
    return server.post("/v1/track", json.dumps(event).encode())[1]


def one_run(root: Path) -> tuple[list[float], int]:
    """Seconds from acknowledgment to mail, 0 where none came; and how many mails were sent in all."""
    sink, project = Sink(), load_project(root)
    state, (key, _) = bootstrap.open_state(project), bootstrap.open_keys(project)
    acknowledged: dict[str, float] = {}
    with relayed(root, sink), running(root) as run, serving(root) as server:
        await_mails(sink.taken, run)
        treated = [d for d in state.decisions.find("win_back", "1") if d.arm == "treatment"]
        emails = dict(bootstrap.open_events(project).rows("SELECT person_id, lower(email) FROM people"))
        while run.poll() is None:
            waiting = [d for d in treated if emails[d.person_id] not in {*sink.taken, *acknowledged}]
            if not waiting:
                break
            chosen = waiting[len(acknowledged) * 7 % len(waiting)]
            message_id = message_of(chosen.decision_id)
            at = withdraw(server, len(acknowledged), chosen.person_id, message_id, key)
            acknowledged[emails[chosen.person_id]] = at
            time.sleep(2 * MAIL_SECONDS)
        assert run.wait() == 0
    lags = [max(0.0, sink.taken.get(email, 0.0) - at) for email, at in acknowledged.items()]
    return lags, len(sink.taken)


@pytest.mark.e2e
@pytest.mark.slow
def test_a_withdrawal_acts_within_five_seconds_of_its_acknowledgment(filled: Path, tmp_path: Path) -> None:
    lags: list[float] = []
    for number in range(RUNS_MAX):
        shutil.copytree(filled, tmp_path / str(number))
        found, sent = one_run(tmp_path / str(number))
        assert sent > 0
        lags += found
        if len(lags) >= WITHDRAWALS_MIN:
            break
    assert len(lags) >= WITHDRAWALS_MIN
    lags.sort()
    p99, late = lags[int(len(lags) * 0.99)], sum(lag > 0 for lag in lags)
    print(f"{len(lags)} withdrawals, {late} overtaken by a mail; p99 {p99:.2f} s, longest {lags[-1]:.2f} s")
    assert p99 < LIMIT_SECONDS
    assert late < len(lags)  # most of them stopped a mail that was waiting
