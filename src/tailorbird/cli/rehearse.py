"""The tests of tailorbird run --test: some of a campaign's messages, to the project's testers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tailorbird.pipeline.rehearse import Rehearsed
    from tailorbird.ports.progress import Progress
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign

SAMPLES = 3
SAMPLES_MAX = 50


def testers(project: "Project", to: "Sequence[str]") -> list[str]:
    """The addresses that tests go to: those of `to`, each a tester's. TailorbirdError: there is none, or one is not."""
    from tailorbird.types.errors import TailorbirdError

    known = {address.strip().lower(): address for address in project.settings.testers.addresses}
    if not known:
        raise TailorbirdError(
            "tailorbird.yaml names no tester to send to; add their addresses: 'testers: {addresses: [qa@shop.example]}'"
        )
    if strangers := [address for address in to if address.strip().lower() not in known]:
        raise TailorbirdError(
            f"--to {strangers[0]}: is not in testers.addresses of tailorbird.yaml, and a test goes to nobody else"
        )
    return list(dict.fromkeys(known[address.strip().lower()] for address in to)) or list(known.values())


def send_tests(
    project: "Project",
    campaign: "Campaign",
    moment: "datetime",
    addresses: "Sequence[str]",
    samples: int,
    progress: "Progress",
    yes: bool,
    seed: int,
) -> "list[Rehearsed]":
    """Send the tests, through the project's own sender."""
    from tailorbird import bootstrap
    from tailorbird.cli.terminal import confirm_download
    from tailorbird.pipeline.rehearse import rehearse_campaign

    log, sender = bootstrap.open_log(project), bootstrap.open_sender(project)
    try:
        return rehearse_campaign(
            project, campaign, moment, addresses, samples, bootstrap.open_state(project), log,
            bootstrap.open_warehouse(project),
            lambda: bootstrap.open_generator(project, progress, confirm_download(yes)), sender,
            bootstrap.open_clock(), progress, bootstrap.open_keys(project), bootstrap.open_validator(project),
            seed,
        )  # fmt: skip
    finally:
        sender.close()
        log.close()


def sentence(one: "Rehearsed") -> str:
    """What became of one test, in one line."""
    told = f"{one.status:<10} {one.address}  {one.subject or '-'}  ({one.locale}, {one.item_id or 'no item'})"
    return f"{told}: {one.detail}" if one.detail and one.status != "sent" else f"{told}  {one.message_id}".rstrip()
