from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tailorbird.bootstrap.notifiers import open_notifiers
from tailorbird.cli.init import copy_example
from tailorbird.ports.notifier import NoticeError
from tailorbird.project.project import Project, load_project
from tailorbird.stages.rollback.notice import write_drill
from tailorbird.types.settings import IncidentSettings

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Project:
    copy_example(tmp_path / "wren")
    return load_project(tmp_path / "wren")


def telling(project: Project, *email: str, webhook: str = "") -> Project:
    relay = replace(project.settings.delivery, adapter="smtp")
    settings = replace(project.settings, incidents=IncidentSettings(email, webhook), delivery=relay)
    return replace(project, settings=settings)


def test_nobody_is_told_unless_the_settings_say_so(project: Project) -> None:
    assert open_notifiers(project) == ()


def test_each_address_and_the_webhook_of_the_variable_are_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPS_WEBHOOK", "https://hooks.example/a-secret")
    found = open_notifiers(telling(project, "a@shop.example", "b@shop.example", webhook="OPS_WEBHOOK"))
    assert [one.who for one in found] == ["a@shop.example", "b@shop.example", "webhook on hooks.example"]


def test_where_mail_goes_to_files_nobody_is_told_by_mail(project: Project) -> None:
    settings = replace(project.settings, incidents=IncidentSettings(("ops@shop.example",)))
    (found,) = open_notifiers(replace(project, settings=settings))
    with pytest.raises(NoticeError, match="no mail leaves"):
        found.tell(write_drill("wren", datetime(2026, 6, 1, tzinfo=UTC)))


@pytest.mark.parametrize(("value", "why"), [(None, "OPS_WEBHOOK, which is not set"), ("no address", "OPS_WEBHOOK: ")])
def test_a_webhook_without_an_address_stops_nothing_and_says_why_it_is_not_told(
    project: Project, monkeypatch: pytest.MonkeyPatch, value: str | None, why: str
) -> None:
    monkeypatch.delenv("OPS_WEBHOOK", raising=False)
    if value is not None:
        monkeypatch.setenv("OPS_WEBHOOK", value)
    (found,) = open_notifiers(telling(project, webhook="OPS_WEBHOOK"))
    with pytest.raises(NoticeError, match=why):
        found.tell(write_drill("wren", datetime(2026, 6, 1, tzinfo=UTC)))
