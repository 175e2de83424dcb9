"""The preference API over HTTP."""

import base64
from typing import Any

import pytest

pytestmark = pytest.mark.slow

READ = {"Authorization": "Bearer r"}
WRITE = {"Authorization": "Basic " + base64.b64encode(b"w:").decode()}


def states(answer: Any) -> dict[tuple[str, str], str]:
    return {(one["purpose"], one["channel"]): one["state"] for one in answer.json()["preferences"]}


def own(centre: Any, message: str = "m_1") -> dict[str, str]:
    return {"Authorization": f"Bearer {centre.token(message)}"}


def test_the_read_key_and_the_person_s_own_token_read_what_is_in_force_and_why(preference_shop: Any) -> None:
    for headers in (READ, own(preference_shop)):
        answer = preference_shop.shop.call("GET", "/v1/preferences/p1", None, headers)
        assert answer.status == 200 and answer.headers["cache-control"] == "no-store"
        shown = {tuple((key + ":").split(":")[:2]): state for key, state in preference_shop.shown().items()}
        assert states(answer) == shown
        reasons = {one["purpose"]: one["reason"] for one in answer.json()["preferences"]}
        assert reasons["news"] == "the person said yes"
    assert b"example.com" not in answer.body


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_who_has_no_key_or_another_s_is_refused(preference_shop: Any, method: str) -> None:
    wrong = WRITE if method == "GET" else READ
    body = {"consents": {"news": False}} if method == "PUT" else None
    for headers in (
        {},
        wrong,
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {preference_shop.shop.token('u')}"},
    ):
        answer = preference_shop.shop.call(method, "/v1/preferences/p1", body, headers)
        assert answer.status == 401 and "www-authenticate" in answer.headers
    other = preference_shop.shop.call(method, "/v1/preferences/p1", body, own(preference_shop, "m_2"))
    assert other.status == 403 and other.headers["content-type"] == "application/problem+json"
    assert preference_shop.words() == []


def test_nobody_is_not_found(preference_shop: Any) -> None:
    for person in ("nobody", "%27%20OR%201=1", "a%2Fb", "%00"):
        assert preference_shop.shop.call("GET", f"/v1/preferences/{person}", None, READ).status == 404, person


def test_a_put_is_on_disk_before_its_answer_and_tells_what_is_in_force(preference_shop: Any) -> None:
    body = {"consents": {"news": {"email": False}, "personalization": True}, "method": "account page",
            "notice": {"language": "de"}}  # fmt: skip
    answer = preference_shop.shop.call("PUT", "/v1/preferences/p1", body, own(preference_shop))
    assert answer.status == 200
    (word,) = preference_shop.words()
    assert word["properties"] == {
        "consents": body["consents"], "method": "account page", "notice": {"version": "2026-05", "language": "de"},
        "message_id": "m_1",
    }  # fmt: skip
    told = states(answer)
    assert (told["news", "email"], told["personalization", ""], told["letters", "email"]) == (
        "denied", "granted", "granted",
    )  # fmt: skip


def test_the_write_key_hears_of_what_it_said_alone_and_lifts_nothing(preference_shop: Any) -> None:
    preference_shop.shop.suppressions.add("p1", "email", "unsubscribed", "now")
    answer = preference_shop.shop.call("PUT", "/v1/preferences/p1", {"consents": {"news": {"email": True}}}, WRITE)
    assert states(answer) == {("news", "email"): "granted"}
    assert [one["suppressed"] for one in answer.json()["preferences"]] == [""]
    assert preference_shop.shop.suppressions.all("email") == {"p1"}
    own_yes = preference_shop.shop.call("PUT", "/v1/preferences/p1", {"consents": {"news": True}}, own(preference_shop))
    assert preference_shop.shop.suppressions.all("email") == frozenset()
    assert states(own_yes)["letters", "email"] == "denied"


