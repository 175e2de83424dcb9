"""A package with checks, installed as packages are: found by its entry points, and judged as the guide says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tailorbird.plugins import CHECKS

PACKAGE = '''
"""Checks of a package of somebody else's."""

from tailorbird.types.verdict import Finding


class NoShouting:
    name, languages = "no_shouting", frozenset()

    def check(self, candidate):
        at = candidate.text.find("!!")
        if at >= 0:
            yield Finding(self.name, "error", (at, at + 2), "shouting", "one mark is enough", "house style", "!", "rule 7")


class Crashes:
    name, languages = "crashes", frozenset()

    def check(self, candidate):
        raise ZeroDivisionError("by nothing")


class CrashesLate(Crashes):
    def check(self, candidate):
        yield Finding(self.name, "info", (0, 0), "first", "so far all is well")
        raise ZeroDivisionError("by nothing")


class Hangs:
    name, languages = "hangs", frozenset()

    def check(self, candidate):
        while True:
            pass


class Misses:
    name, languages = "misses", frozenset()

    def check(self, candidate):
        return [Finding(self.name, "error", (0, 10_000), "far", "points outside")]


class GivesNothing:
    name, languages = "gives_nothing", frozenset()

    def check(self, candidate):
        return None


class French:
    name, languages = "french", frozenset({"fr"})

    def check(self, candidate):
        return []


class Nameless:
    languages = frozenset()

    def check(self, candidate):
        return []
'''


def install(folder: Path, **points: str) -> None:
    """A distribution as pip leaves it: a package, and its dist-info with the entry points."""
    (folder / "loud_checks.py").write_text(PACKAGE)
    info = folder / "loud_checks-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: loud-checks\nVersion: 1.0\n")
    listed = "".join(f"{name} = loud_checks:{target}\n" for name, target in points.items())
    (info / "entry_points.txt").write_text(f"[{CHECKS}]\n{listed}")


def audit(folder: Path, text: str, *options: str) -> tuple[int, Any, str]:
    """(exit code, answer, standard error) of `tailorbird audit text` where the package is installed."""
    code = "from tailorbird.cli.app import main; main()"
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    words = ["audit", "text", "--text", text, "--json", *options]
    done = subprocess.run([sys.executable, "-c", code, *words], env={**os.environ, "PYTHONPATH": path},
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def found(answer: Any, check: str) -> list[tuple[str, str]]:
    return [(each["severity"], each["type"]) for each in answer["findings"] if each["check"] == check]


@pytest.mark.slow
@pytest.mark.e2e
def test_an_installed_check_judges_every_text_with_evidence_source_and_repair(tmp_path: Path) -> None:
    install(tmp_path, shouting="NoShouting")
    code, answer, _ = audit(tmp_path, "A day!!")
    (wrong,) = answer["findings"]
    assert (code, answer["status"]) == (1, "repair")
    assert (wrong["check"], wrong["words"], wrong["repair"], wrong["source"]) == ("no_shouting", "!!", "!", "rule 7")
    assert audit(tmp_path, "A day!")[:1] == (0,)


@pytest.mark.slow
@pytest.mark.e2e
@pytest.mark.parametrize(
    ("target", "kind"),
    [("Crashes", "crashed"), ("CrashesLate", "crashed"), ("Misses", "crashed"), ("GivesNothing", "crashed"),
     ("Hangs", "timed_out"), ("French", "language")],
)  # fmt: skip
def test_a_check_that_fails_counts_as_review_and_the_others_still_speak(tmp_path: Path, target: str, kind: str) -> None:
    install(tmp_path, a_bad_one=target, shouting="NoShouting")
    code, answer, told = audit(tmp_path, "A day!")
    bad = [each for each in answer["findings"] if each["check"] != "no_shouting"]
    assert (code, answer["status"], told) == (3, "review", "")
    assert [(each["severity"], each["type"]) for each in bad] == [("warning", kind)]
    code, answer, _ = audit(tmp_path, "A day!!")
    assert (code, answer["status"]) == (1, "block") and found(answer, "no_shouting") == [("error", "shouting")]


@pytest.mark.slow
@pytest.mark.e2e
@pytest.mark.parametrize(("target", "why"), [("Nothing", "AttributeError"), ("Nameless", "no check")])
def test_a_check_that_is_none_stops_the_command_with_its_name(tmp_path: Path, target: str, why: str) -> None:
    install(tmp_path, broken=target)
    code, answer, told = audit(tmp_path, "A day.")
    assert (code, answer) == (1, None)
    assert told.startswith("error: the check 'broken' (loud_checks:") and why in told and "Traceback" not in told
