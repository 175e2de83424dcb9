"""The peer of `decisions.py`: GrowthBook's Python SDK, in the two ways in which a server may use it.

It is run by `decisions.py` in an environment of its own. It reads a JSON line {"users", "features"}, answers with the
SDK's version and every user's arm in every experiment, and then each line 'new' or 'reused' with the CPU-seconds of
deciding all experiments for all users once: with an SDK object per user, as its guide shows for servers, or with one
object that is given each user's attributes. Nothing is sent anywhere: features are given, and no tracking is set.
"""

import json
import sys
import time
from importlib.metadata import version
from typing import Any

from growthbook import GrowthBook


def decide_new(users: list[dict[str, Any]], features: dict[str, Any]) -> list[list[int]]:
    """The arms, by an SDK object for each user."""
    found = []
    for user in users:
        sdk = GrowthBook(attributes=dict(user), features=features)
        found.append([sdk.get_feature_value(key, -1) for key in features])
        sdk.destroy()
    return found


def serve(how: str, users: list[dict[str, Any]], features: dict[str, Any]) -> None:
    """Decide for every user in turn, and keep no answer."""
    sdk = GrowthBook(attributes=dict(users[0]), features=features)
    for user in users:
        if how == "new":
            sdk = GrowthBook(attributes=dict(user), features=features)
        else:
            sdk.set_attributes(user)
        for key in features:
            sdk.get_feature_value(key, -1)
        if how == "new":
            sdk.destroy()


def main() -> None:
    """Answer line by line until standard input ends."""
    given = json.loads(sys.stdin.readline())
    arms = decide_new(given["users"], given["features"])
    print(json.dumps({"version": version("growthbook"), "arms": arms}), flush=True)
    for line in sys.stdin:
        before = time.process_time()
        serve(line.strip(), given["users"], given["features"])
        print(time.process_time() - before, flush=True)


if __name__ == "__main__":
    main()
