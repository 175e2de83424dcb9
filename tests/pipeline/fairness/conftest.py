"""Shops for the bias audit: one as it is, one whose copy depends on gender, and one that asks for a consent nobody gave."""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailorbird import bootstrap
from tailorbird.cli.import_files import import_all
from tailorbird.cli.run import run_steps
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.fairness.audit_bias import audit_bias
from tailorbird.pipeline.fairness.ground import Ground, open_grounds
from tailorbird.project.project import load_project
from tailorbird.stages.events.segment_wire import read_event
from tailorbird.stages.fairness.audit_result import BiasAudit
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.bias import BiasPolicy, PersonaAttribute
from tailorbird.types.creative import Creative

MOMENT = datetime(2026, 6, 1, tzinfo=UTC)
GENDER = PersonaAttribute("gender", {"men": ("man",), "women": ("woman",)}, trait="gender")
NAMES = PersonaAttribute("first_name", {"one": ("Emily", "Fiona"), "other": ("Ngozi", "Abena")}, trait="firstName")
ONLY_GENDER = BiasPolicy((GENDER,), built_in=False)
ONLY_NAMES = BiasPolicy((NAMES,), built_in=False)


def ground_of(root: Path, contexts: int = 40, seed: int = 1) -> Ground:
    project = load_project(root)
    log = bootstrap.open_log(project)
    try:
        return open_grounds(
            project, project.campaign("win_back"), MOMENT, bootstrap.open_state(project), log,
            bootstrap.open_warehouse(project), bootstrap.open_keys(project), contexts, np.random.default_rng(seed),
            Quiet(),
        )  # fmt: skip
    finally:
        log.close()


def audit_of(root: Path, policy: BiasPolicy, contexts: int = 40, seed: int = 1, flips: int = 2_000) -> BiasAudit:
    project = load_project(root)
    log = bootstrap.open_log(project)
    try:
        return audit_bias(
            project, project.campaign("win_back"), MOMENT, policy, [], bootstrap.open_state(project), log,
            bootstrap.open_warehouse(project), bootstrap.open_warehouse(project), bootstrap.open_keys(project), Quiet(),
            contexts, seed, flips,
        )  # fmt: skip
    finally:
        log.close()


def add_gender(root: Path, purpose: str, sensitive: bool = False) -> None:
    """Everybody has a gender, a feature reads it, and the first level of the campaign's briefs goes by it."""
    project = load_project(root)
    people = [profile.person_id for profile in ground_of(root).selection.profiles]
    log = bootstrap.open_log(project)
    events: list[dict[str, Any]] = [
        {"type": "identify", "userId": person, "messageId": f"gender-{person}",
         "timestamp": "2026-05-30T10:00:00Z", "traits": {"gender": ("man", "woman")[at % 2]}}
        for at, person in enumerate(people)
    ]  # fmt: skip
    log.append_lines([read_event("identify", json.dumps(event).encode(), MOMENT).events for event in events])
    log.close()
    features = root / "features" / "features.yaml"
    flag = "  sensitive: true\n" if sensitive else ""
    features.write_text(
        features.read_text() + f"\n- name: gender\n  kind: last\n  field: traits.gender\n  purpose: {purpose}\n{flag}"
    )
    campaign = root / "campaigns" / "win_back.yaml"
    campaign.write_text(re.sub(r"lattice:\n(    - .*\n)+", "lattice:\n    - [gender]\n", campaign.read_text()))


DEARER = """
- name: last_item
  kind: sql
  purpose: personalization
  query: |
    SELECT person_id, as_of, CASE WHEN max(json_extract_string(traits, '$.gender')) = 'woman' THEN 'hobbin-dear'
      ELSE 'hobbin-kettle' END AS last_item
    FROM events WHERE contains(traits, 'gender') GROUP BY person_id, as_of
"""


def plant_gap(root: Path) -> None:
    """Women are shown the same kettle for 5 % more: by a feature that names the item by gender."""
    items = root / "catalog" / "items.csv"
    kettle = next(line for line in items.read_text().splitlines() if line.startswith("hobbin-kettle,"))
    items.write_text(
        items.read_text() + kettle.replace("hobbin-kettle,", "hobbin-dear,").replace("48.00", "50.40") + "\n"
    )
    features = root / "features" / "features.yaml"
    kept = re.sub(r"- name: last_item\n(  .*\n)+", "", features.read_text())
    features.write_text(kept + DEARER)
    campaign = root / "campaigns" / "win_back.yaml"
    campaign.write_text(campaign.read_text().replace("source: bought_together", "source: last_item"))
    project = load_project(root)
    import_all(project, list(project.settings.imports), None, Quiet())


def plant_line(root: Path, cell: str, text: str, block: str = "subject") -> None:
    """An approved line that only the readers of one cell can get, in English."""
    ground = ground_of(root)
    project = load_project(root)
    brief = next(
        b for b in ground.plan.briefs if b.block == block and b.subject.label() == cell and b.locale == "en-GB"
    )
    digest = content_hash(text)
    line = Creative(
        f"c_planted_{cell}", brief.brief_id, "win_back", block, "en-GB", text, "model", digest, {"tone": "warm"},
        "approved", digest, "a person",
    )  # fmt: skip
    bootstrap.open_state(project).creatives.save([line])


@pytest.fixture(scope="session")
def gendered_root(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in which copy goes by gender, and women are asked for five per cent more. It has run once."""
    root = tmp_path_factory.mktemp("gendered") / "wren"
    shutil.copytree(filled, root)
    add_gender(root, "personalization")
    plant_gap(root)
    plant_line(root, "gender=woman", "A lovely thing: {{ item.short_name }}")
    plant_line(root, "gender=man", "A smart, strong choice: {{ item.short_name }}")
    project = load_project(root)
    run_steps(project, project.campaign("win_back"), MOMENT.isoformat(), Quiet(), True, True, 0)
    return root


@pytest.fixture(scope="session")
def unasked_root(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same shop, but the feature's purpose is one that nobody has consented to."""
    root = tmp_path_factory.mktemp("unasked") / "wren"
    shutil.copytree(filled, root)
    add_gender(root, "sensitive_profiling")
    return root


@pytest.fixture(scope="session")
def gendered(gendered_root: Path) -> BiasAudit:
    return audit_of(gendered_root, ONLY_GENDER)
