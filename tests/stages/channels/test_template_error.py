"""The message of a template's mistake."""

from tailorbird.stages.channels.template_error import TemplateError


def test_the_message_names_the_place_and_the_mend() -> None:
    error = TemplateError("", "", 3, "there is no filter 'upcas'", "did you mean 'upcase'?").within(
        "win", "message.mjml"
    )
    assert str(error) == "win/message.mjml:3: there is no filter 'upcas'; did you mean 'upcase'?"


def test_an_unknown_line_is_left_out() -> None:
    assert str(TemplateError("win", "", None, "too large")) == "win: too large"
