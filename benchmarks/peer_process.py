"""A peer in an environment of its own: one line of JSON in, one line of JSON out, so that both sides take turns."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@contextmanager
def peer_process(
    python: Path, script: str, given: Any, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[Any, Callable[[str], Any]]]:
    """(what the peer answers to `given`, a call that sends it a line and returns its answer); it ends with the block.

    `environment` is added to this process's. Raises RuntimeError where the peer dies instead of answering.
    """
    with subprocess.Popen(
        [python, HERE / script], env={**os.environ, **(environment or {})}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as peer:  # fmt: skip
        assert peer.stdin and peer.stdout
        told, heard = peer.stdin, peer.stdout

        def ask(line: str) -> Any:
            told.write(line + "\n")
            told.flush()
            if not (answer := heard.readline()):
                raise RuntimeError(f"{script} ended without an answer; run it by hand with {python} to see why")
            return json.loads(answer)

        yield ask(json.dumps(given)), ask
        told.close()
