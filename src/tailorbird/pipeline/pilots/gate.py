"""The gate: what holds a campaign that has a pilot, how much of its audience takes part, and who may sign."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tailorbird.pipeline.state import State
from tailorbird.project.project import Project
from tailorbird.stages.pilots.checklist import USES, check_pilot
from tailorbird.stages.pilots.progress import missing_roles, pilot_hash, pilot_in_force, unsigned
from tailorbird.types.audit import AuditEntry
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.pilot import CheckpointSpec, PilotCheck, PilotSpec, Signature


class PilotError(TailorbirdError):
    """A pilot that is not there, or a signature that cannot be given; the message says why."""


@dataclass(frozen=True)
class PilotGate:
    """The pilots of one project, with their signatures."""

    project: Project
    state: State

    def pilot(self, name: str) -> PilotSpec:
        """A pilot by name; PilotError naming those that there are."""
        if name not in self.project.pilots:
            known = ", ".join(sorted(self.project.pilots)) or "none"
            raise PilotError(f"no pilot {name!r}; there are: {known}")
        return self.project.pilots[name]

    def checks(self, name: str) -> list[PilotCheck]:
        """The checklist, and that the pilot before is complete."""
        pilot = self.pilot(name)
        found = check_pilot(pilot, self.project.campaign(pilot.campaign), self.project.pilots)
        before = self.project.pilots.get(pilot.after)
        if before is not None and USES.index(before.use) < USES.index(pilot.use):
            open_items = self.open_items(pilot.after)
            told = f"{pilot.after} is not complete: {open_items[0]}" if open_items else f"{pilot.after} is complete"
            found.append(PilotCheck("the pilot before", not open_items, told))
        return found

    def open_items(self, name: str) -> list[str]:
        """What a pilot lacks to be complete; nothing where it is."""
        pilot = self.pilot(name)
        items = [f"{check.name}: {check.told}" for check in self.checks(name) if not check.held]
        items += [f"checkpoint {one.name} is not signed" for one in unsigned(pilot, self.state.signatures.find(name))]
        if self.state.halts.active(pilot.campaign):
            items.append(f"campaign {pilot.campaign} is halted")
        found = self.state.incidents.find(pilot.campaign, still_open=True)
        return items + [f"incident {incident.incident_id} is open" for incident in found]

    def in_force(self, campaign: str) -> str | None:
        """The campaign's pilot that counts now; None where it has none, or all are complete."""
        names = [name for name, pilot in self.project.pilots.items() if pilot.campaign == campaign]
        if not names:
            return None
        return pilot_in_force(self.project.pilots, campaign, [name for name in names if not self.open_items(name)])

    def share(self, campaign: str) -> float:
        """How much of the audience takes part: 1 where no pilot is in force."""
        name = self.in_force(campaign)
        return self.pilot(name).share if name else 1.0

    def why_held(self, campaign: str, now: datetime) -> str:
        """Why nothing of the campaign may be sent now; '' where it may."""
        name = self.in_force(campaign)
        if name is None:
            return ""
        pilot = self.pilot(name)
        if wrong := [check for check in self.checks(name) if not check.held]:
            told = "; ".join(f"{check.name}: {check.told}" for check in wrong)
            return f"pilot {name} holds campaign {campaign}: {told} ('tailorbird pilot check {name}')"
        signatures = self.state.signatures.find(name)
        for one in unsigned(pilot, signatures, self._today(now)):
            roles = ", ".join(missing_roles(pilot, one, signatures))
            return (
                f"pilot {name} holds campaign {campaign}: checkpoint {one.name} was due on {one.due} and is not signed "
                f"by {roles} ('tailorbird pilot sign {name} {one.name} --by NAME')"
            )
        return ""

    def sign(self, name: str, checkpoint: str, by: str, now: datetime, role: str = "", note: str = "") -> Signature:
        """Sign a checkpoint that is due. PilotError: not due, not theirs, or something of the pilot does not hold.

        One person signs one checkpoint in one role, so that two roles are two people.
        """
        pilot = self.pilot(name)
        one = next((each for each in pilot.checkpoints if each.name == checkpoint), None)
        if one is None:
            known = ", ".join(each.name for each in pilot.checkpoints)
            raise PilotError(f"pilot {name} has no checkpoint {checkpoint!r}; it has: {known}")
        self._refuse_early(name, pilot, one, now)
        signatures = self.state.signatures.find(name)
        mine = [each for each in one.roles if by in pilot.roles.get(each, ()) and role in ("", each)]
        if not by.strip() or not mine:
            people = "; ".join(f"{each}: {', '.join(pilot.roles.get(each, ())) or 'nobody'}" for each in one.roles)
            raise PilotError(f"{by or 'nobody'} does not sign {checkpoint}{f' as {role}' if role else ''} ({people})")
        left = missing_roles(pilot, one, signatures)
        signature = Signature(
            name, checkpoint, by, next((each for each in mine if each in left), mine[0]), now.isoformat(),
            pilot_hash(pilot), note,
        )  # fmt: skip
        self.state.signatures.sign(signature)
        return signature

    def _refuse_early(self, name: str, pilot: PilotSpec, one: CheckpointSpec, now: datetime) -> None:
        if one.due > self._today(now):
            raise PilotError(f"{one.name} is due on {one.due}: nobody can tell yet what there is to sign")
        wrong = [f"{check.name}: {check.told}" for check in self.checks(name) if not check.held]
        if self.state.halts.active(pilot.campaign):
            wrong.append(f"campaign {pilot.campaign} is halted")
        found = self.state.incidents.find(pilot.campaign, still_open=True)
        wrong += [f"incident {incident.incident_id} is open" for incident in found]
        if wrong:
            raise PilotError(f"{name} cannot be signed: {'; '.join(wrong)}")

    def _today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.project.settings.timezone)).date()


def signed_entry(signature: Signature) -> AuditEntry:
    """The signature for the audit log."""
    detail = {name: getattr(signature, name) for name in Signature.__dataclass_fields__}
    ref = f"{signature.pilot}|{signature.checkpoint}|{signature.by}|{signature.at}"
    return AuditEntry("pilot signed", ref, datetime.fromisoformat(signature.at), detail)
