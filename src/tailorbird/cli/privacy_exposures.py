"""tailorbird privacy exposures: what was told to models, call by call and in sum."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tailorbird.stages.privacy.exposure_sums import ModelSum


def exposures(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    model: Annotated[str | None, typer.Option("--model", help="Only calls of this model.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only calls from this moment on.")] = None,
    calls: Annotated[bool, typer.Option("--calls", help="List every call, not only sums.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON: sums, and every call.")] = False,
) -> None:
    """List what models were told. Example: tailorbird privacy exposures examples/wren --since 2026-06-01

    No prompt is kept: hashes, names of slots, ids of items, and how much was masked.
    """
    from dataclasses import asdict

    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target, zoned
    from tailorbird.cli.terminal import print_json
    from tailorbird.stages.privacy.exposure_sums import sum_exposures

    project, _ = read_target(target)
    now = bootstrap.open_clock().now()
    records = bootstrap.open_exposures(project).find(model, zoned(since, project, now) if since else None)
    sums = sum_exposures(records, now)
    if as_json:
        print_json({"models": [asdict(one) for one in sums], "calls": [asdict(one) for one in records]})
        return
    if not records:
        print("no model was asked" + (f" by the name {model}" if model else "") + (f" since {since}" if since else ""))
    for one in sums:
        for line in _lines(one):
            print(line)
    for record in records if calls else ():
        told = record.contents
        masked = ", ".join(f"{n} {kind}" for kind, n in sorted(record.masked.items())) or "nothing"
        print(
            f"{record.at:%Y-%m-%d %H:%M:%S}  {record.state:<8}  {record.model}  {told.campaign} {told.block} "
            f"{told.locale}  brief {told.brief_id[:12]}  {', '.join(told.categories)}; masked: {masked}"
            + (f"; {record.reason}" if record.reason else "")
        )


def _lines(one: "ModelSum") -> list[str]:
    where = "in this process" if one.local else one.endpoint or one.provider
    states = ", ".join(f"{count:,} {_WORDS[state]}" for state, count in one.states.items())
    lines = [f"{one.model} ({where}): {states}"]
    sent = f"{one.requests:,} requests, {one.bytes:,} bytes, {one.prompt_tokens:,} + {one.completion_tokens:,} tokens"
    masked = ", ".join(f"{count:,} {kind}" for kind, count in one.masked.items()) or "nothing"
    lines.append(f"  {sent}; in them: {', '.join(one.categories) or 'nothing'}; masked: {masked}")
    if not one.local:
        trains = {True: "trains on prompts", False: "does not train on prompts", None: "not said whether it trains"}
        kept = "not said how long it keeps them" if one.retention_days is None else f"keeps {one.retention_days} days"
        still = f"{one.held:,} may still be kept"
        if one.held_until:
            still += f", the last until {one.held_until:%Y-%m-%d}"
        agreement = f"agreement {one.dpa}" if one.dpa else "no agreement on record"
        lines.append(f"  {one.region or 'region not said'}; {kept}; {trains[one.trains]}; {agreement}; {still}")
    return lines


_WORDS = {
    "started": "begun and never ended",
    "answered": "answered",
    "failed": "failed",
    "refused": "refused and not sent",
    "cache": "answered from the cache",
}
