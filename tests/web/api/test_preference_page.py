"""The preference page over HTTP."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.testing.state_conformance import example_message

pytestmark = pytest.mark.slow

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ROW = re.compile(r'name="choice:([\w:]+)" value="(yes|no)" checked')


def fields(page: bytes) -> dict[str, str]:
    """The form as a browser would send it, nothing touched."""
    html = page.decode()
    before = dict(re.findall(r'name="(before:[\w:]+)" value="(yes|no)"', html))
    return {**{f"choice:{key}": value for key, value in ROW.findall(html)}, **before}


def send(centre: Any, link: str, form: dict[str, str], **headers: str) -> Any:
    return centre.shop.call("POST", link, urlencode(form).encode(), {**FORM, **headers})


def test_a_get_changes_nothing_and_leaks_nothing(preference_shop: Any) -> None:
    before = preference_shop.shop.events()
    for headers in ({}, {"Sec-GPC": "1"}, {"User-Agent": "Mimecast"}):
        answer = preference_shop.shop.call("GET", preference_shop.link() + "?everything=no", None, headers)
        assert answer.status == 200
    preference_shop.shop.call("HEAD", preference_shop.link())
    assert preference_shop.shop.events() == before
    assert b"p1@example.com" not in answer.body and "p…@example.com" in answer.body.decode()
    assert b"<script" not in answer.body and b"http" not in answer.body
    assert "no-store" in answer.headers["cache-control"] and answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "set-cookie" not in answer.headers


def test_the_page_is_what_consent_show_says(preference_shop: Any) -> None:
    page = preference_shop.shop.call("GET", preference_shop.link()).body.decode()
    shown = {key: "yes" if state == "granted" else "no" for key, state in preference_shop.shown().items()}
    assert dict(ROW.findall(page)) == shown
    assert shown == {"letters:email": "yes", "letters:sms": "no", "news:email": "yes", "personalization": "no"}


@pytest.mark.parametrize(
    ("locale", "accept", "language", "label"),
    [("en-GB", "de", "en", "Letters"), ("de-DE", "en", "de", "Briefe"), ("fr-FR", "en", "de", "Briefe"), ("", "", "de", "Briefe")],
)  # fmt: skip
def test_the_language_is_the_link_s_then_the_person_s_then_the_browser_s(
    preference_shop: Any, locale: str, accept: str, language: str, label: str
) -> None:
    page = preference_shop.shop.call("GET", preference_shop.link(locale=locale), None, {"Accept-Language": accept})
    assert f'<html lang="{language}">' in page.body.decode() and f"<legend>{label}</legend>" in page.body.decode()
    if language == "de":  # who is known by no event has no locale
        other = preference_shop.shop.call("GET", preference_shop.link("m_2", ""), None, {"Accept-Language": "de;q=0.1"})
        assert '<html lang="de">' in other.body.decode()


def test_what_was_changed_is_one_event_with_method_notice_and_language(preference_shop: Any) -> None:
    form = fields(preference_shop.shop.call("GET", preference_shop.link()).body)
    form |= {"choice:letters:email": "no", "choice:personalization": "yes"}
    answer = send(preference_shop, preference_shop.link(), form)
    assert answer.status == 200 and b'role="status"' in answer.body
    (word,) = preference_shop.words()
    assert word["user_id"] == "p1"
    assert word["properties"] == {
        # A yes that stood there already is nobody's word; a no on the form is one.
        "consents": {"letters": {"email": False, "sms": False}, "personalization": True},
        "method": "preference_page", "notice": {"version": "2026-05", "language": "en"}, "message_id": "m_1",
    }  # fmt: skip
    assert preference_shop.shown() == {
        "letters:email": "denied", "letters:sms": "denied", "news:email": "granted", "personalization": "granted",
    }  # fmt: skip
    assert dict(ROW.findall(answer.body.decode()))["personalization"] == "yes"


def test_a_form_that_says_nothing_writes_nothing(preference_shop: Any) -> None:
    for form in ({}, {"choice:unknown": "yes"}, {"choice:news:email": "perhaps"}, {"choice:letters:sms": "\x00"}):
        answer = send(preference_shop, preference_shop.link(), form)
        assert answer.status == 200 and b"Nothing was changed" in answer.body
    assert preference_shop.words() == []


def test_a_no_empties_the_queue_of_its_purpose_and_channel(preference_shop: Any) -> None:
    one = replace(example_message("p1"), purpose="news")
    preference_shop.shop.outbox.queue([one, replace(one, message_id="m_sms", channel="sms", idempotency_key="key-sms")])
    send(preference_shop, preference_shop.link(), {"choice:news:email": "no"})
    states = {name: preference_shop.shop.outbox.find(name).state for name in ("m_1", "m_2", "m_p1", "m_sms")}
    assert states == {"m_1": "queued", "m_2": "queued", "m_p1": "withdrawn", "m_sms": "queued"}
    assert preference_shop.shop.suppressions.all("email") == frozenset()


def test_everything_is_no_to_all_and_closes_person_and_mailbox(preference_shop: Any) -> None:
    answer = send(preference_shop, preference_shop.link(), {"everything": "no", "choice:news:email": "yes"})
    assert answer.status == 200
    assert set(preference_shop.shown().values()) == {"denied"}
    assert preference_shop.shop.suppressions.all("email") == {"p1"}
    assert preference_shop.shop.suppressions.all(MAILBOX) == {mailbox_hash("p1@example.com")}
    assert preference_shop.shop.outbox.find("m_1").state == "withdrawn"
    assert "yes" not in dict(ROW.findall(answer.body.decode())).values()


def test_a_yes_lifts_the_person_s_own_unsubscription_for_that_purpose_alone(preference_shop: Any) -> None:
    shop = preference_shop.shop
    shop.suppressions.add("p1", "email", "unsubscribed", "now")
    shop.suppressions.add(mailbox_hash("p1@example.com"), MAILBOX, "unsubscribed", "now")
    page = shop.call("GET", preference_shop.link()).body
    assert b"You unsubscribed from e-mail" in page and "yes" not in fields(page).values()
    send(preference_shop, preference_shop.link(), {"choice:news:email": "yes", "before:news:email": "no"})
    assert shop.suppressions.all("email") == frozenset() == shop.suppressions.all(MAILBOX)
    assert preference_shop.shown()["news:email"] == "granted" and preference_shop.shown()["letters:email"] == "denied"


def test_a_yes_lifts_no_suppression_that_others_made_and_the_page_says_so(preference_shop: Any) -> None:
    shop = preference_shop.shop
    shop.suppressions.add(mailbox_hash("p1@example.com"), MAILBOX, "550 5.1.1 no such user", "now")
    form = {"choice:letters:sms": "yes", "choice:letters:email": "yes", "before:letters:email": "no"}
    answer = send(preference_shop, preference_shop.link(), form)
    assert shop.suppressions.all(MAILBOX) == {mailbox_hash("p1@example.com")}
    assert b"Nothing is sent to you by e-mail" in answer.body and b"5.1.1" not in answer.body


def test_the_browser_s_opt_out_is_heard_when_something_is_saved_and_a_yes_in_spite_of_it_holds(
    preference_shop: Any,
) -> None:
    page = preference_shop.shop.call("GET", preference_shop.link(), None, {"Sec-GPC": "1"})
    assert b"Global Privacy Control" in page.body
    send(preference_shop, preference_shop.link(), {"choice:news:email": "no"}, **{"Sec-GPC": "1"})
    assert sorted(word["properties"]["method"] for word in preference_shop.words()) == ["gpc", "preference_page"]
    yes = {"choice:personalization": "yes", "before:personalization": "no"}
    send(preference_shop, preference_shop.link(), yes, **{"Sec-GPC": "1"})
    assert [word["properties"]["despite_gpc"] for word in preference_shop.words() if "despite_gpc" in word["properties"]] == [True]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_or_forgotten_link_is_answered_in_plain_words(preference_shop: Any, method: str) -> None:
    before, german = preference_shop.shop.events(), {**FORM, "Accept-Language": "de-AT"}
    forged = preference_shop.token()[:-2] + "AA"
    for link in (f"/p/{forged}", "/p/x", "/p/%00%ff", f"/p/{preference_shop.shop.token('u')}"):
        answer = preference_shop.shop.call(method, link, b"everything=no" if method == "POST" else None, german)
        assert answer.status == 400 and "Dieser Link geht nicht" in answer.body.decode(), link
        assert answer.headers["content-type"].startswith("text/html") and b"<form" not in answer.body
    gone = preference_shop.shop.call(method, preference_shop.link("m_none"), b"" if method == "POST" else None, FORM)
    assert gone.status == 404 and b"too old" in gone.body
    assert preference_shop.shop.events() == before


def test_a_body_that_is_no_form_or_too_long_is_refused(preference_shop: Any) -> None:
    assert (
        preference_shop.shop.call("POST", preference_shop.link(), b"{}", {"Content-Type": "text/plain"}).status == 415
    )
    assert send(preference_shop, preference_shop.link(), {"x": "y" * 70_000}).status == 400
    assert preference_shop.words() == []


def test_a_full_disk_is_told_and_a_no_empties_the_queue_all_the_same(
    preference_shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise EventLogError("the disk is full")

    monkeypatch.setattr(preference_shop.shop.log, "append_lines", full)
    answer = send(preference_shop, preference_shop.link(locale="de-DE"), {"choice:letters:email": "no"})
    assert answer.status == 503 and "retry-after" in answer.headers
    assert "Das ging gerade nicht" in answer.body.decode()
    assert preference_shop.shop.outbox.find("m_1").state == "withdrawn"
    yes = {"choice:letters:sms": "yes", "before:letters:sms": "no"}
    preference_shop.shop.suppressions.add("p1", "sms", "unsubscribed", "now")
    assert send(preference_shop, preference_shop.link(), yes).status == 503
    assert preference_shop.shop.suppressions.all("sms") == {"p1"}, "a yes that is on no disk opens nothing"