def test_a_no_empties_the_queue(preference_shop: Any) -> None:
    assert preference_shop.shop.call("PUT", "/v1/preferences/p1", {"consents": {"letters": False}}, WRITE).status == 200
    assert preference_shop.shop.outbox.find("m_1").state == "withdrawn"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"consents": {"leters": True}}, "did you mean 'letters'"),
        ({"consents": {"news": {"emial": True}}}, "did you mean 'email'"),
        ({"consents": {"personalization": {"email": True}}}, "it has none"),
        ({"consents": {}}, "cannot be read"),
        ({"consents": {"news": {}}}, "says nothing"),
        ({"consents": {"news": "yes"}}, "cannot be read"),
        ({"consent": {"news": True}}, "cannot be read"),
        ({"consents": {"news": True}, "method": "a\u0000b"}, "control character"),
        ({"consents": {"news": True}, "notice": {"version": "v" * 101}}, "at most 100 characters"),
        (b"{", "cannot be read"),
        (b'{"consents": {"\xff": true}}', "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_400_with_what_is_near(preference_shop: Any, body: Any, told: str) -> None:
    answer = preference_shop.shop.call("PUT", "/v1/preferences/p1", body, WRITE)
    assert answer.status == 400 and told in answer.json()["detail"]
    assert preference_shop.words() == []


def test_an_id_that_the_intake_refuses_is_refused(preference_shop: Any) -> None:
    for person in ("anon:x", "a" * 300, "%00"):
        answer = preference_shop.shop.call("PUT", f"/v1/preferences/{person}", {"consents": {"news": True}}, WRITE)
        assert answer.status == 400, person
    assert preference_shop.words() == []


def test_somebody_new_may_speak(preference_shop: Any) -> None:
    answer = preference_shop.shop.call("PUT", "/v1/preferences/new/one", {"consents": {"news": True}}, WRITE)
    assert states(answer) == {("news", "email"): "granted"} and answer.json()["person_id"] == "new/one"


def test_a_link_is_the_key_of_its_person_by_every_id_that_was_merged(preference_shop: Any) -> None:
    alias = {"userId": "p1", "previousId": "old"}
    assert preference_shop.shop.call("POST", "/v1/alias", alias, WRITE).status == 200
    answer = preference_shop.shop.call("GET", "/v1/preferences/old", None, own(preference_shop))
    assert answer.status == 200 and answer.json()["person_id"] == "p1"
    assert preference_shop.shop.call("GET", "/v1/preferences/p2", None, own(preference_shop)).status == 403


def test_the_write_key_does_not_learn_who_is_whom(preference_shop: Any) -> None:
    alias = {"userId": "p1", "previousId": "old"}
    assert preference_shop.shop.call("POST", "/v1/alias", alias, WRITE).status == 200
    answer = preference_shop.shop.call("PUT", "/v1/preferences/old", {"consents": {"news": False}}, WRITE)
    assert answer.json()["person_id"] == "old" and states(answer) == {("news", "email"): "denied"}
    assert states(preference_shop.shop.call("GET", "/v1/preferences/p1", None, READ))["news", "email"] == "denied"


def test_what_was_said_is_told_to_be_on_disk_where_it_cannot_be_read_back(preference_shop: Any) -> None:
    said = {"consents": {"news": False}}
    assert preference_shop.shop.call("PUT", "/v1/preferences/p1", said, WRITE).status == 200
    (preference_shop.shop.root / "events" / "0.parquet").write_bytes(b"no segment")
    answer = preference_shop.shop.call("PUT", "/v1/preferences/p1", {"consents": {"letters": False}}, WRITE)
    assert answer.status == 503 and "on disk" in answer.json()["detail"] and "retry-after" not in answer.headers
    (preference_shop.shop.root / "events" / "0.parquet").unlink()
    assert [word["properties"]["consents"] for word in preference_shop.words()] == [{"news": False}, {"letters": False}]
