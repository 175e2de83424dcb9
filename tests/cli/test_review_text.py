"""How a line under review looks on a terminal."""

from tailorbird.cli.review_text import history, marked
from tailorbird.types.review import Mark, RenderedLine, RenderedMessage, Rendering, ReviewAct

MARK = Mark(4, 8, "words", "warning", "unknown_word", "is odd", "peg!", "", "hook")
LINE = RenderedLine("shortest", "The peg! is here", (MARK, Mark(0, 0, "length", "error", "", "is long")))


def test_carets_stand_below_what_was_found() -> None:
    rows = list(marked(Rendering((LINE,), RenderedMessage(problem="no catalog")), live=False))
    assert rows[:3] == ["as it reads, shortest:", "  The peg! is here", "      ^^^^"]
    assert rows[3] == "  warning: unknown_word at 4–8: is odd (peg!); write 'hook'"
    assert rows[4:] == ["  error: length as a whole: is long", "no whole message: no catalog"]


def test_a_terminal_shows_it_in_colour_instead() -> None:
    rows = list(marked(Rendering((LINE,), RenderedMessage(problem="-")), live=True))
    assert rows[1].replace("\x1b[1;31m", "").replace("\x1b[0m", "") == "  The peg! is here"
    assert rows[1].count("\x1b[1;31m") == 4 and "^" not in rows[1] + rows[2]


def test_a_message_says_about_what_to_whom_and_what_was_replaced() -> None:
    message = RenderedMessage("Hi\x07", "<p>", "One\nTwo", b"", LINE, None, "peg", "Ines", ("subject: too_long",))
    rows = list(marked(Rendering((), message), live=False))
    assert rows[:2] == ["in a whole message about peg, to Ines:", "  replaced: subject: too_long"]
    assert rows[-4:] == ["  | Subject: Hi\ufffd", "  |", "  | One", "  | Two"]


def test_history_tells_each_thing_once_in_order() -> None:
    act = ReviewAct("c", "h", "approve", "ana", "legal", "fine", "2026-06-02T10:00:00")
    reviews = [
        {"approval": "outdated", "by": "catalog", "reason": "price", "at": "2026-06-01T10:00:00"},
        {"approval": "approved", "by": "ana", "reason": "fine", "at": "2026-06-02T10:00:00"},
    ]
    assert list(history([act], reviews)) == [
        "  2026-06-01T10:00 outdated by catalog: price",
        "  2026-06-02T10:00 approve (legal) by ana: fine",
    ]
