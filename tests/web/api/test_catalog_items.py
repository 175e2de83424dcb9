"""Changes of items over HTTP: what holds, what is refused, and that no change overtakes another unseen."""

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tailorbird import bootstrap
from tailorbird.cli.serve import make_app
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.catalog_versions import history
from tailorbird.project.project import Project, load_project
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.creative import Creative
from tailorbird.types.item import Item
from tailorbird.web.api.catalog_items import DEPTH_MAX, ITEMS_MAX, PATH, expected_versions

pytestmark = pytest.mark.slow

KEY = {"Authorization": "Bearer c4talog"}
KETTLE = "hobbin-kettle"


@pytest.fixture
def project(filled: Path, tmp_path: Path) -> Project:
    shutil.copytree(filled, tmp_path / "wren")
    return load_project(tmp_path / "wren")


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    with TestClient(make_app(project, "public", catalog_key="c4talog"), headers=KEY) as client:
        yield client


def items(project: Project) -> dict[str, Item]:
    return load_catalog(bootstrap.open_warehouse(project), project.state_dir)


def change(client: TestClient, *patches: Any, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(PATH, content=json.dumps({"items": patches}), headers=named)


def test_good_items_hold_as_one_version_and_bad_ones_go_to_quarantine(client: TestClient, project: Project) -> None:
    before = items(project)[KETTLE].version
    answer = change(
        client,
        {"item_id": KETTLE, "price": 45.10, "attributes": {"material": "copper"}},
        {"item_id": "new-jug", "name": "Jug", "family": "kettles", "price": "12 GBP", "stock": 3},
        {"item_id": KETTLE, "price": "1.005"},
        {"item_id": "ghost", "stock": 1},
        "nothing",
    )
    assert answer.status_code == 200
    told = answer.json()
    assert (told["items"], told["added"], told["updated"], told["unchanged"]) == (5, 1, 1, 0)
    assert [(one["index"], one["field"]) for one in told["rejected"]] == [(2, "price"), (3, "name"), (4, "")]
    assert told["before"] == before and answer.headers["etag"] == f'"{told["version"]}"'
    now = items(project)
    assert {item.version for item in now.values()} == {told["version"]}
    assert (str(now[KETTLE].price), now[KETTLE].text("material", "en-GB")) == ("45.10", "copper")
    assert (str(now["new-jug"].price), now["new-jug"].currency, now["new-jug"].stock) == ("12.00", "GBP", 3)
    (kettle,) = told["diff"]["changed"]
    assert kettle["fields"]["price"] == {"before": "48.00", "after": "45.10", "percent": -6.0}
    assert told["diff"]["added"][0]["item_id"] == "new-jug"
    kept = list(bootstrap.open_quarantine(project).rows("catalog update"))
    assert {row.reason.split(":")[0] for row in kept} == {"price", "name", "is no object"}
    assert all(row.place == PATH for row in kept)
    assert history(project.state_dir)[-1]["source"] == "http"


def test_the_same_again_is_the_same_version_and_quarantines_nothing_twice(client: TestClient, project: Project) -> None:
    patches = [{"item_id": KETTLE, "price": "45"}, {"item_id": "x", "stock": "many"}]
    first, second = (change(client, *patches).json() for _ in range(2))
    assert second["version"] == second["before"] == first["version"] != first["before"]
    assert (second["unchanged"], second["updated"], second["diff"]["changed"]) == (1, 0, [])
    assert len(list(bootstrap.open_quarantine(project).rows("catalog update"))) == 1
    back = change(client, {"item_id": KETTLE, "price": "48.00"}).json()
    assert back["version"] == first["before"], "the same content is the same version, whoever wrote it"


def test_a_change_made_for_another_version_is_refused_unless_it_holds_already(client: TestClient) -> None:
    seen = client.get(f"{PATH}/{KETTLE}")
    assert (seen.status_code, seen.json()["item"]["price"]) == (200, "48.00")
    tag = seen.headers["etag"]
    mine = {"item_id": KETTLE, "stock": 9}
    assert change(client, mine, If_Match=tag).status_code == 200
    late = change(client, {"item_id": KETTLE, "stock": 8}, If_Match=tag)
    assert (late.status_code, late.headers["content-type"]) == (412, "application/problem+json")
    assert client.get(f"{PATH}/{KETTLE}").json()["item"]["stock"] == 9
    repeated = change(client, mine, If_Match=tag)
    assert (repeated.status_code, repeated.json()["unchanged"]) == (200, 1), "the first answer may have been lost"
    assert change(client, {"item_id": KETTLE, "stock": 7}, If_Match=late.headers["etag"]).status_code == 200
    assert change(client, {"item_id": KETTLE, "stock": 6}, If_Match="*").status_code == 200
    assert change(client, {"item_id": KETTLE, "stock": 5}, If_Match="W/" + tag).status_code == 412
    assert change(client, {"item_id": KETTLE, "stock": 4}, If_Match="soon").status_code == 400


def test_if_match_is_a_list_of_strong_tags() -> None:
    assert expected_versions(None) is expected_versions("*") is None
    assert expected_versions('"a", W/"b" ,"c"') == ("a", "c")


def test_changes_at_once_all_hold(client: TestClient, project: Project) -> None:
    names = sorted(items(project))[:12]
    answers = []

    def post(name: str) -> None:
        answers.append(change(client, {"item_id": name, "stock": 777}).status_code)

    threads = [threading.Thread(target=post, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * len(names)
    now = items(project)
    assert all(now[name].stock == 777 for name in names)


def test_a_line_that_states_the_old_price_is_named_and_out_of_use(client: TestClient, project: Project) -> None:
    store, text = bootstrap.open_state(project).creatives, "The Hobbin kettle for £48"
    digest = content_hash(text)
    line = Creative(
        "c_48", "", "win_back", "subject", "en-GB", text, "model", digest, approval="approved", approved_hash=digest
    )
    store.save([line], {"c_48": {"verdict": {"status": "pass"}}})
    told = change(client, {"item_id": KETTLE, "price": "45"}).json()
    assert [(one["creative_id"], one["kind"]) for one in told["lines"]] == [("c_48", "literal")]
    stored = store.get("c_48")
    assert stored is not None and stored[0].approval == "outdated"


def test_what_the_schema_finds_odd_is_told_and_what_it_refuses_is_rejected(
    client: TestClient, project: Project
) -> None:
    schema = project.root / "catalog" / "schema.yaml"
    text = "violations: warn\nattributes:\n  weight: {type: number, unit: kg}\n"
    schema.write_text(text)
    told = change(client, {"item_id": KETTLE, "attributes": {"weight": "heavy"}}).json()
    assert told["odd"] == [{"index": 0, "reason": "attributes.weight: is no quantity in kg"}]
    assert told["updated"] == 1
    schema.write_text(text.replace("warn", "quarantine"))
    told = change(client, {"item_id": KETTLE, "attributes": {"weight": "huge"}}).json()
    assert told["rejected"] == [{"index": 0, "field": "attributes.weight", "reason": "is no quantity in kg"}]
    change(client, {"item_id": KETTLE, "attributes": {"weight": "900 g"}})
    assert items(project)[KETTLE].text("weight", "") == "0.9 kg"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"items": []}',
        b'{"items": 3}',
        b'{"items": [{"item_id": "a"}], "mode": 1}',
        b'{"items": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        b'{"items": [{"item_id": "\xff"}]}',
        b'{"items": [{"item_id": "\\ud800"}]}',
        json.dumps({"items": [{"item_id": "a"}] * (ITEMS_MAX + 1)}).encode(),
        b'{"items": [{"item_id": "' + b"x" * (9 << 20) + b'"}]}',
    ],
)
def test_a_body_that_is_no_list_of_items_is_one_clear_problem(client: TestClient, body: bytes) -> None:
    answer = client.post(PATH, content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "item",
    [
        {"item_id": KETTLE, "stock": 10**40},
        {"item_id": KETTLE, "price": 1e300},
        {"item_id": KETTLE, "attributes": json.loads("[" * 50 + "]" * 50)},
        {"item_id": KETTLE, "attributes": {"a": json.loads('{"b":' * DEPTH_MAX + "1" + "}" * DEPTH_MAX)}},
        {"item_id": {"a": 1}, "stock": 1},
        {"item_id": "'; DROP TABLE catalog_current; --", "stock": 1},
        {},
    ],
)
def test_a_hostile_item_is_rejected_and_its_neighbour_holds(client: TestClient, item: Any, project: Project) -> None:
    told = change(client, item, {"item_id": KETTLE, "stock": 4})
    assert told.status_code == 200, told.text
    assert (len(told.json()["rejected"]), told.json()["updated"]) == (1, 1)
    assert items(project)[KETTLE].stock == 4


