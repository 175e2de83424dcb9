"""The command `tailorbird`: the first day's five commands first, the others in groups."""

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tailorbird import __version__
from tailorbird.cli import (
    audience,
    audit,
    audit_bias,
    audit_calibrate,
    audit_packs,
    audit_text,
    catalog,
    check,
    consent,
    demo,
    features,
    identity,
    import_files,
    incident,
    init,
    models,
    pilot,
    plan,
    privacy,
    quarantine,
    redteam,
    replay,
    report,
    review,
    rollback,
    run,
    serve,
    simulate,
    stats,
    sums,
    trace,
)
from tailorbird.cli import eval as eval_command
from tailorbird.types.errors import TailorbirdError

_INTERRUPTED = 130
_MARGIN = 6  # what a row of the help has around its two columns


class _InGroups(TyperGroup):
    """The commands under their groups' headings, in the order in which they were added."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section per group, all with the same width of names."""
        groups: dict[str, list[tuple[str, str]]] = {}
        width = max(map(len, self.commands))
        for name, command in self.commands.items():
            group = str(getattr(command, "rich_help_panel", "") or "Commands")
            said = command.get_short_help_str(formatter.width - width - _MARGIN)
            groups.setdefault(group, []).append((name.ljust(width), said))
        for group, rows in groups.items():
            with formatter.section(group):
                formatter.write_dl(rows)


app = typer.Typer(
    name="tailorbird",
    cls=_InGroups,
    help="Messages made for each customer: true to the catalog, inside the law, measured.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the coloured help costs a quarter of a second of imports
)

for module, group in (
    (demo, "First day"),
    (init, "First day"),
    (plan, "First day"),
    (run, "First day"),
    (report, "First day"),
    (check, "Data and project"),
    (import_files, "Data and project"),
    (quarantine, "Data and project"),
    (catalog, "Data and project"),
    (serve, "Data and project"),
    (privacy, "Data and project"),
    (models, "Data and project"),
    (audience, "Look and judge"),
    (identity, "Look and judge"),
    (consent, "Look and judge"),
    (features, "Look and judge"),
    (review, "Look and judge"),
    (pilot, "Look and judge"),
    (rollback, "Look and judge"),
    (incident, "Look and judge"),
    (trace, "Look and judge"),
    (replay, "Look and judge"),
    (eval_command, "Look and judge"),
    (stats, "Look and judge"),
    (sums, "Look and judge"),
    (simulate, "Look and judge"),
    (audit, "Look and judge"),
    (audit_text, "Look and judge"),
    (redteam, "Look and judge"),
    (audit_packs, "Look and judge"),
    (audit_calibrate, "Look and judge"),
    (audit_bias, "Look and judge"),
):
    module.register(app, group)


def _version(value: bool) -> None:
    if value:
        print(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command. A mistake of the user's is one message and exit code 1; Ctrl-C is 130."""
    try:
        code = app(standalone_mode=False)  # Ctrl-C and Exit come back as a number here
    except typer.Exit as stop:
        code = stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except TailorbirdError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a disk that is read-only or full, at a place that has no better words for it
        print(f"error: {error.filename or 'the disk'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(1)
    except typer.TyperException as error:  # a usage error shows itself
        show = getattr(error, "show", None)
        show() if show else print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    if code == _INTERRUPTED:
        print("\nInterrupted. The same command goes on where it stopped.", file=sys.stderr)
    sys.exit(code if isinstance(code, int) else 0)
