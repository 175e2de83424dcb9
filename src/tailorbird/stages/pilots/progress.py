"""How far a pilot has come: which checkpoints are signed, what holds it, and who belongs to its slice."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date

from tailorbird.stages.pilots.checklist import USES
from tailorbird.types.pilot import CheckpointSpec, PilotSpec, Signature


def pilot_hash(pilot: PilotSpec) -> str:
    """SHA-256 of everything that the pilot says: a changed pilot has to be signed anew."""
    return hashlib.sha256(json.dumps(asdict(pilot), sort_keys=True, default=str).encode()).hexdigest()


def missing_roles(pilot: PilotSpec, checkpoint: CheckpointSpec, signatures: Sequence[Signature]) -> tuple[str, ...]:
    """The roles that have not signed the checkpoint of the pilot as it reads now."""
    now = pilot_hash(pilot)
    signed = {one.role for one in signatures if one.checkpoint == checkpoint.name and one.content_hash == now}
    return tuple(role for role in checkpoint.roles if role not in signed)


def unsigned(pilot: PilotSpec, signatures: Sequence[Signature], today: date | None = None) -> list[CheckpointSpec]:
    """The checkpoints that lack a signature: those due by `today`, or all of them."""
    return [
        one
        for one in pilot.checkpoints
        if (today is None or one.due <= today) and missing_roles(pilot, one, signatures)
    ]


def pilot_in_force(pilots: Mapping[str, PilotSpec], campaign: str, complete: Collection[str]) -> str | None:
    """The campaign's pilot that counts now: of the least risk among those that are not complete; None if all are."""
    mine = {name: pilot for name, pilot in pilots.items() if pilot.campaign == campaign and name not in complete}
    return min(mine, key=lambda name: (USES.index(mine[name].use), name), default=None)


def in_slice(campaign: str, person_id: str, share: float) -> bool:
    """Whether a person is in the share of the audience that a pilot writes to. Who is in a share is in every larger."""
    digest = hashlib.sha256(f"pilot|{campaign}|{person_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