def test_nobody_without_the_catalog_key_changes_or_sees_anything(client: TestClient, project: Project) -> None:
    for wrong in ("", "Bearer public", "Bearer ", "Basic cHVibGljOg=="):
        answer = client.post(PATH, json={"items": [{"item_id": KETTLE, "stock": 1}]}, headers={"Authorization": wrong})
        assert answer.status_code == 401
        assert client.get(f"{PATH}/{KETTLE}", headers={"Authorization": wrong}).status_code == 401
    assert items(project)[KETTLE].stock != 1
    with TestClient(make_app(project, "public")) as without:
        assert without.post(PATH, json={}, headers=KEY).status_code == 404


def test_an_unknown_item_and_a_project_without_a_catalog_are_told(client: TestClient, project: Project) -> None:
    assert client.get(PATH + "/no/such'item").status_code == 404
    (project.state_dir / "catalog" / "current").unlink()
    assert change(client, {"item_id": KETTLE, "stock": 1}).status_code == 409
    assert client.get(f"{PATH}/{KETTLE}").status_code == 404


def test_a_change_waits_for_an_import_and_gives_up_after_a_while(
    client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tailorbird.bootstrap import catalog

    monkeypatch.setattr(catalog, "PATIENCE_S", 0.3)
    with bootstrap.hold_catalog(project):
        began = datetime.now(UTC)
        answer = change(client, {"item_id": KETTLE, "stock": 1})
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        assert (datetime.now(UTC) - began).total_seconds() >= 0.3
    assert change(client, {"item_id": KETTLE, "stock": 1}).status_code == 200
