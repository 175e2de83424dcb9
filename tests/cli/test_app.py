"""The command itself: help, version, exit codes, and what is imported for them."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HEAVY = (
    "duckdb",
    "numpy",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "pydantic",
    "ruamel",
    "httpx2",
    "xllamacpp",
    "mjml",
    "rich",
)
SCRIPT = """
import sys
sys.argv = ["tailorbird", *sys.argv[1:]]
import tailorbird
if len(sys.argv) > 1:
    from tailorbird.cli.app import main
    try:
        main()
    except SystemExit:
        pass
print("LOADED", *sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("words", [[], ["--help"], ["run", "--help"], ["--version"]], ids=" ".join)
def test_help_loads_no_web_framework_and_no_data_engine(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True, check=True)
    loaded = done.stdout.split("LOADED", 1)[1].split()
    own = ("pydantic",) if "run" in words else ()  # typer itself checks a command's options with it
    assert set(HEAVY) & set(loaded) <= set(own)


@pytest.mark.slow
def test_the_console_script_prints_its_version() -> None:
    script = Path(sys.executable).with_name("tailorbird")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip().count(".") == 2


def test_help_shows_every_command(tailorbird: Any) -> None:
    said = tailorbird("--help")
    assert said.code == 0
    for name in ("demo", "init", "plan", "run", "report", "check", "import", "serve", "models", "review", "trace"):
        assert f"\n  {name} " in said.out


def test_help_shows_the_first_days_commands_under_their_own_heading_and_then_the_other_groups(tailorbird: Any) -> None:
    groups: dict[str, list[str]] = {}
    heading = ""
    for line in tailorbird("--help").out.splitlines():
        if line and not line.startswith(" "):
            heading = line
        elif line.strip() and not line.startswith("   "):
            groups.setdefault(heading, []).append(line.split()[0])
    assert list(groups)[-3:] == ["First day:", "Data and project:", "Look and judge:"]
    assert groups["First day:"] == ["demo", "init", "plan", "run", "report"]
    assert {"check", "import", "catalog", "quarantine", "serve", "privacy", "models"} == set(
        groups["Data and project:"]
    )
    assert {"audience", "review", "trace", "simulate"} <= set(groups["Look and judge:"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", ["demo", "init", "plan", "run", "report", "check", "import", "serve", "trace", "simulate"]
)
def test_every_commands_help_has_an_example(tailorbird: Any, command: str) -> None:
    said = tailorbird(command, "--help")
    assert said.code == 0
    assert f"Example: tailorbird {command}" in " ".join(said.out.split())


@pytest.mark.parametrize("words", [["run", "--nope"], ["nope"], ["trace"]])
def test_a_usage_error_is_told_with_exit_code_2(tailorbird: Any, words: list[str]) -> None:
    said = tailorbird(*words)
    assert said.code == 2
    assert "Traceback" not in said.err and said.err.strip()


def test_a_mistake_of_the_users_is_one_message_and_exit_code_1(tailorbird: Any, tmp_path: Path) -> None:
    assert "no tailorbird.yaml here" in tailorbird("check", tmp_path).error


@pytest.mark.slow
def test_ctrl_c_ends_with_130_and_says_how_to_go_on(shop: Any) -> None:
    command = [str(Path(sys.executable).parent / "tailorbird"), "run", str(shop.root), "win_back", "--no-model"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        running.stderr.readline()  # the first step is done: it is in the middle of the run
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
    assert running.returncode == 130
    assert "Interrupted. The same command goes on where it stopped." in rest
