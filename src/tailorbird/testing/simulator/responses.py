"""What simulated people do when messages reach them: open, click, order, unsubscribe, through the real server."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from tailorbird.testing.simulator.copy_score import CopyReader, Reading
from tailorbird.testing.simulator.mail import ReadMail, read_mail
from tailorbird.testing.simulator.orders import order_properties
from tailorbird.testing.simulator.send import Report, SiteClient, run_requests
from tailorbird.testing.simulator.world import Person, SimulatorError, World

Mode = Literal["null", "planted"]
WINDOW_DAYS = 13.5
"""Every simulated order comes within this many days of the message, inside a 14-day window of attribution."""
EFFECT, CLICK_RATE, OPEN_RATE, UNSUBSCRIBE_RATE = 0.1, 0.09, 0.45, 0.006
_ONE_CLICK = b"List-Unsubscribe=One-Click"


@dataclass(frozen=True, slots=True)
class TruthReport:
    """What really happened. `true_effect` is the mean, over all the treated, of the conversion probability that the
    message added (0 in the null world, and for people whose message never went out); the rest are counts. `unknown`
    messages went to nobody of this world."""

    true_effect: float
    treated: int
    others: int
    opens: int
    clicks: int
    orders: int
    unsubscribes: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class _Act:
    kind: Literal["opens", "clicks", "orders", "unsubscribes"]
    method: str
    path: str
    at: datetime
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    acts: tuple[_Act, ...]
    added: float = 0.0


def simulate_responses(
    world: World,
    outbox_dir: Path,
    treated: Collection[str],
    others: Collection[str],
    as_of: datetime,
    base_url: str,
    mode: Mode = "planted",
    progress: Report | None = None,
    *,
    only: Collection[str] | None = None,
    write_key: str | None = None,
) -> TruthReport:
    """Read every .eml of a folder and send what people do in the two weeks after `as_of`: its readers, those of the
    `treated` whose message never went out, and the `others`: people held out, and those whom the campaign wrote to in
    another step. Habits do not depend on what was sent.

    A response depends on the seed, the person, the text and `as_of` alone, and its message ids with it: sending it
    again changes nothing. `only` limits the files by name without suffix; `progress` gets 1 per person done.
    The server must honour X-Simulated-Time. SimulatorError if it does not answer or refuses.
    """
    mails, unknown = _mails_by_person(world, outbox_dir, only)
    reader = CopyReader(world)
    plans = [_treated_plan(world, reader, index, mail, as_of, mode) for index, mail in mails.items()]
    added = [plan.added for plan in plans]
    numbers = {person.person_id: index for index, person in enumerate(world.people)}
    missed = {numbers[person] for person in treated if person in numbers} - set(mails)
    rest = {numbers[person] for person in others if person in numbers} - set(mails) - missed
    plans += [_Plan(tuple(_organic_order(world, index, as_of))) for index in sorted(missed | rest)]

    def act_out(client: SiteClient, plan: _Plan) -> int:
        for act in plan.acts:
            headers = {"X-Simulated-Time": act.at.isoformat()} if act.kind != "orders" else {}
            if act.kind == "orders":
                client.post_json(act.path, act.body or b"")
            else:
                form = {"Content-Type": "application/x-www-form-urlencoded"} if act.body else {}
                client.request(act.method, act.path, act.body, {**headers, **form})
        return 1

    run_requests(plans, act_out, base_url, write_key, progress)
    counts = dict.fromkeys(("opens", "clicks", "orders", "unsubscribes"), 0)
    for plan in plans:
        for act in plan.acts:
            counts[act.kind] += 1
    effect = float(np.sum(added)) / max(len(mails) + len(missed), 1)
    return TruthReport(effect, len(mails) + len(missed), len(rest), unknown=unknown, **counts)


def _mails_by_person(world: World, folder: Path, only: Collection[str] | None) -> tuple[dict[int, ReadMail], int]:
    """The message of each treated person by index (the last by file name), and how many went to nobody we know."""
    if not folder.is_dir():
        raise SimulatorError(f"There is no outbox folder at {folder}: deliver a campaign first.")
    people, mails, unknown = world.by_email(), dict[int, ReadMail](), 0
    for path in sorted(folder.glob("*.eml")):
        if only is not None and path.stem not in only:
            continue
        mail = read_mail(path)
        if mail.address in people:
            mails[people[mail.address]] = mail
        else:
            unknown += 1
    return mails, unknown


def _treated_plan(world: World, reader: CopyReader, index: int, mail: ReadMail, as_of: datetime, mode: Mode) -> _Plan:
    person, reading = world.people[index], reader.read(mail, index)
    rng = _draws(world.seed, person.person_id, mail.subject, mail.text, as_of.isoformat())
    draws = rng.random(8).tolist()
    liking = min(max(1 + 0.9 * reading.score, 0.1), 2.2)
    added = EFFECT * liking if mode == "planted" else 0.0
    organic = float(world.organic_rate[index])
    orders = list(_organic_order(world, index, as_of))
    # Dividing by the chance of no organic order makes the added probability exact.
    persuaded = not orders and draws[0] < added / (1 - organic)
    clicked = bool(mail.clicks) and (persuaded or draws[1] < CLICK_RATE * liking)
    read_at = as_of + timedelta(hours=min(1 + float(rng.exponential(9.0)), 72.0))
    acts: list[_Act] = []
    if mail.pixel and (clicked or draws[2] < OPEN_RATE):
        acts.append(_Act("opens", "GET", mail.pixel, read_at))
    clicked_at = read_at + timedelta(seconds=5 + 90 * draws[3])
    if clicked:
        acts.append(_Act("clicks", "GET", _pick(mail.clicks, draws[4]), clicked_at))
    if persuaded:
        hours = 0.1 + (draws[5] * 2 if draws[6] < 0.7 else draws[5] * 96)
        acts.append(_order(world, index, clicked_at + timedelta(hours=hours), _wanted(world, reading, index, rng)))
    if not persuaded and mail.unsubscribe and draws[7] < UNSUBSCRIBE_RATE * (2.2 - liking):
        acts.append(_Act("unsubscribes", "POST", mail.unsubscribe, clicked_at + timedelta(minutes=1), _ONE_CLICK))
    return _Plan((*acts, *orders), added)


def _organic_order(world: World, index: int, as_of: datetime) -> Sequence[_Act]:
    """At most one order that comes without any message; the same whether or not the person got one."""
    rng = _draws(world.seed, world.people[index].person_id, "organic", as_of.isoformat())
    draw, day = rng.random(2).tolist()
    if draw >= world.organic_rate[index]:
        return []
    items = world.choose_items(np.array([index]), rng).tolist()
    return [_order(world, index, as_of + timedelta(days=0.25 + day * (WINDOW_DAYS - 0.25)), items)]


def _wanted(world: World, reading: Reading, index: int, rng: np.random.Generator) -> list[int]:
    """What a persuaded person buys: mostly what the message showed."""
    if reading.item is not None and rng.random() < 0.7:
        return [reading.item]
    return [int(item) for item in world.choose_items(np.array([index]), rng)]


def _order(world: World, index: int, at: datetime, items: Sequence[int]) -> _Act:
    person: Person = world.people[index]
    at = at.astimezone(UTC)
    digest = hashlib.sha256(f"{world.seed}\0{person.person_id}\0{at.isoformat()}".encode()).hexdigest()[:16]
    order = order_properties([world.items[item] for item in items], f"o{digest}")
    event = {
        "type": "track",
        "event": "Order Completed",
        "messageId": f"sim-{digest}",
        "userId": person.person_id,
        "timestamp": at.isoformat(),
        "properties": {**order, "simulated": True},
        "context": {"timezone": person.timezone, "location": {"country": person.country}},
    }
    return _Act("orders", "POST", "/v1/track", at, msgspec.json.encode(event))


def _pick(links: Sequence[str], draw: float) -> str:
    """Mostly one of the first links."""
    return links[min(int(len(links) * draw * draw), len(links) - 1)]


def _draws(seed: int, *keys: str) -> np.random.Generator:
    digest = hashlib.sha256("\0".join((str(seed), *keys)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))
