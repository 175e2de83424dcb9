"""Texts judged over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tailorbird.cli.serve import make_app
from tailorbird.project.project import load_project
from tailorbird.web.api.validate import CHARS_MAX, PATH, TEXTS_MAX, FindingTold, TextJudged

pytestmark = pytest.mark.slow

FACTS = {"name": "Hobbin kettle", "price": "48.00 GBP", "capacity": {"value": 1.8, "unit": "l"}, "warranty": None}
TRUE = "The Hobbin kettle holds 1.8 litres and costs £48."
FALSE = "The Hobbin kettle holds 2 litres and costs £48."


@pytest.fixture(scope="module")
def client(filled: Path) -> Iterator[TestClient]:
    app = make_app(load_project(filled), "public", validate_key="v4lid")
    with TestClient(app, headers={"Authorization": "Bearer v4lid"}) as client:
        yield client


def ask(client: TestClient, **body: Any) -> Any:
    return client.post(PATH, content=json.dumps(body))


def test_one_text_has_one_verdict(client: TestClient) -> None:
    answer = ask(client, text=FALSE, facts=FACTS, locale="en-GB")
    told = answer.json()
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert told["status"] in ("repair", "block") and told["text"] == FALSE and told["locale"] == "en-GB"
    wrong = [found for found in told["findings"] if found["severity"] == "error"]
    assert [(found["words"], found["span"], found["evidence"]) for found in wrong] == [
        ("2 litres", [24, 32], "capacity: 1.8 l")
    ]
    assert [set(found) for found in told["findings"]] == [set(FindingTold.__struct_fields__)] * 2
    assert set(told) <= set(TextJudged.__struct_fields__)


def test_the_answer_is_what_the_command_prints(
    client: TestClient, tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    from tailorbird.cli.app import main

    (tmp_path / "facts").write_text(json.dumps(FACTS))
    monkeypatch.chdir(tmp_path)
    words = ["audit", "text", "--facts", "facts", "--text", FALSE, "--locale", "en-GB", "--json"]
    monkeypatch.setattr("sys.argv", ["tailorbird", *words])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capsys.readouterr().out) == ask(client, text=FALSE, facts=FACTS, locale="en-GB").json()


def test_several_texts_share_what_they_do_not_say_themselves(client: TestClient) -> None:
    texts = [
        {"text": TRUE, "id": "a"},
        {"text": "A Pot for £9.", "facts": {"name": "Pot", "price": "9 GBP"}, "id": 2},
        {"text": "The Pellow kettle costs £54.00.", "items": ["pellow-kettle"]},
        {"text": TRUE, "locale": "?"},
        {"text": TRUE, "items": ["ghost"], "id": "e"},
    ]
    told = ask(client, texts=texts, facts=FACTS, locale="en-GB").json()
    assert [each["status"] for each in told["texts"]] == ["pass", "pass", "pass", "error", "error"], told
    assert [each.get("id") for each in told["texts"]] == ["a", 2, None, None, "e"]
    assert told["counts"] == {"pass": 3, "error": 2}
    assert "no item 'ghost'" in told["texts"][4]["reason"]


def test_items_of_the_catalog_are_facts(client: TestClient) -> None:
    told = ask(client, text="The Hobbin kettle costs £54.00.", items=["hobbin-kettle"]).json()
    assert told["status"] != "pass" and told["findings"][0]["source"].startswith("catalog ")


def test_digits_are_compared_as_they_were_written(client: TestClient) -> None:
    body = '{"text": "It costs £19.99.", "facts": {"name": "Pot", "price": {"value": 19.99, "unit": "GBP"}}}'
    assert client.post(PATH, content=body).json()["status"] == "pass"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{", "cannot be used"),
        (b"\xff", "cannot be used"),
        (b"[" * 100_000, "cannot be used"),
        (b"{}", 'one of "text" and "texts" is needed'),
        (b'{"texts": []}', "is needed"),
        (b'{"text": "a", "texts": [{"text": "b"}]}', "one of"),
        (b'{"text": 3}', "cannot be used"),
        (b'{"txt": "a"}', "unknown field"),
        (json.dumps({"texts": [{"text": "a"}] * (TEXTS_MAX + 1)}).encode(), "length <= 100"),
        (json.dumps({"text": "a" * 1_000_000}).encode(), "1,000,000 characters of text; at most 100,000"),
        (b'{"text": "a", "facts": {"subjects": 3}}', "subjects must be a list"),
        (b'{"text": "a", "facts": {}, "items": ["b"]}', "not both"),
        (b'{"text": "a", "locale": "english please"}', "is no locale"),
        (b'{"text": "a", "country": "Germany"}', "no ISO 3166 code"),
        (b'{"text": "a", "items": ["ghost"]}', "no item 'ghost'"),
    ],
)
def test_what_cannot_be_judged_is_400_with_the_reason(client: TestClient, body: bytes, why: str) -> None:
    answer = client.post(PATH, content=body)
    assert answer.status_code == 400 and why in answer.json()["detail"], answer.text


@pytest.mark.parametrize("text", ["", "سعر الغلاية ٤٨", "Cafe\u0301", "<p>A kettle.</p>", "a" * CHARS_MAX, "\u0000"])
def test_any_text_is_answered(client: TestClient, text: str) -> None:
    assert ask(client, text=text, facts=FACTS).status_code == 200


def test_without_the_key_nobody_is_answered_and_without_one_set_there_is_no_route(
    client: TestClient, filled: Path
) -> None:
    assert client.post(PATH, content="{}", headers={"Authorization": "Bearer wrong"}).status_code == 401
    with TestClient(make_app(load_project(filled), "public")) as other:
        assert other.post(PATH, content="{}", headers={"Authorization": "Bearer v4lid"}).status_code == 404
