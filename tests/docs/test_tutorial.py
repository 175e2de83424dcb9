"""The tutorials work: their commands are run, and the output that they quote is there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
TUTORIALS = ("tutorial.md", "tutorial-decide.md")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def read_blocks(text: str) -> list[tuple[str, list[str]]]:
    """(commands, quoted output lines) of each console block; a command line begins with '$ '."""
    blocks = []
    for body in BLOCK.findall(text):
        lines = body.splitlines()
        commands = [line[2:] for line in lines if line.startswith("$ ")]
        quoted = [line.strip() for line in lines if not line.startswith("$ ") and line.strip(" …")]
        blocks.append(("\n".join(commands), quoted))
    return blocks


def appears(quoted: str, output: str) -> bool:
    """Whether a quoted line is in the output; '…' stands for anything on the same line."""
    return re.search(".*".join(re.escape(part) for part in quoted.split("…")), output) is not None


def test_a_quoted_line_may_leave_parts_out() -> None:
    assert appears("deliver … sent in …", "deliver   210 sent in 1.3 s\n")
    assert not appears("deliver … sent in …", "deliver   210\nsent in 1.3 s\n")


@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_every_console_block_has_a_command(tutorial: str) -> None:
    blocks = read_blocks((DOCS / tutorial).read_text(encoding="utf-8"))
    assert len(blocks) >= 8
    assert all(commands for commands, _ in blocks)


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_the_tutorial_runs_from_top_to_bottom_and_says_what_it_quotes(tutorial: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TAILORBIRD_CACHE": str(tmp_path / "cache"),
        "NO_COLOR": "1",
    }
    for commands, quoted in read_blocks((DOCS / tutorial).read_text(encoding="utf-8")):
        done = subprocess.run(
            ["bash", "-euc", commands],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"$ {commands}\n{done.stdout}"
        missing = [line for line in quoted if not appears(line, done.stdout)]
        assert missing == [], f"$ {commands}\n{done.stdout}"
