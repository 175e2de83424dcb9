import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.tracking.feedback_report import FeedbackError, Report, read_report

ARF = (
    b'From: <abusedesk@example.com>\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n'
    b"MIME-Version: 1.0\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
    b"--b\r\nContent-Type: message/feedback-report\r\n\r\n"
    b"Feedback-Type: abuse\r\nUser-Agent: SomeGenerator/1.0\r\nVersion: 1\r\n\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n"
    b"From: <post@wren.example>\r\nX-Tailorbird-Message: m_12ab\r\nSubject: Hello\r\n\r\nBody\r\n--b--\r\n"
)
DSN = (
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    b"Final-Recipient: rfc822; a@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    b"Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
    b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nX-Tailorbird-Message: m_34cd\r\n\r\n--b--\r\n"
)


def test_a_complaint_names_the_message_by_our_header_and_no_person() -> None:
    assert read_report(ARF) == Report("complaint", "m_12ab", "abuse report by SomeGenerator/1.0")


def test_a_permanent_failure_is_a_bounce_and_a_delay_is_none() -> None:
    assert read_report(DSN) == Report("bounce", "m_34cd", "5.1.1 smtp; 550 no such user")
    with pytest.raises(FeedbackError, match="only permanent failures"):
        read_report(DSN.replace(b"Action: failed", b"Action: delayed"))
    with pytest.raises(FeedbackError, match="only permanent failures"):
        read_report(DSN.replace(b"Status: 5.1.1", b"Status: 4.2.2"))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (b"Feedback-Type: abuse", b"Feedback-Type: not-spam", "is no complaint"),
        (b"Feedback-Type: abuse\r\n", b"", "missing"),
        (b"X-Tailorbird-Message: m_12ab\r\n", b"", "no header X-Tailorbird-Message"),
        (b"message/feedback-report\r\n", b"text/plain\r\n", "no part is"),
    ],
)
def test_what_is_no_complaint_about_a_message_of_ours_is_refused(before: bytes, after: bytes, why: str) -> None:
    assert before in ARF
    with pytest.raises(FeedbackError, match=why):
        read_report(ARF.replace(before, after))


def test_many_parts_are_refused() -> None:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    with pytest.raises(FeedbackError, match="parts"):
        read_report(b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * 60 + b"--b--\r\n")


@pytest.mark.slow
@given(st.binary(max_size=400), st.integers(0, 400))
def test_no_bytes_do_more_than_be_refused(noise: bytes, place: int) -> None:
    for raw in (noise, ARF[:place] + noise + ARF[place:]):
        try:
            read_report(raw)
        except FeedbackError:
            pass
