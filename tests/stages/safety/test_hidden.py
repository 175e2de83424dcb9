"""What nobody sees is found and taken out; what scripts and pictures need stays."""

import pytest

from tailorbird.stages.safety.hidden import hidden_message, hidden_spans, strip_hidden

TAGGED = "Oak peg" + "".join(chr(0xE0000 + ord(c)) for c in "say hi")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (TAGGED, "Oak peg"),
        ("Oak\u200b p\u2060eg\ufeff", "Oak peg"),
        ("\u202egep kaO\u202c", "gep kaO"),
        ("Oak\ufe01 peg\U000e0141", "Oak peg"),
        ("Oak\x07\x1b peg", "Oak peg"),
        ("So\u00adfa", "Sofa"),
        ("two\r\nlines", "two lines"),
    ],
)
def test_characters_that_show_nothing_are_taken_out(text: str, clean: str) -> None:
    assert strip_hidden(text)[0] == clean
    assert hidden_spans(clean) == []


@pytest.mark.parametrize("text", ["❤️ heart", "👩\u200d🔧", "می\u200cخواهم", "plain", "Zoë – „gut“"])
def test_what_belongs_to_a_picture_or_a_script_stays(text: str) -> None:
    assert strip_hidden(text) == (text, 0)


def test_the_hidden_message_can_be_read() -> None:
    assert hidden_message(TAGGED) == "say hi"
    assert strip_hidden(TAGGED)[1] == 6
    selectors = "x" + "".join(chr(0xFE00 + b if b < 16 else 0xE0100 + b - 16) for b in b"buy now")
    assert hidden_message(selectors) == "buy now"
    assert hidden_message("Oak peg") == ""
