"""The peer of `validate.py`: guardrails-ai with one local validator that looks for forbidden phrases.

It is run by `validate.py` in an environment of its own. It reads a JSON line {"texts", "phrases"}, says which texts it
flags, and then answers every further line with the CPU-seconds that it took to validate all texts once. Its reports to
its maker are off, as they would be in production: they would cost it time.
"""

import json
import re
import sys
import time
from typing import Any

from guardrails import Guard
from guardrails.validators import FailResult, PassResult, Validator, register_validator


def guard(phrases: list[str]) -> Guard:
    """A guard that forbids phrases."""
    banned = re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE)

    @register_validator(name="banned_phrases", data_type="string")
    class Banned(Validator):  # type: ignore[misc]
        """No text has one of the phrases."""

        def validate(self, value: str, metadata: dict[str, Any]) -> Any:
            """Whether the text has none."""
            found = banned.search(value)
            return FailResult(error_message=f"has {found[0]!r}") if found else PassResult()

    return Guard().use(Banned(on_fail="noop"))


def main() -> None:
    """Answer line by line until standard input ends."""
    given = json.loads(sys.stdin.readline())
    made = guard(given["phrases"])
    flagged = [at for at, text in enumerate(given["texts"]) if not made.validate(text).validation_passed]
    print(json.dumps(flagged), flush=True)
    for _ in sys.stdin:
        before = time.process_time()
        for text in given["texts"]:
            made.validate(text)
        print(time.process_time() - before, flush=True)


if __name__ == "__main__":
    main()
