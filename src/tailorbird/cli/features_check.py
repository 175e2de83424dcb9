"""tailorbird features check: do all engines give the same features?"""

import typing
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.pipeline.compare_engines import Compared, Values
    from tailorbird.ports.progress import Progress
    from tailorbird.project.project import Project
    from tailorbird.testing.feature_stream import Stream
    from tailorbird.types.feature import FeatureDefinition

ROWS_MIN = 10_000


def check_engines(
    target: Annotated[list[str] | None, typer.Argument(help="The project folder (default: this one).")] = None,
    engines: Annotated[
        str, typer.Option(help="Which engines, with commas; fold is the online fold, columns what is kept of the log.")
    ] = "duckdb,fold,columns,postgres,clickhouse,spark",
    rows: Annotated[int, typer.Option(min=1, help="How many rows (a person at a moment) are compared at least.")] = (
        ROWS_MIN
    ),
    seed: Annotated[int, typer.Option(help="The seed of the built-in events.")] = 1,
    postgres: Annotated[str | None, typer.Option(help="PostgreSQL's URL (else TAILORBIRD_POSTGRES).")] = None,
    clickhouse: Annotated[str | None, typer.Option(help="ClickHouse's URL (else in process, by chDB).")] = None,
    spark: Annotated[str | None, typer.Option(help="Spark's master (else local[2]).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Compare the engines' features, value by value. Example: tailorbird features check --engines duckdb,postgres

    Built-in features of every kind are computed over a hostile stream of events, and a project's own features over its
    own events, on every engine, and compared with DuckDB: texts exactly, and numbers to the last bit. The exit code is
    1 if a value differs, an engine was skipped, fewer than 10,000 rows were compared, or a kind of feature is missing.
    """
    from tailorbird.cli.terminal import print_json, progress_for

    urls = {"postgres": postgres, "clickhouse": clickhouse, "spark": spark}
    names = _engines(engines)
    progress = progress_for(as_json)
    sets = _sets(target, rows, seed)
    compared: list[tuple[str, Compared]] = []
    skipped: dict[str, str] = {}
    for label, definitions, stream, timezone in sets:
        found = _compute(names, urls, definitions, stream, timezone, label, progress, skipped)
        compared += [(label, one) for one in _compare(definitions, stream, found)]
    problems = _problems(compared, skipped)
    if as_json:
        print_json(
            {"compared": [_plain(label, one) for label, one in compared], "skipped": skipped, "problems": problems}
        )
    else:
        _print_table(names, compared, skipped)
        for problem in problems or [f"all equal: {', '.join(names)}"]:
            print(problem)
    if problems:
        raise typer.Exit(1)


def _engines(text: str) -> list[str]:
    from tailorbird.bootstrap import ENGINES
    from tailorbird.project.source import nearest
    from tailorbird.types.errors import TailorbirdError

    known = [*ENGINES, "fold", "columns"]
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise TailorbirdError(f"--engines: there is no engine {name!r}{nearest(name, known)}")
    others = [name for name in names if name != "duckdb"]
    if not others:
        raise TailorbirdError("--engines: name an engine to compare with duckdb, such as postgres")
    return ["duckdb", *others]


def _sets(
    target: list[str] | None, rows: int, seed: int
) -> "list[tuple[str, Sequence[FeatureDefinition], Stream, str]]":
    """(label, definitions, events and spine, time zone) of what is compared."""
    from pathlib import Path

    from tailorbird.testing.feature_stream import DEFINITIONS, make_stream

    sets: list[Any] = [("", DEFINITIONS, make_stream(rows, seed), "Europe/Berlin")]
    if target or Path("tailorbird.yaml").exists():
        from tailorbird.cli.target import read_target

        project, _ = read_target(target)
        if project.features:
            sets.append((project.settings.name, project.features, _own(project, rows, seed), project.settings.timezone))
    return sets


def _own(project: "Project", rows: int, seed: int) -> "Stream":
    """The project's events, asked at as many moments as give the rows; of a project without events, the built-in."""
    from tailorbird import bootstrap
    from tailorbird.pipeline.compare_engines import own_stream
    from tailorbird.pipeline.people import NoEventsError
    from tailorbird.testing.feature_stream import Stream, make_stream

    try:
        events, spine = own_stream(bootstrap.open_events(project), rows)
    except NoEventsError:
        # Under the names of the project's events, so that its features have something to read.
        names = sorted({definition.event for definition in project.features if definition.event})
        return make_stream(rows, seed, names)
    return Stream(events, spine)


def _compute(
    names: list[str],
    urls: dict[str, str | None],
    definitions: "Sequence[FeatureDefinition]",
    stream: "Stream",
    timezone: str,
    label: str,
    progress: "Progress",
    skipped: dict[str, str],
) -> "dict[str, Values]":
    from tailorbird.bootstrap import open_engine_warehouse
    from tailorbird.pipeline.compare_engines import compute_by_fold, compute_on, readable
    from tailorbird.ports.warehouse import WarehouseError

    found: dict[str, Values] = {}
    events = readable(stream.events)
    for name in names:
        progress.stage(f"{label or 'built-in'} features on {name}")
        if name == "fold":
            found[name] = compute_by_fold(definitions, events, stream.spine, timezone)
            continue
        if name == "columns":
            found[name] = _by_columns(definitions, events, stream, timezone, found["duckdb"])
            continue
        try:
            warehouse = open_engine_warehouse(name, urls.get(name))
            found[name] = compute_on(warehouse, definitions, events, stream.spine, timezone)
        except WarehouseError as error:
            skipped[name] = str(error)
    return found


def _by_columns(
    definitions: "Sequence[FeatureDefinition]", events: Any, stream: "Stream", timezone: str, reference: "Values"
) -> "Values":
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from tailorbird.bootstrap import open_columns, open_engine_warehouse
    from tailorbird.pipeline.compare_engines import compute_by_columns

    with TemporaryDirectory() as folder:
        segment = Path(folder) / "compared.parquet"
        files, columns = open_engine_warehouse("duckdb"), open_columns(Path(folder))
        return compute_by_columns(columns, files, segment, definitions, events, stream.spine, timezone, reference)


def _compare(
    definitions: "Sequence[FeatureDefinition]", stream: "Stream", found: "dict[str, Values]"
) -> "list[Compared]":
    from tailorbird.pipeline.compare_engines import compare_values

    return compare_values(definitions, stream.spine, found) if "duckdb" in found else []


def _problems(compared: "list[tuple[str, Compared]]", skipped: dict[str, str]) -> list[str]:
    """Why the comparison proves nothing, or proves a difference."""
    from tailorbird.types.feature import FeatureKind

    problems = [f"skipped {engine}: {reason}" for engine, reason in skipped.items()]
    problems += [f"different: {one.example}" for _, one in compared if one.example]
    fewest = min((one.rows for _, one in compared), default=0)
    if fewest < ROWS_MIN:
        problems.append(f"only {fewest:,} rows were compared; give --rows {ROWS_MIN} or more")
    missing = set(typing.get_args(FeatureKind)) - {one.kind for _, one in compared}
    if missing:
        problems.append(f"no feature of kind {', '.join(sorted(missing))} was compared")
    return problems


def _plain(label: str, one: "Compared") -> dict[str, Any]:
    return {
        "set": label or "built-in",
        "feature": one.feature,
        "kind": one.kind,
        "rows": one.rows,
        "different": dict(one.different),
    }


def _print_table(names: list[str], compared: "list[tuple[str, Compared]]", skipped: dict[str, str]) -> None:
    lines = [("feature", "kind", "rows", *names)]
    for label, one in compared:
        cells = [_cell(name, one, skipped) for name in names]
        lines.append((f"{label}: {one.feature}" if label else one.feature, one.kind, f"{one.rows:,}", *cells))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(name: str, one: "Compared", skipped: dict[str, str]) -> str:
    if name == "duckdb":
        return "reference"
    wrong = one.different.get(name)
    if wrong is None:
        return "skipped" if name in skipped else "in SQL only"
    return "equal" if wrong == 0 else f"{wrong:,} differ"
