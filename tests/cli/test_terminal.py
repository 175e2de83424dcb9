"""What commands say on the terminal."""

import io
import sys
from typing import Any

import pytest

from tailorbird.cli.terminal import Quiet, Terminal, amount, confirm_download, print_json, printable, progress_for
from tailorbird.types.errors import TailorbirdError


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_text_from_outside_is_one_line_that_no_terminal_acts_on() -> None:
    assert printable("a\x1b[2J\r\n\u202eb\U000e0041 ü€") == r"a\x1b[2J\r\n\u202eb\U000e0041 ü€"
    assert printable("x" * 30, 10) == "x" * 10 + "… (30 characters)"


def test_without_a_terminal_only_lines_that_stay_are_written(capsys: Any) -> None:
    terminal = Terminal()
    terminal.stage("deliver", 10)
    terminal.advance(5)
    terminal.say("done")
    assert capsys.readouterr().err == "done\n"


def test_on_a_terminal_the_stage_shows_counts_and_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    terminal = Terminal()
    terminal.stage("deliver", 2000)
    terminal.advance(2000)
    terminal.say("done")
    assert "2,000/2,000" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[Kdone\n")


def test_amounts_are_easy_to_read() -> None:
    assert (amount(1204), amount(1_100_000_000)) == ("1,204", "1,100 MB")


def test_json_commands_are_quiet_and_print_one_object(capsys: Any) -> None:
    assert isinstance(progress_for(True), Quiet)
    assert isinstance(progress_for(False), Terminal)
    print_json({"naïve": 1})
    assert capsys.readouterr().out == '{\n  "naïve": 1\n}\n'


def test_a_download_is_never_begun_unasked(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    assert confirm_download(True)("a model of 1 GB")
    assert "a model of 1 GB" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(TailorbirdError, match="--yes"):
        confirm_download(False)("a model")
    for word, agreed in (("y\n", True), ("n\n", False), ("\n", False)):
        monkeypatch.setattr(sys, "stdin", Screen(word))
        assert confirm_download(False)("a model") is agreed
