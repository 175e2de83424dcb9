"""tailorbird trace: the whole lineage of one message."""

from typing import Annotated, Any

import typer


def register(app: typer.Typer, group: str) -> None:
    """Add the command."""
    app.command("trace", rich_help_panel=group)(trace)


def trace(
    message_id: Annotated[str, typer.Argument(help="The message, such as m_0a1b…; it is in every .eml.")],
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Trace a message from consent to outcome, by id and hash. Example: tailorbird trace m_0a1b examples/wren"""
    from tailorbird import bootstrap
    from tailorbird.cli.target import read_target
    from tailorbird.cli.terminal import print_json
    from tailorbird.pipeline.identities import read_identities
    from tailorbird.pipeline.merged_state import merge_state
    from tailorbird.pipeline.trace import trace_message

    project, _ = read_target(target)
    state, warehouse = bootstrap.open_state(project), bootstrap.open_events(project)
    state = merge_state(state, read_identities(warehouse))
    lineage = trace_message(
        message_id, project.campaigns, state.traces, state.decisions, state.creatives, state.messages, warehouse
    )
    if as_json:
        print_json(lineage)
        return
    for stage, content in lineage.items():
        print(stage)
        _print(content, "  ")


def _print(content: Any, indent: str) -> None:
    """Names and values, lists as items; what is empty is left out."""
    if isinstance(content, list):
        for value in content:
            if isinstance(value, dict):
                print(f"{indent}- " + ", ".join(f"{k}: {v}" for k, v in value.items() if v not in ("", None, {}, [])))
            else:
                print(f"{indent}- {value}")
        return
    for name, value in content.items():
        if isinstance(value, dict | list) and value:
            print(f"{indent}{name}:")
            _print(value, indent + "  ")
        elif value not in ("", None, {}, []):
            print(f"{indent}{name}: {value}")
